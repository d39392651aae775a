"""The running bot: connects the components, runs until stopped or unable to go on, then drains.

Polling is the default; a webhook, behind a proxy that holds the certificate, is used if one is configured.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar
from urllib.parse import urlsplit

from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder

from bot.suggest import Suggestions
from bot.telegram.answering import Answerer
from bot.telegram.api.pace import RateLimiter
from bot.telegram.api.request import PollingRequest, Request
from bot.telegram.api.sending import Sender
from bot.telegram.asking import Asking
from bot.telegram.components import Components
from bot.telegram.handlers import App, Handlers
from bot.telegram.memory.inbox import Inbox
from bot.telegram.memory.memory import Memory
from bot.telegram.menu import introduce
from bot.telegram.ops.access import Access
from bot.telegram.ops.heartbeat import Heartbeat, notify_socket, tell_systemd
from bot.telegram.ops.locks import KeyedLocks
from bot.telegram.ops.logs import log, log_traceback, redact
from bot.telegram.ops.metrics import Metrics
from bot.telegram.processor import Processor
from bot.telegram.settings import TelegramConfig
from bot.telegram.upkeep import Upkeep
from retrieval.errors import BotError, QuothError
from retrieval.index.manifest import Manifest

UPDATES = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
POLL_S = 10
SUGGESTIONS = 3
"""How many example questions /start offers."""
START_TRIES = 10
"""How often the bot tries to reach Telegram at the start, first after a second, at last every half minute."""
LOOK_S, STOP_S = 1.0, 3.0
_CONNECTIONS, _CONNECT_S, _READ_S, _POOL_S = 64, 5.0, 10.0, 10.0
_RETRIES = 5
TOKEN_REFUSED = "Telegram rejected the bot token; use the token that @BotFather shows, and check --base-url"
CANNOT_START = "can't start: {error}"
UNREACHABLE = "can't reach the Bot API at {url}; check the network and --base-url"
PORT_TAKEN = "can't serve metrics on port {port}: {error}; choose another port with --metrics"
UNEXPECTED = "unexpected error: {kind}; see the traceback in the log"
DEAF = "no answer from Telegram for {seconds} s"
Result = TypeVar("Result")


class _Stopped(Exception):
    """The process was told to stop before the bot had started."""


class Service:
    """The running bot."""

    def __init__(
        self,
        *,
        config: TelegramConfig,
        memory: Memory,
        answerer: Answerer,
        metrics: Metrics,
        heartbeat: Heartbeat,
    ) -> None:
        self._config, self._memory, self._answerer = config, memory, answerer
        self._metrics, self._heartbeat = metrics, heartbeat
        self._stop, self._problem = asyncio.Event(), ""
        self._deadline: asyncio.Timeout | None = None
        self.inbox = Inbox(memory, metrics, self.fail, config.queue)
        locks = KeyedLocks()
        self._processor = Processor(self.inbox, locks)
        self.app = self._build()
        sender = Sender(self.app.bot, metrics, self._moved, self._gone)
        self._suggestions = Suggestions(SUGGESTIONS)
        components = Components(
            config=config,
            memory=memory,
            answerer=answerer,
            suggestions=self._suggestions,
            sender=sender,
            inbox=self.inbox,
            metrics=metrics,
        )
        access = _with_new_ids(Access(config.allowed, config.admins, config.is_public), memory)
        self.handlers = Handlers(
            components=components,
            access=access,
            asking=Asking(components, locks),
            fail=self.fail,
        )
        self.handlers.register(self.app)
        self._upkeep = Upkeep(
            config=config, memory=memory, answerer=answerer, inbox=self.inbox, metrics=metrics, heartbeat=heartbeat
        )

    def _build(self) -> App:
        config = self._config
        sending = Request(
            connection_pool_size=_CONNECTIONS, read_timeout=_READ_S, connect_timeout=_CONNECT_S, pool_timeout=_POOL_S
        )
        polling = PollingRequest(
            self._heartbeat, self.inbox.put_aside, self.fail, connection_pool_size=2, connect_timeout=_CONNECT_S
        )
        return (
            ApplicationBuilder()
            .token(config.token.reveal())
            .base_url(f"{config.base_url}/bot")
            .base_file_url(f"{config.base_url}/file/bot")
            .request(sending)
            .get_updates_request(polling)
            .rate_limiter(RateLimiter(max_retries=_RETRIES))
            .update_queue(self.inbox)
            .concurrent_updates(self._processor)
            .job_queue(None)
            .build()
        )

    def fail(self, problem: str) -> None:
        """End the process with this problem as its message."""
        if not self._problem:
            log("giving up", logging.CRITICAL, reason=problem)
            self._problem = problem
        self._stop.set()

    def _on_stop_signal(self) -> None:
        """The first signal lets started work finish; the second one does not."""
        if self._stop.is_set() and self._deadline is not None:
            with suppress(RuntimeError):  # draining is over already
                self._deadline.reschedule(asyncio.get_running_loop().time())
        self._stop.set()

    async def serve(self) -> None:
        """Run until told to stop. Raises BotError if the bot can't start or go on."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_stop_signal)
        try:
            await self._with_retries(self.app.initialize)
            await self._work()
        except _Stopped:
            log("stopped before Telegram could be reached", logging.WARNING)
        finally:
            await self.app.shutdown()
            log("stopped", undone=self.inbox.waiting)
        if self._problem:
            raise BotError(self._problem)

    async def _work(self) -> None:
        await self.app.start()
        tasks: list[asyncio.Task[None]] = []
        upkeep = self._upkeep
        try:
            await self.handlers.uploads.clear()
            replayed = await self.inbox.replay(self.app.bot)
            if self._config.metrics_port is not None:
                self._serve_metrics(self._config.metrics_port)
            await self._with_retries(self._receive)
            self._heartbeat.beat()  # reaching Telegram at first may have taken longer than --deaf-after
            for work in (self._watch(), self._prepare(), upkeep.measure(), upkeep.clean(), upkeep.note_figures()):
                tasks.append(asyncio.create_task(work))
                tasks[-1].add_done_callback(self._ended)
            log("ready", bot_id=self.app.bot.id, replayed=replayed, mode=self._config.mode)
            tell_systemd("READY=1", notify_socket())
            await self._stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._drain()

    async def _with_retries(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """What the call returns, with retries: at boot, the network may come up later. Raises BotError."""
        for attempt in range(START_TRIES):
            try:
                return await call()
            except InvalidToken:
                raise BotError(TOKEN_REFUSED) from None
            except (NetworkError, RetryAfter) as error:
                log("can't reach Telegram", logging.WARNING, attempt=attempt + 1, reason=str(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), min(2.0**attempt, 30.0))
                if self._stop.is_set():
                    raise _Stopped from None
            except TelegramError as error:
                raise BotError(redact(CANNOT_START.format(error=error), [self._config.token.reveal()])) from None
        raise BotError(UNREACHABLE.format(url=self._config.base_url))

    async def _receive(self) -> None:
        updater, webhook = self.app.updater, self._config.webhook
        assert updater is not None
        if webhook is None:
            await updater.start_polling(
                timeout=POLL_S, allowed_updates=UPDATES, drop_pending_updates=False, error_callback=_poll_failed
            )
            return
        await updater.start_webhook(
            listen=webhook.host,
            port=webhook.port,
            url_path=urlsplit(webhook.url).path.lstrip("/"),
            webhook_url=webhook.url,
            allowed_updates=UPDATES,
            drop_pending_updates=False,
            secret_token=webhook.secret.reveal(),
        )

    def _serve_metrics(self, port: int) -> None:
        try:
            self._metrics.serve(port)
        except OSError as error:
            raise BotError(PORT_TAKEN.format(port=port, error=error)) from None

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A background task ended; if it failed, the service can't go on."""
        problem = None if task.cancelled() else task.exception()
        if problem is not None:
            log_traceback(problem)
            is_expected = isinstance(problem, QuothError)
            self.fail(str(problem) if is_expected else UNEXPECTED.format(kind=type(problem).__name__))

    async def _watch(self) -> None:
        """The watchdog: a bot that hears nothing from Telegram exits, so that its supervisor restarts it."""
        socket = notify_socket()
        while True:
            if self._config.webhook is not None:  # there is no polling to watch
                self._heartbeat.beat()
            if self._heartbeat.age_s > self._config.deaf_after_s:
                self.fail(DEAF.format(seconds=self._config.deaf_after_s))
            else:
                tell_systemd("WATCHDOG=1", socket)
            await asyncio.sleep(LOOK_S)

    async def _prepare(self) -> None:
        """Prepare in advance what people would otherwise wait for: suggested questions and the menu."""
        for name, work in (("suggestions", self._suggest), ("menu", self._introduce)):
            try:
                await work()
            except (QuothError, TimeoutError) as error:
                log("not prepared", logging.WARNING, missing=name, reason=repr(error))

    async def _suggest(self) -> None:
        await self._answerer.run(self._suggestions.of)

    async def _introduce(self) -> None:
        manifest = await self._manifest()
        config = self._config
        await introduce(self.app.bot, self._memory, manifest.documents, config.admins, config.has_uploads)

    async def _manifest(self) -> Manifest:
        """The manifest of the current index."""
        return await self._answerer.run(lambda library: library.store.manifest)

    async def _drain(self) -> None:
        """Stop receiving and finish started work; the next start handles whatever misses the deadline."""
        log("stopping", waiting=self.inbox.waiting)
        tell_systemd("STOPPING=1", notify_socket())
        try:
            async with asyncio.timeout(self._config.drain_s) as self._deadline:
                await self._stop_receiving()
                await self.app.stop()
        except TimeoutError:
            log("drain timed out", logging.WARNING, waiting=self.inbox.waiting)
            await self._processor.cut_off()

    async def _stop_receiving(self) -> None:
        """Stop the updater. While Telegram is down, the library would wait half a minute between polls; we don't."""
        assert self.app.updater is not None
        if not self.app.updater.running:
            return
        stopping = asyncio.create_task(self.app.updater.stop())
        for _ in range(2):  # first its poll, then the last call, which confirms the updates received
            await asyncio.wait([stopping], timeout=STOP_S)
            stopping.cancel()
        problem = (await asyncio.gather(stopping, return_exceptions=True))[0]
        if isinstance(problem, Exception):  # for example a rejected token, which was reported when it happened
            log("polling ended badly", logging.WARNING, reason=type(problem).__name__)

    async def _moved(self, old: int, new: int) -> None:
        await self.handlers.group_moved(old, new)

    async def _gone(self, chat_id: int) -> None:
        await self.handlers.chat_gone(chat_id)


def _with_new_ids(access: Access, memory: Memory) -> Access:
    """The access list with the new ids of groups that have become supergroups since it was written."""
    for listed in access.listed:
        chat = memory.chat(listed)
        while chat is not None and chat.migrated_to is not None:
            access = access.moved(chat.chat_id, chat.migrated_to)
            chat = memory.chat(chat.migrated_to)
    return access


def _poll_failed(error: TelegramError) -> None:
    log("poll failed", logging.WARNING, reason=f"{type(error).__name__}: {error}")
