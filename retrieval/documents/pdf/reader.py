"""A PDF file's bytes -> its Extraction: all pages are read, what recurs on them is left out, and they are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from retrieval.documents.elements import Extraction, Limits, Metadata, ReadOptions
from retrieval.documents.pdf.flow import BodyType, Flow
from retrieval.documents.pdf.furniture import Recurring
from retrieval.documents.pdf.hyphens import Vocabulary
from retrieval.documents.pdf.page_layout import EMPTY_PAGE, PagePieces, lay_out, pieces_on
from retrieval.documents.pdf.parts import Piece
from retrieval.documents.pdf.pdfium import open_pdf, properties, read_page
from retrieval.documents.pdf.streams import check_unpacked
from retrieval.errors import DocumentError

_MB = 1_000_000
_OCR = "run them through an OCR program to have them read"
# What programs write as a title when nobody gave one: a file name, or the name of the program before it.
_NO_TITLE = re.compile(
    r"(?i)untitled.*|\(?(?:anonymous|unspecified)\)?|microsoft (?:word|powerpoint|excel)\b.*|(?:document|slide) ?\d*"
    r"|.*\.(?:docx?|rtf|odt|pdf|tex|dvi|indd|pptx?|xlsx?|html?|txt|qxd|p65|cdr|ps)|.*[\\/].*|[\W\d_]*"
)
_TITLE_SIZE = 1.12  # of a running head that is the title itself, compared with the body's type


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The document's text in reading order, its elements and pages.

    Raises DocumentError for a file that is encrypted, damaged, too large, or without any text.
    """
    if len(raw) > options.limits.file_mb * _MB:
        raise DocumentError(
            f"it has more than {options.limits.file_mb} MB; raise the limit with `--max-file-mb` to read it"
        )
    check_unpacked(raw, options.limits.unpacked_mb)
    with open_pdf(raw) as pdf:
        pages, damaged = _read_pages(pdf, options.limits)
        title, author = properties(pdf)
    remarks = _remarks(pages, damaged)
    return _write(pages).extraction(_metadata(title, author), remarks)


def _read_pages(pdf: Any, limits: Limits) -> tuple[list[PagePieces], list[int]]:
    """All pages that can be read, and the indices of those that can't, which are empty among the pages."""
    if len(pdf) > limits.pages:
        raise DocumentError(f"it has {len(pdf)} pages; raise the limit of {limits.pages} with `--max-pages` to read it")
    pages, damaged, size = [], [], 0
    for number in range(len(pdf)):
        page = read_page(pdf, number)
        if page is None:
            damaged.append(number)
        pages.append(pieces_on(page) if page else EMPTY_PAGE)
        size += sum(len(word.text) for word in page.words) if page else 0
        if size > limits.unpacked_mb * _MB:
            raise DocumentError(
                f"it has more than {limits.unpacked_mb} MB of text; raise the limit with `--max-unpacked-mb` to read it"
            )
    return pages, damaged


def _remarks(pages: Sequence[PagePieces], damaged: Sequence[int]) -> list[str]:
    """What the person who indexes the file should know; DocumentError where no page has text."""
    if len(damaged) == len(pages):
        raise DocumentError("its pages are damaged or cut off; get an intact copy")
    empty = [number for number, page in enumerate(pages) if not page.pieces and not page.tables]
    scans = [number for number in empty if pages[number].images]
    if len(empty) == len(pages):
        if scans:
            raise DocumentError("its pages are pictures without text; " + _OCR)
        raise DocumentError("its pages have no text; check that it is the right file")
    remarks = [f"{_named(scans)} without text; {_OCR}"] if scans else []
    if damaged:
        remarks.append(f"{_listed(damaged)} can't be read because the file is damaged; get an intact copy")
    return remarks


def _named(scans: Sequence[int]) -> str:
    return f"{_listed(scans)} {'are pictures' if len(scans) > 1 else 'is a picture'}"


def _listed(pages: Sequence[int]) -> str:
    """ "page 3", "pages 3 and 4", "pages 3, 4 and 9": indices from 0 as numbers from 1."""
    labels = [str(number + 1) for number in pages]
    if len(labels) == 1:
        return f"page {labels[0]}"
    return f"pages {', '.join(labels[:-1])} and {labels[-1]}"


def _write(pages: Sequence[PagePieces]) -> Flow:
    recurring, vocabulary = Recurring(), Vocabulary()
    for number, page in enumerate(pages):
        recurring.add(number, page.pieces, page.bounds)
        for piece in page.pieces:
            vocabulary.add(piece.text)
    body = _body(pages)
    flow = Flow(body, vocabulary)
    found, titles = recurring.found(), set[str]()
    for number, page in enumerate(pages):
        dropped = {at for at in found.get(number, ()) if not _is_title(page.pieces[at], body, titles)}
        flow.add_page(number, lay_out(page, dropped))
    return flow


def _is_title(piece: Piece, body: BodyType, titles: set[str]) -> bool:
    """Whether a running head is set like a title and is the first with its text; it is added to the `titles`."""
    if piece.size < _TITLE_SIZE * body.size or piece.text in titles:
        return False
    titles.add(piece.text)
    return True


def _body(pages: Sequence[PagePieces]) -> BodyType:
    sizes: Counter[float] = Counter()
    bold = total = 0
    for page in pages:
        for piece in page.pieces:
            sizes[round(piece.size * 2) / 2] += len(piece.text)
            total += len(piece.text)
            bold += len(piece.text) * piece.is_bold
    return BodyType(max(sizes, key=sizes.__getitem__, default=10.0), 2 * bold > total)


def _metadata(title: str, author: str) -> Metadata:
    """The stated title unless it is a file's or a program's name; an author of two words or more is a publisher.

    One word is mostly the name of an account. The dates in the file are those of its making, not of the document.
    """
    publisher = " ".join(author.split())
    is_name = len(publisher.split()) > 1 and not _NO_TITLE.fullmatch(publisher)
    return Metadata(
        title=None if _NO_TITLE.fullmatch(title) else " ".join(title.split()), publisher=publisher if is_name else None
    )
