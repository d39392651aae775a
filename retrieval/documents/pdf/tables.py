"""Tables: cells between ruled lines, and cells that stand in aligned columns; and which row names the columns."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from retrieval.documents.pdf.parts import Box, Piece, Rule, Table, Word, join_pieces
from retrieval.documents.pdf.pieces import pieces_of

_TOUCH_PT = 2.5  # rules this close meet
_SAME_RULE_PT = 4.0  # double lines are one; no row of text is lower than this
WRAPPED_EM = 1.45  # lines of one cell are at most this far apart; 1.2 is usual
_NUMBER_CHARS = 40
_NUMBER = re.compile(r"[^\w]*\d[\d.,:/\s%€$£+\-–]*[^\W\d]{0,3}[^\w]*")
_Cell = Piece | None


def ruled_tables(words: Sequence[Word], rules: Sequence[Rule]) -> tuple[list[Table], list[Word]]:
    """The tables whose cells are parted by lines, two rows and two columns at least, and the words outside of them."""
    tables, rest = [], list(words)
    for group in _connected(rules):
        columns = _edges([rule.x0 for rule in group if rule.x0 == rule.x1])
        rows = _edges([rule.y0 for rule in group if rule.y0 == rule.y1])
        if len(columns) < 3 or len(rows) < 3:
            continue
        box = Box(columns[0], rows[0], columns[-1], rows[-1])
        inside = [word for word in rest if word.turn == 0 and _is_inside(word, box)]
        table = _table(inside, columns, rows, box)
        if table:
            rest = [word for word in rest if word.turn != 0 or not _is_inside(word, box)]
            tables.append(table)
    return tables, rest


def aligned_table(rows: Sequence[Sequence[Piece]], columns: Sequence[tuple[float, float]]) -> Table:
    """The table of rows of pieces whose columns are the given extents; a wrapped cell's lines are one cell."""
    found: list[list[list[Piece]]] = []
    last_y = 0.0
    for row in rows:
        cells: list[list[Piece]] = [[] for _ in columns]
        for piece in row:
            middle = (piece.x0 + piece.x1) / 2
            cells[min(range(len(columns)), key=lambda number: _distance(middle, columns[number]))].append(piece)
        is_wrapped = found and not cells[0] and row[0].y - last_y < WRAPPED_EM * row[0].size
        if is_wrapped:
            for cell, more in zip(found[-1], cells, strict=True):
                cell += more
        else:
            found.append(cells)
        last_y = row[0].y
    pieces = [piece for row in rows for piece in row]
    return Table(tuple(tuple(join_pieces(cell) if cell else None for cell in row) for row in found), _box_of(pieces))


def has_header(table: Table) -> bool:
    """Whether the first row names the columns: it alone is bold, or it is text where a column below is numbers."""
    first, others = table.rows[0], table.rows[1:]
    named = [cell for cell in first if cell]
    below = [cell for row in others for cell in row if cell]
    if len(named) < 2 or not below:
        return False
    if all(cell.is_bold for cell in named) and not all(cell.is_bold for cell in below):
        return True
    if any(is_number(cell) for cell in named):
        return False
    columns = ([row[number] for row in others if row[number]] for number, cell in enumerate(first) if cell)
    return any(column and all(is_number(cell) for cell in column if cell) for column in columns)


def _box_of(pieces: Sequence[Piece]) -> Box:
    """What the pieces cover, from the top of the first line to the foot of the last."""
    return Box(
        min(piece.x0 for piece in pieces),
        min(piece.y - piece.size for piece in pieces),
        max(piece.x1 for piece in pieces),
        max(piece.y + 0.3 * piece.size for piece in pieces),
    )


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules in groups that touch one another."""
    if len(rules) < 4:
        return []
    edges = np.array(rules)
    low, high = edges[:, :2] - _TOUCH_PT / 2, edges[:, 2:] + _TOUCH_PT / 2
    left = list(range(len(rules)))
    groups = []
    while left:
        group, border = [], [left.pop()]
        while border:
            number = border.pop()
            group.append(rules[number])
            others = np.array(left, dtype=np.int64)
            touches = ((low[others] <= high[number]) & (high[others] >= low[number])).all(axis=1)
            border += others[touches].tolist()
            left = others[~touches].tolist()
        groups.append(group)
    return groups


def _edges(places: Sequence[float]) -> list[float]:
    """The places in order, those of double lines once."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _SAME_RULE_PT:
            edges.append(place)
    return edges


def _is_inside(word: Word, box: Box) -> bool:
    middle = word.y - 0.3 * word.size
    return box.y0 <= middle <= box.y1 and box.x0 <= (word.x0 + word.x1) / 2 <= box.x1


def _table(words: Sequence[Word], columns: Sequence[float], rows: Sequence[float], box: Box) -> Table | None:
    """The table of the words, None where fewer than two rows or two columns hold any."""
    cells: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        column = bisect_left(columns, (word.x0 + word.x1) / 2)
        row = bisect_left(rows, word.y - 0.3 * word.size)
        cells.setdefault((row, column), []).append(word)
    used_rows, used_columns = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
    if len(used_rows) < 2 or len(used_columns) < 2:
        return None
    found = []
    for row in used_rows:
        own = [cells.get((row, column)) for column in used_columns]
        found.append(tuple(join_pieces(pieces_of(cell)) if cell else None for cell in own))
    return Table(tuple(found), box)


def _distance(middle: float, column: tuple[float, float]) -> float:
    return max(column[0] - middle, middle - column[1], 0.0)


def is_number(cell: Piece) -> bool:
    return len(cell.text) <= _NUMBER_CHARS and bool(_NUMBER.fullmatch(cell.text))
