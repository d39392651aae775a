"""Dense and sparse scores -> one ranking. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

# Weight of the scaled cosine; the share of the highest possible BM25 score gets the rest. Chosen on development
# questions: eval/LOG.md, 2026-11-28.
DENSE_WEIGHT = 0.6

Fusion = Callable[[Mapping[int, float], Mapping[int, float]], list[tuple[int, float]]]
"""Of each candidate the cosine, and its share of the highest BM25 score that any text could have for the query -> ids
with one score, best first."""


def fuse(
    dense: Mapping[int, float], sparse: Mapping[int, float], dense_weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """Passage ids with score = weight * scaled cosine + (1 - weight) * BM25 share, best first.

    Both mappings hold the same ids. Cosines are scaled to the query's own range: 0 for the lowest, 1 for the highest,
    since an encoder's cosines may all lie close together. BM25 is not scaled to its best passage: where that one has
    only a few of the query's words, its share is small and the cosines decide. Ties keep the lower id first.
    """
    lowest, highest = min(dense.values(), default=0.0), max(dense.values(), default=0.0)
    width = highest - lowest or 1.0
    scored = [
        (id_, dense_weight * (cosine - lowest) / width + (1 - dense_weight) * sparse[id_])
        for id_, cosine in dense.items()
    ]
    return sorted(scored, key=lambda item: (-item[1], item[0]))
