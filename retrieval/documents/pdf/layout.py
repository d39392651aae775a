"""Pieces -> columns and tables in reading order, found by the white gutters between them.

A gutter is a white strip that stays free over several rows. Whether what stands on its two sides are columns of text or
of a table is told by the order in which the file draws them (columns one after the other, a table row by row) and by
how full their lines are. Where neither speaks for columns or a table, the rows are lines, read across.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from retrieval.documents.pdf.parts import NONE, Box, Column, Piece, Table, join_pieces
from retrieval.documents.pdf.pieces import main_size
from retrieval.documents.pdf.tables import WRAPPED_EM, aligned_table

# Guesses, tried on made files. Lengths are multiples of the page's type size.
_GUTTER_EM = 0.8  # TeX parts columns by 1.0, and ink may reach into that
_CELL_EM = 0.2  # white between the columns of a table, whose cells are further apart in each row
_SAME_ROW_EM = 0.4
_LEVEL_PT = 0.5
_LEAST_ROWS = 3  # of a table, and of columns that are drawn one after the other
_LEAST_PROSE_ROWS = 5  # of columns that are not: fewer may be white rivers in one column
_PROSE_CHARS = 18  # mean length of a line: the cells of most tables are shorter
_FULL = 0.6  # share of a column's width that its middle line fills
_STRAY = 0.1  # changes of the column in the order of drawing, compared with the lines of the shortest column
_APART_EM = 1.7  # a line this far from the next ones belongs to neither of their columns
_NEAR_ROWS = 12  # that far the next line of a column is looked for: lines of the other stand between
_LARGER = 1.1  # a heading's type, compared with the page's
_MOST_ALONE = 2  # rows of one cell between two of several, such as a group's name
_MOST_PIECES = 4_000  # a page of a newspaper has about 1,000; more is no text, and is read across
_MOST_NESTED = 6

Part = Piece | Table
Region = Column | Table


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows first to last (half-open) that a white strip parts; `count` is the number of pieces."""

    first: int
    last: int
    strip: tuple[float, float]
    count: int


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
    for band in [] if is_plain else _bands(rows, size):
        inside = _inside(rows[band.first : band.last], size, depth)
        if inside:
            before = _order(rows[: band.first], width, size, depth + 1)
            return [*before, *inside, *_order(rows[band.last :], width, size, depth + 1)]
    return [_across(row, width) for row in rows]


def _inside(rows: list[list[Part]], size: float, depth: int) -> list[Region]:
    """The columns or the table of a band; none where it is neither."""
    parts = [part for row in rows for part in row]
    extents = _extents(parts, _GUTTER_EM * size)
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
    is_close = isinstance(part, Piece) and part.y - _base(before[0]) < WRAPPED_EM * part.size
    return is_close and _box(part).x0 > (_box(before[0]).x1 if len(before) > 1 else _box(before[0]).x0 - 1)


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
    bases = [_base(part) for part in row]
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


def _bands(rows: Sequence[Sequence[Part]], size: float) -> list[_Band]:
    """The bands of rows that a white strip parts, the largest first."""
    bands: list[_Band] = []
    for number in range(len(rows)):
        near = [part for row in rows[number : number + 2] for part in row if _top(part) <= _foot(rows[number][0])]
        near.sort(key=lambda part: _box(part).x0)
        reach = float("-inf")
        for part in near:
            box = _box(part)
            if reach > float("-inf") and box.x0 - reach >= _GUTTER_EM * size:
                strip = (reach, box.x0)
                if not any(_covers(band, number, strip) for band in bands):
                    band = _band(rows, number, strip, size)
                    if band:
                        bands.append(band)
            reach = max(reach, box.x1)
    return sorted(bands, key=lambda band: -band.count)


def _covers(band: _Band, row: int, strip: tuple[float, float]) -> bool:
    return band.first <= row < band.last and band.strip[0] < strip[1] and strip[0] < band.strip[1]


def _band(rows: Sequence[Sequence[Part]], seed: int, strip: tuple[float, float], size: float) -> _Band | None:
    """The rows above and below `seed` that the strip parts too, as far as a strip stays white."""
    last = seed + 1
    while last < len(rows) and (narrowed := _narrowed(strip, rows, last, size)):
        strip, last = narrowed, last + 1
    first = seed
    while first > 0 and (narrowed := _narrowed(strip, rows, first - 1, size)):
        strip, first = narrowed, first - 1
    first, last = _trim(rows, first, last, strip, size)
    sides = [_box(part).x1 <= strip[0] for row in rows[first:last] for part in row]
    if last - first < 2 or not any(sides) or all(sides):
        return None
    return _Band(first, last, strip, len(sides))


