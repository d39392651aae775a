"""Requests to the Bot API: what tells a server in trouble from a lost connection, and what a poll brings home.

The library moves on only after a batch of updates that it can read as a whole; one that it can't would come again for
ever and nothing after it. So each is tried here first, and one that can't be read is put aside in the inbox.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.telegram.ops.heartbeat import Heartbeat
from bot.telegram.ops.logs import log

MOST_CONFLICTS, CONFLICTS_S = 5, 60.0
"""So many 409s within so many seconds are another process with our token; one or two are our own poll of before."""

_LOGGER = logging.getLogger("quoth")
_DOWN = {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}


class ServerDown(NetworkError):
    """The server answered that it can't work just now: 500, 502 or 503."""


class Request(HTTPXRequest):
    """As the library's, with ServerDown for a server in trouble."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code in _DOWN:
            raise ServerDown(f"the Bot API server answered {code}")
        return code, payload


class PollingRequest(Request):
    """Asks for updates and tells how that goes.

    `put_aside` takes the id and the JSON of an update that can't be read; `fail` takes why polling can't go on.
    """

    def __init__(
        self,
        heartbeat: Heartbeat,
        put_aside: Callable[[int, str], Awaitable[None]],
        fail: Callable[[str], None],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._heartbeat, self._put_aside, self._fail = heartbeat, put_aside, fail
        self._conflicts: deque[float] = deque(maxlen=MOST_CONFLICTS)

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code == HTTPStatus.OK:
            payload = await self._readable(payload)
        elif code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            self._fail("Telegram refuses the bot token; it was revoked, or is another's: take the one @BotFather shows")
        elif code == HTTPStatus.CONFLICT:
            self._count_conflict()
        return code, payload

    def _count_conflict(self) -> None:
        now = time.monotonic()
        self._conflicts.append(now)
        log(_LOGGER, "conflict", logging.WARNING, count=len(self._conflicts))
        if len(self._conflicts) == MOST_CONFLICTS and now - self._conflicts[0] < CONFLICTS_S:
            self._fail(
                "another process gets updates with the same bot token; stop that one, or take a token of its own"
            )

    async def _readable(self, payload: bytes) -> bytes:
        """The payload, an update that can't be read replaced by one with nothing in it but its id."""
        try:
            answer = json.loads(payload)
            updates = list(answer["result"])
        except (ValueError, TypeError, KeyError):
            log(_LOGGER, "unreadable answer", logging.ERROR, bytes=len(payload))
            return payload  # no poll worth the name: the heart does not beat
        self._heartbeat.beat()
        kept = []
        for update in updates:
            kept.append(update if _is_readable(update) else await self._aside(update))
            await asyncio.sleep(0)  # a hundred of them at once would hold up all else
        answer["result"] = [update for update in kept if update is not None]
        return json.dumps(answer).encode()

    async def _aside(self, update: object) -> dict[str, int] | None:
        number = update.get("update_id") if isinstance(update, dict) else None
        log(_LOGGER, "unreadable update", logging.ERROR, update_id=number)
        if not isinstance(number, int):
            return None
        await self._put_aside(number, json.dumps(update))
        return {"update_id": number}


def _is_readable(update: Any) -> bool:
    try:
        return isinstance(Update.de_json(update, None).update_id, int)
    except Exception:  # whatever it holds, it may only cost itself
        return False
