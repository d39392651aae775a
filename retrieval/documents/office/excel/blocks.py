"""A sheet's rows -> elements: blank rows separate tables, single cells above a table are its title."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.documents.column_names import ROWS_COMPARED, has_column_names
from retrieval.documents.elements import CELL_SEPARATOR, ExtractionBuilder
from retrieval.documents.office.excel.sheets import Area, Sheet

_MOST_HEADER_ROWS = 3
_MOST_FILLED = 1_000_000  # cells that stand for others in merged ranges; more than any person merges
_MOST_EMPTY = 20  # empty places for each filled one: a table that has more is no table
_FREE_EMPTY = 10_000


@dataclass(frozen=True, slots=True)
class _Row:
    """The number of a row, counted from 1, and its texts by column."""

    number: int
    cells: dict[int, str]


def add_sheet(sheet: Sheet, comments: Sequence[tuple[int, str]], builder: ExtractionBuilder) -> None:
    """Add all rows of a sheet; the place of each is the sheet's name and the row's number.

    Comments, given with the numbers of their rows and in their order, become captions below these rows.
    """
    writer = _Writer(sheet, comments, builder)
    for rows in _blocks(sheet):
        writer.add_block(rows)
    writer.add_comments()


def _blocks(sheet: Sheet) -> Iterator[list[_Row]]:
    """The rows between blank ones."""
    rows: list[_Row] = []
    for number, cells in sheet.rows.items():
        if rows and number > rows[-1].number + 1:
            yield rows
            rows = []
        rows.append(_Row(number, dict(cells)))
    if rows:
        yield rows


class _Writer:
    """Writes a sheet's blocks and remembers the columns that the last header row named."""

    def __init__(self, sheet: Sheet, comments: Sequence[tuple[int, str]], builder: ExtractionBuilder) -> None:
        self._sheet, self._builder = sheet, builder
        self._comments = deque(comments)
        self._named: list[int] = []
        self._may_fill = _MOST_FILLED
        self._merged: dict[int, list[Area]] = {}
        for area in sheet.merged:
            self._merged.setdefault(area.first_row, []).append(area)

    def add_block(self, rows: Sequence[_Row]) -> None:
        """Add a title's lines as paragraphs, then names of columns, then rows."""
        titles = next((at for at, row in enumerate(rows) if len(row.cells) > 1), len(rows))
        for row in rows[:titles]:
            self._begin(row)
            self._builder.add("paragraph", next(iter(row.cells.values())))
            self._named = []
        body = rows[titles:]
        columns = sorted({column for row in body for column in row.cells})
        filled = sum(len(row.cells) for row in body)
        if len(body) * len(columns) > _MOST_EMPTY * filled + _FREE_EMPTY:
            self._add_loose(body)
        elif body:
            self._add_table(body, columns)

    def _add_table(self, rows: Sequence[_Row], columns: list[int]) -> None:
        names, height = self._names(rows, columns)
        if names or not self._named:
            self._builder.begin_table()
        if names:
            self._begin(rows[0])
            self._builder.add_row(names, is_header=True)
            self._named = columns
        elif self._named and not set(columns) <= set(self._named):
            self._add_loose(rows)  # the names above are of another table
            return
        body = rows[height:]
        self._fill_down(body)
        for row in body:
            self._begin(row)
            self._builder.add_row(_texts(row, self._named or columns))

    def _add_loose(self, rows: Sequence[_Row]) -> None:
        """Add rows whose cells are in no named column."""
        for row in rows:
            self._begin(row)
            self._builder.add("row", CELL_SEPARATOR.join(text for _, text in sorted(row.cells.items())))

    def add_comments(self, before: int | None = None) -> None:
        """Add the comments, if `before` is given only those of rows above that one."""
        while self._comments and (before is None or self._comments[0][0] < before):
            number, text = self._comments.popleft()
            self._begin_place(number)
            self._builder.add("caption", text)

    def _begin(self, row: _Row) -> None:
        self.add_comments(row.number)
        self._begin_place(row.number)

    def _begin_place(self, number: int) -> None:
        self._builder.begin_place("row", f"{self._sheet.name} {number}")

    def _names(self, rows: Sequence[_Row], columns: list[int]) -> tuple[list[str], int]:
        """The name of each column and the number of rows that hold the names; nothing and 0 where there are none."""
        if_unclear = columns != self._named
        first = rows[0].number
        merged = self._merged.get(first, [])
        height = max((area.last_row - first + 1 for area in merged), default=1)
        if any(area.first_column < area.last_column for area in merged):
            height = max(height, 2)  # a name above several columns has their own names below it
        for rows_of_names in dict.fromkeys((min(height, _MOST_HEADER_ROWS), 1)):
            names = self._joined(rows[:rows_of_names], columns)
            below = [_texts(row, columns) for row in rows[rows_of_names : rows_of_names + ROWS_COMPARED]]
            if has_column_names([names, *below], if_unclear=if_unclear):
                return names, rows_of_names
        return [], 0

    def _joined(self, rows: Sequence[_Row], columns: list[int]) -> list[str]:
        """The names of the columns, from the highest row down, with those that stand above several columns."""
        last = rows[-1].number
        texts = [dict(row.cells) for row in rows]
        for row, cells in zip(rows, texts, strict=True):
            for area in self._merged.get(row.number, []):
                if area.last_row <= last and area.first_column in cells:
                    begin, end = bisect_right(columns, area.first_column), bisect_right(columns, area.last_column)
                    self._fill(cells, columns[begin:end], cells[area.first_column])
        return [" ".join(dict.fromkeys(cells[column] for cells in texts if column in cells)) for column in columns]

    def _fill_down(self, rows: Sequence[_Row]) -> None:
        """Give each row the text of a cell that is merged with those above it."""
        by_number = {row.number: row.cells for row in rows}
        for row in rows:
            for area in self._merged.get(row.number, []):
                text = row.cells.get(area.first_column)
                if text and self._may_fill > 0:
                    for number in range(row.number + 1, min(area.last_row, rows[-1].number) + 1):
                        self._fill(by_number[number], [area.first_column], text)

    def _fill(self, cells: dict[int, str], columns: Sequence[int], text: str) -> None:
        self._may_fill -= len(columns) + 1
        if self._may_fill > 0:
            cells.update((column, text) for column in columns if column not in cells)


def _texts(row: _Row, columns: Sequence[int]) -> list[str]:
    return [row.cells.get(column, "") for column in columns]
