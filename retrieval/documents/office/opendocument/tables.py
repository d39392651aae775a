"""The rows and cells of OpenDocument tables, with what is stated to be repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from retrieval.documents.office.opendocument.styles import TABLE, whole_number

_MAX_COLUMNS = 1024  # what spreadsheets had room for before 2023; more is nearly always a style repeated to the edge
MAX_REPEATS = 1000  # guess, untested: equal rows that are worth reading
_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by column, None where another cell covers the column; it is there `repeats` times."""

    is_header: bool
    cells: tuple[etree._Element | None, ...]
    repeats: int


def rows_of(table: etree._Element, is_header: bool = False) -> Iterator[Row]:
    """The rows of a table, hidden ones without cells. `is_header` is what is repeated on each page."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            is_hidden = child.get(f"{TABLE}visibility", "visible") != "visible"
            cells = () if is_hidden else tuple(_cells(child))
            yield Row(is_header, cells, whole_number(child.get(f"{TABLE}number-rows-repeated"), 1))
        elif child.tag in (f"{TABLE}table-rows", f"{TABLE}table-row-group"):
            yield from rows_of(child, is_header)
        elif child.tag == f"{TABLE}table-header-rows":
            yield from rows_of(child, True)


def is_grid(rows: list[Row]) -> bool:
    """Whether any row has several cells; a table of one column is a frame around paragraphs."""
    return any(sum(cell is not None for cell in row.cells) > 1 for row in rows)


def _cells(row: etree._Element) -> list[etree._Element | None]:
    cells: list[etree._Element | None] = []
    for cell in row.iterchildren(*_CELLS):
        count = min(whole_number(cell.get(f"{TABLE}number-columns-repeated"), 1), _MAX_COLUMNS - len(cells))
        cells += [cell if cell.tag == _CELLS[0] else None] * count
    return cells