def _narrowed(
    strip: tuple[float, float], rows: Sequence[Sequence[Part]], number: int, size: float
) -> tuple[float, float] | None:
    """What the row leaves white of the strip; None where that is too narrow or the row is across or inside it."""
    row = rows[number]
    if len(row) == 1 and strip[0] < _box(row[0]).x0 and _box(row[0]).x1 < strip[1]:
        return None  # a page number below the gutter
    for part in row:
        box = _box(part)
        if box.x0 < strip[1] and box.x1 > strip[0]:
            left, right = (strip[0], max(box.x0, strip[0])), (min(box.x1, strip[1]), strip[1])
            strip = max(left, right, key=lambda side: side[1] - side[0])
            if strip[1] - strip[0] < _GUTTER_EM * size:
                return None
    return None if _is_heading_across(rows, number, strip, size) else strip


def _is_heading_across(rows: Sequence[Sequence[Part]], number: int, strip: tuple[float, float], size: float) -> bool:
    """Whether the row is one line of larger type on the left, nothing is beside it, and columns begin together below.

    A heading of the left column is beside lines of the right one, or the right one has ended or goes on at its own
    heights.
    """
    part = rows[number][0]
    if len(rows[number]) > 1 or isinstance(part, Table) or part.size < _LARGER * size or part.x1 > strip[0]:
        return False
    near = [other for row in rows[max(number - 3, 0) : number + 4] for other in row]
    right = [other for other in near if _box(other).x0 >= strip[1]]
    if any(_top(other) < _foot(part) and _foot(other) > _top(part) for other in right):
        return False
    left_below = next((_base(other) for other in near if _box(other).x1 <= strip[0] and _base(other) > part.y), None)
    right_below = next((_base(other) for other in right if _base(other) > part.y), None)
    return left_below is not None and right_below is not None and abs(left_below - right_below) <= size


def _trim(
    rows: Sequence[Sequence[Part]], first: int, last: int, strip: tuple[float, float], size: float
) -> tuple[int, int]:
    """The rows without those at either end that belong to no column: headings across, and lines far from the others."""
    while last - first > 1 and (
        _is_heading_across(rows, first, strip, size) or _is_apart(rows, range(first, last), strip, size)
    ):
        first += 1
    while last - first > 1 and _is_apart(rows, range(last - 1, first - 1, -1), strip, size):
        last -= 1
    return first, last


def _is_apart(rows: Sequence[Sequence[Part]], numbers: range, strip: tuple[float, float], size: float) -> bool:
    """Whether the first of the rows with these numbers is on one side only, and far from the next part on that side."""
    row = rows[numbers[0]]
    sides = {_box(part).x1 <= strip[0] for part in row}
    if len(sides) > 1:
        return False
    others = (other for number in numbers[1:_NEAR_ROWS] for other in rows[number])
    after = next((other for other in others if (_box(other).x1 <= strip[0]) in sides), None)
    part = row[0]
    size = max(part.size, size) if isinstance(part, Piece) else size
    return after is None or abs(_base(part) - _base(after)) > _APART_EM * size


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
    for part in sorted(parts, key=_base):
        last = rows[-1][0] if rows else None
        if isinstance(part, Piece) and isinstance(last, Piece) and part.y - last.y <= _SAME_ROW_EM * part.size:
            rows[-1].append(part)
        else:
            rows.append([part])
    for row in rows:
        is_rtl = isinstance(row[0], Piece) and row[0].is_rtl
        row.sort(key=lambda part: -_box(part).x1 if is_rtl else _box(part).x0)
    return rows


def _extents(parts: Sequence[Part], gutter: float) -> list[tuple[float, float]]:
    """What the parts cover from left to right, parted where a gutter is white."""
    extents: list[tuple[float, float]] = []
    for box in sorted(map(_box, parts)):
        if extents and box.x0 - extents[-1][1] < gutter:
            extents[-1] = (extents[-1][0], max(extents[-1][1], box.x1))
        else:
            extents.append((box.x0, box.x1))
    return extents


def _is_in(part: Part, extent: tuple[float, float]) -> bool:
    box = _box(part)
    return extent[0] <= box.x0 and box.x1 <= extent[1]


def _width(parts: Sequence[Part]) -> tuple[float, float]:
    boxes = [_box(part) for part in parts]
    return min(box.x0 for box in boxes), max(box.x1 for box in boxes)


def _box(part: Part) -> Box:
    return part.box if isinstance(part, Table) else Box(part.x0, part.y - part.size, part.x1, part.y + 0.3 * part.size)


def _base(part: Part) -> float:
    return part.box.y0 if isinstance(part, Table) else part.y


def _top(part: Part) -> float:
    return _box(part).y0


def _foot(part: Part) -> float:
    return _box(part).y1
