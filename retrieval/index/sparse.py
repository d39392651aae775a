"""BM25 over passages: the only importer of bm25s."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

SparseScores = npt.NDArray[np.float32]

K1, B = 1.2, 0.75  # the usual values (Robertson and Zaragoza 2009); others were no better: eval/LOG.md, 2026-11-22


class SparseIndex:
    """BM25 with idf = log(1 + (N - n + .5) / (n + .5)): never negative, so a word in every passage still counts."""

    def __init__(self, model: bm25s.BM25) -> None:
        self._model = model
        self._passages = int(model.scores["num_docs"])

    @classmethod
    def build(cls, passages: Sequence[Sequence[str]]) -> SparseIndex:
        """The index of passages, each given as its terms, in row order."""
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        model.index([list(terms) or [""] for terms in passages], show_progress=False)
        return cls(model)

    def score(self, terms: Sequence[str]) -> SparseScores:
        """The score of every passage, shape (n_passages,), 0 where no term occurs."""
        known = [term for term in terms if self.frequency(term)]
        if not known:
            return np.zeros(self._passages, np.float32)
        return np.asarray(self._model.get_scores(known), np.float32)

    def frequency(self, term: str) -> int:
        """How many passages have the term."""
        number = self._model.vocab_dict.get(term)
        if number is None:
            return 0
        starts = self._model.scores["indptr"]
        return int(starts[number + 1] - starts[number])

    def has_any(self, terms: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Whether each passage has one of the terms, shape (n_passages,)."""
        found = np.zeros(self._passages, np.bool_)
        starts, rows = self._model.scores["indptr"], self._model.scores["indices"]
        for term in terms:
            number = self._model.vocab_dict.get(term)
            if number is not None:
                found[rows[starts[number] : starts[number + 1]]] = True
        return found

    def idf(self, term: str) -> float:
        """The weight of a term: the rarer the higher, highest for one that no passage has."""
        found = self.frequency(term)
        return log(1 + (self._passages - found + 0.5) / (found + 0.5))

    def highest_possible(self, terms: Sequence[str]) -> float:
        """The score that no passage can reach: that of one which consists of the terms, endlessly repeated."""
        return sum(map(self.idf, terms))

    def save(self, folder: Path) -> None:
        self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> SparseIndex:
        return cls(bm25s.BM25.load(str(folder), mmap=True))
