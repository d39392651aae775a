"""The embeddings of word pieces in a file of their own, of which only the rows that a text needs are read.

Of a vocabulary of 250,000 pieces, which would fill 96 MB in memory, a conversation touches some thousand. Rows are
read, not mapped: the system maps sixteen pages around each one, 75 MB after 120 questions (eval/LOG.md, 2026-11-28).
"""

from __future__ import annotations

import threading
import weakref
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.errors import ModelError
from retrieval.settings import Dtype

TABLE = "embeddings.npy"
_FIELDS = ("scale", "values", "checksum")


class EmbeddingTable:
    """Rows on disk, each with its scale and a checksum. Threads may share it. Raises OSError or ValueError.

    The checksum stands in for the hash of the whole file, which would have to be read for it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / TABLE
        stored = np.load(self._path, mmap_mode="r")  # its head alone: nothing is touched
        if stored.dtype.names != _FIELDS:
            raise ValueError(f"{self._path} is not a table of embeddings")
        self._dtype, self._start = stored.dtype, stored.offset
        self._file = self._path.open("rb", buffering=0)
        self._lock = threading.Lock()
        weakref.finalize(self, self._file.close)

    def embeddings(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """float32, the shape of `ids` and one dimension more. Raises ModelError where a row was altered."""
        numbers, places = np.unique(ids.reshape(-1), return_inverse=True)
        with self._lock:
            stored = [self._read(number) for number in numbers.tolist()]
        rows = np.frombuffer(b"".join(stored), self._dtype)
        found = np.asarray(rows["values"] * rows["scale"][:, None], np.float32)
        return found[places].reshape(*ids.shape, -1)

    def _read(self, number: int) -> bytes:
        size = self._dtype.itemsize
        self._file.seek(self._start + number * size)
        row = self._file.read(size)
        if len(row) != size or _checksum(row) != int.from_bytes(row[-4:], "little"):
            folder = self._path.parent
            raise ModelError(f"{self._path} is not the file that was prepared; delete {folder} and run `quoth index`")
        return row


def save_table(embeddings: npt.NDArray[np.float32], folder: Path, dtype: Dtype) -> None:
    """Write the table, row i for piece i; as int8 the largest value of each row becomes 127 or -127."""
    kind = "i1" if dtype == "int8" else "<f4"
    rows = np.zeros(len(embeddings), [("scale", "<f4"), ("values", kind, embeddings.shape[1]), ("checksum", "<u4")])
    for row, values in zip(rows, embeddings, strict=True):  # one at a time: a copy of all would be 384 MB
        row["scale"] = np.maximum(np.abs(values).max(), 1e-12) / 127 if dtype == "int8" else 1
        scaled = values / row["scale"]
        row["values"] = np.rint(scaled) if dtype == "int8" else scaled
        row["checksum"] = _checksum(row.tobytes())
    np.save(folder / TABLE, rows)


def _checksum(row: bytes) -> int:
    """Of all but the row's last four bytes, where it is kept."""
    return zlib.crc32(memoryview(row)[:-4])
