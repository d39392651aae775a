"""The inbox: every update is on disk before it is confirmed to Telegram, handled in order, and handled once.

The library puts each update into a queue and confirms it to Telegram only afterwards, so the queue stores it first.
Updates that were not done when the process ended are handled by the next one.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from telegram import Bot, Update

from bot.telegram.memory.delivery import Delivery
from bot.telegram.memory.memory import Memory
from bot.telegram.memory.records import Received
from bot.telegram.ops.logs import log
from bot.telegram.ops.metrics import Metrics
from retrieval.errors import DatabaseError

MAX_ATTEMPTS = 3
"""An update that was begun this often and never done may be what crashes the process: it is not answered again."""
RETRY_S = 600.0
"""How long to wait before another try at an answer that could not be delivered."""
MAX_IN_MEMORY = 1000
"""How many updates may wait in memory; beyond that no more are fetched from Telegram, which keeps them for a day."""

_MAX_ID = 2**63 - 1  # SQLite stores no larger integer; Telegram's ids have 52 bits


class Inbox(asyncio.Queue[object]):
    """The queue between the library's receiver and its handlers. `fail` is called with the reason if it breaks down."""

    def __init__(self, memory: Memory, metrics: Metrics, fail: Callable[[str], None], max_waiting: int) -> None:
        super().__init__()
        self._memory, self._metrics, self._fail, self._max_waiting = memory, metrics, fail, max_waiting
        self._room = asyncio.Semaphore(MAX_IN_MEMORY)
        self._past: dict[int, Received] = {}
        self._undone: set[int] = set()
        self._late: set[int] = set()
        self._tasks: set[asyncio.Future[None]] = set()
        self.waiting = 0

    async def put(self, item: object) -> None:
        """Store an update and queue it, unless it is there already. Raises DatabaseError, so it is not confirmed."""
        if isinstance(item, Update):
            if not await self._keep(item):
                return
            if self.waiting >= self._max_waiting:
                self._late.add(item.update_id)
            await self._enter()
        await super().put(item)

    async def put_aside(self, update_id: int, update_json: str) -> None:
        """Store an update that can't be parsed; a later version may be able to."""
        self._metrics.count("updates", "unreadable")
        await self._written(self._memory.receive, update_id, update_json, *_person_and_chat(update_json))

    async def replay(self, bot: Bot) -> int:
        """Queue the updates that an earlier process left unfinished; returns how many."""
        for received in await self._unfinished():
            update = _read(received, bot)
            if received.attempts > MAX_ATTEMPTS or (update and update.inline_query):  # an inline query is stale by now
                log("given up", logging.ERROR, update_id=received.update_id, attempts=received.attempts)
                await self._written(self._memory.finish_update, received.update_id)
            elif update is None:  # a later version of the library may parse it
                await self._written(self._memory.start_update, received.update_id)
            else:
                await self._replay(received, update)
        return len(self._past)

    async def _replay(self, received: Received, update: Update) -> None:
        self._past[received.update_id] = received
        await self._enter()
        await super().put(update)

    async def _replay_left(self, update: Update) -> None:
        for received in await self._unfinished():
            if received.update_id == update.update_id:
                await self._replay(received, update)

    async def _unfinished(self) -> list[Received]:
        found: list[Received] = await self._written(self._memory.unfinished)
        return found

    def past(self, update_id: int) -> Received | None:
        """How far an earlier attempt got with the update; None for an update that is new."""
        return self._past.get(update_id)

    def delivery(self, update_id: int) -> Delivery:
        """Records in the inbox whether the answer to the update may have been sent."""
        return _TrackedDelivery(self, update_id)

    async def mark_sending(self, update_id: int, is_sending: bool) -> None:
        """Store whether the answer to the update is being sent."""
        await self._written(self._memory.start_sending if is_sending else self._memory.stop_sending, update_id)

    def leave_undone(self, update_id: int) -> None:
        """Keep the update in the inbox: it is tried again after RETRY_S, or at the next start."""
        self._undone.add(update_id)

    async def finish(self, update: Update) -> None:
        """Mark the update done, unless it is to stay."""
        self._past.pop(update.update_id, None)
        if update.update_id in self._undone:
            self._undone.discard(update.update_id)
            self._retry_later(update)
        else:
            await self._written(self._memory.finish_update, update.update_id)

    def _retry_later(self, update: Update) -> None:
        def again() -> None:
            task = asyncio.ensure_future(self._replay_left(update))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        asyncio.get_running_loop().call_later(RETRY_S, again)

    def came_late(self, update_id: int) -> bool:
        """Whether the queue was full when this update arrived."""
        return update_id in self._late

    async def _enter(self) -> None:
        self.waiting += 1
        await self._room.acquire()

    def leave(self, update_id: int) -> None:
        """The update no longer waits in memory."""
        self._late.discard(update_id)
        self.waiting -= 1
        self._room.release()

    async def _keep(self, update: Update) -> bool:
        self._metrics.count("updates", kind(update))
        user, chat = update.effective_user, update.effective_chat
        is_new = await self._written(
            self._memory.receive, update.update_id, update.to_json(), user and user.id, chat and chat.id
        )
        if not is_new:
            log("seen before", update_id=update.update_id)
        return bool(is_new)

    async def _written(self, call: Callable[..., Any], *values: Any) -> Any:
        try:
            return await asyncio.to_thread(call, *values)
        except DatabaseError as error:
            self._fail(str(error))
            raise


class _TrackedDelivery(Delivery):
    def __init__(self, inbox: Inbox, update_id: int) -> None:
        self._inbox, self._update_id = inbox, update_id

    async def begin(self) -> None:
        await self._inbox.mark_sending(self._update_id, is_sending=True)

    async def abort(self) -> None:
        await self._inbox.mark_sending(self._update_id, is_sending=False)


def kind(update: Update) -> str:
    """Which field of the update is filled; "empty" for none."""
    found = [name for name in Update.ALL_TYPES if getattr(update, name, None) is not None]
    return found[0] if found else "empty"


def _person_and_chat(update_json: str) -> tuple[int | None, int | None]:
    """Their ids in an update that the library can't parse, so that /forget finds it; None where one is missing."""
    bodies = [body for body in json.loads(update_json).values() if isinstance(body, dict)]
    below = [body["message"] for body in bodies if isinstance(body.get("message"), dict)]  # a pressed button's
    return _first_id(bodies, ("from", "user")), _first_id(bodies + below, ("chat",))


def _first_id(bodies: Sequence[dict[str, Any]], names: Sequence[str]) -> int | None:
    found = (body.get(name) for body in bodies for name in names)
    ids = (named.get("id") for named in found if isinstance(named, dict))
    return next((id_ for id_ in ids if isinstance(id_, int) and abs(id_) <= _MAX_ID), None)


def _read(received: Received, bot: Bot) -> Update | None:
    try:
        return Update.de_json(json.loads(received.json), bot)
    except Exception as error:  # one malformed update must not stop the others
        log("unreadable update", logging.ERROR, update_id=received.update_id, reason=type(error).__name__)
        return None
