"""A section's elements -> units: sentences, items, rows and code blocks, each with the units that it hangs on. Pure.

Sentences are split by sentencex.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sentencex import segment

from retrieval.documents.dates import dateline
from retrieval.documents.elements import Element
from retrieval.documents.sections import SectionText
from retrieval.schema import Document
from retrieval.spans import ReadingText, Span, join_readings
from retrieval.text import DEFAULT_LANGUAGE

_PARENT_CHARS = 60  # a longer parent is no name, and is not read again before each of its items
_NAME_CHARS = 60  # of a column's name that are read again before each of its cells
_QUESTION_CHARS = 250
_MESSAGE_CHARS = 250  # of what somebody says, that is quoted whole
_LEAST_QUESTIONS = 2  # of a section, that stand alone with an answer below; one may be a rhetorical question
_BLOCK_KINDS = frozenset({"item", "header row", "row", "code"})
_LEAD_IN = (":", "：")
_ASKS = ("?", "？", "؟")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivx]{1,5})[.)]")
_RUN_IN_CHARS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """What is never divided between passages unless it is too long for one.

    `before` is what separates it from the unit before: a line break where it opens an element, else a space or nothing.
    `context` are the units that it hangs on, the highest first. Its first `label_chars` characters are a label, as in
    Element. `item_level` is the level of the item that it belongs to, None outside lists. `tokens` is 0 until it is
    counted.
    """

    reading: ReadingText
    before: str
    context: tuple[Unit, ...] = ()
    label_chars: int = 0
    item_level: int | None = None
    tokens: int = 0


def units_of(part: SectionText, document: Document) -> list[Unit]:
    """The units of a section, in reading order."""
    language = document.language or DEFAULT_LANGUAGE
    units: list[Unit] = []
    state = _Context(_standing_questions(part.elements))
    for element in part.elements:
        made = list(_units_of_element(element, state.of(element), state.prefix(element), language))
        units += made
        state.add(element, made)
    return units


class _Context:
    """What the next element may hang on."""

    def __init__(self, questions: set[int]) -> None:
        self._questions = questions
        self._question: tuple[Unit, ...] = ()
        self._lead_in: tuple[Unit, ...] = ()
        self._parents: list[tuple[int, Unit]] = []
        self._columns: list[str] = []
        self._header: tuple[Unit, ...] = ()
        self._table = 0
        self._is_below_lead_in = False

    def of(self, element: Element) -> tuple[Unit, ...]:
        """The units that the element hangs on."""
        if id(element) in self._questions:
            return ()
        in_block = element.kind in _BLOCK_KINDS or self._is_below_lead_in
        above = (*self._question, *(self._lead_in if in_block else ()))
        if element.kind == "item":
            return (*above, *(unit for level, unit in self._parents if level < element.level))
        return (*above, *self._header) if self._is_named(element) else above

    def prefix(self, element: Element) -> str | list[str]:
        """What is read before the element's own words: the names of an item's parents, or of a row's columns."""
        if element.kind == "row":
            return self._columns if self._is_named(element) else []
        if element.kind != "item":
            return ""
        parents = (unit.reading.text for level, unit in self._parents if level < element.level)
        return "".join(f"{text.rstrip(' :：')}: " for text in parents if len(text) <= _PARENT_CHARS)

    def add(self, element: Element, units: Sequence[Unit]) -> None:
        """Go on to the next element."""
        text = element.reading.text.rstrip()
        kind = element.kind
        if kind == "item":
            self._parents = [(level, unit) for level, unit in self._parents if level < element.level]
            self._parents.append((element.level, units[-1] if len(units) == 1 else units[0]))
        elif kind not in ("code", "row", "header row"):
            self._parents.clear()
        if kind == "header row":
            self._columns = [element.reading.text[slice(*cell)] for cell in element.cells]
            self._header = (units[-1],)
            self._table = element.table
        elif kind != "row" and not self._table:  # where tables have numbers, a remark may stand between their rows
            self._columns, self._header = [], ()
        if id(element) in self._questions or (element.label_chars and text.endswith(_ASKS)):
            self._question = (units[-1],)
            self._lead_in = ()
        elif kind in ("paragraph", "caption"):
            if element.label_chars:
                self._question = ()
            self._lead_in = (units[-1],) if text.endswith(_LEAD_IN) else ()
        self._is_below_lead_in = bool(self._lead_in) and self._lead_in[0] is units[-1]

    def _is_named(self, element: Element) -> bool:
        """Whether the element is a row of the table whose columns the last header row named."""
        return element.kind == "row" and element.table == self._table


