"""Word files (.docx): headings, paragraphs, numbered lists, tables, notes and text boxes, in reading order.

Headers stand once above the first text, and footers once at the end.

The XML is read as it is, because python-docx gives neither the numbers of clauses, nor notes, text boxes and tracked
changes, and refuses files that Word opens. Macros never run, and nothing outside the file is fetched.

    file -> package's parts -> blocks -> paragraphs (styles, numbering, text) and tables -> Extraction
"""

from __future__ import annotations

from lxml import etree

from retrieval.documents.elements import Extraction, ReadOptions
from retrieval.documents.office.word.blocks import BlockWriter
from retrieval.documents.office.word.margins import lines_of, paragraphs_of
from retrieval.documents.office.word.numbering import Numbering
from retrieval.documents.office.word.paragraphs import ParagraphReader
from retrieval.documents.office.word.styles import Styles, W
from retrieval.documents.office.word.text import CONTENTS, NoteKey, clear_fields
from retrieval.documents.office.xml import core_properties, parse, relationships
from retrieval.documents.packed import Package
from retrieval.errors import DocumentError


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The text of a Word file. Raises DocumentError."""
    package = Package(raw, options.limits)
    main = next((part.target for part in relationships(package, "").values() if part.kind == "officeDocument"), "")
    main = main if main in package else "word/document.xml"
    root = parse(package.read(main))
    body = root.find(f"{W}body")
    if body is None:
        raise DocumentError("it is not a Word file, whatever its name says; rename it as files of its kind are named")
    clear_fields(root, CONTENTS)  # they repeat the headings
    parts = _Parts(package, main)
    styles = Styles(parts.root("styles"))
    numbering = parts.root("numbering")
    body_reader, margin_reader = (ParagraphReader(styles, Numbering(numbering, styles)) for _ in range(2))
    known = paragraphs_of(body)
    headers = lines_of(parts.roots("header"), margin_reader, known)
    footers = lines_of(parts.roots("footer"), margin_reader, known | {line.lower() for line in headers})
    writer = BlockWriter(body_reader, parts.notes(), parts.related, headers)
    writer.add_blocks(body)
    comments = sum(1 for _ in root.iter(f"{W}commentReference"))
    remarks = [f"{comments} comment{'' if comments == 1 else 's'} left out"] if comments else []
    if writer.is_empty and (headers or footers):
        remarks.append("the only text stands in headers and footers")
    writer.add_opening()
    writer.add_lines(footers)
    return writer.builder.extraction(core_properties(package), remarks)


class _Parts:
    """The parts that the main document refers to."""

    def __init__(self, package: Package, main: str) -> None:
        self._package, self._references = package, relationships(package, main)

    def roots(self, kind: str) -> list[etree._Element]:
        """The root elements of all parts of this kind that are in the file, each once."""
        targets = dict.fromkeys(part.target for part in self._references.values() if part.kind == kind)
        return [parse(self._package.read(target)) for target in targets if target in self._package]

    def root(self, kind: str) -> etree._Element | None:
        return next(iter(self.roots(kind)), None)

    def related(self, reference: str) -> etree._Element | None:
        """The root element of the part with this relationship's id, None where the file lacks it."""
        part = self._references.get(reference)
        return parse(self._package.read(part.target)) if part and part.target in self._package else None

    def notes(self) -> dict[NoteKey, etree._Element]:
        """Footnotes and endnotes without the lines that separate them from the text."""
        return {
            (note.tag, note.get(f"{W}id", "")): note
            for kind in ("footnotes", "endnotes")
            for root in self.roots(kind)
            for note in root.iterchildren(f"{W}footnote", f"{W}endnote")
            if note.get(f"{W}type", "normal") == "normal"
        }
