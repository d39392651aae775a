"""A page's words -> its blocks and tables in reading order, and its footnotes apart.

The layout of a page depends on that page alone, so that the picture of a page can repeat it without the other pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from retrieval.documents.pdf.labels import turned_labels, with_turned, without_labels
from retrieval.documents.pdf.layout import Region, order
from retrieval.documents.pdf.paragraphs import Block, blocks_of, usual_pitches
from retrieval.documents.pdf.parts import Box, Column, Page, Piece, Table
from retrieval.documents.pdf.pieces import main_size, pieces_of
from retrieval.documents.pdf.tables import ruled_tables

_NOTE_SIZE = 0.93  # a footnote's type is at most this large, compared with the page's
_NOTE = re.compile(r"(\d{1,3}(?!\d)|[*†‡§¶]{1,3}|[a-z](?=[.)\s]))[.)]?\s*\S")


@dataclass(frozen=True, slots=True)
class PagePieces:
    """A page before its layout: pieces outside of ruled tables, those tables, images, and the page's bounds."""

    pieces: tuple[Piece, ...]
    tables: tuple[Table, ...]
    images: tuple[Box, ...]
    bounds: Box


EMPTY_PAGE = PagePieces((), (), (), Box(0.0, 0.0, 1.0, 1.0))


@dataclass(frozen=True, slots=True)
class PageLayout:
    """What a page says, column by column: each is a list of blocks, or one table; then lettering of charts, and notes.

    A block of `labels` is all that is lettered on one chart.
    """

    columns: tuple[tuple[Block | Table, ...], ...]
    labels: tuple[Block, ...]
    notes: tuple[Block, ...]
    images: tuple[Box, ...]


def pieces_on(page: Page) -> PagePieces:
    """The page's pieces and ruled tables."""
    tables, words = ruled_tables(page.words, page.rules)
    return PagePieces(tuple(pieces_of(words)), tuple(tables), tuple(page.images), page.bounds)


def lay_out(page: PagePieces, dropped: Collection[int] = ()) -> PageLayout:
    """The page in reading order, without the pieces at the positions `dropped`."""
    pieces = [piece for number, piece in enumerate(page.pieces) if number not in dropped]
    turned = set(turned_labels(pieces))
    labels = [pieces[number] for number in sorted(turned)]
    pieces = [piece for number, piece in enumerate(pieces) if number not in turned]
    regions: list[Region] = []
    for turn in _turns(pieces):
        own = [piece for piece in pieces if piece.turn == turn]
        regions += order(own, page.tables if turn == 0 else ())
    if not any(piece.turn == 0 for piece in pieces):
        regions += page.tables
    size = main_size(pieces)
    pitches = usual_pitches([region for region in regions if isinstance(region, Column)])
    columns: list[tuple[Block | Table, ...]] = []
    charts: list[Block] = []
    notes: list[Block] = []
    for region in regions:
        if isinstance(region, Table):
            columns.append((region,))
            continue
        blocks = blocks_of(region, pitches)
        kept = _without_notes(blocks, size) if _is_at_foot(region, pieces) else len(blocks)
        text, lettered = without_labels(blocks[:kept], size)
        columns.append(tuple(text))
        charts += lettered
        notes += blocks[kept:]
    return PageLayout(tuple(columns), tuple(with_turned(charts, labels)), tuple(notes), page.images)


def note_mark(block: Block) -> str | None:
    """The number or sign that a footnote begins with; None where it begins with neither."""
    line = block.lines[0]
    if line.raised and line.raised[0][0] == 0:
        return line.text[: line.raised[0][1]].strip()
    found = _NOTE.match(line.text)
    return found[1] if found else None


def _turns(pieces: Sequence[Piece]) -> list[int]:
    chars: Counter[int] = Counter()
    for piece in pieces:
        chars[piece.turn] += len(piece.text)
    return [turn for turn, _ in chars.most_common()]


def _is_at_foot(column: Column, pieces: Sequence[Piece]) -> bool:
    """Whether nothing on the page stands below the column."""
    last = column.lines[-1]
    return not any(
        piece.y > last.y + last.size and piece.turn == last.turn and piece.x0 < column.right and piece.x1 > column.left
        for piece in pieces
    )


def _without_notes(blocks: Sequence[Block], size: float) -> int:
    """How many blocks stand before the footnotes at the column's foot."""
    first = len(blocks)
    while first > 0 and blocks[first - 1].size <= _NOTE_SIZE * size and not blocks[first - 1].is_bold:
        first -= 1
    while first < len(blocks) and note_mark(blocks[first]) is None:
        first += 1
    return first
