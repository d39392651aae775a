"""getUpdates: a poll waits for news, an offset confirms what came before it, a second poll ends the first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.telegram.methods import Refused
from tests.telegram.world import Update, World

TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Polling:
    """The one poll that waits. `polls` counts how many came."""

    def __init__(self, world: World) -> None:
        self.world, self.polls = world, 0
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Let the waiting poll look again; call it in the server's loop."""
        self._news.set()

    async def get(self, given: dict[str, Any], check: Callable[[], None]) -> list[Update]:
        """The updates from the offset on, as soon as there is one, or none after the timeout."""
        self.polls += 1
        mine = self.polls
        check()
        self.wake()
        self._confirm(given)
        until = asyncio.get_running_loop().time() + min(given.get("timeout", 0), 50)
        while True:
            check()
            if self.polls != mine:
                raise Refused(TERMINATED, 409)
            left = until - asyncio.get_running_loop().time()
            batch = self.world.updates[: max(1, min(given.get("limit", 100), 100))]
            if batch or left <= 0:
                return list(batch)
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)

    def _confirm(self, given: dict[str, Any]) -> None:
        with self.world.lock:
            if "allowed_updates" in given:
                self.world.allowed_updates = list(given["allowed_updates"])
            offset = given.get("offset", 0)
            waiting = self.world.updates
            self.world.updates = (
                waiting[offset:] if offset < 0 else [update for update in waiting if update["update_id"] >= offset]
            )
            self.world.changed()
