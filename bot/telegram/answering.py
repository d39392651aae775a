"""Answering in a bounded pool of threads, over whichever generation of the index is current.

The index is opened by one thread at a time: numpy's loader is not safe while several threads run it for the first time
(a SystemError on CPython 3.11.7).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from bot.telegram.ops.logs import log
from retrieval.encoder.encoder import Encoder
from retrieval.errors import IndexCorrupt, QuothError
from retrieval.index.manifest import read_manifest
from retrieval.index.retriever import Retriever, open_retriever
from retrieval.settings import ANSWER_PRECISION

LOOK_S = 2.0
"""How often the manifest is read for a newer generation."""
MOST_S = 60.0
"""How long one piece of work may take; an answer takes a tenth of a second."""

Found = TypeVar("Found")
_LOGGER = logging.getLogger("quoth")


class Answerer:
    """The pool. `encoder` is for tests: else each index brings its own. `precision` is what is wanted of answers."""

    def __init__(
        self, index: Path, threads: int, encoder: Encoder | None = None, precision: float = ANSWER_PRECISION
    ) -> None:
        self._index, self._encoder, self._precision = index, encoder, precision
        self._pool = ThreadPoolExecutor(threads, "answering")
        self._lock = threading.Lock()
        self._retriever: Retriever | None = None
        self._look_at = 0.0

    async def run(self, work: Callable[[Retriever], Found]) -> Found:
        """What the work finds, done in the pool. Raises QuothError, or TimeoutError after MOST_S."""
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._pool, self._do, work), MOST_S)

    def _do(self, work: Callable[[Retriever], Found]) -> Found:
        try:
            return work(self.current())
        except IndexCorrupt:  # its files may have been taken away just now; a newer one may be there
            with self._lock:
                self._retriever = None
            return work(self.current())

    def current(self) -> Retriever:
        """The retriever of the newest index that can be used. Raises QuothError where there never was one."""
        with self._lock:
            if self._retriever is None or time.monotonic() >= self._look_at:
                self._retriever = self._newest(self._retriever)
                self._look_at = time.monotonic() + LOOK_S
            return self._retriever

    def _newest(self, before: Retriever | None) -> Retriever:
        """The one before is not closed: the last answer from it may still be at work, and lets go of it."""
        try:
            manifest = read_manifest(self._index)
            if before and manifest.generation == before.store.manifest.generation:
                return before
            is_same = before and before.encoder.info.fingerprint == manifest.encoder_fingerprint
            encoder = before.encoder if before and is_same else self._encoder
            found = open_retriever(self._index, encoder, self._precision)
        except QuothError as error:
            if before is None:
                raise
            log(_LOGGER, "index kept", logging.WARNING, reason=str(error))
            return before
        counted = {"documents": manifest.documents, "passages": manifest.passages}
        log(_LOGGER, "index opened", generation=manifest.generation, **counted)
        return found

    def close(self) -> None:
        """Let go of the threads; work that has begun is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)
