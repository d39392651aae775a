"""`quoth telegram`: the service. Puts the parts together, runs until it is told to stop or can't go on, and drains.

Polling by default; a webhook, behind a proxy that has the certificate, where one is configured.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder

from bot.suggest import suggest
from bot.telegram.answering import Answerer
from bot.telegram.api.pace import RateLimiter
from bot.telegram.api.request import PollingRequest, Request
from bot.telegram.api.sending import Sender
from bot.telegram.asking import Asking
from bot.telegram.handlers import EXAMPLES, App, Handlers
from bot.telegram.memory.inbox import Inbox, Lanes, Processor
from bot.telegram.memory.store import Store
from bot.telegram.menu import introduce
from bot.telegram.ops.access import Access
from bot.telegram.ops.heartbeat import NAME, Heartbeat, notify_socket, tell_systemd
from bot.telegram.ops.logs import log, redact, set_up
from bot.telegram.ops.metrics import Figures
from bot.telegram.parts import Desk
from bot.telegram.settings import TelegramConfig
from retrieval.errors import BotError, QuothError
from retrieval.index.manifest import Manifest
from retrieval.index.retriever import changed_files

UPDATES = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
POLL_S = 10
START_TRIES = 10
"""How often Telegram is tried at the start, a second apart at first and half a minute at last."""
LOOK_S, PAUSE_S, STOP_S, CLEAN_S = 1.0, 0.02, 3.0, 3600.0
_CONNECTIONS, _CONNECT_S, _READ_S, _POOL_S = 64, 5.0, 10.0, 10.0
_RETRIES = 5
_LOGGER = logging.getLogger("quoth")
Result = TypeVar("Result")


def run(config: TelegramConfig, index: Path, state: Path, precision: float) -> int:
    """0 once it was told to stop and what was begun is done. Raises QuothError where it can't start or go on."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # times as timedelta, as all of the library's next version has them
    set_up(sys.stderr, [config.token.reveal(), config.webhook.secret.reveal() if config.webhook else ""])
    with ExitStack() as stack:
        lock = FileLock(f"{state}.telegram.lock")
        try:
            stack.enter_context(lock.acquire(timeout=0))
        except Timeout:
            raise BotError(
                f"another bot is at work on {state}; stop that one, or give this one an index elsewhere"
            ) from None
        except OSError as error:
            raise BotError(f"can't write beside {state}: {error}; allow it, or name another folder") from error
        store = Store(state)
        stack.callback(store.close)
        answerer = Answerer(index, config.threads, precision=precision)
        stack.callback(answerer.close)
        behind = changed_files(answerer.current().store)  # opened by one thread, before several may want it
        if not (config.is_public or config.allowed or config.admins):
            log(_LOGGER, "nobody may ask", logging.WARNING, advice="--allow the number that the bot tells a stranger")
        if behind:
            log(_LOGGER, "index behind", logging.WARNING, files=len(behind), advice="run `quoth index`")
        figures = Figures()
        stack.callback(figures.close)
        service = Service(config, store, answerer, figures, Heartbeat(state.with_name(NAME)))
        asyncio.run(service.serve())
    return 0


class _Stopped(Exception):
    """Told to stop before there was anything to stop."""


