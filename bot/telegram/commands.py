"""What each command does, but for /ask, which is a question."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from telegram import Message as TelegramMessage

from bot.folders import folder_name
from bot.receipts.check import check_receipt
from bot.receipts.receipt import Receipt, read_id
from bot.telegram.asking import Asking, Task
from bot.telegram.components import Components
from bot.telegram.explaining import why_message
from bot.telegram.gaps import Gaps
from bot.telegram.memory.records import AnswerRecord
from bot.telegram.messages.about import Privacy, forget_message, help_message, privacy_message, start_message
from bot.telegram.messages.message import Message
from bot.telegram.messages.pages import sources_message
from bot.telegram.messages.receipts import CITE_FORMATS, check_messages, cite_messages
from bot.telegram.messages.status import IndexState, status_message
from bot.telegram.updates import clean
from bot.telegram.uploads import Uploads
from retrieval.index.manifest import MANIFEST, Manifest
from retrieval.index.verify import changed_files
from retrieval.library import Library

Command = Callable[[Task, TelegramMessage], Awaitable[None]]


class Commands:
    """Carries out commands. Those for admins are unknown to everybody else."""

    def __init__(self, components: Components, asking: Asking, uploads: Uploads, gaps: Gaps) -> None:
        self._config, self._memory, self._answerer = components.config, components.memory, components.answerer
        self._sender, self._suggestions = components.sender, components.suggestions
        self._asking, self._uploads, self._gaps = asking, uploads, gaps
        self._by_name: Mapping[str, Command] = {
            "start": self._start,
            "help": self._help,
            "sources": self._sources,
            "privacy": self._privacy,
            "forget": self._forget,
            "why": self._why,
            "cite": self._cite,
            "verify": self._verify,
            "status": self._status,
            "gaps": self._show_gaps,
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

    async def _why(self, task: Task, message: TelegramMessage) -> None:
        stored = await asyncio.to_thread(self._answer_meant, task)
        if stored is None:
            await self._asking.notify(task, "nothing asked")
            return
        shown = await self._answerer.run(lambda library: why_message(library, self._memory, stored))
        await self._reply(task, shown)

    async def _cite(self, task: Task, message: TelegramMessage) -> None:
        words = _argument(message).split()
        format_ = next((name for name in CITE_FORMATS if name in map(str.lower, words)), CITE_FORMATS[0])
        receipt = await self._receipt(task, [word for word in words if word.lower() != format_])
        if receipt is not None:
            for shown in cite_messages(receipt, format_, task.language):
                await self._reply(task, shown)

    async def _verify(self, task: Task, message: TelegramMessage) -> None:
        receipt = await self._receipt(task, _argument(message).split())
        if receipt is not None:
            async with self._sender.typing(task.destination):
                checks = await self._answerer.run(lambda library: check_receipt(receipt, library))
            for shown in check_messages(receipt, checks, task.language):
                await self._reply(task, shown)

    async def _receipt(self, task: Task, words: Sequence[str]) -> Receipt | None:
        """The receipt with that id, or that of the answer meant; None if there is none, which has been said."""
        typed = words[0] if words else None
        if typed is None:
            stored = await asyncio.to_thread(self._answer_meant, task)
            id_ = stored.answer.receipt if stored else None
        else:
            id_ = read_id(typed)
        receipt = await asyncio.to_thread(self._memory.receipt, id_) if id_ else None
        if receipt is None and typed is None:
            await self._asking.notify(task, "nothing asked")
        elif receipt is None:
            await self._asking.notify(task, "no receipt", id=typed or "")
        return receipt

    def _answer_meant(self, task: Task) -> AnswerRecord | None:
        """The answer that the command replies to, else the person's last one."""
        origin = task.origin
        if task.replied is not None and (found := self._memory.answer_in(origin.chat_id, task.replied)):
            return found
        if origin.user_id is None:
            return None
        return self._memory.last_answer(origin.chat_id, origin.thread_id, origin.user_id)

    async def _show_gaps(self, task: Task, message: TelegramMessage) -> None:
        if self._gaps.may_use(task):
            await self._gaps.show(task)
        else:
            await self._unknown(task)

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
