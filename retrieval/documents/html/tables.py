"""Tables: which of them are data, and their rows as a grid of texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from retrieval.documents.html.inline import image_text, line_of
from retrieval.documents.html.tree import LISTS, Node

_ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_CELLS = frozenset({"td", "th"})
_WHERE_READ = frozenset({("table", "caption"), ("tr", "td"), ("tr", "th")})
_IN_LAYOUT_CELLS = LISTS | frozenset({"pre", "blockquote", "hr", "form", "dl"})
_LAYOUT_CELL_CHARS = 500  # guess: without <th> or caption, a cell with more is part of a page's layout
_MOST_COLUMNS = 1000  # the HTML standard's limit of colspan
_REPEATS = 20  # guess: merged cells are repeated as long as the table grows no more than that


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a row's cells, by column, and whether they name the columns of the rows below."""

    cells: tuple[str, ...]
    is_header: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table's captions and rows. Pairs are names and values, without a header row: an information box."""

    captions: tuple[str, ...]
    rows: tuple[Row, ...]
    is_pairs: bool


def is_data_table(node: Node) -> bool:
    """Whether it is a table of data, and not one that only arranges the blocks of a page."""
    if node.tag != "table" or {"presentation", "none"} & node.words("role"):
        return False
    rows = [_cells(row) for row in _rows(node)]
    cells = [cell for row in rows for cell in row]
    if any(cell.has_heading for cell in cells):
        return False
    if any(cell.tag == "th" for cell in cells):
        return True
    if any(cell.find("table") for cell in cells):
        return False
    if any(child.tag in ("caption", "thead") for child in node.elements):
        return True
    is_grid = len(rows) > 1 and max(map(len, rows)) > 1
    return is_grid and not any(_holds_blocks(cell) for cell in cells)


def _holds_blocks(cell: Node) -> bool:
    if cell.find(*_IN_LAYOUT_CELLS) or sum(node.tag == "p" for node in cell.walk()) > 1:
        return True
    return len(line_of(cell)) > _LAYOUT_CELL_CHARS


def read_table(node: Node) -> Table:
    """The captions and rows of a table of data. Several header rows become one: "2023 Q1".

    A merged cell's text is repeated in all rows and columns that it covers, so that each row can be read alone; a cell
    as wide as the whole table is there once.
    """
    rows = [row for row in _rows(node) if _cells(row)]
    grid = _grid(rows)
    width = max(map(len, grid), default=0)
    captions = [line_of(child) for child in node.elements if child.tag == "caption"]
    while len(rows) > 1 and _is_title(rows[0], grid[0], width):
        captions.append(grid.pop(0)[0])
        del rows[0]
    headers = [_names_columns(row) for row in rows]
    if not any(headers) and _has_bold_header(rows):
        headers[0] = True
    cells = [grid[n][:1] if _is_title(row, grid[n], width) else grid[n] for n, row in enumerate(rows)]
    is_pairs = (
        not any(headers) and width == 2 and all(_cells(row)[0].tag == "th" for row in rows if len(_cells(row)) > 1)
    )
    return Table(tuple(captions), tuple(_merged(cells, headers)), is_pairs and any(len(row) > 1 for row in cells))


def stray_blocks(table: Node) -> Iterator[Node]:
    """What stands between the rows or cells of a table; browsers show it above the table."""
    for child in table.elements:
        if child.is_container and (child.tag in _ROW_GROUPS or child.tag == "tr"):
            yield from stray_blocks(child)
        elif (table.tag, child.tag) not in _WHERE_READ:
            yield child


def _rows(table: Node) -> Iterator[Node]:
    for child in table.elements:
        if child.tag == "tr":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from (row for row in child.elements if row.tag == "tr")


def _cells(row: Node) -> list[Node]:
    return [cell for cell in row.elements if cell.tag in _CELLS]


def _grid(rows: Sequence[Node]) -> list[list[str]]:
    """The texts of the cells in their columns; a row ends with its last cell."""
    texts = {cell: _cell_text(cell, row) for row in rows for cell in _cells(row)}
    is_repeated = _may_repeat(texts, len(rows))
    grid: list[dict[int, str]] = [{} for _ in rows]
    for number, row in enumerate(rows):
        column = 0
        for cell in _cells(row):
            while column in grid[number]:
                column += 1
            width, height = _spans(cell, len(rows) - number) if is_repeated else (1, 1)
            for covered in grid[number : number + height]:
                covered.update(dict.fromkeys(range(column, column + width), texts[cell]))
            column += width
    return [[row.get(column, "") for column in range(max(row) + 1)] for row in grid]


def _cell_text(cell: Node, row: Node) -> str:
    """The cell's text, or what its picture shows, such as "yes" in a row of several cells."""
    return line_of(cell) or (image_text(cell) if len(_cells(row)) > 1 else "")


def _may_repeat(texts: Mapping[Node, str], rows: int) -> bool:
    """Whether repeating merged cells keeps the table near its size; a hostile one could grow a millionfold."""
    covered = chars = 0
    for cell, text in texts.items():
        width, height = _spans(cell, rows)
        covered += width * height
        chars += width * height * len(text)
    own_chars = sum(map(len, texts.values()))
    return covered <= _REPEATS * len(texts) + _MOST_COLUMNS and chars <= _REPEATS * own_chars


def _spans(cell: Node, rows_left: int) -> tuple[int, int]:
    """Columns and rows that the cell covers."""
    wide, high = (cell.get(name) if cell.get(name)[:5].isdecimal() else "1" for name in ("colspan", "rowspan"))
    height = int(high[:5]) or rows_left  # 0: all rows below
    return min(max(int(wide[:5]), 1), _MOST_COLUMNS), min(height, rows_left)


def _is_title(row: Node, texts: Sequence[str], width: int) -> bool:
    """Whether the row is one cell as wide as a table of several columns."""
    return width > 1 and len(_cells(row)) == 1 and len(texts) == width and len(set(texts)) == 1


def _names_columns(row: Node) -> bool:
    if row.parent and row.parent.tag == "thead":
        return True
    return all(cell.tag == "th" or not line_of(cell) for cell in _cells(row))


def _has_bold_header(rows: Sequence[Node]) -> bool:
    """Whether the first row is bold and the second is not: tables written without <th>."""
    return len(rows) > 1 and _is_bold(rows[0]) and not _is_bold(rows[1])


def _is_bold(row: Node) -> bool:
    filled = [cell for cell in _cells(row) if line_of(cell)]
    bold = [cell.find("b", "strong") for cell in filled]
    return len(filled) > 1 and all(b and line_of(b) == line_of(cell) for b, cell in zip(bold, filled, strict=True))


def _merged(rows: Sequence[Sequence[str]], headers: Sequence[bool]) -> Iterator[Row]:
    """The rows, header rows that follow each other as one: each column's names from top to bottom."""
    for is_header, group in groupby(zip(rows, headers, strict=True), key=lambda row: row[1]):
        found = [cells for cells, _ in group]
        if is_header:
            columns = zip_longest(*found, fillvalue="")
            yield Row(tuple(" ".join(dict.fromkeys(filter(None, names))) for names in columns), True)
        else:
            yield from (Row(tuple(cells), False) for cells in found)
