"""Files that admins send, and /remove: download, read, index, acknowledge. One at a time, whoever sends them.

The update stays in the inbox until its file is in the index, so a file is not lost when the process ends.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from telegram import CallbackQuery, Document

from bot.telegram.api.errors import DeliveryError, EditLost, Gone, Uncertain
from bot.telegram.api.sending import Sent
from bot.telegram.asking import Asking, Task
from bot.telegram.collection import Added, Collection, Known, LastDocument
from bot.telegram.components import Components
from bot.telegram.files.names import safe_name
from bot.telegram.memory.inbox import MAX_ATTEMPTS
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.message import Message
from bot.telegram.messages.notices import Notice, notice
from bot.telegram.messages.pages import document_key
from bot.telegram.messages.uploads import added_message, reading_message, remove_message, uploads_message
from bot.telegram.ops.logs import log, log_traceback
from bot.telegram.settings import TELEGRAM
from retrieval.documents.formats import SUFFIXES, is_read
from retrieval.errors import DocumentError, QuothError
from retrieval.index.build import OnProgress

CLOUD_MB = 20
"""The largest file that a bot can download from Telegram; a Bot API server of one's own has no such limit."""
_NO_NAME = "document"
Result = TypeVar("Result")


class _Stopped(Exception):
    """The process ends in the middle of a build."""


