"""Pieces -> columns and tables in reading order, found by the white gutters between them.

A gutter is a white strip that stays free over several rows. Whether what stands on its two sides are columns of text or
of a table is told by the order in which the file draws them (columns one after the other, a table row by row) and by
how full their lines are. Where neither speaks for columns or a table, the rows are lines, read across.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from retrieval.documents.pdf.bands import GUTTER_EM, Part, bands, base_of, box_of
from retrieval.documents.pdf.parts import NONE, Column, Piece, Table, join_pieces
from retrieval.documents.pdf.pieces import main_size
from retrieval.documents.pdf.tables import WRAPPED_EM, aligned_table

# Guesses, tried on made files. Lengths are multiples of the page's type size.
_CELL_EM = 0.2  # white between the columns of a table, whose cells are further apart in each row
_SAME_ROW_EM = 0.4
_LEVEL_PT = 0.5
_LEAST_ROWS = 3  # of a table, and of columns that are drawn one after the other
_LEAST_PROSE_ROWS = 5  # of columns that are not: fewer may be white rivers in one column
_PROSE_CHARS = 18  # mean length of a line: the cells of most tables are shorter
_FULL = 0.6  # share of a column's width that its middle line fills
_STRAY = 0.1  # changes of the column in the order of drawing, compared with the lines of the shortest column
_MOST_ALONE = 2  # rows of one cell between two of several, such as a group's name
_MOST_PIECES = 4_000  # a page of a newspaper has about 1,000; more is no text, and is read across
_MOST_NESTED = 6

Region = Column | Table


def order(pieces: Sequence[Piece], tables: Sequence[Table]) -> list[Region]:
    """The columns of lines and the tables of one page and one turn, in reading order."""
    parts: list[Part] = [*pieces, *tables]
    if not parts:
        return []
    return _merged(_order(_rows(parts), _width(parts), main_size(pieces), 0))


def _order(rows: list[list[Part]], width: tuple[float, float], size: float, depth: int) -> list[Region]:
    if not rows:
        return []
    is_plain = depth >= _MOST_NESTED or sum(map(len, rows)) > _MOST_PIECES
    for band in [] if is_plain else bands(rows, size):
        inside = _inside(rows[band.first : band.last], size, depth)
        if inside:
            before = _order(rows[: band.first], width, size, depth + 1)
            return [*before, *inside, *_order(rows[band.last :], width, size, depth + 1)]
    return [_across(row, width) for row in rows]


def _inside(rows: list[list[Part]], size: float, depth: int) -> list[Region]:
    """The columns or the table of a band; none where it is neither."""
    parts = [part for row in rows for part in row]
    extents = _extents(parts, GUTTER_EM * size)
    if len(extents) < 2:
        return []
    columns = [[part for part in parts if _is_in(part, extent)] for extent in extents]
    if _are_columns(rows, columns, extents):
        ordered = list(zip(columns, extents, strict=True))
        if 2 * sum(isinstance(part, Piece) and part.is_rtl for part in parts) > len(parts):
            ordered.reverse()
        return [region for column, extent in ordered for region in _order(_rows(column), extent, size, depth + 1)]
    return _tables(rows, size)


def _tables(rows: Sequence[Sequence[Part]], size: float) -> list[Region]:
    """The rows as tables, with lines before, between and after them; none where there is no table."""
    regions: list[Region] = []
    width = _width([part for row in rows for part in row])
    for run in _runs(rows):
        pieces = [[part for part in row if isinstance(part, Piece)] for row in run]
        extents = _extents([part for row in run for part in row], _CELL_EM * size)
        table = aligned_table(pieces, extents) if all(pieces) and len(run) >= _LEAST_ROWS else None
        if table and _is_filled(table) and not _are_lines(pieces, extents):
            regions.append(table)
        else:
            regions += [_across(row, width) for row in run]
    return regions if any(isinstance(region, Table) for region in regions) else []


def _runs(rows: Sequence[Sequence[Part]]) -> list[list[Sequence[Part]]]:
    """The rows, parted where a row of one cell is neither wrapped nor between two rows of several cells."""
    runs: list[list[Sequence[Part]]] = [[]]
    alone: list[Sequence[Part]] = []
    for row in rows:
        if len(row) > 1:
            if runs[-1] and len(alone) <= _MOST_ALONE:
                runs[-1] += alone
            else:
                runs += [[single] for single in alone] + [[]]
            alone = []
            runs[-1].append(row)
        elif runs[-1] and not alone and _is_wrapped(row, runs[-1][-1]):
            runs[-1].append(row)
        else:
            alone.append(row)
    return [run for run in runs if run] + [[single] for single in alone]


def _is_wrapped(row: Sequence[Part], before: Sequence[Part]) -> bool:
    """Whether the row is the next line of a cell that is not the row's first, such as a long explanation."""
    part = row[0]
    is_close = isinstance(part, Piece) and part.y - base_of(before[0]) < WRAPPED_EM * part.size
    return is_close and box_of(part).x0 > (box_of(before[0]).x1 if len(before) > 1 else box_of(before[0]).x0 - 1)


def _is_filled(table: Table) -> bool:
    """Whether enough of the rows, and half of them at least, have several cells."""
    shared = sum(sum(cell is not None for cell in row) > 1 for row in table.rows)
    return shared >= max(_LEAST_ROWS, len(table.rows) / 2)


