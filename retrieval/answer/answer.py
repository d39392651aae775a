"""Hits -> Answer: read, decide, cite."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from retrieval.answer.agreement import is_same, normalise
from retrieval.answer.decision import decide
from retrieval.answer.nearest import nearest_passage
from retrieval.answer.reader import Reader
from retrieval.answer.refusal import unknown_words
from retrieval.encoder.encoder import Encoder
from retrieval.index.store import Store
from retrieval.query import clean_question
from retrieval.schema import Answer, Candidate, Hit

_MAX_CANDIDATES = 10


def answer_from_hits(
    question: str,
    query: str,
    hits: Sequence[Hit],
    store: Store,
    encoder: Encoder,
    reader: Reader,
    target_precision: float,
    besides: str = "",
) -> Answer:
    """The Answer that the reader finds in these hits; it lists all of them.

    `query` is the question with its topic put back and its typos corrected; `target_precision` is the share of given
    answers that should be right. What says the same as `besides` is left out: the question asks for another answer.
    Raises QuestionError for an empty or overlong question.
    """
    started = perf_counter()
    candidates = [
        candidate
        for candidate in reader.read(query, hits, store.sparse.idf, encoder)
        if not besides or not _says(candidate, besides)
    ]
    threshold = reader.weights.threshold(target_precision)
    perhaps_threshold = reader.weights.perhaps_threshold(target_precision)
    status, answers = decide(candidates, threshold, perhaps_threshold)
    unknown, near = unknown_words(clean_question(question), store, reader.network.is_common_word)
    read_ms = milliseconds_since(started)
    return Answer(
        question=question,
        searched=query,
        status=status,
        confidence=candidates[0].confidence if candidates else 0.0,
        answers=tuple(answers),
        nearest=nearest_passage(candidates, hits) if status == "abstained" else None,
        hits=tuple(hits),
        unknown_words=unknown,
        near_spellings=near,
        candidates=tuple(candidates[:_MAX_CANDIDATES]),
        threshold=threshold,
        perhaps_threshold=perhaps_threshold,
        elapsed_ms={"search": 0.0, "read": read_ms, "total": read_ms},
    )


def _says(candidate: Candidate, answer: str) -> bool:
    """Whether the candidate gives that answer."""
    return is_same(normalise(candidate.hit.passage.text[slice(*candidate.answer)]), normalise(answer))


def milliseconds_since(started: float) -> float:
    """Milliseconds since a time of perf_counter."""
    return (perf_counter() - started) * 1000
