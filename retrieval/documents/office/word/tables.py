"""The grid of a Word table: rows and cells, merged cells once."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from retrieval.documents.office.word.styles import W, is_true, value
from retrieval.documents.office.word.text import visible_children

_MAX_COLUMNS = 63  # Word's own limit


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by column, None where a cell beside or above covers the column, or where there is none."""

    is_header: bool
    cells: tuple[etree._Element | None, ...]


def rows_of(table: etree._Element) -> list[Row]:
    """The rows that were not deleted. `is_header` is what Word repeats on each page."""
    rows = []
    for element in visible_children(table):
        properties = element.find(f"{W}trPr")
        if element.tag != f"{W}tr" or _has(properties, "del") or _has(properties, "hidden"):
            continue
        cells: list[etree._Element | None] = [None] * _count(properties, "gridBefore", 0)
        for cell in visible_children(element):
            if cell.tag == f"{W}tc" and not _has(cell.find(f"{W}tcPr"), "cellDel"):
                cells += _spanned(cell)
        rows.append(Row(_has(properties, "tblHeader"), tuple(cells[:_MAX_COLUMNS])))
    return rows


def is_grid(rows: list[Row]) -> bool:
    """Whether any row has several cells; a table of one column is a frame around paragraphs."""
    return any(sum(cell is not None for cell in row.cells) > 1 for row in rows)


def _spanned(cell: etree._Element) -> list[etree._Element | None]:
    """A cell, and None for each further column that it covers; only None where it continues another."""
    properties = cell.find(f"{W}tcPr")
    covered: list[etree._Element | None] = [None] * _count(properties, "gridSpan", 1)
    if not any(_has(properties, name) and value(properties, name) != "restart" for name in ("vMerge", "hMerge")):
        covered[:1] = [cell]
    return covered


def _has(properties: etree._Element | None, name: str) -> bool:
    found = None if properties is None else properties.find(W + name)
    return found is not None and is_true(found.get(f"{W}val"))


def _count(properties: etree._Element | None, name: str, otherwise: int) -> int:
    stated = None if properties is None else value(properties, name)
    return min(int(stated), _MAX_COLUMNS) if stated and stated.isascii() and stated.isdigit() else otherwise