def _are_columns(
    rows: Sequence[Sequence[Part]], columns: Sequence[Sequence[Part]], extents: Sequence[tuple[float, float]]
) -> bool:
    """Whether the parts are columns of text: drawn one after the other, or else of many full lines."""
    pieces = [[part for part in column if isinstance(part, Piece)] for column in columns]
    if sum(map(len, pieces)) < sum(map(len, columns)):
        return True  # a table with lines beside anything
    lines = [_lines(column) for column in pieces]
    are_prose = [_is_prose(column, extent) for column, extent in zip(lines, extents, strict=True)]
    counts = [len(column) for column in lines]
    if not _is_drawn_in_turn(pieces):
        return all(are_prose) and min(counts) >= _LEAST_PROSE_ROWS
    if min(counts) < _LEAST_ROWS:  # the last lines of a text, or a note in the margin
        longest = counts.index(max(counts))
        return are_prose[longest] and counts[longest] >= _LEAST_PROSE_ROWS
    heights = [column[-1].y - column[0].y for column in lines]
    are_rows = 2 * sum(len(row) == len(columns) and _is_level(row) for row in rows) > min(counts)
    return all(are_prose) or not are_rows or 2 * min(heights) < max(heights)


def _is_level(row: Sequence[Part]) -> bool:
    """Whether the parts stand on one baseline, as cells of a row do, and lines of two columns only by chance."""
    bases = [base_of(part) for part in row]
    return max(bases) - min(bases) <= _LEVEL_PT


def _is_prose(column: Sequence[Piece], extent: tuple[float, float]) -> bool:
    fill = median((piece.x1 - piece.x0) / max(extent[1] - extent[0], 1.0) for piece in column)
    return _mean_chars(column) >= _PROSE_CHARS and fill >= _FULL


def _mean_chars(column: Sequence[Piece]) -> float:
    return sum(len(piece.text) for piece in column) / len(column)


def _lines(column: Sequence[Piece]) -> list[Piece]:
    """The column's pieces, those on one baseline as one: a row of a table inside the column is a line of it."""
    return [join_pieces([part for part in row if isinstance(part, Piece)]) for row in _rows(column)]


def _is_drawn_in_turn(columns: Sequence[Sequence[Piece]]) -> bool:
    """Whether the file draws each column before the next one, but for a few parts such as its footnotes.

    A file that draws rows changes the column at least once a row.
    """
    drawn = sorted((_first(piece), number) for number, column in enumerate(columns) for piece in column)
    changes = sum(number != after for (_, number), (_, after) in pairwise(drawn))
    return changes < len(columns) + _STRAY * min(map(len, columns))


def _are_lines(rows: Sequence[Sequence[Piece]], extents: Sequence[tuple[float, float]]) -> bool:
    """Whether the rows are lines of one text that happen to have a gap at the same place: full, and drawn across."""
    if len(extents) > 2:
        return False
    both = [row for row in rows if len(row) == 2]
    follows = sum(0 <= _first(row[1]) - max(row[0].chars) <= 3 for row in both)
    prose = all(_is_prose([row[side] for row in both], extents[side]) for side in (0, 1)) if both else False
    return prose and follows > 0.5 * len(both)


def _first(piece: Piece) -> int:
    return next(index for index in piece.chars if index != NONE)


def _across(row: Sequence[Part], width: tuple[float, float]) -> Region:
    if isinstance(row[0], Table):
        return row[0]
    return Column((join_pieces([part for part in row if isinstance(part, Piece)]),), *width)


def _merged(regions: Sequence[Region]) -> list[Region]:
    """The regions, with lines that follow one another in the same column as one."""
    merged: list[Region] = []
    for region in regions:
        last = merged[-1] if merged else None
        if isinstance(region, Table) or not isinstance(last, Column):
            merged.append(region)
        elif (last.left, last.right) == (region.left, region.right):
            merged[-1] = Column((*last.lines, *region.lines), region.left, region.right)
        else:
            merged.append(region)
    return merged


def _rows(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts by baseline, from top to bottom; a table is a row of its own."""
    rows: list[list[Part]] = []
    for part in sorted(parts, key=base_of):
        last = rows[-1][0] if rows else None
        if isinstance(part, Piece) and isinstance(last, Piece) and part.y - last.y <= _SAME_ROW_EM * part.size:
            rows[-1].append(part)
        else:
            rows.append([part])
    for row in rows:
        is_rtl = isinstance(row[0], Piece) and row[0].is_rtl
        row.sort(key=lambda part: -box_of(part).x1 if is_rtl else box_of(part).x0)
    return rows


def _extents(parts: Sequence[Part], gutter: float) -> list[tuple[float, float]]:
    """What the parts cover from left to right, parted where a gutter is white."""
    extents: list[tuple[float, float]] = []
    for box in sorted(map(box_of, parts)):
        if extents and box.x0 - extents[-1][1] < gutter:
            extents[-1] = (extents[-1][0], max(extents[-1][1], box.x1))
        else:
            extents.append((box.x0, box.x1))
    return extents


def _is_in(part: Part, extent: tuple[float, float]) -> bool:
    box = box_of(part)
    return extent[0] <= box.x0 and box.x1 <= extent[1]


def _width(parts: Sequence[Part]) -> tuple[float, float]:
    boxes = [box_of(part) for part in parts]
    return min(box.x0 for box in boxes), max(box.x1 for box in boxes)
