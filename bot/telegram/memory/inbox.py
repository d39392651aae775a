"""Updates in: kept on disk before Telegram is told that we have them, worked off in order, done once.

The library puts each update into a queue, and confirms it to Telegram only after that; so the queue writes it down
first. What was not done when the process ended is worked off by the next one.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from telegram import Bot, Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.api.pace import Flight
from bot.telegram.memory.store import Received, Store
from bot.telegram.ops.logs import log
from bot.telegram.ops.metrics import Figures
from retrieval.errors import StoreError

MOST_ATTEMPTS = 3
"""An update that was begun so often and never done may be what ends the process: it is not answered again."""
AGAIN_S = 600.0
"""When an answer is tried again that could not be delivered."""
ROOM = 1000
"""Updates that wait in memory; beyond that no more are taken from Telegram, which keeps them for a day."""

_NO_ID = 2**63  # SQLite keeps no larger number; Telegram's ids have 52 bits
_LOGGER = logging.getLogger("quoth")


class Inbox(asyncio.Queue[object]):
    """The queue between the library's receiver and its handlers. `fail` takes why the process can't go on."""

    def __init__(self, store: Store, figures: Figures, fail: Callable[[str], None], most_waiting: int) -> None:
        super().__init__()
        self._store, self._figures, self._fail, self._most_waiting = store, figures, fail, most_waiting
        self._room = asyncio.Semaphore(ROOM)
        self._past: dict[int, Received] = {}
        self._undone: set[int] = set()
        self._late: set[int] = set()
        self._tasks: set[asyncio.Future[None]] = set()
        self.waiting = 0

    async def put(self, item: object) -> None:
        """Keep an update, unless it is here already, and queue it. Raises StoreError, so that it is not confirmed."""
        if isinstance(item, Update):
            if not await self._keep(item):
                return
            if self.waiting >= self._most_waiting:
                self._late.add(item.update_id)
            await self._enter()
        await super().put(item)

    async def put_aside(self, update_id: int, update_json: str) -> None:
        """Keep an update that can't be read, for a version that can."""
        self._figures.count("updates", "unreadable")
        await self._written(self._store.receive, update_id, update_json, *_person_and_chat(update_json))

    async def replay(self, bot: Bot) -> int:
        """Queue what an earlier process did not get done; how many that are."""
        for received in await self._unfinished():
            update = _read(received, bot)
            if received.attempts > MOST_ATTEMPTS or (update and update.inline_query):  # nobody waits for that by now
                log(_LOGGER, "given up", logging.ERROR, update_id=received.update_id, attempts=received.attempts)
                await self._written(self._store.finish_update, received.update_id)
            elif update is None:  # a later version of the library may read it
                await self._written(self._store.start_update, received.update_id)
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
        found: list[Received] = await self._written(self._store.unfinished)
        return found

    def past(self, update_id: int) -> Received | None:
        """How far an earlier process got with the update; None for one that came to this process."""
        return self._past.get(update_id)

    def flight(self, update_id: int) -> Flight:
        """Notes in the inbox whether the answer to the update may have gone out."""
        return _NotedFlight(self, update_id)

    async def note(self, update_id: int, is_sending: bool) -> None:
        await self._written(self._store.start_sending if is_sending else self._store.stop_sending, update_id)

    def leave_undone(self, update_id: int) -> None:
        """The update is to stay in the inbox: it is tried again after AGAIN_S, or by the next start."""
        self._undone.add(update_id)

    async def finish(self, update: Update) -> None:
        """Mark the update done, unless it is to stay."""
        self._past.pop(update.update_id, None)
        if update.update_id in self._undone:
            self._undone.discard(update.update_id)
            self._later(update)
        else:
            await self._written(self._store.finish_update, update.update_id)

    def _later(self, update: Update) -> None:
        def again() -> None:
            task = asyncio.ensure_future(self._replay_left(update))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        asyncio.get_running_loop().call_later(AGAIN_S, again)

    def came_late(self, update_id: int) -> bool:
        """Whether as many updates as may wait were waiting when this one came."""
        return update_id in self._late

    async def _enter(self) -> None:
        self.waiting += 1
        await self._room.acquire()

    def leave(self, update_id: int) -> None:
        """One update less waits in memory."""
        self._late.discard(update_id)
        self.waiting -= 1
        self._room.release()

    async def _keep(self, update: Update) -> bool:
        self._figures.count("updates", kind(update))
        user, chat = update.effective_user, update.effective_chat
        is_new = await self._written(
            self._store.receive, update.update_id, update.to_json(), user and user.id, chat and chat.id
        )
        if not is_new:
            log(_LOGGER, "seen before", update_id=update.update_id)
        return bool(is_new)

    async def _written(self, call: Callable[..., Any], *values: Any) -> Any:
        try:
            return await asyncio.to_thread(call, *values)
        except StoreError as error:
            self._fail(str(error))
            raise


