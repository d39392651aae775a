"""Why a passage that a person has in mind is not the answer: the step at which it was lost.

The passage is the one whose text has the person's words best. The steps are those of Library.ask: the restrictions of
the question, the search, the reader, the decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retrieval.answer.candidates import READ_PASSAGES
from retrieval.answer.nearest import cut_around
from retrieval.citing import cite_in
from retrieval.index.retriever import Ranks, Retriever
from retrieval.index.selection import Mask
from retrieval.index.store import Store
from retrieval.schema import Answer, Citation, Document, Hit, Passage
from retrieval.spans import Span
from retrieval.text import DEFAULT_LANGUAGE, content_words, terms, words

Loss = Literal["no words", "apart", "not searched", "left out", "not read", "less likely", "unsure", "shown"]
_COMPARED = 50  # passages, the best by BM25
_LEAST_SHARE = 0.5  # guess: a passage with less of the words is another than the one that is meant


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The step at which the passage that has some words best was lost.

    `loss` says where: no passage has any of the words, or none has most of them together ("apart"); the answer came
    without a search; the question's restrictions left it out; it was not among the passages that the reader read; the
    reader found another sentence likelier; it was the likeliest, and still too unsure. Or it is shown.

    `citation` quotes the passage, None where there is none; `missing` are words that it does not have, or that no
    passage has. `ranks` are its places in the search where it was not read. `read` is how many passages were.
    `shown` is the citation that was found likelier, or that shows it, where there is one.
    """

    loss: Loss
    citation: Citation | None = None
    missing: tuple[str, ...] = ()
    ranks: Ranks | None = None
    read: int = 0
    shown: Citation | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage, the share of the words' weight that it has, and the words that it does not have."""

    row: int
    passage: Passage
    document: Document
    share: float
    missing: tuple[str, ...]

    def sentence(self, wanted: Wanted) -> Span:
        """Its sentence that has the words best."""
        text = self.passage.text
        return max(self.passage.sentences, key=lambda span: wanted.share_in(text[slice(*span)]), default=(0, len(text)))


class Wanted:
    """Words that are looked for, in every form that the index knows for the documents' languages."""

    def __init__(self, text: str, store: Store) -> None:
        self.text, self._store = text, store
        self._forms = {
            language: dict.fromkeys(terms(text, language)) for language in store.languages or (DEFAULT_LANGUAGE,)
        }
        self._folded = " ".join(word for word, _ in words(text))

    @property
    def terms(self) -> list[str]:
        """All forms of the words that some passage has."""
        every = dict.fromkeys(term for forms in self._forms.values() for term in forms)
        return [term for term in every if self._store.sparse.frequency(term)]

    def share_in(self, text: str) -> float:
        """The share of the words' weight that the text has, 0 to 1; rare words weigh more."""
        return max(self._share(set(terms(text, language)), language) for language in self._forms)

    def is_in(self, text: str) -> bool:
        """Whether the text has the words one after another."""
        return f" {self._folded} " in f" {' '.join(word for word, _ in words(text))} "

    def missing_from(self, text: str) -> tuple[str, ...]:
        """The words, as typed, that the text has in no form."""
        have = {language: set(terms(text, language)) for language in self._forms}
        return tuple(
            word
            for word in content_words(self.text)
            if not any(have[language] & set(terms(word, language)) for language in self._forms)
        )

    def _share(self, have: set[str], language: str) -> float:
        weights = {term: self._store.sparse.idf(term) for term in self._forms[language]}
        total = sum(weights.values())
        return sum(weight for term, weight in weights.items() if term in have) / total if total else 0.0


