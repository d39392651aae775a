"""Answers from a bounded pool of threads, always over the newest index that can be opened.

One thread at a time opens the index: numpy's loader is not safe while several threads run it for the first time
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
from retrieval.answer.reader import Reader
from retrieval.encoder.encoder import Encoder
from retrieval.errors import IndexCorrupt, QuothError
from retrieval.index.manifest import Manifest, read_manifest
from retrieval.library import Library
from retrieval.settings import TARGET_PRECISION

LOOK_S = 2.0
"""How often the manifest is checked for a newer generation of the index."""
WORK_TIMEOUT_S = 60.0
"""How long one task in the pool may take; an answer takes a tenth of a second."""

Result = TypeVar("Result")


class Answerer:
    """The pool of threads and the current Library.

    `target_precision` is passed to every Library it opens. `encoder` and `reader` are for tests; without them, each
    index brings its own encoder, and the reader is the one that Quoth ships.
    """

    def __init__(
        self,
        index: Path,
        threads: int,
        *,
        target_precision: float = TARGET_PRECISION,
        encoder: Encoder | None = None,
        reader: Reader | None = None,
    ) -> None:
        self._index, self._target_precision, self._encoder, self._reader = index, target_precision, encoder, reader
        self._pool = ThreadPoolExecutor(threads, "answering")
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._unusable: Manifest | None = None
        self._look_at = 0.0

    async def run(self, work: Callable[[Library], Result]) -> Result:
        """What `work` returns, run in the pool. Raises QuothError, or TimeoutError after WORK_TIMEOUT_S."""
        running = asyncio.get_running_loop().run_in_executor(self._pool, self._do, work)
        async with asyncio.timeout(WORK_TIMEOUT_S):  # wait_for of Python 3.11 may swallow a cancellation
            return await running

    def _do(self, work: Callable[[Library], Result]) -> Result:
        library = self.current()
        try:
            return work(library)
        except IndexCorrupt:  # its files may just have been deleted because a newer index took its place
            with self._lock:
                if self._library is library:  # otherwise another thread has opened the index again
                    self._library = None
            return work(self.current())

    def current(self) -> Library:
        """The Library over the newest usable index. Raises QuothError if there has never been one."""
        with self._lock:
            if self._library is None or time.monotonic() >= self._look_at:
                self._library = self._newest(self._library)
                self._look_at = time.monotonic() + LOOK_S
            return self._library

    def look_again(self) -> None:
        """There is a newer index: the next caller opens it."""
        with self._lock:
            self._look_at = 0.0

    def _newest(self, before: Library | None) -> Library:
        """The previous Library is not closed: an answer may still be using it, and releases it when done.

        An index that could not be opened is tried again only if there is no other, or once its manifest has changed.
        """
        manifest = None
        try:
            manifest = read_manifest(self._index)
            if before and (manifest.generation == before.store.manifest.generation or manifest == self._unusable):
                return before
            opened = self._open(manifest, before)
        except QuothError as error:
            self._unusable = manifest
            if before is None:
                raise
            log("new index unusable, old one kept", logging.WARNING, reason=str(error))
            return before
        self._reader, self._unusable = opened.reader, None
        log(
            "index opened",
            generation=manifest.generation,
            documents=manifest.documents,
            passages=manifest.passages,
        )
        return opened

    def _open(self, manifest: Manifest, before: Library | None) -> Library:
        """A Library that shares the first one's reader, and the previous one's encoder if it still fits the index."""
        encoder = self._encoder
        if before is not None and before.retriever.encoder.info.fingerprint == manifest.encoder_fingerprint:
            encoder = before.retriever.encoder
        opened = Library(self._index, target_precision=self._target_precision, encoder=encoder, reader=self._reader)
        try:
            opened.load()  # here, so that an index that can't answer does not replace one that can
        except BaseException:
            opened.close()
            raise
        return opened

    def close(self) -> None:
        """Stop the threads without waiting for tasks that have begun."""
        self._pool.shutdown(wait=False, cancel_futures=True)
