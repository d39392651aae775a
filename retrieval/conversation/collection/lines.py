"""Items -> the lines that are shown of them: a title, an opening statement, the sentences that say most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from retrieval.conversation.collection.called import MORE
from retrieval.conversation.collection.items import Item
from retrieval.conversation.collection.statements import central, diverse, openings, prose, standing, statements
from retrieval.documents.sections import CUT, PATH_SEPARATOR
from retrieval.errors import QuothError
from retrieval.index.retriever import Retriever
from retrieval.index.selection import Mask
from retrieval.schema import Hit
from retrieval.spans import Span
from retrieval.text import terms

_OPENING_PASSAGES = 4  # where the title and the opening statement of an item are looked for
_OPENINGS = 3  # statements that are weighed as the opening one
_MOST_EMBEDDED, _MOST_CHARS = 40, 3000  # sentences for one answer, and all of them: about as much as is read for a fact
_PASSAGES, _COMPARED = 8, 300  # of an item, those that sentences are taken from, and those these are chosen among
_MOST_ARTICLES = 20
_WEIGHT = 0.7  # of being central, against being different
_FIT = 0.7  # how well a sentence has to stand by itself to be the first: with one fault at most
_MANY_PASSAGES, _SOME_PASSAGES = 30, 6

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch [start, end) of a hit's passage."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.hit.passage.text[self.start : self.end]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where it stands in its document."""
        return self.hit.passage.reading.spans(self.start, self.end, self.hit.document.text)


class Lines:
    """Makes lines of the passages that are allowed, all for None."""

    def __init__(self, retriever: Retriever, allowed: Mask | None) -> None:
        self.retriever, self.allowed = retriever, allowed
        self._store = retriever.store

    def rows(self, item: Item) -> Rows:
        """The rows of the item's passages that are allowed, in reading order."""
        try:
            rows = self._store.rows_of(item.document, item.section)
        except QuothError:  # a document without any text
            return np.zeros(0, np.int64)
        return rows if self.allowed is None else rows[self.allowed[rows]]

    def has(self, item: Item) -> bool:
        """Whether the item has an allowed passage."""
        return len(self.rows(item)) > 0

    def among(self, items: Sequence[Item]) -> list[Item]:
        """The items that have an allowed passage; all of them where everything is allowed."""
        return list(items) if self.allowed is None else [item for item in items if self.has(item)]

    def hit(self, row: int, cosine: float = 0.0) -> Hit:
        """The passage of that row as a hit; its scores are `cosine`, which nothing was searched for where it is 0."""
        return Hit(
            passage_id=int(row),
            passage=self._store.passage(int(row)),
            document=self._store.document_of_passage(int(row)),
            score=cosine,
            rank=1,
            dense=cosine,
            sparse=0.0,
        )

    def title_of(self, item: Item) -> str:
        """What the item is called: an article's or a section's heading, else the document's title."""
        document = self._store.document_by_id(item.document)
        heading = document.sections[item.section].heading if item.section is not None else None
        return heading.rsplit(PATH_SEPARATOR, 1)[-1] if heading else MORE.sub("", document.title)

    def title(self, item: Item) -> Line:
        """The item's title or heading where it stands in the text, else its opening statement."""
        title = self.title_of(item)
        if title.endswith(CUT):  # the beginning of a text without a title
            return self._beginning_of(self._opening_hits(item), title)
        # White space may differ, and the number of a footnote may follow, which is not quoted.
        wanted = re.compile(r"\s+".join(map(re.escape, title.split())) + r"(?=\d{0,2}\s*$)", re.IGNORECASE)
        opening = self._opening_hits(item)
        for hit in opening:
            passage = hit.passage
            for start, end in passage.sentences:
                if match := wanted.match(passage.text[start:end]):
                    return Line(hit, start, start + match.end())
        return self._opening_of(opening, title)

    def _beginning_of(self, hits: Sequence[Hit], title: str) -> Line:
        """The first sentence that the title begins with, else the opening statement."""
        for hit in hits:
            for start, end in hit.passage.sentences:
                sentence = " ".join(hit.passage.text[start:end].split())
                if title.startswith(sentence) or sentence.startswith(title.removesuffix(CUT).rstrip()):
                    return Line(hit, start, end)
        return self._opening_of(hits, title)

    def opening(self, item: Item) -> Line:
        """The first sentence of the item that says something by itself, else its first sentence."""
        return self._opening_of(self._opening_hits(item), self.title_of(item))

    def titles(self, items: Sequence[Item]) -> list[Line]:
        """The title of each item, or its opening statement where another item has the same title."""
        titles = Counter(map(self.title_of, items))
        return [self.opening(item) if titles[self.title_of(item)] > 1 else self.title(item) for item in items]

    def openings(self, items: Iterable[Item]) -> list[Line]:
        """The opening statement of each item."""
        return [self.opening(item) for item in items]

    def _opening_hits(self, item: Item) -> list[Hit]:
        return [self.hit(row) for row in self.rows(item)[:_OPENING_PASSAGES]]

    @staticmethod
    def _opening_of(hits: Sequence[Hit], title: str) -> Line:
        found = distinct(Line(hit, *span) for hit in hits for span in openings(hit.passage, title))[:_OPENINGS]
        if found:
            named = set(terms(title))
            return max(found, key=lambda line: _opens(line.text, named))  # the first of equals
        first = hits[0].passage
        below = first.sentences[first.headings :] or first.sentences
        return Line(hits[0], *below[0])

    def summary(self, item: Item, articles: Sequence[Item] = (), most: int = 5) -> list[Line]:
        """Three to five sentences in the item's order: its opening and the most central ones, unlike each other.

        Of a document of several articles, the opening of each. `most` may be fewer.
        """
        if articles:
            return self.openings([article for article in articles if self.has(article)][:_MOST_ARTICLES])
        rows = self.rows(item)
        if not len(rows):
            return []
        vectors = np.asarray(self._store.dense.vectors[rows], np.float32)
        middle = central(vectors)
        near = np.sort(np.argsort(-(vectors @ middle), kind="stable")[:_COMPARED])
        best = diverse(vectors[near], vectors[near] @ middle, _PASSAGES, _WEIGHT)
        count = min(5 if len(rows) > _MANY_PASSAGES else 4 if len(rows) > _SOME_PASSAGES else 3, most)
        hits = [self.hit(row, float(self._store.dense.vectors[row] @ middle)) for row in rows[near[best]]]
        title = self.title_of(item)
        found = [[Line(hit, *span) for span in statements(hit.passage, title)] for hit in hits]
        if sum(map(len, found)) < count:
            found = [[Line(hit, *span) for span in prose(hit.passage, title)] for hit in hits]
        lines = distinct([self.opening(item), *fewer(found, most / 5)])
        return in_order(self.choose(lines, middle, count, is_first_kept=True))

    def choose(
        self,
        lines: Sequence[Line],
        query: npt.NDArray[np.float32],
        count: int,
        is_first_kept: bool = False,
        least: float = 0.0,
    ) -> list[Line]:
        """The lines nearest to the query's vector and least like each other, best first; perhaps the first of them all.

        `least` is how near they must be, from 0, the farthest of them, to 1, the nearest.
        """
        if len(lines) <= 1:
            return list(lines)
        vectors = self.retriever.encoder.embed_passages([line.text for line in lines])
        relevance = vectors @ query
        low = float(relevance.min())
        kept = np.array([standing(line.text) for line in lines], np.float32)
        worth = (relevance - low) * kept
        chosen = diverse(vectors, worth, count, _WEIGHT, [0] if is_first_kept else [])
        return [lines[number] for number in chosen if worth[number] >= least * worth.max()]


