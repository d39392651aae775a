"""Tables in plain text whose columns are aligned by white space. Pure.

Evidence needed: at least three neighbouring lines with gaps, and columns of white space, two characters wide, that no
line's words cross.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.documents.column_names import has_column_names
from retrieval.documents.plain_text.lines import Block, Line, has_gaps
from retrieval.schema import Span

_LEAST_LINES = 3
_RULE = re.compile(r"[\s=+|_-]*[=_-]{2,}[\s=+|_-]*")


def mark_tables(blocks: Sequence[Block]) -> None:
    """Make rows of the blocks that are lines of tables, each with its columns, and drop the rules between them."""
    number = 0
    while number < len(blocks):
        end = number
        while end < len(blocks) and _is_row(blocks[end]) and (end == number or not blocks[end].blank_before):
            end += 1
        rows = [block for block in blocks[number:end] if not _is_rule(block)]
        columns = _columns([block.lines[0] for block in rows]) if len(rows) >= _LEAST_LINES else []
        if len(columns) >= 2:
            is_ruled = any(map(_is_rule, blocks[number + 1 : number + 2]))
            _mark(rows, tuple(columns), is_ruled)
            for block in blocks[number:end]:
                if _is_rule(block):
                    block.drop("table rule")
        number = max(end, number + 1)


def _mark(rows: Sequence[Block], columns: tuple[Span, ...], is_ruled: bool) -> None:
    cells = [[row.text[slice(*column)].strip() for column in columns] for row in rows]
    for row in rows:
        row.kind, row.columns = "row", columns
    has_empty_corner = not cells[0][0] and all(row[0] for row in cells[1:])
    if is_ruled or has_empty_corner or has_column_names(cells, if_unclear=False):
        rows[0].kind = "header row"


def _is_row(block: Block) -> bool:
    return block.kind == "body" and len(block.lines) == 1 and (has_gaps(block.text) or _is_rule(block))


def _is_rule(block: Block) -> bool:
    """Whether the line is only the rule below the names of a table's columns."""
    return bool(_RULE.fullmatch(block.text))


def _columns(rows: Sequence[Line]) -> list[Span]:
    """The columns, as spans of characters of a line; fewer than two where the lines have none in common."""
    width = max(len(row.text) for row in rows)
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
