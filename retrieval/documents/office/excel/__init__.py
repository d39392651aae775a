"""Excel workbooks (.xlsx): every sheet's tables, row by row, with the text that Excel shows in each cell.

A comment stands below the row of its cell. Macros and the figures inside charts are left out; formulas are read by the
values that Excel saved.
"""

from __future__ import annotations

import re

from retrieval.documents.elements import Extraction, ExtractionBuilder, ReadOptions
from retrieval.documents.office.excel.blocks import add_sheet
from retrieval.documents.office.excel.comments import comments_of
from retrieval.documents.office.excel.drawings import add_drawings
from retrieval.documents.office.excel.sheets import Sheet, read_sheets
from retrieval.documents.office.xml import core_properties
from retrieval.documents.packed import Package

_UNNAMED = re.compile(r"[^\W\d_]+ ?\d")
"""The name that Excel gives a sheet, in any language: "Sheet1", "Tabelle1", "Hoja1"."""


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The sheets of a workbook. Raises DocumentError."""
    package = Package(raw, options.limits)
    sheets = read_sheets(package, options.limits)
    has_several = sum(bool(sheet.rows) for sheet in sheets) > 1
    builder = ExtractionBuilder()
    for sheet in sheets:
        if sheet.rows and (has_several or not _UNNAMED.fullmatch(sheet.name)):
            builder.add("heading", sheet.name, level=1)
        add_sheet(sheet, comments_of(package, sheet.part), builder)
        add_drawings(package, sheet.part, builder)
    return builder.extraction(core_properties(package), _remarks(sheets))


def _remarks(sheets: list[Sheet]) -> list[str]:
    remarks = [f"the sheet {sheet.name!r} is hidden in Excel, and was read too" for sheet in sheets if sheet.is_hidden]
    uncomputed = sum(sheet.uncomputed for sheet in sheets)
    if uncomputed:
        what = "1 formula has no value" if uncomputed == 1 else f"{uncomputed:,} formulas have no values"
        remarks.append(f"{what} in the file; open it in Excel and save it again")
    return remarks
