"""Evidence -> qrels: which of an index's passages or documents are relevant, however it was cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from eval.collection import Collection, Qrels
from eval.dataset import Evidence, Question
from retrieval.errors import EvaluationError
from retrieval.index.store import Store
from retrieval.schema import Document, Hit, Passage
from retrieval.spans import Span

MIN_SHARED = 0.5
"""The share of the shorter of passage and evidence that both must have in common; see eval/README.md."""


def is_relevant(passage: Passage, document: Document, evidence: Sequence[Evidence]) -> bool:
    """Whether the passage holds half of the visible characters of any evidence, or any evidence half of the passage's.

    The second is for evidence longer than a passage: a list over two pages is found by any passage of it.
    """
    own = passage_spans(passage, document)
    for one in evidence:
        shared = shared_chars(passage, document, one)
        shorter = min(_visible(own, own, document.text), _visible(one.spans, one.spans, document.text))
        if shared and shared >= MIN_SHARED * shorter:
            return True
    return False


def passage_spans(passage: Passage, document: Document) -> tuple[Span, ...]:
    """The slices of the document that the passage is made of."""
    return passage.reading.spans(0, len(passage.text), document.text)


def passage_name(passage: Passage, document: Document) -> str:
    """The passage's name in TREC files: its document and spans, without white space."""
    spans = ",".join(f"{start}-{end}" for start, end in passage_spans(passage, document))
    return f"{quote(document.doc_id)}#{spans}"


def judge(collection: Collection, store: Store) -> Qrels:
    """Qrels of the answerable questions, over the passages or documents of this index.

    A question whose evidence is in no passage has an empty row, so it counts as zero. Raises EvaluationError for
    evidence outside the documents.
    """
    if collection.qrels is not None:
        return collection.qrels
    asked = [question for question in collection.questions if question.is_answerable]
    _check(asked, store)
    if collection.unit == "document":
        return {question.id: {quote(one.document): 1 for one in question.evidence} for question in asked}
    wanted = {one.document for question in asked for one in question.evidence}
    indexed = {
        document.doc_id: (document, store.passages_of(number))
        for number in store.document_numbers()
        if (document := store.document(number)).doc_id in wanted
    }
    return {question.id: _row(question, indexed) for question in asked}


def _check(asked: Sequence[Question], store: Store) -> None:
    lengths = {document.doc_id: len(document.text) for document in map(store.document, store.document_numbers())}
    problems = [
        f"{question.id}: no document {one.document}"
        if one.document not in lengths
        else f"{question.id}: {one.document} ends at {lengths[one.document]}"
        for question in asked
        for one in question.evidence
        if one.document not in lengths or max(end for _, end in one.spans) > lengths[one.document]
    ]
    if problems:
        more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
        raise EvaluationError(
            f"evidence outside the documents ({'; '.join(problems[:3])}{more}); score the documents that were judged"
        )


def _row(question: Question, indexed: dict[str, tuple[Document, list[Passage]]]) -> dict[str, int]:
    names = {}
    for doc_id in dict.fromkeys(one.document for one in question.evidence):
        document, passages = indexed[doc_id]
        for passage in passages:
            if is_relevant(passage, document, question.evidence):
                names[passage_name(passage, document)] = 1
    return names


def ranking_of(hits: Iterable[Hit], collection: Collection) -> dict[str, float]:
    """Scores by name, best first; a document has the score of its best passage."""
    is_by_passage = collection.unit == "passage"
    scores: dict[str, float] = {}
    for hit in hits:
        name = passage_name(hit.passage, hit.document) if is_by_passage else quote(hit.document.doc_id)
        scores.setdefault(name, hit.score)
    return scores


def shared_chars(passage: Passage, document: Document, evidence: Evidence) -> int:
    """How many visible characters the passage and the evidence have in common."""
    if evidence.document != document.doc_id:
        return 0
    return _visible(passage_spans(passage, document), evidence.spans, document.text)


def _visible(first: Sequence[Span], second: Sequence[Span], text: str) -> int:
    """How many characters other than white space are in both; the spans on one side must not overlap."""
    both = ((max(start, begin), min(end, last)) for start, end in first for begin, last in second)
    return sum(len("".join(text[start:end].split())) for start, end in both if start < end)
