"""Signs of life: a file whose modification time is that of the last poll, and notifications for systemd."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

NAME = "telegram.alive"


class Heartbeat:
    """Touches `path` at each beat; before the first beat, `age_s` counts from the start."""

    def __init__(self, path: Path) -> None:
        self._path, self._last = path, time.monotonic()

    def beat(self) -> None:
        self._last = time.monotonic()
        with suppress(OSError):  # a full disk is reported where something has to be stored
            self._path.touch()

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._last


def file_age_s(path: Path) -> float | None:
    """Seconds since the last beat of another process; None if there was none."""
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
    """The socket of the service manager; None if there is none."""
    return os.environ.get("NOTIFY_SOCKET")
