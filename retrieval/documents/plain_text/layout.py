"""A plain text -> elements in reading order, with their map back.

Real files are untidy: hard-wrapped lines, columns in the wrong order, captions and pull quotes in the middle of a
sentence, footnote numbers stuck to words, page furniture. What is moved or left out needs the evidence that the rule's
own module names; everything else stays where it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set

from retrieval.documents.elements import CELL_SEPARATOR, Dropped, Element
from retrieval.documents.plain_text.aligned import cells_of
from retrieval.documents.plain_text.blocks import ITEM, split_blocks
from retrieval.documents.plain_text.columns import order_columns
from retrieval.documents.plain_text.headings import is_underline, joined_headings, level_of
from retrieval.documents.plain_text.lines import (
    COLUMN_WIDTH,
    Block,
    has_gaps,
    is_broken_on_purpose,
    is_open_ended,
    starts_lower,
)
from retrieval.documents.plain_text.marks import find_marks
from retrieval.documents.reading import HYPHENS, reading_of
from retrieval.spans import ReadingText, Span, join_readings


def read_layout(text: str) -> tuple[list[Element], list[Dropped]]:
    """The text's elements in reading order, and what was left out."""
    blocks, width = split_blocks(text)
    kept = _in_order(blocks, is_narrow=width is not None and width <= COLUMN_WIDTH)
    marks = set(find_marks(text))
    signs = sorted([*marks] + [sign for block in kept for sign in _signs(block)])
    vocabulary = {word.lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)}
    elements: list[Element] = []
    indents: list[int] = []  # of the items that the next one may be nested in
    for group in _joined(kept, width):
        kind = group[0].kind
        if kind == "row" or kind == "header row":
            elements.append(_row(text, group[0]))
            continue
        reading = _reading(text, group, signs, vocabulary)
        if not reading.text:
            continue
        if kind == "heading":
            elements.append(Element("heading", reading, level_of(group[0].bare)))
        elif kind in ("term", "definition") or (kind == "body" and ITEM.match(group[0].text)):
            elements.append(Element("item", reading, _depth(indents, group[0].lines[0].indent)))
            continue
        else:
            elements.append(Element("caption" if kind == "caption" else "paragraph", reading))
        indents.clear()
    dropped = [Dropped(span, block.dropped_as) for block in blocks if block.dropped_as for span in block.spans]
    dropped += [Dropped(span, "footnote mark" if span in marks else "list or heading sign") for span in signs]
    return elements, sorted(dropped, key=lambda drop: drop.span)


def _in_order(blocks: Sequence[Block], is_narrow: bool) -> list[Block]:
    """The blocks that are not dropped, in reading order; pull quotes come back where no pages of columns show."""
    kept = [block for block in blocks if block.kind != "dropped"]
    ordered = order_columns(kept) if is_narrow else kept
    if ordered != kept:
        return ordered
    for block in blocks:
        if block.dropped_as == "pull quote":
            block.kind, block.dropped_as = "body", None
    return [block for block in blocks if block.kind != "dropped"]


def _row(text: str, block: Block) -> Element:
    """A table's row, its cells joined by a sign that maps to nothing."""
    readings = [reading_of(text, [cell]) for cell in cells_of(block)]
    reading = join_readings(readings, [CELL_SEPARATOR] * (len(readings) - 1))
    cells, start = [], 0
    for part in readings:
        cells.append((start, start + len(part.text)))
        start += len(part.text) + len(CELL_SEPARATOR)
    return Element("header row" if block.kind == "header row" else "row", reading, cells=tuple(cells))


def _signs(block: Block) -> list[Span]:
    """Spans that are not text: an item's bullet (a number stays), a heading's colon and underline."""
    first = block.lines[0]
    if block.kind == "body":
        item = ITEM.match(first.text)
        return [(first.start, first.start + item.end())] if item and item["bullet"] else []
    if block.kind != "heading":
        return []
    signs = [(line.start, line.end) for line in block.lines[1:] if is_underline(line.text)]
    words = [line for line in block.lines if not is_underline(line.text)]
    if words and words[-1].text.rstrip().endswith(":"):
        colon = words[-1].start + len(words[-1].text.rstrip()) - 1
        signs.append((colon, colon + 1))
    return signs


def _depth(indents: list[int], indent: int) -> int:
    """The depth of an item with that indent below the items before it, which `indents` keeps."""
    while indents and indents[-1] >= indent:
        indents.pop()
    indents.append(indent)
    return len(indents) - 1


def _joined(blocks: Sequence[Block], width: int | None) -> Iterator[list[Block]]:
    """Groups of blocks that form one element; a caption follows the paragraph that it interrupts.

    `width` is the length of a full line, None where lines are not wrapped and so no paragraphs are joined.
    """
    group: list[Block] = []
    waiting: list[Block] = []
    for joined in joined_headings(blocks):
        block = joined[0]
        if block.kind == "caption":
            waiting.append(block)
        elif group and width and _continues(group[-1], block, width):
            group.append(block)
        else:
            if group:
                yield group
            yield from ([caption] for caption in waiting)
            group, waiting = joined, []
    if group:
        yield group
    yield from ([caption] for caption in waiting)


def _continues(block: Block, after: Block, width: int) -> bool:
    if (
        block.kind != "body"
        or after.kind != "body"
        or has_gaps(block.lines[-1].text)
        or ITEM.match(after.text)
        or not is_open_ended(block.text)
    ):
        return False
    if not after.blank_before and after.page == block.page:
        return not is_broken_on_purpose(block.lines[-1], after.lines[0], width)
    last = block.lines[-1].text.strip()
    return starts_lower(after.text) or len(last) >= 0.6 * width or last.endswith((",", "-", "—"))


def _reading(text: str, group: Sequence[Block], signs: Sequence[Span], vocabulary: Set[str]) -> ReadingText:
    is_heading = group[0].kind == "heading"
    readings, separators = [], []
    for block in group:
        for number, span in enumerate(block.spans):
            reading = reading_of(text, _gaps(*span, signs), vocabulary=vocabulary)
            if reading.text:
                readings.append(reading)
                separators.append(": " if is_heading and number == 0 else "" if reading.text.endswith(HYPHENS) else " ")
    return join_readings(readings, separators)


def _gaps(start: int, end: int, signs: Sequence[Span]) -> Iterator[Span]:
    """The spans of [start, end) outside the signs, which are sorted."""
    for number in range(bisect_left(signs, (start, start)), len(signs)):
        first, last = signs[number]
        if last > end:
            break
        if first >= start:
            yield start, first
            start = last
    yield start, end