class _NotedFlight(Flight):
    def __init__(self, inbox: Inbox, update_id: int) -> None:
        self._inbox, self._update_id = inbox, update_id

    async def begin(self) -> None:
        await self._inbox.note(self._update_id, is_sending=True)

    async def abort(self) -> None:
        await self._inbox.note(self._update_id, is_sending=False)


class Lanes:
    """One at a time for each key, in the order in which they came."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._users: dict[Hashable, int] = {}

    @asynccontextmanager
    async def of(self, key: Hashable) -> AsyncIterator[None]:
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._users[key] = self._users.get(key, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key], self._locks[key]

    def waiting(self, key: Hashable) -> int:
        """How many are in the lane, the one at work included."""
        return self._users.get(key, 0)


class Processor(BaseUpdateProcessor):
    """Handles the updates of a chat one after another, those of different chats at the same time."""

    def __init__(self, inbox: Inbox, lanes: Lanes) -> None:
        super().__init__(ROOM)
        self._inbox, self._lanes = inbox, lanes
        self._at_work: set[asyncio.Task[Any]] = set()

    async def cut_off(self) -> None:
        """Leave everything that is at work undone; nothing of it is marked done after this."""
        tasks = list(self._at_work)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def do_process_update(self, update: object, coroutine: Any) -> None:
        if not isinstance(update, Update):
            await coroutine
            return
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            async with self._lanes.of(lane(update)):
                await coroutine
                await self._inbox.finish(update)
        finally:
            self._at_work.discard(task)
            coroutine.close()  # nothing, but where it was never begun
            self._inbox.leave(update.update_id)

    async def initialize(self) -> None:
        """Nothing is to be set up."""

    async def shutdown(self) -> None:
        """Nor taken down."""


def lane(update: Update) -> Hashable:
    """What must not overtake what: questions of a chat each other, presses below a message each other."""
    query = update.callback_query
    if query is not None:
        return ("press", query.message.chat.id, query.message.message_id) if query.message else ("press", query.id)
    if update.inline_query is not None:
        return ("inline", update.update_id)  # a newer one is to overtake it
    return ("chat", update.effective_chat.id if update.effective_chat else None)


def kind(update: Update) -> str:
    """Which field of the update is filled."""
    found = [name for name in Update.ALL_TYPES if getattr(update, name, None) is not None]
    return found[0] if found else "empty"


def _person_and_chat(update_json: str) -> tuple[int | None, int | None]:
    """Their ids in an update that the library can't read, so that /forget finds it; None for what is not there."""
    bodies = [body for body in json.loads(update_json).values() if isinstance(body, dict)]
    below = [body["message"] for body in bodies if isinstance(body.get("message"), dict)]  # a pressed button's
    return _first_id(bodies, ("from", "user")), _first_id(bodies + below, ("chat",))


def _first_id(bodies: Sequence[dict[str, Any]], names: Sequence[str]) -> int | None:
    found = (body.get(name) for body in bodies for name in names)
    ids = (named.get("id") for named in found if isinstance(named, dict))
    return next((id_ for id_ in ids if isinstance(id_, int) and abs(id_) < _NO_ID), None)


def _read(received: Received, bot: Bot) -> Update | None:
    try:
        return Update.de_json(json.loads(received.json), bot)
    except Exception as error:  # whatever it holds, it may only cost itself
        log(_LOGGER, "unreadable update", logging.ERROR, update_id=received.update_id, reason=type(error).__name__)
        return None