class Service:
    """The bot while it runs."""

    def __init__(
        self,
        config: TelegramConfig,
        store: Store,
        answerer: Answerer,
        figures: Figures,
        heartbeat: Heartbeat,
    ) -> None:
        self._config, self._store, self._answerer = config, store, answerer
        self._figures, self._heartbeat = figures, heartbeat
        self._stop, self._problem, self._longest_pause_s = asyncio.Event(), "", 0.0
        self._deadline: asyncio.Timeout | None = None
        self.inbox = Inbox(store, figures, self.fail, config.queue)
        lanes = Lanes()
        self._processor = Processor(self.inbox, lanes)
        self.app = self._build()
        sender = Sender(self.app.bot, figures, self._moved, self._gone)
        desk = Desk(config, store, answerer, sender, self.inbox, figures)
        access = _followed(Access(config.allowed, config.admins, config.is_public), store)
        self.handlers = Handlers(desk, access, Asking(desk, lanes), self.status, self.fail)
        self.handlers.register(self.app)
        figures.watch("waiting", "Updates that wait", lambda: self.inbox.waiting)
        figures.watch("last_poll_age_seconds", "Since Telegram last answered", lambda: heartbeat.age_s)
        figures.watch("longest_pause_seconds", "That the event loop was held up", lambda: self._longest_pause_s)

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
        """The process can't go on: end it, with that line."""
        if not self._problem:
            log(_LOGGER, "giving up", logging.CRITICAL, reason=problem)
            self._problem = problem
        self._stop.set()

    def _told_to_stop(self) -> None:
        """Told once, it finishes what was begun; told again, it does not."""
        if self._stop.is_set() and self._deadline is not None:
            with suppress(RuntimeError):  # it is over already
                self._deadline.reschedule(asyncio.get_running_loop().time())
        self._stop.set()

    async def serve(self) -> None:
        """Run until told to stop. Raises BotError where it could not go on."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._told_to_stop)
        try:
            await self._first(self.app.initialize)
            await self._work()
        except _Stopped:
            log(_LOGGER, "stopped before Telegram could be reached", logging.WARNING)
        finally:
            await self.app.shutdown()
            log(_LOGGER, "stopped", undone=self.inbox.waiting)
        if self._problem:
            raise BotError(self._problem)

    async def _work(self) -> None:
        await self.app.start()
        tasks: list[asyncio.Task[None]] = []
        try:
            replayed = await self.inbox.replay(self.app.bot)
            if self._config.metrics_port is not None:
                self._serve_figures(self._config.metrics_port)
            await self._first(self._receive)
            self._heartbeat.beat()  # the first contact may have taken longer than a deaf bot may live
            for work in (self._watch(), self._measure(), self._clean(), self._prepare()):
                tasks.append(asyncio.create_task(work))
                tasks[-1].add_done_callback(self._ended)
            log(_LOGGER, "ready", bot_id=self.app.bot.id, replayed=replayed, mode=self._mode)
            tell_systemd("READY=1", notify_socket())
            await self._stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._drain()

    @property
    def _mode(self) -> str:
        return "polling" if self._config.webhook is None else "webhook"

    async def _first(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """What the call gives, tried for a while: at boot the network may come later. Raises BotError."""
        for attempt in range(START_TRIES):
            try:
                return await call()
            except InvalidToken:
                raise BotError(
                    "Telegram refuses the bot token; take the one that @BotFather shows, and the right --base-url"
                ) from None
            except (NetworkError, RetryAfter) as error:
                log(_LOGGER, "can't reach Telegram", logging.WARNING, attempt=attempt + 1, reason=str(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), min(2.0**attempt, 30.0))
                if self._stop.is_set():
                    raise _Stopped from None
            except TelegramError as error:
                raise BotError(redact(f"can't start: {error}", [self._config.token.reveal()])) from None
        raise BotError(f"can't reach the Bot API at {self._config.base_url}; check the network and --base-url")

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

    def _serve_figures(self, port: int) -> None:
        try:
            self._figures.serve(port)
        except OSError as error:
            raise BotError(f"can't serve figures on port {port}: {error}; name another with --metrics") from None

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A task of the service ended; if it broke, the service is not whole."""
        problem = None if task.cancelled() else task.exception()
        if problem is not None:
            _LOGGER.error("traceback", exc_info=problem)
            self.fail(str(problem) if isinstance(problem, QuothError) else f"it broke: {type(problem).__name__}")

    async def _measure(self) -> None:
        """How long the event loop was held up at most: what waits for it waits as long."""
        while True:
            started = time.monotonic()
            await asyncio.sleep(PAUSE_S)
            self._longest_pause_s = max(self._longest_pause_s, time.monotonic() - started - PAUSE_S)

    async def _watch(self) -> None:
        """The watchdog: a bot that hears nothing ends, so that whoever started it starts it anew."""
        socket = notify_socket()
        while True:
            if self._config.webhook is not None:  # nobody polls; that we are listening is all there is to see
                self._heartbeat.beat()
            if self._heartbeat.age_s > self._config.deaf_after_s:
                self.fail(f"no answer from Telegram for {self._config.deaf_after_s} s")
            else:
                tell_systemd("WATCHDOG=1", socket)
            await asyncio.sleep(LOOK_S)

    async def _clean(self) -> None:
        """Delete what is older than it may be, and what is deleted from the log."""
        while True:
            deleted = await asyncio.to_thread(self._store.expire, self._config.retention_days)
            log(_LOGGER, "cleaned", answers=deleted)
            await asyncio.sleep(CLEAN_S)

    async def _prepare(self) -> None:
        """What nobody should have to wait for: questions to begin with, and the menu."""
        for name, work in (("suggestions", self._suggest), ("menu", self._introduce)):
            try:
                await work()
            except (QuothError, TimeoutError) as error:
                log(_LOGGER, "not prepared", logging.WARNING, missing=name, reason=repr(error))

    async def _suggest(self) -> None:
        await self._answerer.run(lambda retriever: suggest(retriever, EXAMPLES))

    async def _introduce(self) -> None:
        manifest = await self._manifest()
        await introduce(self.app.bot, self._store, manifest.documents, self._config.admins)

    async def _manifest(self) -> Manifest:
        """Of the index in use."""
        return await self._answerer.run(lambda retriever: retriever.store.manifest)

    async def _drain(self) -> None:
        """Take no more updates, finish what was begun; what the deadline cuts off is done at the next start."""
        log(_LOGGER, "stopping", waiting=self.inbox.waiting)
        tell_systemd("STOPPING=1", notify_socket())
        try:
            async with asyncio.timeout(self._config.drain_s) as self._deadline:
                await self._stop_receiving()
                await self.app.stop()
        except TimeoutError:
            log(_LOGGER, "not all done", logging.WARNING, waiting=self.inbox.waiting)
            await self._processor.cut_off()

    async def _stop_receiving(self) -> None:
        """The library waits for a poll's pause to end, which is half a minute while Telegram is down: not for that."""
        assert self.app.updater is not None
        if not self.app.updater.running:
            return
        stopping = asyncio.create_task(self.app.updater.stop())
        for _ in range(2):  # its poll, and the last call that confirms what was taken
            await asyncio.wait([stopping], timeout=STOP_S)
            stopping.cancel()
        problem = (await asyncio.gather(stopping, return_exceptions=True))[0]
        if isinstance(problem, Exception):  # a refused token, for one; it was told when it came
            log(_LOGGER, "polling ended badly", logging.WARNING, reason=type(problem).__name__)

    async def status(self) -> dict[str, str | int | float]:
        """Figures for /status."""
        manifest = await self._manifest()
        return {
            "mode": self._mode,
            "last_poll_age_s": round(self._heartbeat.age_s, 1),
            "waiting": self.inbox.waiting,
            "longest_pause_ms": round(self._longest_pause_s * 1000),
            "documents": manifest.documents,
            "passages": manifest.passages,
            "index": manifest.generation,
            "pid": os.getpid(),
            **self._figures.summary(),
        }

    async def _moved(self, old: int, new: int) -> None:
        await self.handlers.group_moved(old, new)

    async def _gone(self, chat_id: int) -> None:
        await self.handlers.chat_gone(chat_id)


def _followed(access: Access, store: Store) -> Access:
    """The list with the new numbers of groups that became supergroups since it was written."""
    for listed in access.listed:
        chat = store.chat(listed)
        while chat is not None and chat.migrated_to is not None:
            access = access.moved(chat.chat_id, chat.migrated_to)
            chat = store.chat(chat.migrated_to)
    return access


def _poll_failed(error: TelegramError) -> None:
    log(_LOGGER, "poll failed", logging.WARNING, reason=f"{type(error).__name__}: {error}")
