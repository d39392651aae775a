"""search(query, k) -> hits: the one file that joins the search parts."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.encoder import Encoder, Vectors, check_question, load_encoder, prepare_encoder
from retrieval.errors import IndexProblem
from retrieval.fuse import DENSE_WEIGHT, fuse
from retrieval.schema import Hit
from retrieval.sparse import Scores
from retrieval.store import Store, open_store
from retrieval.text import terms

CANDIDATES = 100  # of each arm; on SQuAD paragraphs 99.9 % of the right ones are among them


class Retriever:
    """An open index and its encoder. Searching changes nothing in it, and threads may share it."""

    def __init__(self, store: Store, encoder: Encoder, dense_weight: float = DENSE_WEIGHT) -> None:
        self.store, self.encoder, self._dense_weight = store, encoder, dense_weight

    def search(self, query: str, k: int = 5) -> list[Hit]:
        """The k best passages, best first, with both parts of each score. Raises QuestionError, IndexCorrupt."""
        return self.search_vector(query, self.encoder.embed_query(check_question(query)), k)

    def search_vector(self, query: str, vector: Vectors, k: int) -> list[Hit]:
        """As search, for a query whose vector is known."""
        sparse = self.store.sparse.score(terms(query))
        nearest = self.store.dense.search(vector, CANDIDATES)
        rows = np.union1d(nearest, _highest(sparse, CANDIDATES))
        cosines = self.store.dense.cosines(vector, rows)
        dense_parts = {int(row): float(cosine) for row, cosine in zip(rows, cosines, strict=True)}
        sparse_parts = {row: float(sparse[row]) for row in dense_parts}
        ranked = fuse(dense_parts, sparse_parts, self._dense_weight)[:k]
        return [
            Hit(
                row,
                self.store.passage(row),
                self.store.document(self.store.document_number(row)),
                score,
                rank,
                dense_parts[row],
                sparse_parts[row],
            )
            for rank, (row, score) in enumerate(ranked, 1)
        ]


def _highest(scores: Scores, count: int) -> npt.NDArray[np.int64]:
    """Rows of the highest scores over 0, all that tie with the last of them too, so that none is left to chance."""
    rows = np.flatnonzero(scores)
    lowest = np.partition(scores[rows], -count)[-count] if len(rows) > count else 0.0
    return np.asarray(rows[scores[rows] >= lowest])


def open_retriever(index: Path, encoder: Encoder | None = None) -> Retriever:
    """The retriever of an index on disk, with the encoder it was built with, unless one is given.

    Where the prepared encoder was lost it is prepared again. Raises QuothError, also for another encoder.
    """
    store = open_store(index)
    if encoder is None:
        folder = Path(store.manifest.encoder_folder)
        if not folder.is_dir():
            folder = prepare_encoder(store.manifest.model, store.manifest.precision)
        encoder = load_encoder(folder)
    if encoder.info.fingerprint != store.manifest.encoder_fingerprint:
        raise IndexProblem(
            f"the index in {index} was built with another encoder than {encoder.folder}; "
            "build it again with `quoth index`"
        )
    return Retriever(store, encoder)


def changed_files(store: Store) -> list[str]:
    """Documents whose file was changed, added or removed since the index was built, by size and time of change."""
    from retrieval.documents import list_files

    docs = Path(store.manifest.docs)
    if not docs.is_dir():
        return []
    stamps = store.stamps()
    now = {path.relative_to(docs).as_posix(): os.stat(path) for path in list_files(docs)}
    changed = {
        name for name, stat in now.items() if name in stamps and stamps[name][1:] != (stat.st_size, stat.st_mtime_ns)
    }
    return sorted(changed | (stamps.keys() - now.keys()) | (now.keys() - stamps.keys()))
