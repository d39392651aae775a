"""Which passages are right, from spans of documents: qrels for whatever passages an index happens to have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from eval.collection import Collection, Qrels
from eval.dataset import Place, Question
from retrieval.errors import EvaluationError
from retrieval.index.store import Store
from retrieval.schema import Document, Hit, Passage, Span

HELD = 0.5
"""A passage is right where it holds at least so much of a place, or a place so much of it; see eval/README.md."""


def is_relevant(passage: Passage, document: Document, evidence: Sequence[Place]) -> bool:
    """Whether the passage holds half of the visible characters of a place, or a place holds half of the passage's.

    The second is for places longer than a passage: a list over two pages is found by any passage out of it.
    """
    own = passage_spans(passage, document)
    for place in evidence:
        shared = held(passage, document, place)
        if shared and shared >= HELD * min(_visible(own, own, document.text), _visible_in(place, document)):
            return True
    return False


def passage_spans(passage: Passage, document: Document) -> tuple[Span, ...]:
    """The slices of the document that the passage is made of."""
    return passage.reading.spans(0, len(passage.text), document.text)


def passage_name(passage: Passage, document: Document) -> str:
    """What TREC files call a passage: its document and spans, without white space."""
    spans = ",".join(f"{start}-{end}" for start, end in passage_spans(passage, document))
    return f"{quote(document.doc_id)}#{spans}"


def judge(collection: Collection, store: Store) -> Qrels:
    """Qrels for the questions that can be answered, over the passages or documents of this index.

    A question whose evidence lies in no passage has an empty row: it counts as zero, it does not vanish. Raises
    EvaluationError for evidence that is in no document.
    """
    if collection.qrels is not None:
        return collection.qrels
    asked = [question for question in collection.questions if question.is_answerable]
    _check(asked, store)
    if collection.unit == "document":
        return {question.id: {quote(place.document): 1 for place in question.evidence} for question in asked}
    wanted = {place.document for question in asked for place in question.evidence}
    shelf = {
        document.doc_id: (document, store.passages_of(number))
        for number in store.document_numbers()
        if (document := store.document(number)).doc_id in wanted
    }
    return {question.id: _row(question, shelf) for question in asked}


def _check(asked: Sequence[Question], store: Store) -> None:
    lengths = {document.doc_id: len(document.text) for document in map(store.document, store.document_numbers())}
    problems = [
        f"{question.id}: no document {place.document}"
        if place.document not in lengths
        else f"{question.id}: {place.document} ends at {lengths[place.document]}"
        for question in asked
        for place in question.evidence
        if max(end for _, end in place.spans) > lengths.get(place.document, -1)
    ]
    if problems:
        more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
        raise EvaluationError(
            f"evidence that is not there ({'; '.join(problems[:3])}{more}); were they judged on these documents?"
        )


def _row(question: Question, shelf: dict[str, tuple[Document, list[Passage]]]) -> dict[str, int]:
    names = {}
    for doc_id in dict.fromkeys(place.document for place in question.evidence):
        document, passages = shelf[doc_id]
        for passage in passages:
            if is_relevant(passage, document, question.evidence):
                names[passage_name(passage, document)] = 1
    return names


def ranking(hits: Iterable[Hit], collection: Collection) -> dict[str, float]:
    """Scores by name, best first; a document has the score of its best passage."""
    scores: dict[str, float] = {}
    for hit in hits:
        is_passage = collection.unit == "passage"
        scores.setdefault(
            passage_name(hit.passage, hit.document) if is_passage else quote(hit.document.doc_id), hit.score
        )
    return scores


def held(passage: Passage, document: Document, place: Place) -> int:
    """How many visible characters of the place the passage holds."""
    if place.document != document.doc_id:
        return 0
    return _visible(passage_spans(passage, document), place.spans, document.text)


def _visible_in(place: Place, document: Document) -> int:
    return _visible(place.spans, place.spans, document.text)


def _visible(first: Sequence[Span], second: Sequence[Span], text: str) -> int:
    """How many characters that are no white space lie in both; spans of one do not overlap."""
    both = ((max(start, begin), min(end, last)) for start, end in first for begin, last in second)
    return sum(len("".join(text[start:end].split())) for start, end in both if start < end)
