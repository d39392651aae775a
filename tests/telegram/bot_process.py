"""A bot as an operator runs it: a separate process, whose environment names the server to use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.telegram.backends import Backend, until
from tests.telegram.world import TOKEN

ROOT = Path(__file__).parent.parent.parent


class BotProcess:
    """`command` run against a backend until the `with` block ends; its output goes to `log`."""

    def __init__(
        self, command: Sequence[str], backend: Backend, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.command, self.backend, self.log = list(command), backend, log
        self.environment = dict(environment or {})
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, ready_s: float = 30.0, awaits_server: bool = True) -> None:
        """Start it, and wait until the server hears of it, unless that is not awaited.

        Raises RuntimeError with its output if it ends before.
        """
        told = {key: value for key, value in os.environ.items() if not key.startswith("QUOTH_TELEGRAM_")}
        told |= self.backend.environment() | self.environment
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=told, cwd=ROOT
            )
        if not awaits_server:
            return
        until(lambda: self.backend.is_ready() or self.has_ended(), f"{self.command[-1]} is ready", ready_s)
        if self.has_ended():
            raise RuntimeError(f"{' '.join(self.command)} ended with {self.status()}:\n{self.output()}")

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def status(self, timeout_s: float = 30.0) -> int:
        """The exit status, once it ended by itself."""
        assert self.process
        return self.process.wait(timeout_s)

    def stop(self, timeout_s: float = 30.0) -> int:
        """SIGTERM, as an operator's service manager does; the exit status."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.status(timeout_s)

    def kill(self) -> None:
        """kill -9: no farewell."""
        assert self.process
        self.process.kill()
        self.process.wait(10)

    def output(self) -> str:
        """All it wrote, of every start."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process and not self.has_ended():
            self.kill()
        assert TOKEN.split(":")[1] not in self.output(), "the token was written to the log"


def quoth_telegram(index: Path, *flags: str) -> list[str]:
    """The command that runs the bot over an index."""
    return [sys.executable, "-m", "bot", "telegram", "--index", str(index), *flags]


def told_telegram(index: Path, *flags: str) -> list[str]:
    """The same, with a reader that was told the scenarios' answers."""
    return [sys.executable, "-m", "tests.telegram.told_bot", "telegram", "--index", str(index), *flags]
