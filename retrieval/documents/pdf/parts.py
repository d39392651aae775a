"""What a page consists of, from words to tables. All coordinates are points in a reading frame.

In a reading frame text runs to the right and the next line is below: x grows to the right, y downwards. Text that
stands upright has turn 0; text that was turned counterclockwise by 90, 180 or 270 degrees has turn 1, 2 or 3. Text at
any other angle has the turn OBLIQUE; its frame is that of upright text.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

OBLIQUE = 4


class Word(NamedTuple):
    """Characters without white space from one text object; `first` and `last` are the half-open span in PDFium's text.

    `y` is the baseline; x0 and x1 bound the ink.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool
    turn: int
    first: int
    last: int


class Rule(NamedTuple):
    """A straight line, horizontal (y0 == y1) or vertical (x0 == x1)."""

    x0: float
    y0: float
    x1: float
    y1: float


class Box(NamedTuple):
    """An upright rectangle; y0 is its top."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was drawn, in the frame of upright text. `picture` is true where an image is on it."""

    words: Sequence[Word]
    rules: Sequence[Rule]
    images: Sequence[Box]
    bounds: Box


@dataclass(frozen=True, slots=True)
class Piece:
    """Words joined on one baseline, without a gap that could part columns; after layout, a line or a table's cell.

    `chars` holds, for each character of `text`, its index in PDFium's text of the page, NONE for a space between
    words. `raised` are the spans of `text` that are superscript. `first_width` is the width of the first word.
    """

    text: str
    chars: array[int]
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool
    turn: int
    first_width: float
    raised: tuple[tuple[int, int], ...] = ()
    is_rtl: bool = False


NONE = -1


def join_pieces(pieces: Sequence[Piece]) -> Piece:
    """The pieces as one, in the order given, with a space between two of them."""
    if len(pieces) == 1:
        return pieces[0]
    chars, raised = array("i"), []
    for piece in pieces:
        if chars:
            chars.append(NONE)
        raised += [(start + len(chars), end + len(chars)) for start, end in piece.raised]
        chars.extend(piece.chars)
    longest = max(pieces, key=lambda piece: len(piece.text))
    return Piece(
        text=" ".join(piece.text for piece in pieces),
        chars=chars,
        x0=min(piece.x0 for piece in pieces),
        x1=max(piece.x1 for piece in pieces),
        y=pieces[0].y,
        size=longest.size,
        is_bold=all(piece.is_bold for piece in pieces),
        turn=pieces[0].turn,
        first_width=pieces[0].first_width,
        raised=tuple(raised),
        is_rtl=longest.is_rtl,
    )


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, None for an empty cell; every row has as many cells as the table has columns."""

    rows: tuple[tuple[Piece | None, ...], ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that stand below one another, between a left and a right edge."""

    lines: tuple[Piece, ...]
    left: float
    right: float
