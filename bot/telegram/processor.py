"""The order in which updates are handled: one at a time within a chat, different chats at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.memory.inbox import MAX_IN_MEMORY, Inbox
from bot.telegram.ops.locks import KeyedLocks


class Processor(BaseUpdateProcessor):
    """Runs the handlers of each update in order, and marks the update done in the inbox afterwards."""

    def __init__(self, inbox: Inbox, locks: KeyedLocks) -> None:
        super().__init__(MAX_IN_MEMORY)
        self._inbox, self._locks = inbox, locks
        self._running: set[asyncio.Task[Any]] = set()

    async def cut_off(self) -> None:
        """Cancel every update being handled; none of them is marked done."""
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def do_process_update(self, update: object, coroutine: Any) -> None:
        if not isinstance(update, Update):
            await coroutine
            return
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            async with self._locks.hold(ordering_key(update)):
                await coroutine
                await self._inbox.finish(update)
        finally:
            self._running.discard(task)
            coroutine.close()  # has an effect only if it never started
            self._inbox.leave(update.update_id)

    async def initialize(self) -> None:
        """There is nothing to set up."""

    async def shutdown(self) -> None:
        """There is nothing to tear down."""


def ordering_key(update: Update) -> Hashable:
    """Updates with the same key are handled in order: questions of one chat, presses below one message."""
    query = update.callback_query
    if query is not None:
        return ("press", query.message.chat.id, query.message.message_id) if query.message else ("press", query.id)
    if update.inline_query is not None:
        return ("inline", update.update_id)  # a newer one may overtake it
    return ("chat", update.effective_chat.id if update.effective_chat else None)
