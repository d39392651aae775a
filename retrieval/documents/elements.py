"""What every reader of a format returns: a document's text, and its elements in reading order.

    a file's bytes -> read(raw, options) of its format -> Extraction -> sections.py -> passages.py

A reader of a text format (plain text, Markdown, CSV, subtitles) maps its elements into the decoded file itself. A
reader of a converted format (PDF, Word, HTML, mail) writes the document's text with an ExtractionBuilder; the index
stores that text, and offsets are offsets into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from retrieval.errors import DocumentError
from retrieval.schema import Place, PlaceKind
from retrieval.spans import ReadingText, Span

ElementKind = Literal["heading", "paragraph", "item", "header row", "row", "code", "caption"]

CELL_SEPARATOR = " | "
"""What stands between the cells in the reading of a row."""
_BLANK_LINE_BEFORE = frozenset({"heading", "paragraph", "code", "caption"})


@dataclass(frozen=True, slots=True)
class Element:
    """One heading, paragraph, list item, table row, code block or caption.

    `reading` is its text without the format's own signs (bullets, "#", "|"), mapped to the document's text. `level`
    is a heading's level, from 1 for the highest, or an item's depth, 0 for an item that is in no other. The first
    `label_chars` characters of `reading` name a speaker, a time or a mail's header ("Tom Reed:", "[09:02] omar:"), 0
    where there is no such label. `cells` are the spans of a row's cells in `reading`, in the order of the columns, an
    empty span for an empty cell. A "header row" names the columns of the rows of the same table that follow it.
    `table` is the number of the table that a row is in, from 1, 0 where the format has no signs that separate tables.
    """

    kind: ElementKind
    reading: ReadingText
    level: int = 0
    label_chars: int = 0
    cells: tuple[Span, ...] = ()
    table: int = 0


@dataclass(frozen=True, slots=True)
class Dropped:
    """A span of the document's text that is in no element, and the rule that left it out."""

    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file states of itself apart from its text, such as front matter or a Word file's properties.

    `date` is ISO 8601, as exact as stated. None or empty where it states nothing.
    """

    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """A document's text and what it consists of: every visible character is in an element or in `dropped`.

    `encoding` is the file's, "" for a converted format. `places` are in the order of their `start`. `remarks` are
    sentences for the person who indexes the folder, such as "pages 3 and 4 are scans without text".
    """

    text: str
    encoding: str
    elements: tuple[Element, ...]
    dropped: tuple[Dropped, ...] = ()
    places: tuple[Place, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest files that are read: what is larger is refused, and the message names the flag that raises it.

    `file_mb` is the size of the file, `unpacked_mb` that of all that is packed inside it (a Word file is a zip), both
    in millions of bytes; `pages` is the number of pages, slides, sheets, chapters or messages.
    """

    file_mb: int = 64
    unpacked_mb: int = 256
    pages: int = 5_000

    def check_size(self, size: int) -> None:
        """Raises DocumentError for a file of more bytes than `file_mb` allows."""
        if size > self.file_mb * 1_000_000:
            raise DocumentError(
                f"it has {size / 1_000_000:.0f} MB, and the limit is {self.file_mb}; raise it with --max-file-mb"
            )


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """`encoding` is that of a text file as its owner states it, None where it is to be found out."""

    encoding: str | None = None
    limits: Limits = field(default_factory=Limits)


class ExtractionBuilder:
    """Writes the text of a converted format, element by element, and remembers where each one stands.

    White space inside a text is kept as given; one line break stands between items and between rows, and a blank line
    before every other element.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._elements: list[Element] = []
        self._places: list[Place] = []
        self._next_place: tuple[PlaceKind, str] | None = None
        self._tables = 0

    def begin_place(self, kind: PlaceKind, label: str) -> None:
        """All that is added from here on stands on this page, slide or the like."""
        self._next_place = kind, label

    def begin_table(self) -> None:
        """The rows that are added from here on are in another table than those before."""
        self._tables += 1

    def add(self, kind: ElementKind, text: str, *, level: int = 0, label_chars: int = 0) -> None:
        """Add an element that is not a row; a text without visible characters is left out."""
        if text.strip():
            self._append(kind, text, level, label_chars, ())

    def add_row(self, cells: Sequence[str], *, is_header: bool = False) -> None:
        """Add a row of a table, written as "one | two | three"; a row of empty cells is left out."""
        if any(cell.strip() for cell in cells):
            bare = [" ".join(cell.split()) for cell in cells]
            spans, start = [], 0
            for cell in bare:
                spans.append((start, start + len(cell)))
                start += len(cell) + len(CELL_SEPARATOR)
            self._append("header row" if is_header else "row", CELL_SEPARATOR.join(bare), 0, 0, tuple(spans))

    def extraction(self, metadata: Metadata | None = None, remarks: Sequence[str] = ()) -> Extraction:
        """All that was added."""
        return Extraction(
            text="".join(self._parts),
            encoding="",
            elements=tuple(self._elements),
            places=tuple(self._places),
            metadata=metadata or Metadata(),
            remarks=tuple(remarks),
        )

    def _append(self, kind: ElementKind, text: str, level: int, label_chars: int, cells: tuple[Span, ...]) -> None:
        last = self._elements[-1].kind if self._elements else None
        if last is not None:
            is_apart = kind in _BLANK_LINE_BEFORE or last in _BLANK_LINE_BEFORE or (kind == "item") != (last == "item")
            self._write("\n\n" if is_apart else "\n")
        if self._next_place:
            self._places.append(Place(self._length, *self._next_place))
            self._next_place = None
        reading = ReadingText(text, ((0, self._length, len(text)),))
        table = self._tables if kind in ("row", "header row") else 0
        self._elements.append(Element(kind, reading, level, label_chars, cells, table))
        self._write(text)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
