"""Tables in plain text: columns aligned by white space, or drawn with "|" and "+---+". Pure.

Evidence needed: at least three neighbouring lines with gaps, and columns of white space, two characters wide, that no
line's words cross; or at least two neighbouring lines that begin and end with "|".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.documents.column_names import has_column_names
from retrieval.documents.plain_text.lines import Block, Line, has_gaps
from retrieval.spans import Span

_LEAST_LINES = 3
_LEAST_DRAWN = 2
_DRAWN = re.compile(r"\s*\|.*\|\s*")
_CELL = re.compile(r"(?<=\|)([^|]*)(?=\|)")
_RULE = re.compile(r"[\s=+|_-]+")
_LEAST_SIGNS = 3
_MAX_ROW_CHARS = 400


def mark_tables(blocks: Sequence[Block]) -> None:
    """Make rows of the blocks that are lines of tables, each with its columns, and drop the rules between them."""
    number = 0
    while number < len(blocks):
        end = number
        while end < len(blocks) and _is_row(blocks[end]) and (end == number or not blocks[end].blank_before):
            end += 1
        rows = [block for block in blocks[number:end] if not _is_rule(block)]
        columns = _columns_of(rows)
        if columns:
            first = next(at for at, block in enumerate(blocks[number:end], number) if block is rows[0])
            _mark(rows, columns, any(map(_is_rule, blocks[first + 1 : min(first + 2, end)])))
            for block in blocks[number:end]:
                if _is_rule(block):
                    block.drop("table rule")
        number = max(end, number + 1)


def _columns_of(rows: Sequence[Block]) -> list[tuple[Span, ...]]:
    """The columns of each row, as spans of characters of its line; empty where the lines are no table."""
    if len(rows) >= _LEAST_DRAWN and all(map(_is_drawn, rows)):
        drawn = [tuple(match.span(1) for match in _CELL.finditer(row.text)) for row in rows]
        return drawn if min(map(len, drawn)) >= 2 else []
    columns = _columns([block.lines[0] for block in rows]) if len(rows) >= _LEAST_LINES else []
    return [tuple(columns)] * len(rows) if len(columns) >= 2 else []


def _mark(rows: Sequence[Block], columns: Sequence[tuple[Span, ...]], is_ruled: bool) -> None:
    cells = [[row.text[slice(*column)].strip() for column in own] for row, own in zip(rows, columns, strict=True)]
    for row, own in zip(rows, columns, strict=True):
        row.kind, row.columns = "row", own
    has_empty_corner = not cells[0][0] and all(row[0] for row in cells[1:])
    if is_ruled or has_empty_corner or has_column_names(cells, if_unclear=False):
        rows[0].kind = "header row"


def _is_row(block: Block) -> bool:
    is_row = has_gaps(block.text) or _is_drawn(block) or _is_rule(block)
    return block.kind == "body" and len(block.lines) == 1 and is_row


def _is_drawn(block: Block) -> bool:
    return bool(_DRAWN.fullmatch(block.text))


def _is_rule(block: Block) -> bool:
    """Whether the line is only the rule below the names of a table's columns."""
    return bool(_RULE.fullmatch(block.text)) and sum(map(block.text.count, "=_-")) >= _LEAST_SIGNS


def _columns(rows: Sequence[Line]) -> list[Span]:
    """The columns, as spans of characters of a line; fewer than two where the lines have none in common."""
    width = max(len(row.text) for row in rows)
    if width > _MAX_ROW_CHARS:
        return []
    used = [any(at < len(row.text) and not row.text[at].isspace() for row in rows) for at in range(width)]
    columns: list[Span] = []
    for at in range(width):
        if not used[at]:
            continue
        if columns and at - columns[-1][1] < 2:
            columns[-1] = (columns[-1][0], at + 1)
        else:
            columns.append((at, at + 1))
    return columns


def cells_of(row: Block) -> list[Span]:
    """The row's cells as spans of the original, an empty span for an empty cell."""
    line, cells = row.lines[0], []
    for start, end in row.columns:
        text = line.text[start:end]
        first = line.start + start + len(text) - len(text.lstrip())
        cells.append((first, max(first, line.start + start + len(text.rstrip()))))
    return cells