class Uploads:
    """Handles files and the buttons of /remove, for admins, where the operator allows uploads."""

    def __init__(self, components: Components, asking: Asking) -> None:
        self._config, self._memory, self._sender = components.config, components.memory, components.sender
        self._metrics, self._asking = components.metrics, asking
        self._collection, self._lock = Collection(components.answerer), asyncio.Lock()

    def may_use(self, task: Task) -> bool:
        """Whether the sender may add documents and remove them: an admin, in a private chat."""
        origin = task.origin
        return self._config.has_uploads and origin.chat_id == origin.user_id and origin.user_id in self._config.admins

    async def clear(self) -> None:
        """Delete half files that an earlier process left; says in the log if the folder can't be written."""
        if self._config.has_uploads:
            try:
                await asyncio.to_thread(self._collection.clear)
            except OSError as error:
                log("uploads not cleared", logging.WARNING, reason=error.strerror)

    # Adding

    async def add(self, task: Task, document: Document) -> None:
        """Add the file to the collection, or say why not."""
        name = safe_name(document.file_name or _NO_NAME)
        largest_mb = await asyncio.to_thread(self._largest_mb)
        if task.past is not None and task.past.attempts >= MAX_ATTEMPTS:
            log("too many attempts", logging.ERROR, update_id=task.update_id, attempts=task.past.attempts)
            await self._asking.notify(task, "failed")
        elif not is_read(name):
            await self._asking.notify(task, "format not read", suffixes=" ".join(SUFFIXES))
        elif (document.file_size or 0) > largest_mb * 1_000_000:
            await self._asking.notify(task, "file too large", limit=largest_mb)
        else:
            await self._add(task, document.file_id, name)

    def _largest_mb(self) -> int:
        indexed = self._collection.largest_mb()
        return min(indexed, CLOUD_MB) if self._config.base_url == TELEGRAM else indexed

    async def _add(self, task: Task, file_id: str, name: str) -> None:
        try:
            progress = await self._sender.send(task.destination, reading_message(task.language, name))
        except (Gone, Uncertain):
            return
        async with self._lock, self._sender.typing(task.destination):
            outcome = await self._outcome(task, file_id, name)
        await self._finish(task, progress, outcome)

    async def _outcome(self, task: Task, file_id: str, name: str) -> Message:
        """What became of the file, as a message."""
        try:
            raw = await self._sender.download(task.origin.chat_id, file_id)
        except DeliveryError as error:
            log("file not downloaded", logging.WARNING, update_id=task.update_id, reason=str(error))
            return self._notice(task, "download failed", file=name)
        await asyncio.to_thread(self._memory.start_update, task.update_id)  # reading it may crash the process
        is_repeated = task.past is not None

        def work(on_progress: OnProgress) -> Added | Known:
            return self._collection.add(name, raw, on_progress, is_repeated)

        try:
            found = await _in_thread(work)
        except DocumentError as error:
            return self._notice(task, "file unreadable", file=name, reason=str(error))
        except (OSError, QuothError) as error:
            return self._failure(task, error)
        if isinstance(found, Known):
            return self._notice(task, "file known", file=found.doc_id)
        log("document added", update_id=task.update_id, user_id=task.origin.user_id, passages=found.passages)
        return await self._added(task, found)

    async def _added(self, task: Task, found: Added) -> Message:
        suggestions = await asyncio.to_thread(self._memory.suggest, found.questions)
        self._metrics.count("uploads", "added")
        has_gaps = await asyncio.to_thread(self._memory.has_gaps)
        return added_message(
            task.language,
            title=found.title,
            name=found.name,
            places=found.places,
            passages=found.passages,
            remarks=found.remarks,
            beside=found.beside,
            suggestions=suggestions,
            has_gaps=has_gaps,
        )

    # Removing

    async def remove(self, task: Task, name: str) -> None:
        """Ask whether to remove the document of that name; without a name, list the documents."""
        names = await asyncio.to_thread(self._collection.names)
        wanted = safe_name(name).casefold()
        found = next((one for one in names if one.casefold() == wanted), None)
        if name and found is None:
            await self._asking.notify(task, "no such upload")
            return
        message = remove_message(task.language, found) if found else uploads_message(task.language, names)
        await self._sender.send(task.destination, message)

    async def pressed(self, query: CallbackQuery, task: Task, press: Press) -> None:
        """A button of the list, or of the question before a document is removed."""
        if not self.may_use(task):
            await self._sender.answer_press(query.id, notice("unknown command", task.language).text, is_alert=True)
            return
        names = await asyncio.to_thread(self._collection.names)
        name = next((one for one in names if document_key(one) == press.id), None)
        if name is None and press.action != "uploads":
            await self._sender.answer_press(query.id, notice("document gone", task.language).text, is_alert=True)
            return
        await self._sender.answer_press(query.id)
        assert query.message is not None
        shown = Sent(task.origin.chat_id, query.message.message_id)
        if name is None:
            await self._finish(task, shown, uploads_message(task.language, names, press.n))
        elif press.action == "remove":
            await self._finish(task, shown, remove_message(task.language, name))
        else:
            async with self._lock, self._sender.typing(task.destination):
                outcome = await self._removed(task, name)
            await self._finish(task, shown, outcome)

    async def _removed(self, task: Task, name: str) -> Message:
        def work(on_progress: OnProgress) -> None:
            self._collection.remove(name, on_progress)

        try:
            await _in_thread(work)
        except LastDocument:
            return self._notice(task, "last document", file=name)
        except FileNotFoundError:
            return self._notice(task, "document gone")
        except (OSError, QuothError) as error:
            return self._failure(task, error)
        log("document removed", update_id=task.update_id, user_id=task.origin.user_id)
        self._metrics.count("uploads", "removed")
        return self._notice(task, "removed", file=name)

    # Shared steps

    def _failure(self, task: Task, error: OSError | QuothError) -> Message:
        """The problem as one sentence. Its own text may name folders of this machine, so it goes to the log alone."""
        log("collection not changed", logging.ERROR, update_id=task.update_id, reason=str(error))
        is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if not (is_full or isinstance(error, QuothError)):
            log_traceback(error)
        return self._notice(task, "disk full" if is_full else "failed")

    def _notice(self, task: Task, name: Notice, **values: str | int) -> Message:
        self._metrics.count("uploads", name)
        return notice(name, task.language, values)

    async def _finish(self, task: Task, shown: Sent, message: Message) -> None:
        """Put the message in the place of the one shown, or send it if that is gone."""
        try:
            await self._sender.edit(shown.chat_id, shown.message_id, message)
        except EditLost:
            await self._sender.send(task.destination, message)
        except Gone:
            return


async def _in_thread(work: Callable[[OnProgress], Result]) -> Result:
    """What the work returns, which may take minutes. If this task is cancelled, the work ends at its next step."""
    stop = threading.Event()

    def check(stage: str, done: int, total: int) -> None:
        if stop.is_set():
            raise _Stopped

    try:
        return await asyncio.to_thread(work, check)
    finally:
        stop.set()
