"""The bands of a page's rows that a white strip parts: where columns, or the columns of a table, may be.

A row is what stands on one baseline; a band ends where the strip gets too narrow, and at a heading across the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.documents.pdf.parts import Box, Piece, Table

# Guesses, tried on made files. Lengths are multiples of the page's type size.
GUTTER_EM = 0.8  # TeX parts columns by 1.0, and ink may reach into that
_APART_EM = 1.7  # a line this far from the next ones belongs to neither of their columns
_NEAR_ROWS = 12  # that far the next line of a column is looked for: lines of the other stand between
_LARGER = 1.1  # a heading's type, compared with the page's

Part = Piece | Table


@dataclass(frozen=True, slots=True)
class Band:
    """Rows first to last (half-open) that a white strip parts; `count` is the number of pieces."""

    first: int
    last: int
    strip: tuple[float, float]
    count: int


def bands(rows: Sequence[Sequence[Part]], size: float) -> list[Band]:
    """The bands of rows that a white strip parts, the largest first."""
    found: list[Band] = []
    for number in range(len(rows)):
        near = [part for row in rows[number : number + 2] for part in row if _top(part) <= _foot(rows[number][0])]
        near.sort(key=lambda part: box_of(part).x0)
        reach = float("-inf")
        for part in near:
            box = box_of(part)
            if reach > float("-inf") and box.x0 - reach >= GUTTER_EM * size:
                strip = (reach, box.x0)
                if not any(_covers(band, number, strip) for band in found):
                    band = _band(rows, number, strip, size)
                    if band:
                        found.append(band)
            reach = max(reach, box.x1)
    return sorted(found, key=lambda band: -band.count)


def _covers(band: Band, row: int, strip: tuple[float, float]) -> bool:
    return band.first <= row < band.last and band.strip[0] < strip[1] and strip[0] < band.strip[1]


def _band(rows: Sequence[Sequence[Part]], seed: int, strip: tuple[float, float], size: float) -> Band | None:
    """The rows above and below `seed` that the strip parts too, as far as a strip stays white."""
    last = seed + 1
    while last < len(rows) and (narrowed := _narrowed(strip, rows, last, size)):
        strip, last = narrowed, last + 1
    first = seed
    while first > 0 and (narrowed := _narrowed(strip, rows, first - 1, size)):
        strip, first = narrowed, first - 1
    first, last = _trim(rows, first, last, strip, size)
    sides = [box_of(part).x1 <= strip[0] for row in rows[first:last] for part in row]
    if last - first < 2 or not any(sides) or all(sides):
        return None
    return Band(first, last, strip, len(sides))


def _narrowed(
    strip: tuple[float, float], rows: Sequence[Sequence[Part]], number: int, size: float
) -> tuple[float, float] | None:
    """What the row leaves white of the strip; None where that is too narrow or the row is across or inside it."""
    row = rows[number]
    if len(row) == 1 and strip[0] < box_of(row[0]).x0 and box_of(row[0]).x1 < strip[1]:
        return None  # a page number below the gutter
    for part in row:
        box = box_of(part)
        if box.x0 < strip[1] and box.x1 > strip[0]:
            left, right = (strip[0], max(box.x0, strip[0])), (min(box.x1, strip[1]), strip[1])
            strip = max(left, right, key=lambda side: side[1] - side[0])
            if strip[1] - strip[0] < GUTTER_EM * size:
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
    right = [other for other in near if box_of(other).x0 >= strip[1]]
    if any(_top(other) < _foot(part) and _foot(other) > _top(part) for other in right):
        return False
    left_below = next(
        (base_of(other) for other in near if box_of(other).x1 <= strip[0] and base_of(other) > part.y), None
    )
    right_below = next((base_of(other) for other in right if base_of(other) > part.y), None)
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
    sides = {box_of(part).x1 <= strip[0] for part in row}
    if len(sides) > 1:
        return False
    others = (other for number in numbers[1:_NEAR_ROWS] for other in rows[number])
    after = next((other for other in others if (box_of(other).x1 <= strip[0]) in sides), None)
    part = row[0]
    size = max(part.size, size) if isinstance(part, Piece) else size
    return after is None or abs(base_of(part) - base_of(after)) > _APART_EM * size


def box_of(part: Part) -> Box:
    """What the part covers, ascenders and descenders included."""
    return part.box if isinstance(part, Table) else Box(part.x0, part.y - part.size, part.x1, part.y + 0.3 * part.size)


def base_of(part: Part) -> float:
    """The height that the part is sorted by: a piece's baseline, a table's top."""
    return part.box.y0 if isinstance(part, Table) else part.y


def _top(part: Part) -> float:
    return box_of(part).y0


def _foot(part: Part) -> float:
    return box_of(part).y1
