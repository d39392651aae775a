"""The shapes of a slide, in reading order -> the elements of an extraction."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape

from retrieval.documents.elements import ExtractionBuilder
from retrieval.documents.office_charts import DRAWN_ELSEWHERE, add_part, paragraph_text, reference_of
from retrieval.documents.office_xml import parse
from retrieval.documents.powerpoint.text import A, lines_of
from retrieval.documents.reading_order import in_reading_order
from retrieval.documents.tables import header_of
from retrieval.documents.visible import visible_line

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER)
_SAME_LINE = 0.04  # of the slide's height: shapes whose tops differ by less stand side by side (guess, untested)


class ShapeWriter:
    """Adds shapes to an extraction."""

    def __init__(self, builder: ExtractionBuilder, slide_height: int) -> None:
        """`slide_height` is in the same unit as the positions of shapes."""
        self._builder, self._same_line = builder, slide_height * _SAME_LINE

    def add(self, shapes: Iterable[BaseShape]) -> None:
        """Add a slide's or a group's shapes: its title, then the others from top to bottom and left to right."""
        found = [shape for shape in shapes if not _is_left_out(shape)]
        titles = [shape for shape in found if _placeholder(shape) in _TITLES]
        others = [shape for shape in found if _placeholder(shape) not in _TITLES]
        for title in titles:
            self._builder.add("heading", " ".join(line.text for line in lines_of(title)), level=1)
        for shape in in_reading_order(others, _position, self._same_line):
            self._add_shape(shape)

    def _add_shape(self, shape: BaseShape) -> None:
        if isinstance(shape, GroupShape):
            self.add(shape.shapes)
        elif isinstance(shape, GraphicFrame):
            self._add_frame(shape)
        else:
            for line in lines_of(shape):
                self._builder.add("paragraph" if line.depth is None else "item", line.text, level=line.depth or 0)

    def _add_frame(self, frame: GraphicFrame) -> None:
        """Add a table, chart or diagram."""
        if frame.has_table:
            self._add_table(frame.element)
        for drawn in frame.element.iter(*DRAWN_ELSEWHERE):
            try:
                part = frame.part.related_part(reference_of(drawn))
            except KeyError:
                continue  # the file lacks it
            add_part(parse(part.blob), self._builder)

    def _add_table(self, frame: etree._Element) -> None:
        rows = [[_cell_text(cell) for cell in row.iter(f"{A}tc")] for row in frame.iter(f"{A}tr")]
        header = header_of(rows)
        self._builder.begin_table()
        for number, row in enumerate(rows):
            self._builder.add_row(row, is_header=number == header)


def _cell_text(cell: etree._Element) -> str:
    """A cell's text, "" where another cell covers it."""
    is_covered = any(cell.get(merge) in ("1", "true") for merge in ("hMerge", "vMerge"))
    return "" if is_covered else visible_line(" ".join(paragraph_text(found) for found in cell.iter(f"{A}p")))


def _position(shape: BaseShape) -> tuple[float, float]:
    return shape.top or 0, shape.left or 0


def _placeholder(shape: BaseShape) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _is_left_out(shape: BaseShape) -> bool:
    """Whether a shape is hidden, or repeats on each slide."""
    names = shape.element.iter("{*}cNvPr")
    return next(names).get("hidden") in ("1", "true") or _placeholder(shape) in _FURNITURE
