"""Requests to the Bot API: telling a failing server from a lost connection, and screening the updates of each poll.

The library confirms a batch of updates only if it can parse all of it. One malformed update would come back for ever
and block everything after it, so each update is parsed here first, and a malformed one is set aside in the inbox.
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

MAX_CONFLICTS, CONFLICTS_S = 5, 60.0
"""So many 409s in so many seconds mean that another process uses our token; our own last poll causes one or two."""

TOKEN_REJECTED = "Telegram rejected the bot token, which may have been revoked; use the token that @BotFather shows"
TOKEN_IN_USE = "another process polls with the same bot token; stop it, or use a separate token for each"
_DOWN = {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}


class ServerDown(NetworkError):
    """The server answered that it is out of order: 500, 502 or 503."""


class Request(HTTPXRequest):
    """The library's request class, which also raises ServerDown."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code in _DOWN:
            raise ServerDown(f"the Bot API server answered {code}")
        return code, payload


class PollingRequest(Request):
    """Polls for updates and reports problems.

    `put_aside` receives the id and the JSON of a malformed update; `fail` the reason why polling can't go on.
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
        self._conflicts: deque[float] = deque(maxlen=MAX_CONFLICTS)

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code == HTTPStatus.OK:
            payload = await self._readable(payload)
        elif code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            self._fail(TOKEN_REJECTED)
        elif code == HTTPStatus.CONFLICT:
            self._count_conflict()
        return code, payload

    def _count_conflict(self) -> None:
        now = time.monotonic()
        self._conflicts.append(now)
        log("conflict", logging.WARNING, count=len(self._conflicts))
        if len(self._conflicts) == MAX_CONFLICTS and now - self._conflicts[0] < CONFLICTS_S:
            self._fail(TOKEN_IN_USE)

    async def _readable(self, payload: bytes) -> bytes:
        """The payload, with each malformed update replaced by one that has only its id."""
        try:
            answer = json.loads(payload)
            updates = list(answer["result"])
        except (ValueError, TypeError, KeyError):
            log("unreadable answer", logging.ERROR, bytes=len(payload))
            return payload  # not a valid answer, so no heartbeat
        self._heartbeat.beat()
        kept = []
        for update in updates:
            kept.append(update if _is_readable(update) else await self._aside(update))
            await asyncio.sleep(0)  # parsing a hundred at once would block the event loop
        answer["result"] = [update for update in kept if update is not None]
        return json.dumps(answer).encode()

    async def _aside(self, update: object) -> dict[str, int] | None:
        number = update.get("update_id") if isinstance(update, dict) else None
        log("unreadable update", logging.ERROR, update_id=number)
        if not isinstance(number, int):
            return None
        await self._put_aside(number, json.dumps(update))
        return {"update_id": number}


def _is_readable(update: Any) -> bool:
    try:
        return isinstance(Update.de_json(update, None).update_id, int)
    except Exception:  # one malformed update must not stop the others
        return False
