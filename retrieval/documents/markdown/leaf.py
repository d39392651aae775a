"""One element while its text is collected: a heading, paragraph, item, row or code block. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from retrieval.documents.elements import CELL_SEPARATOR, Element, ElementKind
from retrieval.documents.reading import reading_of
from retrieval.spans import INVISIBLE, ReadingText, Span, join_readings

_VISIBLE = re.compile(rf"[^{INVISIBLE}]+")


@dataclass(slots=True)
class Leaf:
    """An element that is being read.

    `cells` are those of a row; any other element has one. A cell is groups of spans, and a space stands between two
    groups. `sign` is a list item's number where the original has another one. `table` is the number of a row's table.
    """

    kind: ElementKind
    level: int = 0
    sign: str = ""
    table: int = 0
    cells: list[list[list[Span]]] = field(default_factory=list)

    @property
    def is_row(self) -> bool:
        return self.kind in ("row", "header row")

    def begin_cell(self) -> None:
        self.cells.append([[]])

    def add(self, start: int, end: int) -> None:
        """Add what stands at this span of the original, directly after what was added last."""
        if not self.cells:
            self.begin_cell()
        group = self.cells[-1][-1]
        if group and group[-1][1] == start:
            group[-1] = (group[-1][0], end)
        else:
            group.append((start, end))

    def add_space(self) -> None:
        """Put a space between what was added and what comes next."""
        if self.cells:
            self.cells[-1].append([])

    def cut_end(self, sign: re.Pattern[str], opening: str, text: str) -> None:
        """Leave out what stands at the end if it begins with `opening` and matches `sign`."""
        group = self.cells[-1][-1] if self.cells else []
        if group:
            start, end = group[-1]
            found = text.rfind(opening, start, end)
            if found >= 0 and sign.fullmatch(text, found, end):
                group[-1] = (start, found)

    def element(self, text: str) -> Element | None:
        """The finished element; None where it has no visible text."""
        if self.kind == "code":
            spans = [span for cell in self.cells for group in cell for span in group]
            return _element(self.kind, _code_reading(text, spans))
        readings = [_cell_reading(text, cell) for cell in self.cells]
        if not any(reading.text for reading in readings):
            return None
        if self.is_row:
            return _row(self.kind, readings, self.table)
        if self.sign:
            readings.insert(0, ReadingText(self.sign, ()))
        return _element(self.kind, join_readings(readings, [" "] * len(readings)), self.level)


def _element(kind: ElementKind, reading: ReadingText, level: int = 0) -> Element | None:
    return Element(kind, reading, level) if reading.text else None


def _row(kind: ElementKind, readings: Sequence[ReadingText], table: int) -> Element:
    cells, start = [], 0
    for reading in readings:
        cells.append((start, start + len(reading.text)))
        start += len(reading.text) + len(CELL_SEPARATOR)
    return Element(kind, join_readings(readings, [CELL_SEPARATOR] * len(readings)), cells=tuple(cells), table=table)


def _cell_reading(text: str, groups: Sequence[Sequence[Span]]) -> ReadingText:
    readings = [reading for group in groups if group and (reading := reading_of(text, group)).text]
    return join_readings(readings, [" "] * len(readings))


def _code_reading(text: str, spans: Sequence[Span]) -> ReadingText:
    """The spans as they stand, line breaks and indents included, without white space at either end."""
    runs, parts, length = [], [], 0
    for start, end in spans:
        for piece in _VISIBLE.finditer(text, start, end):
            runs.append((length, piece.start(), len(piece[0])))
            parts.append(piece[0])
            length += len(piece[0])
    code = "".join(parts)
    return ReadingText(code, tuple(runs)).slice(len(code) - len(code.lstrip()), len(code.rstrip()))
