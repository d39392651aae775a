"""The shapes of a slide, in reading order -> the elements of an extraction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape

from retrieval.documents.elements import ExtractionBuilder
from retrieval.documents.office.charts import DRAWN_ELSEWHERE, add_part, paragraph_text, reference_of
from retrieval.documents.office.powerpoint.text import A, lines_of
from retrieval.documents.office.reading_order import in_lines
from retrieval.documents.office.tables import header_of
from retrieval.documents.office.xml import parse
from retrieval.documents.visible import visible_line

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER)
_SAME_LINE = 0.04  # of the slide's height: shapes whose tops differ by less stand side by side (guess, untested)
_SAME_EDGE = 0.1  # of the width of the wider of two shapes: their edges may differ by that (guess, untested)


class ShapeWriter:
    """Adds shapes to an extraction."""

    def __init__(self, builder: ExtractionBuilder, slide_height: int) -> None:
        """`slide_height` is in the same unit as the positions of shapes."""
        self._builder, self._same_line = builder, slide_height * _SAME_LINE

    def add(self, shapes: Iterable[BaseShape]) -> None:
        """Add a slide's or a group's shapes: its title, then the others from top to bottom and left to right.

        Of lists side by side, each with its heading above it, one is read after the other.
        """
        found = [shape for shape in shapes if not _is_left_out(shape)]
        titles = [shape for shape in found if _placeholder(shape) in _TITLES]
        others = [shape for shape in found if _placeholder(shape) not in _TITLES]
        for title in titles:
            self._builder.add("heading", " ".join(line.text for line in lines_of(title)), level=1)
        lines = in_lines(filter(_has_content, others), _position, self._same_line)
        for at in range(1, len(lines)):
            if _are_columns(lines[at - 1], lines[at]):
                columns = zip(lines[at - 1], lines[at], strict=True)
                lines[at - 1], lines[at] = [], [shape for column in columns for shape in column]
        for shape in chain.from_iterable(lines):
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


def _has_content(shape: BaseShape) -> bool:
    """Whether the shape holds what is read: no line or picture between two columns does."""
    return isinstance(shape, (GroupShape, GraphicFrame)) or bool(lines_of(shape))


def _are_columns(above: Sequence[BaseShape], below: Sequence[BaseShape]) -> bool:
    """Whether the shapes of one line are headings, each of a list below it that is as wide."""
    if len(above) != len(below) or len(below) < 2:
        return False
    pairs = zip(above, below, strict=True)
    return all(_is_heading(head) and _is_list(list_) and _is_above(head, list_) for head, list_ in pairs)


def _is_heading(shape: BaseShape) -> bool:
    return [line.depth for line in lines_of(shape)] == [None]


def _is_list(shape: BaseShape) -> bool:
    return any(line.depth is not None for line in lines_of(shape))


def _is_above(head: BaseShape, list_: BaseShape) -> bool:
    differences = (head.left or 0) - (list_.left or 0), (head.width or 0) - (list_.width or 0)
    return max(map(abs, differences)) <= _SAME_EDGE * max(head.width or 0, list_.width or 0)


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
