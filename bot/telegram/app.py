"""`quoth telegram`: makes sure that the bot is alone, opens what it needs, and runs the service."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.telegram.answering import Answerer
from bot.telegram.memory.memory import Memory
from bot.telegram.ops.heartbeat import NAME, Heartbeat
from bot.telegram.ops.logs import log, set_up
from bot.telegram.ops.metrics import Metrics
from bot.telegram.service import Service
from bot.telegram.settings import TelegramConfig
from bot.watch import watching
from retrieval.errors import BotError
from retrieval.index.manifest import build_command
from retrieval.index.verify import changed_files
from retrieval.library import Library

ALREADY_RUNNING = "another bot is already using {state}; stop it, or run this one with another --index"
NOT_WRITABLE = "can't write next to {state}: {error}; grant write access or use another folder"
_ACCESS_ADVICE = "message the bot to get your numeric ID, then restart it with --allow ID"


def run(config: TelegramConfig, index: Path, state: Path, target_precision: float) -> int:
    """0 after a stop that was asked for, with started work finished. Raises QuothError if it can't start or go on.

    `state` is the database; its name with ".telegram.lock" is a lock that only one bot can hold.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # durations as timedelta, the default of the library's next version
    set_up(sys.stderr, [config.token.reveal(), config.webhook.secret.reveal() if config.webhook else ""])
    with ExitStack() as stack:
        stack.enter_context(_only_bot(state))
        memory = stack.enter_context(closing(Memory(state)))
        answerer = stack.enter_context(closing(Answerer(index, config.threads, target_precision=target_precision)))
        library = answerer.current()  # opens the index before several threads need it
        _warn(config, index, library)
        if config.watches:
            stack.enter_context(watching(index, _log_change, library.retriever.encoder))
        metrics = stack.enter_context(closing(Metrics()))
        service = Service(
            config=config,
            memory=memory,
            answerer=answerer,
            metrics=metrics,
            heartbeat=Heartbeat(state.with_name(NAME)),
        )
        asyncio.run(service.serve())
    return 0


@contextmanager
def _only_bot(state: Path) -> Iterator[None]:
    """Hold the lock of the database. Raises BotError if another bot holds it, or if it can't be written."""
    lock = FileLock(f"{state}.telegram.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BotError(ALREADY_RUNNING.format(state=state)) from None
    except OSError as error:
        raise BotError(NOT_WRITABLE.format(state=state, error=error)) from error
    try:
        yield
    finally:
        lock.release()


def _warn(config: TelegramConfig, index: Path, library: Library) -> None:
    """Log what the operator may have overlooked."""
    if not (config.is_public or config.allowed or config.admins):
        log("nobody has access", logging.WARNING, advice=_ACCESS_ADVICE)
    if not config.watches and (changed := changed_files(library.store)):
        advice = f"run `{build_command(index)}`"
        log("index out of date", logging.WARNING, files=len(changed), advice=advice)


def _log_change(line: str) -> None:
    log("documents changed", change=line)
