"""A strict fake Bot API server on loopback, in a thread of its own: HTTP, polling, webhooks and faults.

What people do is played through `server.world`. Whatever the bot sends is refused as Telegram refuses it (`refusals`),
and what Telegram would bear but we don't is kept in `world.problems`: requests and updates that don't fit aiogram's
models, messages over a limit, messages that would call someone.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.telegram import faults, models
from tests.telegram.methods import METHODS, Refused
from tests.telegram.polling import Polling
from tests.telegram.webhook import Webhook
from tests.telegram.world import World

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot: when (monotonic seconds), what, and the refusal's words if it was refused."""

    at: float
    method: str
    given: dict[str, Any]
    refusal: str | None


class FakeServer:
    """Start it with `with FakeServer() as server`. A bot's base URL is `base_url`, its token `world.token`."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.calls: list[Call] = []
        self.is_revoked = False
        self.webhook = Webhook(self.world)
        self.polling = Polling(self.world)
        self._planned: list[faults.Planned] = []
        self._hung: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake Bot API", daemon=True)
        self._runner: web.AppRunner | None = None
        self.url = ""

    # for tests

    @property
    def base_url(self) -> str:
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    @property
    def refusals(self) -> list[str]:
        """Every refusal so far, as "method: words"."""
        return [f"{call.method}: {call.refusal}" for call in list(self.calls) if call.refusal]

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in list(self.calls) if call.method.lower() == method.lower()]

    def was_hung(self, method: str) -> bool:
        """Whether a fault kept a call of the method waiting, now or before."""
        return method.lower() in self._hung

    def fail(self, method: str, fault: faults.Fault, times: int = 1, chat_id: int | None = None) -> None:
        """Let the next calls of a method go wrong."""
        self._planned.append(faults.Planned(method, fault, times, chat_id))

    def revoke_token(self) -> None:
        """BotFather's /revoke: from now on the token is refused, a waiting poll included."""
        self.is_revoked = True
        self._loop.call_soon_threadsafe(self.polling.wake)

    # running

    def __enter__(self) -> Self:
        self._thread.start()
        self.url = self._do(self._start())
        self.world.on_update = self._told
        return self

    def __exit__(self, *_: object) -> None:
        self.world.on_update = lambda: None
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, work: Any) -> Any:
        done: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(20)

    async def _start(self) -> str:
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _stop(self) -> None:
        await self.webhook.stop()
        if self._runner:
            await self._runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}  # polls and hangs whose other side is gone
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _told(self) -> None:
        self._loop.call_soon_threadsafe(self._news)

    def _news(self) -> None:
        self.polling.wake()
        self.webhook.wake()

    # answering

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given: dict[str, Any] = {}
        try:
            self._check_token(request)
            given = models.decode_parameters(method, await _parameters(request))
            fault = self._fault(method, given)
            result = await self._result(method, given) if fault is None or fault.is_done else None
            if fault:
                self._hung += [method.lower()] * (fault.kind == "hang")
                played = await faults.play(fault, request)
                self._record(method, given, fault.kind)
                return played
        except Refused as refused:
            self._record(method, given, refused.description)
            return _refusal(refused)
        self._record(method, given, None)
        return web.json_response({"ok": True, "result": result})

    async def _result(self, method: str, given: dict[str, Any]) -> Any:
        own: dict[str, Callable[[dict[str, Any]], Any]] = {
            "setwebhook": self.webhook.set,
            "deletewebhook": self.webhook.delete,
            "getwebhookinfo": self.webhook.info,
        }
        name = method.lower()
        if name not in METHODS and name not in own and name != "getupdates":
            raise Refused("Not Found", 404)
        self._check_request(method, given)
        if name == "getupdates":
            return await self.polling.get(given, lambda: self._check_poll(given))
        with self.world.lock:
            result = own[name](given) if name in own else METHODS[name](self.world, given)
            result = json.loads(json.dumps(result))  # a copy: an edit must not change what was answered
            self.world.problems += [f"{method}: result {problem}" for problem in models.result_problems(method, result)]
            self.world.changed()
        return result

    def _check_request(self, method: str, given: dict[str, Any]) -> None:
        body = {name: "bytes" if isinstance(value, bytes) else value for name, value in given.items()}
        problems = models.request_problems(method, body)
        if problems:
            with self.world.lock:
                self.world.problems += [f"{method}: {problem}" for problem in problems]
            raise Refused(f"wrong parameters: {'; '.join(problems)}")

    def _check_poll(self, given: dict[str, Any]) -> None:
        if self.is_revoked:
            raise Refused("Unauthorized", 401)
        if self.webhook.url:
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise Refused(words, 409)

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            raise Refused("Not Found", 404)
        if self.is_revoked or token != self.world.token:
            raise Refused("Unauthorized", 401)

    def _fault(self, method: str, given: dict[str, Any]) -> faults.Fault | None:
        return next((planned.fault for planned in self._planned if planned.takes(method.lower(), given)), None)

    def _record(self, method: str, given: dict[str, Any], refusal: str | None) -> None:
        self.calls.append(Call(time.monotonic(), method, given, refusal))
        self.world.changed()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.world.files.get(request.match_info["path"].removeprefix("documents/"))
        if request.match_info["token"] != self.world.token or content is None:
            return _refusal(Refused("Not Found", 404))
        return web.Response(body=content, content_type="application/octet-stream")


def _refusal(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.code)


async def _parameters(request: web.Request) -> dict[str, Any]:
    """The parameters of a call, however they came: in the address, a form, JSON or with files."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return given | (await request.json() if request.can_read_body else {})
    form = await request.post()
    files = {name: value.file.read() for name, value in form.items() if isinstance(value, web.FileField)}
    given |= {name: value for name, value in form.items() if name not in files}
    attached = {name: files.pop(value.removeprefix("attach://")) for name, value in given.items() if _is_file(value)}
    return given | attached | files


def _is_file(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("attach://")
