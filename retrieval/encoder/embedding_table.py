"""The embeddings of word pieces in a file of their own, of which only the rows that a text needs are read.

Of a vocabulary of 250,000 pieces, which would fill 96 MB in memory, a conversation touches some thousand.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.errors import ModelError
from retrieval.settings import Dtype

TABLE = "embeddings.npy"


class EmbeddingTable:
    """Rows on disk, each with its scale and a checksum. Raises OSError or ValueError where the file is damaged.

    The checksum stands in for the hash of the whole file, which would have to be read for it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / TABLE
        self._rows = np.load(self._path, mmap_mode="r")
        if self._rows.dtype.names != ("scale", "values", "checksum"):
            raise ValueError(f"{self._path} is not a table of embeddings")

    def embeddings(self, ids: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """float32, the shape of `ids` and one dimension more. Raises ModelError where a row was altered."""
        rows = self._rows[np.asarray(ids, np.int64)]
        for row in rows.reshape(-1):
            if _checksum(row) != row["checksum"]:
                raise ModelError(
                    f"{self._path} is not the file that was prepared; delete {self._path.parent} and run `quoth index`"
                )
        return np.asarray(rows["values"] * rows["scale"][..., None], np.float32)


def save_table(embeddings: npt.NDArray[np.float32], folder: Path, dtype: Dtype) -> None:
    """Write the table; as int8 the largest value of each row becomes 127."""
    if dtype == "int8":
        scales = np.maximum(np.abs(embeddings).max(axis=1), 1e-12) / 127
        values = np.rint(embeddings / scales[:, None]).astype(np.int8)
    else:
        scales, values = np.ones(len(embeddings), np.float32), embeddings
    record = [("scale", np.float32), ("values", values.dtype, values.shape[1]), ("checksum", np.uint32)]
    rows = np.zeros(len(values), record)
    rows["scale"], rows["values"] = scales, values
    rows["checksum"] = [_checksum(row) for row in rows]
    np.save(folder / TABLE, rows)


def _checksum(row: np.void) -> int:
    return zlib.crc32(row.tobytes()[:-4])
