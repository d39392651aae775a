"""Spans of a text, the reading text with its map to them, and quotations made of them. Pure.

Every span is a half-open pair of code point offsets into a document's text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
"""Regex class body: soft hyphens, zero-width and direction marks, control characters that are not white space."""
INTERRUPTION = " […] "
# What may lie between two slices that count as one quotation: a line-end hyphen or a footnote mark, then white space;
# or punctuation, such as the border between a table's cells.
_BRIDGE = re.compile(rf"(?:-|\d{{1,3}}|\[\d{{1,3}}\]|[⁰¹²³⁴-⁹]+)?[\s{INVISIBLE}]*|[^\w\n\r*`~#\\<>\[\]]*")
# Where nothing else lies between two slices, nothing is missing from the quotation: signs of markup, a link's address.
_MARKUP = re.compile(r"(?:<[^<>]{0,300}>|\]\([^()\s]*(?:\s\"[^\"]*\")?\)|\]\[[^\[\]]*\]|\[\^[^\[\]\s]{1,40}\]|[\W_])*+")
# Two columns side by side: a quotation from one of them lacks nothing where the other column's words lie between.
_OTHER_COLUMN = re.compile(r"[^\S\n]{2,}[^\n]*\n[^\S\n]*|[^\S\n]*\n[^\n]*[^\S\n]{2,}")
_LINE_BREAK = re.compile(r"[^\S\r\n]*(?:\r\n|[\r\n\v\f\x85\u2028\u2029])\s*")


@dataclass(frozen=True, slots=True)
class ReadingText:
    """Clean text with its map to the original: `runs` are (reading start, original start, length), in reading order.

    A character inside a run equals the original character it maps to, except that any white space may become a space.
    A character outside every run, such as a space put between two sentences, maps to nothing in the original.
    """

    text: str
    runs: tuple[tuple[int, int, int], ...]

    def slice(self, start: int, end: int) -> ReadingText:
        """The reading text of [start, end), with its map."""
        kept = []
        for reading, original, length in self._overlapping(start, end):
            first, last = max(reading, start), min(reading + length, end)
            kept.append((first - start, original + first - reading, last - first))
        return ReadingText(self.text[start:end], tuple(kept))

    def spans(self, start: int, end: int, original: str) -> tuple[Span, ...]:
        """The slices of `original` that [start, end) maps to, in reading order; none for an empty span.

        Two slices become one if only white space, a line-end hyphen, a footnote mark or punctuation separates them.
        """
        spans: list[Span] = []
        for _, first, length in self.slice(start, end).runs:
            if spans and first >= spans[-1][1] and _BRIDGE.fullmatch(original, spans[-1][1], first):
                spans[-1] = (spans[-1][0], first + length)
            else:
                spans.append((first, first + length))
        trimmed = (_trim(original, span) for span in spans)
        return tuple(span for span in trimmed if span[0] < span[1])

    def _overlapping(self, start: int, end: int) -> Sequence[tuple[int, int, int]]:
        first = max(bisect_right(self.runs, start, key=lambda run: run[0]) - 1, 0)
        last = bisect_left(self.runs, end, key=lambda run: run[0])
        return [run for run in self.runs[first:last] if run[0] + run[2] > start]


def join_readings(parts: Sequence[ReadingText], separators: Sequence[str]) -> ReadingText:
    """The parts as one text, with separators[i] between part i and part i + 1; the separators map to nothing."""
    text, runs = "", []
    for number, part in enumerate(parts):
        if number:
            text += separators[number - 1]
        runs += [(len(text) + reading, original, length) for reading, original, length in part.runs]
        text += part.text
    return ReadingText(text, tuple(runs))


def quote_spans(text: str, spans: Sequence[Span]) -> str:
    """The slices as a person reads them, a line break inside one shown as one space.

    Where text is missing between two slices, " […] " stands for it.
    """
    parts: list[str] = []
    for number, (start, end) in enumerate(spans):
        if number:
            parts.append(_separator(text, spans[number - 1][1], start))
        parts.append(_LINE_BREAK.sub(" ", text[start:end]))
    return "".join(parts)


def _separator(text: str, end: int, start: int) -> str:
    """What stands between a slice that ends at `end` and the next one, which begins at `start`."""
    if start < end or not (_MARKUP.fullmatch(text, end, start) or _OTHER_COLUMN.fullmatch(text, end, start)):
        return INTERRUPTION
    return " " if re.search(r"\s", text[end:start]) else ""


def line_range(text: str, spans: Sequence[Span]) -> Span:
    """The first and the last line that the spans touch, counted from 1 as in an editor (CR LF is one break)."""
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return _line_of(text, first), _line_of(text, last - 1)


def _line_of(text: str, offset: int) -> int:
    head = text[:offset]
    return 1 + head.count("\n") + head.count("\r") - head.count("\r\n") - (text[offset - 1 : offset + 1] == "\r\n")


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
