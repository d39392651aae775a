"""How networks run: ONNX files on the CPU, one thread for each text, several texts at a time.

Shared by the encoder and the reader. No torch here.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias, TypeVar

import onnxruntime

_MAX_THREADS = 8
_MAX_QUEUED = 100  # runs that wait for a thread; after Ctrl-C all of them are still finished

Session: TypeAlias = onnxruntime.InferenceSession

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def open_session(path: Path, disabled_optimizers: Sequence[str] = ()) -> Session:
    """A session for an ONNX file on the CPU. Raises the library's own exceptions.

    Each run uses one thread: running several texts at once is faster than splitting one text among the cores
    (eval/LOG.md, 2026-11-26).
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(disabled_optimizers)
    )


class LateSession:
    """A session that `open_it` opens when it is first needed. Threads may share it."""

    def __init__(self, open_it: Callable[[], Session]) -> None:
        self._open_it = open_it
        self._lock = threading.Lock()
        self._session: Session | None = None

    def opened(self) -> Session:
        """Raises what `open_it` raises."""
        with self._lock:
            if self._session is None:
                self._session = self._open_it()
            return self._session


def map_in_threads(run: Callable[[_Item], _Result], items: Sequence[_Item]) -> Iterator[_Result]:
    """run(item) for each item, in order, on as many threads as there are cores. `run` must release the GIL to gain."""
    with ThreadPoolExecutor(min(available_cores(), _MAX_THREADS)) as pool:
        for start in range(0, len(items), _MAX_QUEUED):
            yield from pool.map(run, items[start : start + _MAX_QUEUED])


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
