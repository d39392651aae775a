"""question -> Answer: the pipeline on one page. Search, read, decide, cite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from time import perf_counter

from retrieval.answer.agreement import Said, contradicts, is_close, is_same, said
from retrieval.answer.reader import READ_PASSAGES, load_network, load_weights, read
from retrieval.answer.spelling import is_known, near_spelling, respelled
from retrieval.conversation.small_talk import is_nod, small_talk
from retrieval.encoder.encoder import check_question
from retrieval.index.retriever import Retriever
from retrieval.index.store import Store
from retrieval.schema import Answer, AnswerText, Candidate, Hit, Span, Status, cite, quote_spans
from retrieval.text import STOP_WORDS, content_words, fold

MAX_ANSWERS = 5
_CANDIDATES_KEPT = 10


def answer(question: str, retriever: Retriever, searched: str | None = None, top: int = 5) -> Answer:
    """The Answer, with the `top` best passages as hits.

    `searched` is what to look for where it is not the question itself: a follow-up with its topic put back. Mistyped
    words are put right before it is looked for. Raises
    QuestionError for an empty or overlong question, IndexCorrupt for a damaged index.
    """
    started = perf_counter()
    cleaned = question.strip() if is_nod(question) else check_question(question)
    reply = small_talk(cleaned)
    if reply:
        elapsed = {"search": 0.0, "read": 0.0, "total": _ms(started)}
        threshold = load_weights().threshold(retriever.precision)
        return Answer(question, cleaned, "smalltalk", 1.0, (), (), (), (), threshold, elapsed, reply)
    query = check_question(searched) if searched else cleaned
    query = respelled(query, retriever.store, load_network().knows)
    vector = retriever.encoder.embed_query(query)
    found = retriever.search_vector(query, vector, max(top, READ_PASSAGES))
    search_ms = _ms(started)
    answered = read_answer(question, query, found, retriever)
    elapsed = {"search": search_ms, "read": answered.elapsed_ms["read"], "total": _ms(started)}
    return replace(answered, hits=tuple(found[:top]), elapsed_ms=elapsed)


def read_answer(question: str, query: str, hits: Sequence[Hit], retriever: Retriever) -> Answer:
    """The Answer that the reader finds in these hits; `query` is the question with its topic put back."""
    started = perf_counter()
    weights = load_weights()
    threshold = weights.threshold(retriever.precision)
    candidates = read(query, hits, load_network(), retriever.store.sparse.idf, weights)
    confidence = candidates[0].score if candidates else 0.0
    status: Status = "answered" if confidence >= threshold else "abstained"
    answers = agree(candidates, threshold) if status == "answered" else []
    unknown, near = unknown_words(check_question(question), retriever.store)
    return Answer(
        question=question,
        searched=query,
        status=status,
        confidence=confidence,
        answers=tuple(answers),
        hits=tuple(hits),
        unknown_words=unknown,
        near_spellings=near,
        candidates=tuple(candidates[:_CANDIDATES_KEPT]),
        threshold=threshold,
        elapsed_ms={"search": 0.0, "read": _ms(started), "total": _ms(started)},
    )


def agree(candidates: Sequence[Candidate], threshold: float) -> list[AnswerText]:
    """Candidates at or over the threshold as answers, best first: those that say the same become one answer that cites
    each place once. Other words of a quotation that is shown already are no further answer. Citations are numbered
    through all answers.

    Where another document gives another date or number than the best answer, and is at least half as sure, both are
    there, the newer document's first.
    """
    groups: list[tuple[Said, list[Candidate]]] = []
    for candidate in candidates:
        words = said(candidate.hit.passage.text[slice(*candidate.answer)])
        group = next((members for first, members in groups if is_same(first, words)), None)
        if group is not None:
            group += [candidate] * (_supports(candidate) and _place(candidate) not in map(_place, group))
        elif _place(candidate) not in [_place(member) for _, members in groups for member in members] and (
            candidate.score >= threshold or (groups and _rivals(candidate, words, *groups[0]))
        ):
            groups.append((words, [candidate]))
    ordered = _newest_first(groups[:MAX_ANSWERS])
    numbers = count(1)
    return [
        AnswerText(
            _text(group[0]),
            group[0].score,
            tuple(cite(next(numbers), c.hit, c.start, c.end, c.answer) for c in group),
        )
        for _, group in ordered
    ]


def _rivals(candidate: Candidate, words: Said, best: Said, group: Sequence[Candidate]) -> bool:
    """True where another document gives another date or number than the best answer, in a passage that answers."""
    elsewhere = candidate.hit.document.doc_id not in {other.hit.document.doc_id for other in group}
    return elsewhere and is_close(candidate.score, group[0].score) and _supports(candidate) and contradicts(words, best)


def _newest_first(groups: list[tuple[Said, list[Candidate]]]) -> list[tuple[Said, list[Candidate]]]:
    """The groups, the best and those about as sure that contradict it from other documents by date of the document,
    newest first."""
    if not groups:
        return []
    best, group = groups[0]
    own = {candidate.hit.document.doc_id for candidate in group}
    against = [
        (words, members)
        for words, members in groups[1:]
        if contradicts(words, best)
        and members[0].hit.document.doc_id not in own
        and is_close(members[0].score, group[0].score)
    ]
    rest = [entry for entry in groups[1:] if entry not in against]
    return sorted([groups[0], *against], key=lambda entry: _date(entry[1][0]), reverse=True) + rest


def _date(candidate: Candidate) -> str:
    return candidate.hit.document.date_of(candidate.hit.section) or ""


def _supports(candidate: Candidate) -> bool:
    """True where the passage more likely answers than not by itself, whatever stands elsewhere."""
    return candidate.parts["span"] > 0


def _place(candidate: Candidate) -> tuple[str, tuple[Span, ...]]:
    """Where the quotation stands: overlapping passages share sentences."""
    document = candidate.hit.document
    return document.doc_id, candidate.hit.passage.reading.spans(candidate.start, candidate.end, document.text)


def _text(candidate: Candidate) -> str:
    original = candidate.hit.document.text
    return quote_spans(original, candidate.hit.passage.reading.spans(*candidate.answer, original))


def unknown_words(question: str, store: Store) -> tuple[tuple[str, ...], dict[str, str]]:
    """The question's words, as typed, that no passage has; and for those near to a word of the documents, that word.

    A common word in small letters is taken for what was meant. What is near to a word of grammar ("teh") is mistyped
    and not missed.
    """
    unknown = [word for word in content_words(question) if not is_known(word, store)]
    odd = [word for word in unknown if word != word.lower() or not load_network().knows(fold(word))]
    near = {word: found for word in odd if (found := near_spelling(word, store))}
    missed = tuple(word for word in unknown if near.get(word) not in STOP_WORDS)
    return missed, {word: near[word] for word in missed if word in near}


def _ms(since: float) -> float:
    return (perf_counter() - since) * 1000
