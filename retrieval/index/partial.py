"""The vectors that an unfinished build has embedded so far, so that the next one goes on where it stopped.

They lie in one SQLite file in the index folder, by the encoder and the text embedded: text that has changed since has
no vector there. The file only saves time: one that is damaged is deleted, and one that can't be written is given up.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

import numpy as np

from retrieval.encoder.encoder import Encoder, Progress
from retrieval.encoder.vectors import Vectors

NAME = ".partial.sqlite"
BATCH = 64
"""Passages embedded between two writes: one to three seconds of work on two cores."""
_CHECK_BYTES = 8


class PartialVectors:
    """The vectors of one unfinished build, in `index`/.partial.sqlite. It is for the one process that builds."""

    def __init__(self, index: Path, encoder: Encoder) -> None:
        self._path, self._encoder = index / NAME, encoder
        self._is_usable = True

    def embed(self, texts: Sequence[str], kept: Callable[[int], None], progress: Progress) -> Vectors:
        """A vector for each text; those of an unfinished build are used, and `kept` is told how many those are.

        `progress` is called with the number of texts as they are done. Few texts are embedded without writing a file.
        """
        vectors = np.empty((len(texts), self._encoder.info.dimension), np.float32)
        keys = [self._key(text) for text in texts]
        found = self._read(keys)
        for row, key in enumerate(keys):
            if key in found:
                vectors[row] = found[key]
        missing = [row for row, key in enumerate(keys) if key not in found]
        if found:
            kept(len(texts) - len(missing))
        progress(len(texts) - len(missing))
        writes = len(missing) > BATCH
        for rows in _batches(missing):
            vectors[rows] = self._encoder.embed_passages([texts[row] for row in rows], progress)
            if writes:
                self._write([(keys[row], vectors[row]) for row in rows])
        return vectors

    def remove(self) -> None:
        """Delete the file, and what SQLite may have left beside it."""
        for path in (self._path, self._path.with_name(f"{NAME}-journal")):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder.info.fingerprint}\n{text}".encode("utf-8", "surrogatepass")).digest()

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors of these keys that are in the file and undamaged."""
        if not self._path.exists():
            return {}
        wanted, found = set(keys), {}
        try:
            with closing(self._open()) as database:
                for key, vector, check in database.execute("SELECT key, vector, check_ FROM vectors"):
                    if key in wanted and check == _check(key, vector):
                        found[key] = np.frombuffer(vector, np.float32)
        except (sqlite3.Error, OSError, TypeError):  # TypeError: no blobs
            self.remove()
            return {}
        return {key: vector for key, vector in found.items() if len(vector) == self._encoder.info.dimension}

    def _write(self, rows: Sequence[tuple[bytes, Vectors]]) -> None:
        if not self._is_usable:
            return
        blobs = ((key, vector.tobytes()) for key, vector in rows)
        try:
            with closing(self._open()) as database, database:
                database.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                    [(key, blob, _check(key, blob)) for key, blob in blobs],
                )
        except (sqlite3.Error, OSError):
            self._is_usable = False
            self.remove()

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path)
        try:
            database.execute("PRAGMA synchronous = OFF")  # enough for a killed process; after a power cut we start anew
            database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB, check_ BLOB)")
        except BaseException:
            database.close()
            raise
        return database


def _check(key: bytes, vector: bytes) -> bytes:
    return hashlib.blake2b(key + vector, digest_size=_CHECK_BYTES).digest()


def _batches(rows: Sequence[int]) -> Iterator[list[int]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch
