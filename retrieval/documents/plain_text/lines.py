"""Lines and blocks of lines, with their offsets in the original, and whether they end their sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from retrieval.spans import Span

COLUMN_WIDTH = 66
"""Characters: a page whose lines are longer was not set in columns."""

DroppedAs = Literal["page furniture", "pull quote", "table rule"]

_BREAK = re.compile(r"\r\n|\r|\n")
_ENDED = re.compile(r"[.!?…。！？:][\"'”’)\]*_]*\s*\d{0,3}\s*$")
# A full stop after one of these does not end a sentence.
_ABBREVIATED = re.compile(
    r"\b(?:Co|Inc|Ltd|Corp|Mr|Mrs|Ms|Dr|Prof|St|No|vs|Jr|Sr|Gen|Col|Lt|Vol|Fig|cf|(?:[A-Za-z]\.)+[A-Za-z])\.\s*$"
)
_GAP = re.compile(r"(?<=[^\s.:;,!?])\s{2,}(?=\S)")  # after a full stop two spaces are a habit
_BORDER = re.compile(r"[|+].*[|+]")
_VERY_WIDE_GAP = re.compile(r"(?<=\S)\s{4,}(?=\S)")
_JUSTIFIED = 0.95  # of a full line
_WIDE_GAP = re.compile(r"(?<=\S)\s{3,}(?=\S)")
_BREAK_CHARS = 2  # of a line break, at most
_MAX_WIDTH = 130  # characters; longer lines are paragraphs
_FULL, _FAR = 0.7, 0.5  # of a full line; guesses, since lines of a proportional font differ in characters
_LEAST_PAGES = 3  # that a single space at a line's beginning must mark, to be a sign of pages
_LEAST_LINES = 8  # of a page on average


@dataclass(frozen=True, slots=True)
class Line:
    """text == original[start:end], without its line break; `page_start` where a page or a text box begins.

    `is_cut` where it is a column's part of a line.
    """

    start: int
    end: int
    text: str
    page_start: bool = False
    is_cut: bool = False

    @property
    def indent(self) -> int:
        """How many characters of white space it begins with."""
        return len(self.text) - len(self.text.lstrip())


@dataclass(eq=False, slots=True)
class Block:
    """Consecutive lines: what they are, on which page, and why they were dropped, if they were.

    `columns` are those of the table that a row, one line, belongs to, as spans of characters of the line.
    """

    lines: list[Line]
    blank_before: bool
    page: int = 0
    kind: Literal["body", "heading", "caption", "term", "definition", "header row", "row", "dropped"] = "body"
    dropped_as: DroppedAs | None = None
    columns: tuple[Span, ...] = ()

    @property
    def spans(self) -> list[Span]:
        """Where it stands in the original: one span, or one for each line where lines do not follow each other."""
        spans: list[Span] = []
        for line in self.lines:
            if spans and 0 <= line.start - spans[-1][1] <= _BREAK_CHARS and not line.is_cut:
                spans[-1] = (spans[-1][0], line.end)
            else:
                spans.append((line.start, line.end))
        return spans

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def bare(self) -> str:
        """Its text with one space for white space."""
        return " ".join(self.text.split())

    def drop(self, why: DroppedAs) -> None:
        self.kind, self.dropped_as = "dropped", why


def split_lines(text: str) -> list[Line]:
    """Every line of the text, blank ones too.

    A page starts after a form feed. It also starts at a line that is indented by a single space in a text whose lines
    are otherwise not indented, if there are several such lines far apart: converters from PDF leave a space where the
    form feed was.
    """
    spans, start = [], 0
    for found in _BREAK.finditer(text):
        spans.append((start, found.start()))
        start = found.end()
    spans.append((start, len(text)))
    visible = [span for span in spans if text[slice(*span)].strip()]
    by_space = sum(bool(re.match(r" \S", text[start : start + 2])) for start, _ in visible)
    indented = sum(text[start] in " \t" for start, _ in visible)
    has_space_pages = indented <= 0.1 * len(visible) and _LEAST_PAGES <= by_space <= len(visible) / _LEAST_LINES
    lines = []
    for start, end in spans:
        line = text[start:end]
        lines.append(Line(start, end, line, "\f" in line or (has_space_pages and bool(re.match(r" \S", line)))))
    return lines


def is_wrapped(lines: Sequence[Line]) -> bool:
    """True where lines are hard-wrapped: many full ones stop in mid-sentence, and the next continues in lower case."""
    width = text_width(lines)
    if width > _MAX_WIDTH:
        return False
    texts = [line.text.strip() for line in lines]
    pairs = [(text, after) for text, after in pairwise(texts) if after and len(text) >= _FULL * width]
    cut = sum(is_open_ended(text) and starts_lower(after) for text, after in pairs)
    return cut >= 3 and cut >= 0.3 * len(pairs)


def is_broken_on_purpose(line: Line, after: Line, width: int) -> bool:
    """Whether a line of a hard-wrapped text ends early: the next word would have fitted, by far or after a sentence."""
    text, rest = line.text.strip(), after.text.strip()
    if _BORDER.fullmatch(text) or _BORDER.fullmatch(rest) or _have_cells(line.text, after.text, width):
        return True
    with_next_word = len(text) + 1 + len(rest.split(maxsplit=1)[0])
    is_continued = is_open_ended(text) and starts_lower(rest)
    return with_next_word < (_FAR if is_continued else _FULL) * width


def _have_cells(one: str, other: str, width: int) -> bool:
    """Whether the lines are rows of a table: by a very wide gap, or by gaps that end at the same place.

    Full lines may be justified by gaps, which are at the same place only by chance.
    """
    gaps, others = ({match.end() for match in _GAP.finditer(text)} for text in (one, other))
    are_full = min(len(one.rstrip()), len(other.rstrip())) >= _JUSTIFIED * width
    return bool(_VERY_WIDE_GAP.search(one) or _VERY_WIDE_GAP.search(other)) or (bool(gaps & others) and not are_full)


def has_gaps(text: str) -> bool:
    """Whether white space divides the line into cells: a gap of three characters, or two of two inside sentences."""
    return bool(_WIDE_GAP.search(text)) or len(_GAP.findall(text)) >= 2


def text_width(lines: Sequence[Line]) -> int:
    """Length in characters of a full line: nine tenths of the lines with text are no longer."""
    lengths = sorted(len(line.text.strip()) for line in lines if line.text.strip())
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def is_open_ended(text: str) -> bool:
    """True where the text stops without ending its sentence."""
    end = text.rstrip()[-40:]  # no more, because the patterns are slow on long rows of full stops
    return not _ENDED.search(end) or bool(_ABBREVIATED.search(end))


def starts_lower(text: str) -> bool:
    """True where the first letter, after any quotation marks and brackets, is lower-case."""
    first = re.search(r"\w", text)
    return first is not None and first[0].islower()
