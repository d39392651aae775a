"""What the documents say about a topic: its most telling sentences, the newest of them, the documents that have any."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property

import numpy as np

from retrieval.answer.spelling import is_foreign, is_known
from retrieval.conversation.collection.lines import Line, Lines, distinct, fewer, openings_of
from retrieval.conversation.collection.periods import Period
from retrieval.conversation.collection.statements import asks
from retrieval.documents.dates import date_in_name
from retrieval.index.selection import is_between
from retrieval.language import is_function_word, language_of
from retrieval.schema import Hit
from retrieval.text import DEFAULT_LANGUAGE, content_words, fold, terms

_SEARCHED = 60
_CLOSE, _WORDED = 0.3, 0.5  # checked by hand on five folders
_NEAR = 0.6  # of sentences without a word of the topic, how near they must be
_SUMMARY_PASSAGES, _SUMMARY_LINES = 10, 5
_PASSAGES_EACH = 3  # of a document, where its best sentence on the topic is looked for


class Topics:
    """The passages that are clearly about a topic; none where no document has a word of it."""

    def __init__(self, lines: Lines, topic: str) -> None:
        self._lines, self._topic = lines, topic
        self._store = lines.retriever.store
        self._query = lines.retriever.encoder.embed_query(topic)

    def summary(self) -> list[Line]:
        """The sentences that say most about the topic and differ from each other, best first."""
        found = [openings_of(hit) for hit in self._relevant[:_SUMMARY_PASSAGES]]
        telling = [[line for line in lines if self._shared(line) and not asks(line.text)] for lines in found]
        if any(telling):
            return self._lines.choose(distinct(fewer(telling)), self._query, _SUMMARY_LINES)
        others = [[line for line in lines if not asks(line.text)] for lines in found]
        return self._lines.choose(distinct(fewer(others)), self._query, _SUMMARY_LINES, least=_NEAR)

    def latest(self, period: Period | None, most: int) -> list[Line]:
        """The best sentence of each article, dated section or document about the topic, newest first, undated last."""
        parts: dict[Hashable, list[Hit]] = {}
        for hit in self._relevant:
            date = date_of(hit)
            if period is None or (date and is_between(date, period.after, period.before)):
                is_part = hit.section.is_article or hit.section.date
                parts.setdefault((hit.document.doc_id, hit.passage.section if is_part else None), []).append(hit)
        newest = sorted(parts.values(), key=lambda hits: date_of(hits[0]) or "", reverse=True)
        return self._best_of_each(newest)[:most]

    def by_document(self, most: int) -> list[Line]:
        """The best sentence of each document about the topic, the best document first."""
        documents: dict[str, list[Hit]] = {}
        for hit in self._relevant:
            documents.setdefault(hit.document.doc_id, []).append(hit)
        return self._best_of_each(list(documents.values()))[:most]

    @cached_property
    def _relevant(self) -> list[Hit]:
        """The passages that are clearly about the topic, best first."""
        if not (self._is_foreign or any(is_known(word, self._store) for word in self._words)):
            return []
        hits = self._lines.retriever.search(self._topic, _SEARCHED, self._lines.allowed)
        return clearly_relevant(hits, self._is_foreign)

    @cached_property
    def _language(self) -> str | None:
        return language_of(self._topic)

    @property
    def _is_foreign(self) -> bool:
        return is_foreign(self._language, self._store)

    @cached_property
    def _words(self) -> list[str]:
        """The topic's words but for function words."""
        language = self._language or next(iter(self._store.languages), DEFAULT_LANGUAGE)
        return [word for word in content_words(self._topic) if not is_function_word(fold(word), language)]

    def _shared(self, line: Line) -> int:
        """How many of the topic's words the line has."""
        language = line.hit.document.language or DEFAULT_LANGUAGE
        return len(set(terms(" ".join(self._words), language)) & set(terms(line.text, language)))

    def _best_of_each(self, groups: Sequence[Sequence[Hit]]) -> list[Line]:
        """Of each group of passages the sentence nearest to the topic, among those with the most words of it.

        Groups without a word of the topic are left out if others have one.
        """
        each = [self._candidates(group) for group in groups]
        each = [lines for lines in each if self._shared(lines[0])] or each
        kept = fewer(each)
        if not kept:
            return []
        vectors = self._lines.retriever.encoder.embed_passages([line.text for line in kept])
        cosine = {id(line): float(vector @ self._query) for line, vector in zip(kept, vectors, strict=True)}
        return [max(lines, key=lambda line: cosine.get(id(line), -1.0)) for lines in each]

    def _candidates(self, hits: Iterable[Hit]) -> list[Line]:
        lines = distinct(line for hit in list(hits)[:_PASSAGES_EACH] for line in openings_of(hit))
        most = max(map(self._shared, lines), default=0)
        return [line for line in lines if self._shared(line) == most]


def date_of(hit: Hit) -> str | None:
    """The date of a passage: its section's, else its document's or that in the name of its file."""
    return hit.document.date_of(hit.section) or (None if hit.section.is_article else date_in_name(hit.document.doc_id))


def clearly_relevant(hits: Sequence[Hit], is_foreign: bool) -> list[Hit]:
    """The hits that are nearly as close as the best, or have the topic's words nearly as much as any.

    Cosines are judged by how far the best is ahead of the middle: an encoder's may all lie close together. BM25 has
    nothing to say where the topic is in another language.
    """
    if not hits:
        return []
    cosines = np.array([hit.dense for hit in hits])
    middle, best = float(np.median(cosines)), float(cosines.max())
    near = best - _CLOSE * (best - middle)
    worded = _WORDED * max(hit.sparse for hit in hits)
    return [
        hit
        for hit in hits
        if hit.dense >= near or (not is_foreign and worded and hit.sparse >= worded and hit.dense >= middle)
    ]
