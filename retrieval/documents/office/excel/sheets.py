"""The sheets of an Excel file, with the text of every cell that has some. The only module that uses openpyxl."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import range_boundaries

# openpyxl's own row iterator writes out every missing row and column, billions in a hostile file. Its parser does not.
from openpyxl.worksheet._reader import FORMULA_TAG, MERGE_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from retrieval.documents.disguise import DAMAGED
from retrieval.documents.elements import Limits
from retrieval.documents.office.excel.values import shown
from retrieval.documents.packed import Package
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError

_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_WORKBOOK = "xl/workbook.xml"
_MAX_TAGS = 20_000_000  # about 5 million cells; a parsed tag takes some 100 bytes
_NOT_NEEDED = ("xl/pivotCache/", "xl/externalLinks/", "customXml/")


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range of cells: its first and last row and column, counted from 1."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its part in the file, and its rows in order.

    `rows` are the cells that have text, by column and row, both counted from 1 as in Excel. `uncomputed` is the number
    of formulas whose values are not in the file.
    """

    name: str
    part: str
    is_hidden: bool
    rows: Mapping[int, Mapping[int, str]]
    merged: tuple[Area, ...]
    uncomputed: int


def read_sheets(package: Package, limits: Limits) -> list[Sheet]:
    """The sheets in order, without charts that fill a sheet. Raises DocumentError."""
    if _WORKBOOK in package and _STRICT in package.read(_WORKBOOK):
        raise DocumentError("it is saved as Strict Open XML; save it as an ordinary Excel workbook (.xlsx)")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and pictures that it leaves out
        try:
            workbook = load_workbook(_repacked(package), read_only=True, data_only=True, keep_links=False)
            worksheets = workbook.worksheets
            if len(worksheets) > limits.pages:
                raise DocumentError(f"it has {len(worksheets):,} sheets; raise the limit with --max-pages")
            return [_read_sheet(workbook, worksheet) for worksheet in worksheets]
        except DocumentError:
            raise
        except Exception as error:  # openpyxl checks little, so that damaged XML shows in errors of any kind
            raise DocumentError(DAMAGED) from error


def _repacked(package: Package) -> io.BytesIO:
    repacked = package.repacked(_is_needed)  # it is not compressed, so that tags can be counted in the whole
    if repacked.getvalue().count(b"<") > _MAX_TAGS:
        raise DocumentError("it has too many cells to be held in memory; split it into several files")
    return repacked


def _is_needed(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and not name.startswith(_NOT_NEEDED)


def _read_sheet(workbook: Any, worksheet: Any) -> Sheet:
    rows: dict[int, dict[int, str]] = {}
    formats: dict[int, str] = {}
    with workbook._archive.open(worksheet._worksheet_path) as source:
        parser = _Parser(workbook, worksheet, source)
        for number, cells in parser.rows():
            texts = rows.setdefault(number, {})
            for cell in cells:
                style = cell["style_id"]
                if style not in formats:
                    formats[style] = _number_format(worksheet, style)
                if text := shown(cell["value"], formats[style]):
                    texts[cell["column"]] = text
    return Sheet(
        name=visible_line(worksheet.title),
        part=worksheet._worksheet_path,
        is_hidden=worksheet.sheet_state != "visible",
        rows={number: rows[number] for number in sorted(rows) if rows[number]},
        merged=tuple(parser.merged),
        uncomputed=parser.uncomputed,
    )


def _number_format(worksheet: Any, style: int) -> str:
    try:
        return str(ReadOnlyCell(worksheet, 1, 1, None, style_id=style).number_format)
    except IndexError:  # a style that the file does not define
        return "General"


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """Reads rows and merged ranges and leaves out all else, which may be damaged without harm."""

    def __init__(self, workbook: Any, worksheet: Any, source: IO[bytes]) -> None:
        super().__init__(
            source,
            worksheet._shared_strings,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        self.merged: list[Area] = []
        self.uncomputed = 0

    def rows(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """The number of each row in the file, and its cells."""
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()
            elif element.tag == MERGE_TAG:
                self.merged += [_area(merged.get("ref", "")) for merged in element if ":" in merged.get("ref", "")]

    def parse_cell(self, element: Any) -> dict[str, Any]:
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except (ValueError, IndexError):  # not of the type it states: shown as it is written
            written = element.findtext(VALUE_TAG)
            cell = {"row": self.row_counter, "column": self.col_counter, "value": written, "style_id": 0}
        # The value of a formula that gives an empty text is empty too, and a string.
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            self.uncomputed += 1
        return cell


def _area(reference: str) -> Area:
    first_column, first_row, last_column, last_row = range_boundaries(reference)
    return Area(first_row, last_row, first_column, last_column)
