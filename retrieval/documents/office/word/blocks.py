"""Word's paragraphs and tables -> the elements of an extraction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from retrieval.documents.elements import ElementKind, ExtractionBuilder
from retrieval.documents.office.charts import add_part, reference_of
from retrieval.documents.office.tables import header_of
from retrieval.documents.office.word.paragraphs import Paragraph, ParagraphReader
from retrieval.documents.office.word.styles import W
from retrieval.documents.office.word.tables import is_grid, rows_of
from retrieval.documents.office.word.text import NoteKey, visible_children

PartOf = Callable[[str], etree._Element | None]
"""The root element of the part with this relationship's id, None where the file lacks it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was met in a table's cells: their paragraphs, and tables that are added after it."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: list[etree._Element] = field(default_factory=list)


class BlockWriter:
    """Adds paragraphs and tables, each at a place of its own, and the notes that they refer to after them."""

    def __init__(
        self,
        paragraphs: ParagraphReader,
        notes: dict[NoteKey, etree._Element],
        part_of: PartOf,
        opening: Sequence[str] = (),
    ) -> None:
        """`opening` are paragraphs that are added above the first text, and below the headings above that."""
        self.builder = ExtractionBuilder()
        self._paragraphs, self._notes, self._part_of = paragraphs, notes, part_of
        self._opening = list(opening)
        self._places = 0

    @property
    def is_empty(self) -> bool:
        return self._places == 0

    def add_opening(self) -> None:
        """Add the opening if it was not added yet, because there was no text."""
        lines, self._opening = self._opening, []
        self.add_lines(lines)

    def add_lines(self, lines: Sequence[str]) -> None:
        """Add paragraphs."""
        for line in lines:
            self._begin_place("paragraph")
            self.builder.add("paragraph", line)

    def add_blocks(self, parent: etree._Element) -> None:
        """Add what stands in an element."""
        for child in visible_children(parent):
            if child.tag == f"{W}p":
                self._add_paragraph(child)
            elif child.tag == f"{W}tbl":
                self._add_table(child)

    def _add_paragraph(self, element: etree._Element) -> None:
        paragraph = self._paragraphs.read(element)
        if paragraph.text:
            self._begin_place(paragraph.kind)
            self.builder.add(paragraph.kind, paragraph.labelled, level=paragraph.level)
        self._add_later([paragraph])

    def _add_later(self, paragraphs: Sequence[Paragraph]) -> None:
        """Add what is drawn in paragraphs that were added, and their notes; a note is added once."""
        for drawn in (drawn for paragraph in paragraphs for drawn in paragraph.drawn):
            if drawn.tag == f"{W}txbxContent":
                self.add_blocks(drawn)
            elif (part := self._part_of(reference_of(drawn))) is not None:
                self._begin_place("caption")
                add_part(part, self.builder)
        for reference in (reference for paragraph in paragraphs for reference in paragraph.notes):
            note = self._notes.pop(reference, None)
            for element in visible_children(note) if note is not None else ():
                if element.tag == f"{W}p":
                    self.builder.add("paragraph", self._paragraphs.read(element).labelled)
                elif element.tag == f"{W}tbl":
                    self._add_table(element)

    def _add_table(self, table: etree._Element) -> None:
        """Add a table's rows, then the notes and tables that stand in them.

        The rows that Word repeats on each page name the columns, if there are any.
        """
        rows = rows_of(table)
        if not is_grid(rows):
            for cell in (cell for row in rows for cell in row.cells if cell is not None):
                self.add_blocks(cell)
            return
        found = _Found()
        texts = [["" if cell is None else self._cell_text(cell, found) for cell in row.cells] for row in rows]
        marked = {number for number, row in enumerate(rows) if row.is_header}
        headers: set[int | None] = {*marked} or {header_of(texts)}
        self.builder.begin_table()
        for number, cells in enumerate(texts):
            if any(cells):
                self._begin_place("row")
                self.builder.add_row(cells, is_header=number in headers)
        self._add_later(found.paragraphs)
        for inner in found.tables:
            self._add_table(inner)

    def _cell_text(self, cell: etree._Element, found: _Found) -> str:
        """A cell's paragraphs as one text; a table inside it that has a header row is left for later."""
        texts = []
        for child in visible_children(cell):
            if child.tag == f"{W}p":
                paragraph = self._paragraphs.read(child)
                found.paragraphs.append(paragraph)
                texts.append(paragraph.labelled)
            elif child.tag == f"{W}tbl":
                rows = rows_of(child)
                if is_grid(rows) and len(rows) > 1:
                    found.tables.append(child)
                else:
                    inner = (cell for row in rows for cell in row.cells if cell is not None)
                    texts += [self._cell_text(cell, found) for cell in inner]
        return " ".join(filter(None, texts))

    def _begin_place(self, kind: ElementKind) -> None:
        if kind != "heading":
            self.add_opening()
        self._places += 1
        self.builder.begin_place("paragraph", str(self._places))
