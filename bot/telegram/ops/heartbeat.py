"""The sign of life: a file whose time is that of the last poll, and what systemd is told."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

NAME = "telegram.alive"


class Heartbeat:
    """Touches `path` at each beat; `age_s` counts from the start until the first."""

    def __init__(self, path: Path) -> None:
        self._path, self._last = path, time.monotonic()

    def beat(self) -> None:
        self._last = time.monotonic()
        with suppress(OSError):  # a full disk is found and told where something is to be kept
            self._path.touch()

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._last


def file_age_s(path: Path) -> float | None:
    """Seconds since the last beat of another process, None where there was none."""
    try:
        return max(time.time() - path.stat().st_mtime, 0.0)
    except OSError:
        return None


def tell_systemd(state: str, address: str | None) -> None:
    """Send a line such as READY=1 to the service manager whose socket is at `address` ($NOTIFY_SOCKET)."""
    if address:
        where = "\0" + address[1:] if address.startswith("@") else address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notify:
            notify.sendto(state.encode(), where)


def notify_socket() -> str | None:
    """Where the service manager listens, None outside of one."""
    return os.environ.get("NOTIFY_SOCKET")
