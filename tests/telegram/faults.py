"""What can go wrong between a bot and Telegram, as values: `server.fail("sendMessage", TOO_MANY(2))`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.telegram.methods import Refused

Kind = Literal["refuse", "bad gateway", "hang", "cut", "garbage"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. "cut" closes the connection. With `is_done` what was asked is done all the same."""

    kind: Kind
    code: int = 400
    words: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    is_done: bool = False


@dataclass(slots=True)
class Planned:
    """A fault for the next `times` calls of a method, perhaps only of those to one chat."""

    method: str
    fault: Fault
    times: int
    chat_id: int | None

    def takes(self, method: str, given: dict[str, Any]) -> bool:
        """Whether this call is one of them; it is then counted."""
        meant = self.times > 0 and method == self.method.lower() and self.chat_id in (None, given.get("chat_id"))
        self.times -= meant
        return meant


BAD_GATEWAY, CUT, GARBAGE = Fault("bad gateway"), Fault("cut"), Fault("garbage")
CUT_AFTER, GARBAGE_AFTER = Fault("cut", is_done=True), Fault("garbage", is_done=True)
BLOCKED = Fault("refuse", 403, "bot was blocked by the user")
CONFLICT = Fault(
    "refuse", 409, "terminated by other getUpdates request; make sure that only one bot instance is running"
)


def too_many(retry_after: int) -> Fault:
    """The answer of a server asked too often."""
    return Fault("refuse", 429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def hang(seconds: float, is_done: bool = False) -> Fault:
    """No answer for so long, then a bad gateway."""
    return Fault("hang", seconds=seconds, is_done=is_done)


async def play(fault: Fault, request: web.Request) -> web.Response:
    """The fault instead of an answer. Raises Refused for a refusal."""
    if fault.kind == "refuse":
        raise Refused(fault.words, fault.code, **fault.parameters)
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "cut":
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    if fault.kind == "garbage":
        return web.Response(text='{"ok": true, "result": ', content_type="application/json")
    page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    return web.Response(status=502, text=page, content_type="text/html")
