"""The picture of a page with a quotation highlighted, line by line.

The index keeps a document's text and where each page begins in it, not where each word stands. So the page is laid out
again, and the page's part of the text is matched with its characters.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from retrieval.documents.pdf.alignment import Word, aligned
from retrieval.documents.pdf.furniture import outer
from retrieval.documents.pdf.page_layout import PagePieces, lay_out, pieces_on
from retrieval.documents.pdf.parts import OBLIQUE, Box, Piece, Table
from retrieval.documents.pdf.pdfium import draw, ink, open_pdf, read_page
from retrieval.errors import DocumentError
from retrieval.schema import Place
from retrieval.spans import Span

_YELLOW = (255, 240, 120)
_ASCENT_EM, _DESCENT_EM = 0.85, 0.25  # of most faces
_PAD_EM = 0.05  # a letter's width is a little more than its ink
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−", "0123456789+--")
_CELL_BORDER = "|"
_CHANGED = "the file has changed since it was indexed; run `quoth index` again"


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a PNG file; `page` counts from 1, and `pages` is how many the file has."""

    png: bytes
    page: int
    pages: int


def page_image(
    raw: bytes, document_text: str, spans: Sequence[Span], places: Sequence[Place], *, width_px: int = 1240
) -> PageImage:
    """The page that holds the first of the spans, with as much of the quotation highlighted as stands on it.

    `spans` are offsets into `document_text`, and `places` tell where each page begins in it. Raises DocumentError where
    the file can't be read or no longer says what the document's text says.
    """
    page, start, end = _page_of(spans[0][0], places, len(document_text))
    wanted = [(max(first, start), min(last, end)) for first, last in spans if first < end and last > start]
    with open_pdf(raw) as pdf:
        pages = len(pdf)
        drawn = read_page(pdf, page) if page < pages else None
        if drawn is None:
            raise DocumentError(_CHANGED)
        text = document_text[start:end]
        lines = _lines(pieces_on(drawn), text)
        found = aligned(_words_of_text(text, start), _words_of_lines(lines))
        boxes = _boxes(pdf, page, lines, _marked(found, wanted, document_text))
        picture, to_pixels = draw(pdf, page, width_px)
    highlighted = _highlight(picture, [to_pixels(box) for box in boxes])
    return PageImage(_png(highlighted), page + 1, pages)


def _page_of(offset: int, places: Sequence[Place], length: int) -> tuple[int, int, int]:
    """The index of the page that holds the offset, and the span of its text."""
    starts = [place.start for place in places]
    number = max(bisect_right(starts, offset) - 1, 0)
    return int(places[number].label) - 1, starts[number], starts[number + 1] if number + 1 < len(starts) else length


def _lines(page: PagePieces, text: str) -> list[Piece]:
    """The page's lines and cells in reading order, without running heads whose words are not in the text."""
    words = set(text.split())
    dropped = {
        number
        for number in outer(page.pieces, page.bounds)
        if not any(word in words for word in page.pieces[number].text.split())
    }
    layout = lay_out(page, dropped)
    parts = [part for column in layout.columns for part in column] + [*layout.labels, *layout.notes]
    lines: list[Piece] = []
    for part in parts:
        if isinstance(part, Table):
            lines += [cell for row in part.rows for cell in row if cell]
        else:
            lines += part.lines
    return lines


def _words_of_text(text: str, start: int) -> list[Word]:
    found = re.finditer(r"\S+", text.translate(_PLAIN))
    return [
        (match[0], range(start + match.start(), start + match.end())) for match in found if match[0] != _CELL_BORDER
    ]


def _words_of_lines(lines: Sequence[Piece]) -> list[Word]:
    """The words of the lines; where each character stands is numbered through all lines."""
    words: list[Word] = []
    begin = 0
    for line in lines:
        words += [
            (match[0], range(begin + match.start(), begin + match.end()))
            for match in re.finditer(r"\S+", line.text.translate(_PLAIN))
        ]
        begin += len(line.text)
    return words


def _marked(found: Mapping[int, int], wanted: Sequence[Span], text: str) -> set[int]:
    """Where the wanted characters stand in the lines; DocumentError where one of them is not there."""
    offsets = [
        at for first, last in wanted for at in range(first, last) if not text[at].isspace() and text[at] != _CELL_BORDER
    ]
    if any(offset not in found for offset in offsets):
        raise DocumentError(_CHANGED)
    return {found[offset] for offset in offsets}


def _boxes(pdf: Any, page: int, lines: Sequence[Piece], marked: set[int]) -> list[Box]:
    """What to highlight: for each line, its marked stretches, in the frame of upright text."""
    stretches: list[tuple[Piece, list[int]]] = []
    begin = 0
    for line in lines:
        stretches += [(line, stretch) for stretch in _stretches(line, marked, begin)]
        begin += len(line.text)
    inked = iter(ink(pdf, page, [index for _, indices in stretches for index in indices]))
    boxes: list[Box] = []
    for line, indices in stretches:
        own = list(islice(inked, len(indices)))
        boxes += own if line.turn == OBLIQUE else [_stripe(line, own)]
    return boxes


def _stretches(line: Piece, marked: set[int], begin: int) -> Iterator[list[int]]:
    """PDFium's indices of the marked characters, in stretches that only white space interrupts."""
    visible = ((begin + at in marked, line.chars[at]) for at, char in enumerate(line.text) if not char.isspace())
    for is_marked, group in groupby(visible, key=lambda pair: pair[0]):
        if is_marked:
            yield [index for _, index in group]


def _stripe(line: Piece, ink_boxes: Sequence[Box]) -> Box:
    """A box as high as the line, and as wide as the ink."""
    top, foot = line.y - _ASCENT_EM * line.size, line.y + _DESCENT_EM * line.size
    pad = _PAD_EM * line.size
    x0, x1 = min(box.x0 for box in ink_boxes) - pad, max(box.x1 for box in ink_boxes) + pad
    y0, y1 = min(box.y0 for box in ink_boxes) - pad, max(box.y1 for box in ink_boxes) + pad
    if line.turn == 1:
        return Box(top, y0, foot, y1)
    if line.turn == 2:
        return Box(x0, -foot, x1, -top)
    return Box(-foot, y0, -top, y1) if line.turn == 3 else Box(x0, top, x1, foot)


def _highlight(picture: Image.Image, boxes: Sequence[tuple[float, float, float, float]]) -> Image.Image:
    """The picture as if a marker pen had gone over the boxes: ink stays dark."""
    layer = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(layer)
    for box in boxes:
        pen.rectangle(box, fill=_YELLOW)
    return ImageChops.multiply(picture, layer)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
