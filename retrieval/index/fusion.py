"""Dense and sparse scores -> one ranking. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

# Weight of the cosine; BM25, divided by its highest score for the query, gets the rest. Measured on 2,910 questions
# over 646 SQuAD paragraphs: eval/LOG.md, 2026-11-22.
DENSE_WEIGHT = 0.65

Fusion = Callable[[Mapping[int, float], Mapping[int, float]], list[tuple[int, float]]]
"""The cosine and the BM25 score of each candidate -> ids with one score, best first."""


def fuse(
    dense: Mapping[int, float], sparse: Mapping[int, float], dense_weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """Passage ids with score = weight * cosine + (1 - weight) * BM25 / the query's highest BM25, best first.

    Both mappings hold the same ids. Where no passage has a word of the query, the sparse part is 0 for all. Ties keep
    the lower id first, so that the same question gives the same order.
    """
    highest = max(sparse.values(), default=0.0)
    scale = 1.0 / highest if highest > 0 else 0.0
    scored = [(id_, dense_weight * dense[id_] + (1 - dense_weight) * sparse[id_] * scale) for id_ in dense]
    return sorted(scored, key=lambda item: (-item[1], item[0]))