def _standing_questions(elements: Sequence[Element]) -> set[int]:
    """The ids of paragraphs that are nothing but a question, where an answer follows each and a section has several."""
    found = [
        element
        for element, after in pairwise(elements)
        if element.kind in ("paragraph", "item") and _is_question(element) and not _is_question(after)
    ]
    return {id(element) for element in found} if len(found) >= _LEAST_QUESTIONS else set()


def _is_question(element: Element) -> bool:
    text = element.reading.text.rstrip(" *_")
    return len(text) <= _QUESTION_CHARS and text.endswith(_ASKS)


def _units_of_element(
    element: Element, context: tuple[Unit, ...], prefix: str | list[str], language: str
) -> Iterator[Unit]:
    if element.kind in ("row", "header row"):
        yield Unit(_row(element, prefix if isinstance(prefix, list) else []), "\n", context)
        return
    if element.kind == "code":
        yield Unit(element.reading, "\n", context)
        return
    text = element.reading.text
    label = None
    if element.label_chars:
        label = Unit(element.reading.slice(0, element.label_chars), "\n", label_chars=element.label_chars)
    last = 0
    for number, (start, end) in enumerate(_spans(element, language)):
        reading = element.reading.slice(start, end)
        if number == 0 and isinstance(prefix, str) and prefix:
            reading = join_readings([ReadingText("", ()), reading], [prefix])
        before = "\n" if number == 0 else text[last:start]
        hangs_on = (*context, label) if label and number else context
        level = element.level if element.kind == "item" else None
        yield Unit(reading, before, hangs_on, element.label_chars if number == 0 else 0, level)
        last = end


def _row(element: Element, columns: Sequence[str]) -> ReadingText:
    """A row as "Part: A7; Price: 35", the columns' names mapping to nothing; as it is where they have no names."""
    cells = [span for span in element.cells if span[0] < span[1]]
    if not columns or not cells:
        return element.reading
    parts = [element.reading.slice(*cell) for cell in cells]
    names = [columns[number] if number < len(columns) else "" for number, (a, b) in enumerate(element.cells) if a < b]
    names = [name[:_NAME_CHARS] for name in names]
    labels = [f"{name}: " if name else "" for name in names]
    separators = [labels[0], *(f"; {label}" for label in labels[1:])]
    return join_readings([ReadingText("", ()), *parts], separators)


def _spans(element: Element, language: str) -> list[Span]:
    """The spans of the element's sentences; a label or number stays with the first one, a short message is one."""
    text, label = element.reading.text, element.label_chars
    if label and len(text) <= _MESSAGE_CHARS:
        return [(0, len(text))]
    spans = [(start + label, end + label) for start, end in split_sentences(text[label:], language)]
    if not spans:
        return [(0, len(text))]
    spans[0] = (0, spans[0][1])
    number = _NUMBERED.match(text)
    while number and len(spans) > 1 and (spans[0][1] <= number.end() or _is_run_in(text[number.end() : spans[0][1]])):
        spans[:2] = [(0, spans[1][1])]
    return spans


def _is_run_in(text: str) -> bool:
    """Whether a clause's first sentence is only its heading, as in "4. PETS. No pets are allowed."."""
    return len(text) <= _RUN_IN_CHARS and len(text.split()) <= 4


def split_sentences(text: str, language: str = DEFAULT_LANGUAGE) -> list[Span]:
    """Spans of the sentences, in order, without surrounding white space; a dateline stays with its first sentence."""
    spans: list[Span] = []
    opening = dateline(text)
    start = 0
    plain = re.sub(r"[^\S\n]", " ", text)  # other white space stops the splitter
    for sentence in segment(language, plain):
        end = start + len(sentence)
        bare = sentence.strip()
        first = start + len(sentence) - len(sentence.lstrip())
        in_dateline = opening is not None and bool(spans) and spans[-1][1] <= opening[1] <= end
        if (
            bare
            and spans
            and (in_dateline or not re.search(r"\w", bare) or (bare[0] in "–—-" and text[spans[-1][1]] == bare[0]))
        ):
            spans[-1] = (spans[-1][0], first + len(bare))
        elif bare:
            spans.append((first, first + len(bare)))
        start = end
    return spans
