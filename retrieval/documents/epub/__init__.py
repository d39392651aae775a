"""EPUB books: their chapters in reading order, read as web pages are."""

from __future__ import annotations

from retrieval.documents.disguise import DAMAGED
from retrieval.documents.elements import Extraction, ExtractionBuilder, ReadOptions
from retrieval.documents.epub.book import read_book
from retrieval.documents.epub.chapters import begin_chapters
from retrieval.documents.html.blocks import BlockWriter
from retrieval.documents.html.charset import decode_page
from retrieval.documents.html.hidden import leave_out_hidden
from retrieval.documents.html.tree import parse_html
from retrieval.documents.packed import Package
from retrieval.errors import DocumentError


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The text of a book, each chapter a place. Raises DocumentError; a file of it that can't be read is remarked."""
    package = Package(raw, options.limits)
    book = read_book(package, options.limits)
    builder = ExtractionBuilder()
    remarks = []
    for path in book.spine:
        try:
            text = _text_of(package, path)
        except _Unreadable as error:
            remarks.append(f"{path} was not read: {error}")
            continue
        root = parse_html(text, options.limits.unpacked_mb).root
        leave_out_hidden(root)
        for node in list(root.walk()):
            node.is_left_out = node.is_left_out or node.tag == "nav"
        chapters = begin_chapters(root, book.contents.get(path, ()), has_contents=bool(book.contents))
        BlockWriter(builder, chapters=chapters).write(root)
    extraction = builder.extraction(book.metadata, remarks)
    if remarks and not extraction.elements:
        raise DocumentError(f"no chapter of the book can be read: {remarks[0]}")
    return extraction


class _Unreadable(Exception):
    """Why one file of a book can't be read, while others can."""


def _text_of(package: Package, path: str) -> str:
    """Raises _Unreadable, and DocumentError where a limit is reached."""
    if path not in package:
        raise _Unreadable("it is missing in the book")
    try:
        raw = package.read(path)
    except DocumentError as error:
        if str(error) != DAMAGED:
            raise
        raise _Unreadable("it is damaged") from error
    try:
        return decode_page(raw, None).text
    except DocumentError as error:
        raise _Unreadable(str(error)) from error
