"""Blocks of all pages, in order -> the document's elements: headings, joined paragraphs, items, rows, captions, notes.

The rules look at type and place only: type larger than the body's, or bold, makes a heading; a caption stands at a
picture or a table. A paragraph goes on in the next column or on the next page where it was broken in mid-sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.documents.elements import Element, ElementKind, Extraction, ExtractionBuilder, Metadata
from retrieval.documents.pdf.hyphens import Vocabulary
from retrieval.documents.pdf.page_layout import PageLayout, note_mark
from retrieval.documents.pdf.paragraphs import CAPTION, Block, ends_sentence
from retrieval.documents.pdf.parts import Box, Piece, Table
from retrieval.documents.pdf.tables import has_header
from retrieval.schema import Place

# Guesses, tried on made files.
_HEADING_SIZE = 1.12  # compared with the body's
_SAME_SIZE = 0.95
_LONG_HEADING = 200  # characters: more is a lead paragraph in large type
_LONG_BOLD = 120  # characters: more is a bold paragraph
_LEAST_CHARS = 50  # of a paragraph that may go on with a capital: a shorter one has no full line
_MOST_CHARS = 20_000  # what is longer is no paragraph
_CAPTION_EM = 3.0  # how far from its picture or table a caption stands at most
_MOST_LEVELS = 6
_SPEAKING = re.compile(r"[\u2600-\u2767]")  # ticks, crosses, boxes, telephones: bullets that say something
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


@dataclass(frozen=True, slots=True)
class BodyType:
    """The type of most of the document's text. Bold makes no heading where the body is bold."""

    size: float
    is_bold: bool


@dataclass(slots=True, eq=False)
class _Entry:
    """An element to be; `pages` are (offset in the text, page) where the text goes on on another page."""

    kind: ElementKind
    text: str
    pages: list[tuple[int, int]]
    size: float = 0.0
    level: int = 0
    cells: tuple[str, ...] = ()
    last: Block | None = None


