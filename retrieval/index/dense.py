"""Vector search over passages: the only importer of faiss.

The default is an exact inner product. Up to about 100,000 passages an exact search takes less than 25 ms on two cores
(`make bench`), so keep "Flat". Above that, "IVF1024,Flat" searches a sixteenth of the vectors. Above a million,
"IVF4096,SQ8" also takes only a quarter of the memory.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.encoder.vectors import Vectors
from retrieval.errors import IndexProblem
from retrieval.settings import FLAT

_PROBED_SHARE = 16  # an inverted file searches one list in sixteen
_PART = 10_000  # vectors, 15 MB of them
_ROUNDING = 1e-6  # the same product differs by less when it is computed in a matrix


class DenseIndex:
    """Rows of unit length; row i belongs to passage i. Scores are cosines, higher is better."""

    def __init__(self, index: faiss.Index, vectors: Vectors) -> None:
        self._index, self.vectors = index, vectors

    @classmethod
    def build(cls, vectors: Vectors, factory: str = FLAT) -> DenseIndex:
        """The index that faiss.index_factory makes of `factory`, trained on the vectors. Raises IndexProblem."""
        try:
            index = faiss.index_factory(vectors.shape[1], factory, faiss.METRIC_INNER_PRODUCT)
            if not index.is_trained:
                index.train(vectors)
            index.add(vectors)
        except RuntimeError as error:
            reason = str(error).strip().split(": ")[-1]  # the text before it names lines of the library's source
            raise IndexProblem(
                f"faiss can't build {factory!r} over {len(vectors)} passages: {reason}; "
                f"choose another --faiss, or leave it out for an exact index"
            ) from error
        if factory != FLAT:
            _probe_more(index)
        return cls(index, vectors)

    def search(self, query: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.int64]:
        """Rows of the k nearest passages, best first; fewer where the index finds fewer.

        `allowed`, of shape (n_passages,), leaves the others out before any is ranked. Then the search is exact whatever
        the index: an approximate one looks at few passages, and may see none of those that are allowed.
        """
        faiss.omp_set_num_threads(1)  # for this thread: two are slower (eval/LOG.md, 2026-11-26)
        if allowed is not None and not isinstance(self._index, faiss.IndexFlat):
            return self._nearest_of(query, k, np.flatnonzero(allowed))
        only = None if allowed is None else _only(allowed)
        _, rows = self._index.search(query[None, :], min(k, len(self.vectors)), params=only)
        return np.asarray(rows[0][rows[0] >= 0])

    def _nearest_of(self, query: Vectors, k: int, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The k nearest of these rows, best first; compared in parts, so that few vectors are copied at once."""
        parts = [self.cosines(query, rows[start : start + _PART]) for start in range(0, len(rows), _PART)]
        order = np.argsort(-np.concatenate([*parts, np.zeros(0, np.float32)]), kind="stable")
        return rows[order[:k]]

    def cosines(self, query: Vectors, rows: npt.NDArray[np.int64]) -> Vectors:
        """The exact cosine of each row to the query, even where the index is approximate."""
        return np.asarray(self.vectors[rows] @ query, np.float32)

    def rank(self, query: Vectors, row: int, allowed: npt.NDArray[np.bool_] | None = None) -> int:
        """The place of a row among all rows, or among those allowed, by exact cosine; 1 is the nearest."""
        own = float(self.cosines(query, np.array([row]))[0]) + _ROUNDING
        nearer = 0
        for start in range(0, len(self.vectors), _PART):
            is_nearer = self.vectors[start : start + _PART] @ query > own
            if allowed is not None:
                is_nearer &= allowed[start : start + _PART]
            nearer += int(np.count_nonzero(is_nearer))
        return nearer + 1

    def save(self, path: Path) -> None:
        # faiss's own writer hides the reason for a failure
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def load(cls, path: Path, vectors: Vectors) -> DenseIndex:
        """The index that was saved there. Raises RuntimeError for a damaged file."""
        index = faiss.read_index(str(path))
        _probe_more(index)
        return cls(index, vectors)


def _only(allowed: npt.NDArray[np.bool_]) -> faiss.SearchParameters:
    # faiss's own types know neither what its Python wrappers take, an array and a keyword
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def _probe_more(index: faiss.Index) -> None:
    """Let an inverted file search a sixteenth of its lists: the library's default of one list finds too little."""
    try:
        lists = faiss.extract_index_ivf(index)
    except RuntimeError:
        return  # not an inverted file
    lists.nprobe = max(1, lists.nlist // _PROBED_SHARE)
