"""Running heads, running feet, page numbers and watermarks: what recurs at the same height on several pages.

A text counts as the same where only its numbers differ and count the pages or the chapters. So a table that goes on
over many pages keeps its numbers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple

from retrieval.documents.pdf.parts import Box, Piece

_ZONE = 0.15  # of the page's height, at the head and at the foot
_OUTERMOST_ROWS = 3
_APART_EM = 1.5  # a running head stands at least this far from the text; a table's header does not
_SAME_HEIGHT_PT = 3.0
_LEAST_PAGES = 3
_WORD_CHARS = 3
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"(?i)[ivxl]+")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}


class _Place(NamedTuple):
    """Where a text stands: the piece with position `number` on `page`, and the numbers in it."""

    y: float
    page: int
    number: int
    numbers: tuple[int, ...]
    has_words: bool


class Recurring:
    """Collects the pieces at the head and the foot of each page, then tells which of them recur."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], list[_Place]] = defaultdict(list)
        self._rows: dict[tuple[int, int], list[_Place]] = defaultdict(list)

    def add(self, page: int, pieces: Sequence[Piece], bounds: Box) -> None:
        """Note the page's outer pieces."""
        for number in outer(pieces, bounds):
            piece = pieces[number]
            mask, numbers = _mask(piece.text)
            place = _Place(piece.y, page, number, numbers, sum(map(str.isalpha, mask)) >= _WORD_CHARS)
            self._seen[mask, piece.turn].append(place)
            self._rows[page, round(piece.y)].append(place)

    def found(self) -> Mapping[int, set[int]]:
        """The pieces that recur: for each page, their positions in its list of pieces.

        What stands on the line of a page number goes with it: the name of a chapter may be on two pages only.
        """
        recurring: dict[int, set[int]] = defaultdict(set)
        for places in self._seen.values():
            for group in _same_height(places):
                counting = [place for place in _counting(group) if not place.has_words]
                beside = [other for place in counting for other in self._rows[place.page, round(place.y)]]
                for place in [*_constant(group), *_counting(group), *beside]:
                    recurring[place.page].add(place.number)
        return recurring


def outer(pieces: Sequence[Piece], bounds: Box) -> list[int]:
    """The positions of the pieces that may be running heads or feet.

    They stand at the head or the foot of the page, parted from the text by a gap, or run in another direction than it.
    """
    chars: Counter[int] = Counter()
    for piece in pieces:
        chars[piece.turn] += len(piece.text)
    turn = max(chars, key=chars.__getitem__, default=0)
    top, foot = _vertical(bounds, turn)
    rows = sorted({round(piece.y, 1): piece.size for piece in pieces if piece.turn == turn}.items())
    margin = _ZONE * (foot - top)
    head = [y for y in _parted(rows) if y < top + margin]
    feet = [-y for y in _parted([(-y, size) for y, size in reversed(rows)]) if -y > foot - margin]
    edges = {*head, *feet}
    return [number for number, piece in enumerate(pieces) if piece.turn != turn or round(piece.y, 1) in edges]


def _vertical(bounds: Box, turn: int) -> tuple[float, float]:
    """The page's top and foot in the frame of the turn."""
    if turn == 1:
        return bounds.x0, bounds.x1
    if turn == 2:
        return -bounds.y1, -bounds.y0
    return (-bounds.x1, -bounds.x0) if turn == 3 else (bounds.y0, bounds.y1)


def _parted(rows: Sequence[tuple[float, float]]) -> list[float]:
    """The heights of the outermost rows that a wide gap parts from the next one; rows are (height, type size)."""
    parted = 0
    for number in range(min(_OUTERMOST_ROWS, len(rows) - 1)):
        if rows[number + 1][0] - rows[number][0] > _APART_EM * max(rows[number][1], rows[number + 1][1]):
            parted = number + 1
    return [y for y, _ in rows[:parted]]


def _mask(text: str) -> tuple[str, tuple[int, ...]]:
    """The text with "#" for each number, and the numbers; a text that is nothing but a Roman numeral is one."""
    if _ROMAN.fullmatch(text):
        values = [_ROMAN_VALUES[char] for char in text.lower()]
        signed = (-value if value < max(values[at:]) else value for at, value in enumerate(values))
        return "roman #", (sum(signed),)
    return _NUMBER.sub("#", text), tuple(int(number[:9]) for number in _NUMBER.findall(text))


def _same_height(places: Sequence[_Place]) -> list[list[_Place]]:
    groups: list[list[_Place]] = []
    for place in sorted(places):
        if groups and place.y - groups[-1][0].y <= _SAME_HEIGHT_PT:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _constant(group: Sequence[_Place]) -> list[_Place]:
    """Those with the same numbers on enough pages; all, if words have numbers that never fall, as in "Chapter 3"."""
    ordered = sorted(group, key=lambda place: place.page)
    numbers = [place.numbers for place in ordered]
    pages = {place.page for place in group}
    if group[0].has_words and len(pages) >= _LEAST_PAGES and numbers == sorted(numbers):
        return ordered
    return _frequent(group, lambda place: place.numbers)


def _counting(group: Sequence[_Place]) -> list[_Place]:
    """Those in which a number is the page's, give or take a constant, on enough pages."""
    found = []
    for position in range(len(group[0].numbers)):
        found += _frequent(group, lambda place, at=position: place.numbers[at] - place.page)  # type: ignore[misc]
    return found


def _frequent(group: Sequence[_Place], key: Callable[[_Place], Hashable]) -> list[_Place]:
    pages: dict[Hashable, set[int]] = defaultdict(set)
    for place in group:
        pages[key(place)].add(place.page)
    return [place for place in group if len(pages[key(place)]) >= _LEAST_PAGES]
