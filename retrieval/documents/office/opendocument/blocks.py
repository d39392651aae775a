"""The paragraphs and tables of an OpenDocument file -> the elements of an extraction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from retrieval.documents.elements import ElementKind, ExtractionBuilder, Limits
from retrieval.documents.office.clauses import is_clause
from retrieval.documents.office.opendocument.styles import TABLE, TEXT, Styles
from retrieval.documents.office.opendocument.tables import MAX_REPEATS, Row, is_grid, rows_of
from retrieval.documents.office.opendocument.text import Flow
from retrieval.documents.office.opendocument.walk import Block, Walker, heading_level
from retrieval.documents.office.tables import header_of
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError


@dataclass(frozen=True, slots=True)
class _Found:
    """What was met in a table's cells: their paragraphs, and tables that are added after it."""

    flows: list[Flow] = field(default_factory=list)
    tables: list[etree._Element] = field(default_factory=list)


class BlockWriter:
    """Adds blocks to an extraction, and the notes and drawings that they hold after them."""

    def __init__(self, styles: Styles, limits: Limits, *, has_places: bool) -> None:
        """With `has_places` each paragraph and row is a place of its own."""
        self.builder = ExtractionBuilder()
        self._styles, self._walker = styles, Walker(styles)
        self._has_places, self._places = has_places, 0
        self._unpacked_mb, self._chars_left = limits.unpacked_mb, limits.unpacked_mb * 1_000_000

    def add_heading(self, parent: etree._Element) -> None:
        """Add what stands in an element as a heading."""
        self.builder.add("heading", " ".join(self._texts(parent, _Found())), level=1)

    def add_blocks(self, parent: Iterable[etree._Element]) -> None:
        """Add what stands in an element, or in several."""
        for block in self._walker.blocks(parent):
            if block.element.tag == f"{TABLE}table":
                self._add_table(block.element)
            else:
                self._add_paragraph(block)

    def _add_paragraph(self, block: Block) -> None:
        flow = self._read(block.element)
        text = visible_line(flow.text)
        if text:
            self._begin_place()
            kind, level = self._kind(block, text)
            self.builder.add(kind, visible_line(f"{block.label} {text}"), level=level)
        self._add_later([flow])

    def _kind(self, block: Block, text: str) -> tuple[ElementKind, int]:
        style = block.element.get(f"{TEXT}style-name", "")
        level = heading_level(block.element) if block.element.tag == f"{TEXT}h" else None
        if level is not None and not is_clause(text):
            return "heading", level
        if block.depth is not None:
            return "item", block.depth
        if level is not None and block.label:
            return "item", level - 1
        if style in self._styles.titles:
            return "heading", 1
        return ("caption" if style in self._styles.captions else "paragraph"), 0

    def _read(self, element: etree._Element) -> Flow:
        flow = Flow(self._styles)
        flow.read(element)
        return flow

    def _add_later(self, flows: Sequence[Flow]) -> None:
        """Add the drawings and notes of paragraphs that were added."""
        for flow in flows:
            for drawing in flow.drawings:
                self.add_blocks(drawing)
            for note in flow.notes:
                for body in note.iterchildren(f"{TEXT}note-body"):
                    for text in self._texts(body, _Found()):
                        self.builder.add("paragraph", text)

    def _add_table(self, table: etree._Element) -> None:
        """Add a table's rows, then the notes and tables that stand in them."""
        rows = list(rows_of(table))
        if not is_grid(rows):
            for cell in (cell for row in rows for cell in row.cells if cell is not None):
                self.add_blocks(cell)
            return
        found = _Found()
        texts = [self._row_texts(row, found) for row in rows]
        marked = {number for number, row in enumerate(rows) if row.is_header}
        headers: set[int | None] = {*marked} or {header_of(texts)}
        self.builder.begin_table()
        for number, (row, cells) in enumerate(zip(rows, texts, strict=True)):
            for _ in range(min(row.repeats, MAX_REPEATS) if any(cells) else 0):
                self._begin_place()
                self._add_row(cells, is_header=number in headers)
        self._add_later(found.flows)
        for inner in found.tables:
            self._add_table(inner)

    def add_sheet(self, table: etree._Element) -> None:
        """Add a sheet's name as a heading, and its rows as places of their own."""
        name = visible_line(table.get(f"{TABLE}name", ""))
        self.builder.add("heading", name, level=1)
        found = _Found()
        rows = [(row, self._row_texts(row, found)) for row in rows_of(table)]
        header = header_of([cells for _, cells in rows])
        self.builder.begin_table()
        row_number = 1
        for number, (row, cells) in enumerate(rows):
            for repeat in range(min(row.repeats, MAX_REPEATS) if any(cells) else 0):
                self.builder.begin_place("row", f"{name} {row_number + repeat}")
                self._add_row(cells, is_header=number == header)
            row_number += row.repeats
        self._add_later(found.flows)

    def _row_texts(self, row: Row, found: _Found) -> list[str]:
        """The texts of a row's cells; the last is not empty."""
        texts: list[str] = []
        last: etree._Element | None = None
        for cell in row.cells:
            if cell is None or cell is not last:
                texts.append("" if cell is None else " ".join(self._texts(cell, found)))
            else:
                texts.append(texts[-1])  # one cell that is stated to be repeated
            last = cell
        while texts and not texts[-1]:
            texts.pop()
        return texts

    def _texts(self, parent: etree._Element, found: _Found) -> list[str]:
        """The paragraphs in a cell, with their labels; a table inside it that has a header row is left for later."""
        texts = []
        for block in self._walker.blocks(parent):
            if block.element.tag == f"{TABLE}table":
                rows = list(rows_of(block.element))
                if is_grid(rows) and len(rows) > 1:
                    found.tables.append(block.element)
                else:
                    for cell in (cell for row in rows for cell in row.cells if cell is not None):
                        texts += self._texts(cell, found)
            else:
                flow = self._read(block.element)
                found.flows.append(flow)
                texts.append(visible_line(f"{block.label} {flow.text}"))
        return [text for text in texts if text]

    def _add_row(self, cells: list[str], *, is_header: bool) -> None:
        """Add a row. Raises DocumentError where rows and cells that are stated to be repeated add up to too much."""
        self._chars_left -= sum(map(len, cells)) + len(cells)
        if self._chars_left < 0:
            size = f"{self._unpacked_mb} MB when unpacked"
            raise DocumentError(f"it is larger than {size}; raise the limit with --max-unpacked-mb")
        self.builder.add_row(cells, is_header=is_header)

    def _begin_place(self) -> None:
        if self._has_places:
            self._places += 1
            self.builder.begin_place("paragraph", str(self._places))
