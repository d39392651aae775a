"""Original text -> blocks in reading order -> reading text with its map back.

Real files are untidy: hard-wrapped lines, columns in the wrong order, captions and pull quotes in the middle of a
sentence, footnote numbers stuck to words, page furniture. `read_layout` repairs that and records what it leaves out.
Deliberately not here: titles, dates and articles (sections.py), sentences (passages.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.documents.blocks import BULLET, marks_of, split_blocks
from retrieval.documents.columns import order_columns
from retrieval.documents.lines import Block, DroppedKind, is_open_ended, starts_lower
from retrieval.documents.reading import HYPHENS, reading_of
from retrieval.schema import ReadingText, Span, join_readings

_MARK = re.compile(r"(?:(?<=[^\W\d_][.,;:!?])|(?<=[.,!?][”\"’)\]])|(?<=[)”\]][.,;:!?]))(\d{1,3})(?=\s|$)")
# "No.3", "Art.12": here the number belongs to the abbreviation and is not a footnote mark.
_NUMBERED = re.compile(r"\b(?:Nos?|Nr|Art|Arts|Fig|Figs|Sec|Vol|Ch|Ver|v|pp?|Eq|Tab|Rev)\.$", re.IGNORECASE)
_BRACKET_MARK = re.compile(r"(?<=\S)\[\d{1,3}\]|(?<=[.,;:!?”])[⁰¹²³⁴-⁹]+")
_MARKDOWN_INLINE = re.compile(
    r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`+|(?<=\])\([^)\s]*\)|!?\[(?=[^\]\[]{0,300}\]\()|\](?=\()"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Reading text of one paragraph or caption under a heading: `heading` is an index into Layout.headings or None."""

    reading: ReadingText
    heading: int | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Original text that is in no paragraph and no heading, and why."""

    span: Span
    kind: DroppedKind


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a text: every visible character is in a paragraph, in a heading or in `dropped`."""

    paragraphs: tuple[Paragraph, ...]
    headings: tuple[ReadingText, ...]
    dropped: tuple[Dropped, ...]


def read_layout(text: str, is_markdown: bool = False) -> Layout:
    """The text's paragraphs and headings in reading order, and what was left out."""
    blocks, width = split_blocks(text, is_markdown)
    kept = [block for block in blocks if block.kind != "dropped"]
    if width:
        kept = order_columns(kept)
    marks = sorted(_find_marks(text, is_markdown) + [mark for block in kept for mark in marks_of(block)])
    vocabulary = {word.lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)}
    paragraphs: list[Paragraph] = []
    headings: list[ReadingText] = []
    for group in _joined(kept, width):
        readings = [_clean(text, block, marks, vocabulary) for block in group]
        reading = join_readings(readings, [_separator(part) for part in readings])
        if not reading.text:
            continue
        if group[0].kind == "heading":
            headings.append(reading)
        else:
            paragraphs.append(Paragraph(reading, len(headings) - 1 if headings else None))
    dropped = [Dropped(block.span, block.dropped_as) for block in blocks if block.dropped_as]
    dropped += [Dropped(span, "mark") for span in marks]
    return Layout(tuple(paragraphs), tuple(headings), tuple(sorted(dropped, key=lambda drop: drop.span)))


# Blocks to paragraphs


def _joined(blocks: Sequence[Block], width: int | None) -> Iterator[list[Block]]:
    """Groups of blocks that form one paragraph; a caption follows the paragraph that it interrupts.

    `width` is the length of a full line, None where lines are not wrapped and so nothing is joined.
    """
    group: list[Block] = []
    waiting: list[Block] = []
    for block in blocks:
        if block.kind == "caption":
            waiting.append(block)
        elif group and width and _continues(group[-1], block, width):
            group.append(block)
        else:
            if group:
                yield group
            yield from ([caption] for caption in waiting)
            group, waiting = [block], []
    if group:
        yield group
    yield from ([caption] for caption in waiting)


def _continues(block: Block, after: Block, width: int) -> bool:
    if block.kind != "body" or after.kind != "body" or BULLET.match(after.text) or not is_open_ended(block.text):
        return False
    last = block.lines[-1].text.strip()
    return starts_lower(after.text) or len(last) >= 0.6 * width or last.endswith((",", "-", "—"))


def _separator(reading: ReadingText) -> str:
    return "" if reading.text.endswith(HYPHENS) else " "


# Paragraphs to reading text


def _find_marks(text: str, is_markdown: bool) -> list[Span]:
    """Spans of footnote marks (and of Markdown's own signs): "nations.21", "text[3]".

    Bare numbers count as marks only where those of the whole text make up a sequence 1, 2, 3 ... (at least three of
    them, and at least four fifths of the sequence). Otherwise a number that ends a sentence would be lost.
    """
    bare = [
        match.span(1)
        for match in _MARK.finditer(text)
        if not _NUMBERED.search(text, max(0, match.start(1) - 8), match.start(1))
    ]
    values = {int(text[start:end]) for start, end in bare}
    last = max((n for n in values if len([v for v in values if 1 <= v <= n]) >= max(3, 0.8 * n)), default=0)
    spans = [span for span in bare if 1 <= int(text[slice(*span)]) <= last]
    spans += [match.span() for match in _BRACKET_MARK.finditer(text) if not text.startswith("(", match.end())]
    if is_markdown:
        spans += [match.span() for match in _MARKDOWN_INLINE.finditer(text)]
    return spans


def _clean(text: str, block: Block, marks: Sequence[Span], vocabulary: set[str]) -> ReadingText:
    """The block's reading text: one space for white space, no marks, words broken at a line end rejoined."""
    return reading_of(text, _gaps(*block.span, marks), vocabulary=vocabulary)


def _gaps(start: int, end: int, marks: Sequence[Span]) -> Iterator[Span]:
    """The spans of [start, end) outside the marks, which are sorted."""
    for number in range(bisect_left(marks, (start, start)), len(marks)):
        first, last = marks[number]
        if last > end:
            break
        if first >= start:  # marks may overlap: a bullet that is also a Markdown sign
            yield start, first
            start = last
    yield start, end