def why_not(typed: str, answer: Answer, retriever: Retriever, allowed: Mask | None) -> WhyNot:
    """Where the passage that has the typed words best was lost for the answer's question.

    `allowed`, of shape (n_passages,), are the passages that the question's restrictions allow; None where all are.
    Of passages that have the words equally well, one that the question allows and that was found for it counts.
    """
    store = retriever.store
    wanted = Wanted(typed, store)
    found = _best(wanted, answer, store, allowed)
    if found is None:
        return WhyNot("no words", missing=tuple(content_words(typed)) or (typed,))
    if found.share < _LEAST_SHARE:
        return WhyNot("apart", missing=found.missing)
    sentence = found.sentence(wanted)
    citation = cite_in(1, found.document, found.passage, *cut_around(found.passage, sentence, sentence))
    spans = found.passage.reading.spans(*sentence, found.document.text)
    cited = [one for text in answer.answers for one in text.citations]
    loss, shown, ranks = _lost(found, spans, cited, answer, retriever, allowed)
    return WhyNot(loss, citation, found.missing, ranks, min(READ_PASSAGES, len(answer.hits)), shown)


def _lost(
    found: _Found,
    spans: Sequence[Span],
    cited: Sequence[Citation],
    answer: Answer,
    retriever: Retriever,
    allowed: Mask | None,
) -> tuple[Loss, Citation | None, Ranks | None]:
    """The step, the citation that is shown instead or that shows it, and the passage's ranks where it was not read."""
    doc_id = found.document.doc_id
    showing = next((one for one in cited if one.document == doc_id and _overlap(one.spans, spans)), None)
    if showing is not None:
        return "shown", showing, None
    if allowed is not None and not allowed[found.row]:
        return "left out", None, None
    if answer.kind == "collection" or (not answer.hits and not answer.candidates):
        return "not searched", None, None
    if found.passage not in _read(answer):
        return "not read", None, retriever.ranks(answer.searched, found.row, allowed)
    instead = cited[0] if cited else answer.nearest
    if instead is None or (not cited and instead.document == doc_id and _overlap(_likeliest(answer), spans)):
        return "unsure", instead, None
    return "less likely", instead, None


def _read(answer: Answer) -> list[Passage]:
    """The passages that the reader read."""
    hits = [*answer.hits[:READ_PASSAGES], *(candidate.hit for candidate in answer.candidates)]
    return [hit.passage for hit in hits]


def _likeliest(answer: Answer) -> Sequence[Span]:
    """The spans of the likeliest sentence in its document's text."""
    if not answer.candidates:
        return answer.nearest.spans if answer.nearest else ()
    best = answer.candidates[0]
    return best.hit.passage.reading.spans(best.start, best.end, best.hit.document.text)


def _best(wanted: Wanted, answer: Answer, store: Store, allowed: Mask | None) -> _Found | None:
    """The passage that has the words best; None where none has any of them."""
    scores = store.sparse.score(wanted.terms)
    rows = [int(row) for row in np.argsort(-scores, kind="stable")[:_COMPARED] if scores[row] > 0]
    rank = {hit.passage: hit.rank for hit in answer.hits}  # not by number, which a newer index may give to another
    best: tuple[tuple[float, ...], _Found] | None = None
    for row in rows:
        passage, document = store.passage(row), store.document_of_passage(row)
        found = _Found(row, passage, document, wanted.share_in(passage.text), wanted.missing_from(passage.text))
        is_allowed = allowed is None or bool(allowed[row])
        key = (
            wanted.is_in(passage.text),
            round(found.share, 3),
            is_allowed,
            -rank.get(passage, len(rank) + 1),
            scores[row],
        )
        if found.share and (best is None or key > best[0]):
            best = key, found
    return best[1] if best else None


def cited_hit(citation: Citation, answer: Answer) -> Hit | None:
    """The hit of the answer's question that the citation quotes, the best of several; None where it quotes none."""
    found = [*answer.hits, *(candidate.hit for candidate in answer.candidates)]
    return next((hit for hit in found if hit.document.doc_id == citation.document and _quotes(citation, hit)), None)


def row_of(passage: Passage, store: Store) -> int | None:
    """The number of the passage in an index, which may be a newer one than it was found in; None where it is gone."""
    there = store.passages_in(passage.doc_id)
    return int(store.rows_of(passage.doc_id)[there.index(passage)]) if passage in there else None


def _quotes(citation: Citation, hit: Hit) -> bool:
    passage = hit.passage.reading.spans(0, len(hit.passage.text), hit.document.text)
    return all(any(start <= first and last <= end for start, end in passage) for first, last in citation.spans)


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> bool:
    return any(start < last and first < end for start, end in one for first, last in other)
