"""Query -> hits: the one module that combines dense and sparse search."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.encoder.encoder import Encoder
from retrieval.encoder.loading import load_encoder, prepare_encoder
from retrieval.encoder.vectors import Vectors
from retrieval.errors import IndexProblem
from retrieval.index.fusion import Fusion, fuse
from retrieval.index.manifest import build_command
from retrieval.index.sparse import SparseScores
from retrieval.index.store import Store
from retrieval.schema import Hit

FAVOUR = 0.1
"""What a favoured passage is worth, of a scale on which the best possible passage has 1; guess."""
CANDIDATES = 100  # from each arm; on SQuAD paragraphs they include 99.9 % of the right ones


@dataclass(frozen=True, slots=True)
class Ranks:
    """The places of a passage among all that were searched; 1 is the best.

    `by_meaning` is by cosine, `by_words` by BM25 score, None where the passage has none of the query's words.
    """

    by_meaning: int
    by_words: int | None


class Retriever:
    """An open index and its encoder. Searching changes nothing in it, and threads may share it."""

    def __init__(self, store: Store, encoder: Encoder, fusion: Fusion = fuse) -> None:
        self.store, self.encoder, self._fuse = store, encoder, fusion

    def search(
        self,
        query: str,
        k: int = 5,
        allowed: npt.NDArray[np.bool_] | None = None,
        favoured: npt.NDArray[np.bool_] | None = None,
    ) -> list[Hit]:
        """The k best passages, best first, with both parts of each score. Raises IndexCorrupt.

        `allowed`, of shape (n_passages,), leaves the others out before any is ranked; the passages of `favoured`, of
        the same shape, get FAVOUR added to their score.
        """
        vector = self.encoder.embed_query(query)
        terms = self.store.terms(query)
        with self.store.reporting_damage():
            sparse = self.store.sparse.score(terms)
            count = max(CANDIDATES, k)
            best = _highest(sparse if allowed is None else np.where(allowed, sparse, 0), count)
            rows = np.union1d(self.store.dense.search(vector, count, allowed), best)
        return self._rank(vector, terms, sparse, rows, k, favoured)

    def search_document(self, query: str, doc_id: str) -> list[Hit]:
        """All passages of one document, best first. Raises QuothError where there is no such document."""
        rows, terms = self.store.rows_of(doc_id), self.store.terms(query)
        with self.store.reporting_damage():
            sparse = self.store.sparse.score(terms)
        return self._rank(self.encoder.embed_query(query), terms, sparse, rows, len(rows))

    def ranks(self, query: str, passage_id: int, allowed: npt.NDArray[np.bool_] | None = None) -> Ranks:
        """The places of a passage among all, or among those allowed, by each part of the search. Raises IndexCorrupt.

        Every passage is compared, so on a large index this takes longer than a search.
        """
        vector = self.encoder.embed_query(query)
        with self.store.reporting_damage():
            sparse = self.store.sparse.score(self.store.terms(query))
            better = sparse > sparse[passage_id]
            by_words = int(np.count_nonzero(better if allowed is None else better & allowed)) + 1
            return Ranks(
                by_meaning=self.store.dense.rank(vector, passage_id, allowed),
                by_words=by_words if sparse[passage_id] > 0 else None,
            )

    def _rank(
        self,
        vector: Vectors,
        terms: Sequence[str],
        sparse: SparseScores,
        rows: npt.NDArray[np.int64],
        k: int,
        favoured: npt.NDArray[np.bool_] | None = None,
    ) -> list[Hit]:
        """The k best of these passages by the fusion of cosine and BM25 score, best first."""
        with self.store.reporting_damage():
            cosines = self.store.dense.cosines(vector, rows)
            if not (np.abs(cosines) < 1.01).all():  # also false for NaN
                raise ValueError("its vectors are not of unit length")
            possible = self.store.sparse.highest_possible(terms) or 1.0
        dense = {int(row): float(cosine) for row, cosine in zip(rows, cosines, strict=True)}
        ranked = self._fuse(dense, {row: float(sparse[row]) / possible for row in dense})
        if favoured is not None:
            raised = [(row, score + FAVOUR * bool(favoured[row])) for row, score in ranked]
            ranked = sorted(raised, key=lambda scored: -scored[1])
        ranked = ranked[:k]
        return [
            Hit(
                passage_id=row,
                passage=self.store.passage(row),
                document=self.store.document_of_passage(row),
                score=score,
                rank=rank,
                dense=dense[row],
                sparse=float(sparse[row]),
            )
            for rank, (row, score) in enumerate(ranked, 1)
        ]


def _highest(scores: SparseScores, count: int) -> npt.NDArray[np.int64]:
    """Rows of the `count` highest scores above 0 and all that tie with the last, so that nothing is left to chance."""
    rows = np.flatnonzero(scores)
    lowest = np.partition(scores[rows], -count)[-count] if len(rows) > count else 0.0
    return np.asarray(rows[scores[rows] >= lowest])


def open_retriever(store: Store, encoder: Encoder | None = None, fusion: Fusion = fuse) -> Retriever:
    """The retriever of an open index, with the encoder it was built with unless one is given.

    A prepared encoder that was lost is prepared again. Raises ModelError, and IndexProblem where the encoder given is
    not the one that the index was built with.
    """
    manifest = store.manifest
    if encoder is None:
        folder = Path(manifest.encoder_folder)
        if not os.path.isdir(folder):  # False too where we may not look
            folder = prepare_encoder(manifest.model, manifest.dtype)
        encoder = load_encoder(folder)
    if encoder.info.fingerprint != manifest.encoder_fingerprint:
        raise IndexProblem(
            f"the index in {store.index} was built with another encoder than {encoder.folder}; "
            f"build it again with `{build_command(store.index)}`"
        )
    return Retriever(store, encoder, fusion)
