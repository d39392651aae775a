"""setWebhook and delivery: each chat's updates in order, the secret as a header, again until the bot says 2xx.

Telegram reaches a bot over HTTPS; here `proxy_to` plays the reverse proxy that every bot has in front of it: the path
of the webhook's address is asked for at that loopback address.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.telegram.methods import Refused
from tests.telegram.world import Update, World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
FIRST_PAUSE_S, LONGEST_PAUSE_S, PATIENCE_S = 0.05, 2.0, 10.0
"""Before a delivery is repeated, doubled each time; and how long an answer is waited for. Telegram's are longer."""


class Webhook:
    """Where updates are sent, if anywhere. `sets` counts setWebhook.

    `deliveries` are (update id, HTTP status), 0 where nobody answered.
    """

    def __init__(self, world: World) -> None:
        self.world, self.sets = world, 0
        self.url, self.secret, self.proxy_to = "", "", ""
        self.deliveries: list[tuple[int, int]] = []
        self._queues: dict[int, asyncio.Task[None]] = {}
        self._taken: set[int] = set()

    def set(self, given: Mapping[str, Any]) -> bool:
        url, secret = given["url"], given.get("secret_token", "")
        if url and urlsplit(url).scheme != "https":
            raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise Refused("secret token contains unallowed characters")
        self.url, self.secret = url, secret
        self.sets += 1
        if "allowed_updates" in given:
            self.world.allowed_updates = list(given["allowed_updates"])
        return self._drop(given)

    def delete(self, given: Mapping[str, Any]) -> bool:
        self.url = self.secret = ""
        return self._drop(given)

    def info(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"url": self.url, "has_custom_certificate": False, "pending_update_count": len(self.world.updates)}

    def wake(self) -> None:
        """Send what waits; call it in the server's loop."""
        if not self.url:
            return
        for update in list(self.world.updates):
            if update["update_id"] not in self._taken:
                self._taken.add(update["update_id"])
                key = _queue_key(update)
                self._queues[key] = asyncio.create_task(self._deliver(update, self._queues.get(key)))

    async def stop(self) -> None:
        for task in self._queues.values():
            task.cancel()
        await asyncio.gather(*self._queues.values(), return_exceptions=True)

    def _drop(self, given: Mapping[str, Any]) -> bool:
        if given.get("drop_pending_updates"):
            self.world.updates.clear()
        self._taken.clear()
        asyncio.get_running_loop().call_soon(self.wake)
        return True

    async def _deliver(self, update: Update, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait([before])
        pause = FIRST_PAUSE_S
        while self.url:
            status = await self._post(update)
            self.deliveries.append((update["update_id"], status))
            if 200 <= status < 300:
                break
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
        else:
            return
        with self.world.lock:
            self.world.updates = [other for other in self.world.updates if other is not update]
            self.world.changed()

    async def _post(self, update: Update) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        patience = aiohttp.ClientTimeout(PATIENCE_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=patience) as client,
                client.post(self.proxy_to + urlsplit(self.url).path, json=update, headers=headers) as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def _queue_key(update: Update) -> int:
    """Whose turn an update waits for: its chat's, else its sender's."""
    content = next(value for key, value in update.items() if key != "update_id")
    owner = content.get("chat") or content.get("message", {}).get("chat") or content["from"]
    return int(owner["id"])
