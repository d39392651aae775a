"""question -> Answer: the pipeline on one page. Search, read, decide, cite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from retrieval.encoder import Vectors, check_question
from retrieval.reader import READ_PASSAGES, load_weights, read
from retrieval.retriever import Retriever
from retrieval.schema import Answer, AnswerText, Candidate, Hit, Status, cite, quote_spans
from retrieval.smalltalk import is_nod, small_talk
from retrieval.text import content_words, terms, words

MAX_ANSWERS = 5
_CANDIDATES_KEPT = 10


def answer(question: str, retriever: Retriever, searched: str | None = None, top: int = 5) -> Answer:
    """The Answer, with the `top` best passages as hits.

    `searched` is what to look for where it is not the question itself: a follow-up with its topic put back. Raises
    QuestionError for an empty or overlong question, IndexCorrupt for a damaged index.
    """
    started = perf_counter()
    cleaned = question.strip() if is_nod(question) else check_question(question)
    reply = small_talk(cleaned)
    if reply:
        elapsed = {"search": 0.0, "read": 0.0, "total": _ms(started)}
        return Answer(question, cleaned, "smalltalk", 1.0, (), (), (), (), load_weights().threshold, elapsed, reply)
    query = check_question(searched) if searched else cleaned
    vector = retriever.encoder.embed_query(query)
    found = retriever.search_vector(query, vector, max(top, READ_PASSAGES))
    search_ms = _ms(started)
    answered = read_answer(question, query, vector, found, retriever)
    elapsed = {"search": search_ms, "read": answered.elapsed_ms["read"], "total": _ms(started)}
    return replace(answered, hits=tuple(found[:top]), elapsed_ms=elapsed)


def read_answer(question: str, query: str, vector: Vectors, hits: Sequence[Hit], retriever: Retriever) -> Answer:
    """The Answer that the reader finds in these hits; `vector` is the query's."""
    started = perf_counter()
    weights = load_weights()
    candidates = read(query, vector, hits, retriever.encoder.embed_passages, retriever.store.sparse.idf, weights)
    confidence = candidates[0].score if candidates else 0.0
    status: Status = "answered" if confidence >= weights.threshold else "abstained"
    answers = agree(candidates, weights.threshold) if status == "answered" else []
    return Answer(
        question=question,
        searched=query,
        status=status,
        confidence=confidence,
        answers=tuple(answers),
        hits=tuple(hits),
        unknown_words=unknown_words(check_question(question), retriever),
        candidates=tuple(candidates[:_CANDIDATES_KEPT]),
        threshold=weights.threshold,
        elapsed_ms={"search": 0.0, "read": _ms(started), "total": _ms(started)},
    )


def agree(candidates: Sequence[Candidate], threshold: float) -> list[AnswerText]:
    """Candidates at or over the threshold as answers, best first: those with the same words become one answer that
    cites each place once. Citations are numbered through all answers."""
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    for candidate in candidates:
        if candidate.score >= threshold:
            said = tuple(word for word, _ in words(candidate.hit.passage.text[slice(*candidate.answer)]))
            groups.setdefault(said, []).append(candidate)
    answers, number = [], 0
    for group in list(groups.values())[:MAX_ANSWERS]:
        citations = []
        for candidate in group:
            number += 1
            citations.append(cite(number, candidate.hit, candidate.start, candidate.end, candidate.answer))
        answers.append(AnswerText(_text(group[0]), group[0].score, tuple(citations)))
    return answers


def _text(candidate: Candidate) -> str:
    original = candidate.hit.document.text
    return quote_spans(original, candidate.hit.passage.reading.spans(*candidate.answer, original))


def unknown_words(question: str, retriever: Retriever) -> tuple[str, ...]:
    """The question's words, as typed, that no passage has."""
    frequency = retriever.store.sparse.frequency
    return tuple(word for word in content_words(question) if not any(frequency(term) for term in terms(word)))


def _ms(since: float) -> float:
    return (perf_counter() - since) * 1000
