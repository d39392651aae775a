"""Where a quotation stands in a document that was read anew: line breaks and markup between its words don't count."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from retrieval.documents.sections import ParsedDocument
from retrieval.spans import INTERRUPTION, INVISIBLE, ReadingText, Span, join_readings

_SHOWN = re.compile(rf"[^\s{INVISIBLE}]+")


def find_quotation(quote: str, parsed: ParsedDocument, near: int) -> tuple[Span, ...] | None:
    """The spans of the quotation in the document's text, None where it does not stand there.

    Every character must be there but white space. Of several places the one nearest to the offset `near` counts.
    """
    text = parsed.document.text
    parts = [part for piece in quote.split(INTERRUPTION) if (part := _squeezed(piece))]
    if not parts:
        return None
    for reading in (ReadingText(text, ((0, 0, len(text)),)), _reading_text(parsed)):
        searched = _Squeezed(reading.text)
        found = [searched.nearest(part, near, reading) for part in parts]
        spans = [span for at in found if at for span in reading.spans(*at, text)]
        if all(found) and spans:
            return tuple(spans)
    return None


def _reading_text(parsed: ParsedDocument) -> ReadingText:
    """The document as it is read, without its markup."""
    parts = [
        reading
        for section in parsed.texts
        for reading in (*section.headings, *(element.reading for element in section.elements))
    ]
    return join_readings(parts, [" "] * len(parts))


def _squeezed(text: str) -> str:
    return "".join(_SHOWN.findall(text))


class _Squeezed:
    """A text without white space, with the way back to it."""

    def __init__(self, text: str) -> None:
        pieces = [(match.start(), match[0]) for match in _SHOWN.finditer(text)]
        self._text = "".join(piece for _, piece in pieces)
        self._pieces: list[tuple[int, int]] = []  # where each piece starts, here and in the text
        length = 0
        for start, piece in pieces:
            self._pieces.append((length, start))
            length += len(piece)

    def nearest(self, part: str, near: int, reading: ReadingText) -> Span | None:
        """The place of the part in the text that maps nearest to that offset of the original; None where it is not."""
        return min(self._places(part), key=lambda span: abs(_original(reading, span[0]) - near), default=None)

    def _places(self, part: str) -> Iterable[Span]:
        at = self._text.find(part)
        while at >= 0:
            yield self._offset(at), self._offset(at + len(part) - 1) + 1
            at = self._text.find(part, at + 1)

    def _offset(self, at: int) -> int:
        here, there = self._pieces[bisect_right(self._pieces, at, key=lambda piece: piece[0]) - 1]
        return there + at - here


def _original(reading: ReadingText, offset: int) -> int:
    number = bisect_right(reading.runs, offset, key=lambda run: run[0]) - 1
    start, original, _ = reading.runs[max(number, 0)]
    return original + offset - start
