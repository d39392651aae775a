"""What each command does, but for /ask, which is a question."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from telegram import Message as TelegramMessage

from bot.folders import folder_name
from bot.telegram.asking import Asking, Task
from bot.telegram.components import Components
from bot.telegram.messages.about import Privacy, forget_message, help_message, privacy_message, start_message
from bot.telegram.messages.message import Message
from bot.telegram.messages.pages import sources_message
from bot.telegram.messages.status import IndexState, status_message
from bot.telegram.updates import clean
from bot.telegram.uploads import Uploads
from retrieval.index.manifest import MANIFEST, Manifest
from retrieval.index.verify import changed_files
from retrieval.library import Library

Command = Callable[[Task, TelegramMessage], Awaitable[None]]


class Commands:
    """Carries out commands. Those for admins are unknown to everybody else."""

    def __init__(self, components: Components, asking: Asking, uploads: Uploads) -> None:
        self._config, self._memory, self._answerer = components.config, components.memory, components.answerer
        self._sender, self._suggestions = components.sender, components.suggestions
        self._asking, self._uploads = asking, uploads
        self._by_name: Mapping[str, Command] = {
            "start": self._start,
            "help": self._help,
            "sources": self._sources,
            "privacy": self._privacy,
            "forget": self._forget,
            "status": self._status,
            "remove": self._remove,
        }

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    async def run(self, name: str, task: Task, message: TelegramMessage) -> None:
        """Carry out the command of that name."""
        await self._by_name[name](task, message)

    async def _start(self, task: Task, message: TelegramMessage) -> None:
        def read(library: Library) -> tuple[Manifest, Sequence[str]]:
            return library.store.manifest, self._suggestions.of(library)

        manifest, questions = await self._answerer.run(read)
        suggestions = await asyncio.to_thread(self._memory.suggest, questions)
        folder = folder_name(manifest.docs)
        await self._reply(task, start_message(task.language, manifest.documents, suggestions, folder))

    async def _help(self, task: Task, message: TelegramMessage) -> None:
        is_group, name = message.chat.type != "private", message.get_bot().username
        has_uploads = self._uploads.may_use(task)
        await self._reply(task, help_message(task.language, name, is_group, self._is_admin(task), has_uploads))

    async def _sources(self, task: Task, message: TelegramMessage) -> None:
        sources = await self._answerer.run(lambda library: library.sources())
        await self._reply(task, sources_message(task.language, sources))

    async def _privacy(self, task: Task, message: TelegramMessage) -> None:
        privacy = Privacy(self._config.retention_days, self._config.logs_questions)
        await self._reply(task, privacy_message(task.language, privacy))

    async def _forget(self, task: Task, message: TelegramMessage) -> None:
        await self._reply(task, forget_message(task.language))

    async def _status(self, task: Task, message: TelegramMessage) -> None:
        if not self._is_admin(task):
            await self._unknown(task)
            return
        index = await self._answerer.run(_index_state)
        usage = await asyncio.to_thread(self._memory.usage, int(time.time()), _midnight())
        await self._reply(task, status_message(task.language, index, usage))

    async def _remove(self, task: Task, message: TelegramMessage) -> None:
        if self._uploads.may_use(task):
            await self._uploads.remove(task, _argument(message))
        else:
            await self._unknown(task)

    def _is_admin(self, task: Task) -> bool:
        return task.origin.user_id in self._config.admins

    async def _unknown(self, task: Task) -> None:
        """The command is not for this person: in private we know no such command, in a group we say nothing."""
        if task.origin.chat_id > 0:
            await self._asking.notify(task, "unknown command")

    async def _reply(self, task: Task, message: Message) -> None:
        await self._sender.send(task.destination, message)


def _argument(message: TelegramMessage) -> str:
    """What stands after the command."""
    _, _, rest = clean(message.text or "").partition(" ")
    return rest.strip()


def _index_state(library: Library) -> IndexState:
    manifest = library.store.manifest
    return IndexState(
        documents=manifest.documents,
        passages=manifest.passages,
        built_at=datetime.fromtimestamp(Path(library.store.index, MANIFEST).stat().st_mtime),
        changed_files=len(changed_files(library.store)),
    )


def _midnight() -> int:
    """When today began where the bot runs, as Unix time."""
    return int(datetime.now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