def _opens(sentence: str, named: set[str]) -> tuple[bool, bool]:
    """Whether the sentence is fit to be the first: it stands by itself and has a word of the title."""
    return standing(sentence) >= _FIT, bool(named & set(terms(sentence)))


def fewer(by_passage: Sequence[Sequence[Line]], share: float = 1) -> list[Line]:
    """As many of the lines as one answer may embed: the first of each passage, then the second of each, and so on.

    `share` of them where an answer needs several such lists.
    """
    found: list[Line] = []
    length = 0
    for line in (line for rank in zip_longest(*by_passage) for line in rank if line is not None):
        length += len(line.text)
        if found and (len(found) >= share * _MOST_EMBEDDED or length > share * _MOST_CHARS):
            break
        found.append(line)
    return found


def openings_of(hit: Hit) -> list[Line]:
    """The statements of a passage and its longer lines of words; its first sentence below the headings if none."""
    found = [Line(hit, *span) for span in openings(hit.passage)]
    below = hit.passage.sentences[hit.passage.headings :] or hit.passage.sentences
    return found or [Line(hit, *below[0])]


def distinct(lines: Iterable[Line]) -> list[Line]:
    """The lines, each place of a document once: neighbouring passages share sentences."""
    found: dict[tuple[str, int, str], Line] = {}
    said: set[str] = set()
    for line in lines:
        spans = line.spans
        if spans and line.text not in said:
            said.add(line.text)
            found.setdefault((line.hit.document.doc_id, spans[0][0], line.text), line)
    return list(found.values())


def in_order(lines: Iterable[Line]) -> list[Line]:
    """The lines in the order of the document."""
    return sorted(lines, key=lambda line: (line.hit.passage_id, line.start))
