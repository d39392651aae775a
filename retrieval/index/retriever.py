"""search(query, k) -> hits: the one file that joins the search parts."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.documents.files import SOURCES_NAME, list_files, sources_sha256, stamp_of_skipped
from retrieval.encoder.encoder import Encoder, Vectors, check_question, load_encoder, prepare_encoder
from retrieval.errors import IndexProblem, QuothError
from retrieval.index.fusion import Fusion, fuse
from retrieval.index.sparse import Scores
from retrieval.index.store import Store, open_store
from retrieval.schema import Hit
from retrieval.settings import ANSWER_PRECISION
from retrieval.text import terms

CANDIDATES = 100  # of each arm; on SQuAD paragraphs 99.9 % of the right ones are among them


class Retriever:
    """An open index and its encoder. Searching changes nothing in it, and threads may share it.

    `precision` is what is wanted of answers from it: the share of them that are right.
    """

    def __init__(
        self, store: Store, encoder: Encoder, fusion: Fusion = fuse, precision: float = ANSWER_PRECISION
    ) -> None:
        self.store, self.encoder, self._fuse, self.precision = store, encoder, fusion, precision

    def search(self, query: str, k: int = 5) -> list[Hit]:
        """The k best passages, best first, with both parts of each score. Raises QuestionError, IndexCorrupt."""
        query = check_question(query)
        return self.search_vector(query, self.encoder.embed_query(query), k)

    def search_vector(self, query: str, vector: Vectors, k: int) -> list[Hit]:
        """As search, for a query whose vector is known."""
        with self.store.damage_told():
            sparse = self.store.sparse.score(terms(query))
            count = max(CANDIDATES, k)
            rows = np.union1d(self.store.dense.search(vector, count), _highest(sparse, count))
        return self._rank(vector, sparse, rows, k)

    def search_document(self, query: str, vector: Vectors, doc_id: str) -> list[Hit]:
        """All passages of one document, best first. Raises QuothError where there is no such document."""
        rows = self.store.rows_of(doc_id)
        with self.store.damage_told():
            sparse = self.store.sparse.score(terms(query))
        return self._rank(vector, sparse, rows, len(rows))

    def _rank(self, vector: Vectors, sparse: Scores, rows: npt.NDArray[np.int64], k: int) -> list[Hit]:
        """The k best of these passages by the fusion of cosine and BM25 score, best first."""
        with self.store.damage_told():
            cosines = self.store.dense.cosines(vector, rows)
            if not (np.abs(cosines) < 1.01).all():  # also false for what is no number
                raise ValueError("its vectors are not of unit length")
        dense = {int(row): float(cosine) for row, cosine in zip(rows, cosines, strict=True)}
        ranked = self._fuse(dense, {row: float(sparse[row]) for row in dense})[:k]
        return [
            Hit(
                row,
                self.store.passage(row),
                self.store.document_of(row),
                score,
                rank,
                dense[row],
                float(sparse[row]),
            )
            for rank, (row, score) in enumerate(ranked, 1)
        ]


def _highest(scores: Scores, count: int) -> npt.NDArray[np.int64]:
    """Rows of the highest scores over 0, all that tie with the last of them too, so that none is left to chance."""
    rows = np.flatnonzero(scores)
    lowest = np.partition(scores[rows], -count)[-count] if len(rows) > count else 0.0
    return np.asarray(rows[scores[rows] >= lowest])


def open_retriever(index: Path, encoder: Encoder | None = None, precision: float = ANSWER_PRECISION) -> Retriever:
    """The retriever of an index on disk, with the encoder it was built with, unless one is given.

    Where the prepared encoder was lost it is prepared again. Raises QuothError, also for another encoder.
    """
    store = open_store(index)
    if encoder is None:
        folder = Path(store.manifest.encoder_folder)
        if not os.path.isdir(folder):  # False too where it may not be looked at
            folder = prepare_encoder(store.manifest.model, store.manifest.precision)
        encoder = load_encoder(folder)
    if encoder.info.fingerprint != store.manifest.encoder_fingerprint:
        raise IndexProblem(
            f"the index in {index} was built with another encoder than {encoder.folder}; "
            "build it again with `quoth index`"
        )
    return Retriever(store, encoder, precision=precision)


def changed_files(store: Store) -> list[str]:
    """Documents whose file was changed, added or removed since the index was built, by size and time of change.

    Files that could not be read then count where anything of them changed; none where the folder itself is gone.
    """
    docs = Path(store.manifest.docs)
    try:
        files = {path.relative_to(docs).as_posix(): path for path in list_files(docs)}
    except QuothError:
        return []
    stamps = {name: stamp[1:] for name, stamp in store.stamps().items()}
    skipped = store.manifest.skipped
    names = (files.keys() | stamps.keys()) - skipped.keys()
    changed = {name for name in names if name not in files or stamps.get(name) != _stamp(files[name])}
    changed |= {name for name in files.keys() & skipped.keys() if skipped[name] != stamp_of_skipped(files[name])}
    return sorted(changed) + [SOURCES_NAME] * (sources_sha256(docs) != store.manifest.sources_sha256)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