class Flow:
    """Collects the pages, in order, and writes the document."""

    def __init__(self, body: BodyType, vocabulary: Vocabulary) -> None:
        self._body, self._vocabulary = body, vocabulary
        self._entries: list[_Entry] = []
        self._open: _Entry | None = None  # the last text of a column, which may go on in the next
        self._indents: list[float] = []

    def add_page(self, page: int, layout: PageLayout) -> None:
        """Add a page; what is lettered on its charts and its footnotes stand after its text.

        Both come before a paragraph that goes on on the next page.
        """
        notes = {mark for note in layout.notes if (mark := note_mark(note))}
        boxes = [*layout.images, *(part.box for column in layout.columns for part in column if isinstance(part, Table))]
        for column in layout.columns:
            may_go_on = True
            for part in column:
                if isinstance(part, Table):
                    self._add_table(part, page)
                else:
                    may_go_on = self._add_block(part, page, notes, boxes, may_go_on=may_go_on)
        for note in [*layout.labels, *layout.notes]:
            self._entries.append(_Entry("paragraph", self._text(note, set()), [(0, page)], note.size))

    def extraction(self, metadata: Metadata, remarks: Sequence[str]) -> Extraction:
        """The document."""
        self._set_levels()
        builder = ExtractionBuilder()
        entries = [entry for entry in self._entries if entry.text.strip() or any(entry.cells)]
        for entry in entries:
            if entry.cells:
                builder.add_row(entry.cells, is_header=entry.kind == "header row")
            else:
                builder.add(entry.kind, entry.text, level=entry.level)
        extraction = builder.extraction(metadata, remarks)
        return replace(extraction, places=_places(entries, extraction.elements))

    def _add_table(self, table: Table, page: int) -> None:
        named = has_header(table)
        for number, row in enumerate(table.rows):
            cells = tuple(_marked(cell, set()) if cell else "" for cell in row)
            kind: ElementKind = "header row" if named and number == 0 else "row"
            self._entries.append(_Entry(kind, "", [(0, page)], cells=cells))
        self._open = None
        self._indents = []

    def _add_block(self, block: Block, page: int, notes: set[str], boxes: Sequence[Box], *, may_go_on: bool) -> bool:
        """Add a block, and return whether the next one may go on with the open text.

        It may where the block was a caption at the head of a column, whose picture stands between the two parts.
        """
        text = self._text(block, notes)
        if may_go_on and self._open and self._goes_on(self._open, block, text):
            self._continue(self._open, block, text, page)
            return False
        kind = self._kind(block, text, boxes)
        entry = _Entry(kind, text, [(0, page)], block.size, last=block)
        if kind == "item":
            entry.level = self._depth(block)
            entry.text = text if not block.is_bullet or _SPEAKING.match(text) else text[block.marker :]
        else:
            self._indents = []
        self._entries.append(entry)
        if may_go_on and kind == "caption":
            return True
        self._open = entry if kind in ("paragraph", "item") else None
        return False

    def _continue(self, entry: _Entry, block: Block, text: str, page: int) -> None:
        joined = self._vocabulary.join([entry.text, text])
        if page != entry.pages[-1][1]:
            entry.pages.append((len(joined) - len(text), page))
            place = next(at for at in range(len(self._entries) - 1, -1, -1) if self._entries[at] is entry)
            after = self._entries[place + 1 :]  # what ends the page before comes first
            before = [other for other in after if other.pages[0][1] < page]
            self._entries[place:] = [*before, entry, *after[len(before) :]]
        entry.text, entry.last = joined, block

    def _goes_on(self, entry: _Entry, block: Block, text: str) -> bool:
        """Whether the block is the rest of the entry's paragraph, which broke in mid-sentence."""
        last = entry.last
        if not last or block.marker or not text or not 0 < len(entry.text) < _MOST_CHARS or ends_sentence(entry.text):
            return False
        is_alike = abs(block.size - last.size) <= (1 - _SAME_SIZE) * last.size and block.is_bold == last.is_bold
        if not is_alike or block.lines[0].turn != last.lines[0].turn:
            return False
        is_broken = last.is_full and len(entry.text) >= _LEAST_CHARS
        return text[0].islower() or (is_broken and (text[0].isalnum() or text[0] in "(“\"'«"))

    def _kind(self, block: Block, text: str, boxes: Sequence[Box]) -> ElementKind:
        if self._is_caption(block, text, boxes):
            return "caption"
        if self._is_heading(block, text):
            return "heading"
        return "item" if block.marker or block.is_leader else "paragraph"

    def _is_heading(self, block: Block, text: str) -> bool:
        if block.is_bullet or block.is_leader or not any(char.isalpha() for char in text):
            return False
        if block.size >= _HEADING_SIZE * self._body.size:
            return len(text) <= _LONG_HEADING
        is_bold = block.is_bold and not self._body.is_bold and block.size >= _SAME_SIZE * self._body.size
        return is_bold and len(text) <= _LONG_BOLD and not text.endswith((".", ";", ","))

    def _is_caption(self, block: Block, text: str, boxes: Sequence[Box]) -> bool:
        found = CAPTION.match(text)
        if not found or not (found["sign"] or block.size < _SAME_SIZE * self._body.size):
            return False
        reach = _CAPTION_EM * block.size
        top, foot = block.lines[0].y - block.size, block.lines[-1].y
        left, right = min(line.x0 for line in block.lines), max(line.x1 for line in block.lines)
        return any(
            box.x0 < right and box.x1 > left and -reach < max(box.y0 - foot, top - box.y1) < reach for box in boxes
        )

    def _depth(self, block: Block) -> int:
        """How many items, begun further left, the item is in."""
        indent = block.lines[0].x0
        while self._indents and indent < self._indents[-1] + 0.5 * block.size:
            self._indents.pop()
        self._indents.append(indent)
        return len(self._indents) - 1

    def _text(self, block: Block, notes: set[str]) -> str:
        return self._vocabulary.join([_marked(line, notes) for line in block.lines])

    def _set_levels(self) -> None:
        """Give each heading the rank of its type size, 1 for the largest."""
        sizes = sorted({_rounded(entry.size) for entry in self._entries if entry.kind == "heading"}, reverse=True)
        for entry in self._entries:
            if entry.kind == "heading":
                entry.level = min(sizes.index(_rounded(entry.size)) + 1, _MOST_LEVELS)


def _marked(line: Piece, notes: set[str]) -> str:
    """The line's text without raised marks of the page's footnotes; other raised numbers are written as superscripts.

    A mark at the start of a line is a footnote's own and stays as it is.
    """
    text = line.text
    for start, end in reversed(line.raised):
        mark = text[start:end]
        is_note = all(part in notes for part in re.split(r"[\s,;]+", mark.strip()))
        if start > 0:
            text = text[:start] + ("" if is_note else mark.translate(_RAISED)) + text[end:]
    return text.strip()


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _places(entries: Sequence[_Entry], elements: Sequence[Element]) -> tuple[Place, ...]:
    places: list[Place] = []
    for entry, element in zip(entries, elements, strict=True):
        for offset, page in entry.pages:
            label = str(page + 1)
            if not places or places[-1].label != label:
                places.append(Place(element.reading.runs[0][1] + offset, "page", label))
    return tuple(places)
