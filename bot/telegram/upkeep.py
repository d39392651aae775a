"""What the service does besides answering: deleting what is old, measuring itself, and noting its figures."""

from __future__ import annotations

import asyncio
import logging
import os
import time

from bot.telegram.answering import Answerer
from bot.telegram.memory.inbox import Inbox
from bot.telegram.memory.memory import Memory
from bot.telegram.ops.figures import NAME, write_figures
from bot.telegram.ops.heartbeat import Heartbeat
from bot.telegram.ops.logs import log
from bot.telegram.ops.metrics import Metrics
from bot.telegram.settings import TelegramConfig
from retrieval.errors import QuothError

CLEAN_S, FIGURES_S, PAUSE_S = 3600.0, 60.0, 0.02
FIGURES_PER_LOG = 60
"""How often the figures are written for `quoth health` before they go to the log again: once an hour."""


class Upkeep:
    """Work that never ends; each method is a task of its own."""

    def __init__(
        self,
        *,
        config: TelegramConfig,
        memory: Memory,
        answerer: Answerer,
        inbox: Inbox,
        metrics: Metrics,
        heartbeat: Heartbeat,
    ) -> None:
        self._config, self._memory, self._answerer, self._inbox = config, memory, answerer, inbox
        self._metrics, self._heartbeat = metrics, heartbeat
        self._longest_pause_s = 0.0
        metrics.watch("waiting", "Updates waiting to be handled", lambda: inbox.waiting)
        metrics.watch("last_poll_age_seconds", "Time since Telegram last answered", lambda: heartbeat.age_s)
        metrics.watch("longest_pause_seconds", "Longest block of the event loop", lambda: self._longest_pause_s)

    async def clean(self) -> None:
        """Delete what is older than the retention period, and erase deleted text from the database's log."""
        while True:
            deleted = await asyncio.to_thread(self._memory.expire, self._config.retention_days)
            log("cleaned", answers=deleted)
            await asyncio.sleep(CLEAN_S)

    async def measure(self) -> None:
        """Track the longest block of the event loop: everything else waits as long."""
        while True:
            started = time.monotonic()
            await asyncio.sleep(PAUSE_S)
            self._longest_pause_s = max(self._longest_pause_s, time.monotonic() - started - PAUSE_S)

    async def note_figures(self) -> None:
        """Write the figures where `quoth health` finds them, and now and then to the log."""
        path = self._memory.path.with_name(NAME)
        while True:
            for number in range(FIGURES_PER_LOG):
                try:
                    figures = await self._figures()
                except (QuothError, TimeoutError) as error:  # the next ones may be there
                    log("no figures", logging.WARNING, reason=str(error))
                else:
                    await asyncio.to_thread(write_figures, path, figures)
                    if not number:
                        log("figures", figures=figures)
                await asyncio.sleep(FIGURES_S)

    async def _figures(self) -> dict[str, str | int | float]:
        manifest = await self._answerer.run(lambda library: library.store.manifest)
        return {
            "mode": self._config.mode,
            "last_poll_age_s": round(self._heartbeat.age_s, 1),
            "waiting": self._inbox.waiting,
            "longest_pause_ms": round(self._longest_pause_s * 1000),
            "documents": manifest.documents,
            "passages": manifest.passages,
            "index": manifest.generation,
            "pid": os.getpid(),
            **self._metrics.summary(),
            **await asyncio.to_thread(self._memory.counts),
        }
