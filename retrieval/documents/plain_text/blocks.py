"""A plain text's lines -> blocks: headings, paragraphs, list items, captions, and page furniture to drop. Pure.

Each block keeps its lines' offsets in the original. layout.py joins the blocks and makes elements of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from retrieval.documents.plain_text.aligned import mark_tables
from retrieval.documents.plain_text.furniture import drop_furniture
from retrieval.documents.plain_text.gutters import in_column_order
from retrieval.documents.plain_text.headings import (
    HEADING_LINES,
    is_heading,
    is_title_case,
    is_underline,
    split_heading,
)
from retrieval.documents.plain_text.lines import (
    COLUMN_WIDTH,
    Block,
    Line,
    has_gaps,
    is_broken_on_purpose,
    is_open_ended,
    is_wrapped,
    split_lines,
    text_width,
)
from retrieval.documents.plain_text.pull_quotes import drop_pull_quotes

ITEM = re.compile(
    r"(?=[^\n]*\w)\s*(?:(?P<bullet>[•◦▪‣●*+–-])|\(?\d{1,3}(?:\.\d{1,3}){0,4}[.)]|\(?[a-zA-Z][.)]|\(?[ivx]{1,5}[.)])\s+"
)
_LIST_NUMBER = re.compile(r"\s*\(?(\d{1,2})[.)]")
_CAPTION = re.compile(r"\s*(?:FIGURE|TABLE|CHART|MAP|BOX|Figure|Table|Chart|Map|Box)\s+\d+\s*[.:]")
_RUNNING_HEAD = re.compile(r"[^|]{3,60}\|[^|]{3,60}|\d{1,4}\s+[^\W\d].{3,60}|[^\W\d].{3,60}\D\s\d{1,4}")
_RUN_IN = re.compile(r"([^\W\d_][\w’' &/-]{2,60}):(?=[^\W\d_])")
_DEEPER = 2  # characters of white space
_TERM_SHARE, _TERM_CHARS = 0.6, 80  # of a line's width; characters
_LEAST_TERMS = 2
_RETURNS = 3
_LEAST_RUN_IN = 3  # lines of that form in a document, to be more than a coincidence


def split_blocks(text: str) -> tuple[list[Block], int | None]:
    """The text's blocks in reading order, classified, and the width of a full line, None where lines are no parts."""
    lines = in_column_order(split_lines(text))
    wrapped = is_wrapped(lines)
    width = text_width(lines) if wrapped else None
    blocks = _wrapped_blocks(lines, width) if width else _line_blocks(lines)
    has_pages = any(block.page != blocks[0].page for block in blocks)
    if any("\f" in line.text for line in lines):
        drop_furniture(blocks)
    if has_pages and width and width <= COLUMN_WIDTH:
        drop_pull_quotes(blocks, width)
    if width:
        blocks = [part for block in blocks for part in _split_lines(block, width)]
    mark_tables(blocks)
    _classify(blocks, has_pages, width is not None)
    _mark_terms(blocks)
    return blocks, width


def _line_blocks(lines: Sequence[Line]) -> list[Block]:
    """One block per line, which is a paragraph where lines are not hard-wrapped; an underline stays with its line."""
    labelled = sum(_run_in(line) is not None for line in lines)
    blocks: list[Block] = []
    blank, page = True, 0
    for line in lines:
        page += line.page_start
        if line.text.strip():
            if is_underline(line.text) and blocks and not blank:
                blocks[-1].lines.append(line)
            else:
                parts = _split_run_in(line) if labelled >= _LEAST_RUN_IN else [line]
                blocks += [Block([part], blank and part is parts[0], page) for part in parts]
        blank = not line.text.strip()
    return blocks


def _run_in(line: Line) -> int | None:
    """Where a label is stuck to its sentence ("Economic Cooperation:A central focus ..."); None where it is not."""
    found = _RUN_IN.match(line.text)
    is_label = found and len(line.text) >= 2 * len(found[0]) and is_title_case(found[1])
    return found.end() if found and is_label else None


def _split_run_in(line: Line) -> list[Line]:
    cut = _run_in(line)
    if cut is None:
        return [line]
    middle = line.start + cut
    return [Line(line.start, middle, line.text[:cut], line.page_start), Line(middle, line.end, line.text[cut:])]


def _wrapped_blocks(lines: Sequence[Line], width: int) -> list[Block]:
    """Blocks of consecutive lines; one begins after a blank line and at a page start, a caption or a list item."""
    blocks: list[Block] = []
    previous: Line | None = None
    page = 0
    for line in lines:
        page += line.page_start
        if not line.text.strip():
            previous = None
            continue
        starts_block = (
            previous is None
            or line.page_start
            or _CAPTION.match(line.text)
            or _opens_item(line.text, previous.text, blocks[-1])
            or is_underline(previous.text)
            or _changes_indent(line, previous, blocks[-1], width)
        )
        if starts_block:
            blocks.append(Block([line], previous is None or line.page_start, page))
        else:
            blocks[-1].lines.append(line)
        previous = line
    return [part for block in blocks for part in _split_head(block, width)]


def _changes_indent(line: Line, previous: Line, block: Block, width: int) -> bool:
    """Whether a description begins below its term, as in a manual's list of options, or the next term below it."""
    if ITEM.match(block.lines[0].text):
        return False
    deeper = line.indent - previous.indent
    is_below_term = deeper >= _DEEPER and len(previous.text.strip()) <= _TERM_SHARE * width
    return is_below_term or deeper <= -_DEEPER


def _split_head(block: Block, width: int) -> list[Block]:
    return [block] if _CAPTION.match(block.text) or ITEM.match(block.text) else split_heading(block, width)


def _split_lines(block: Block, width: int) -> list[Block]:
    """The block split where a line was broken on purpose, as in an address or a list of ingredients."""
    is_head = len(block.lines) <= HEADING_LINES and is_title_case(block.bare) and not has_gaps(block.text)
    if block.kind != "body" or _CAPTION.match(block.text) or is_head:
        return [block]
    groups = [[block.lines[0]]]
    for line, after in pairwise(block.lines):
        if is_broken_on_purpose(line, after, width) and not is_underline(after.text):
            groups.append([])
        groups[-1].append(after)
    first, *rest = groups
    return [Block(first, block.blank_before, block.page), *(Block(lines, False, block.page) for lines in rest)]


def _opens_item(text: str, before: str, block: Block) -> bool:
    """Whether a line begins a list item.

    A number that only ends a wrapped sentence ("on the day of May / 16. The ...") does not: the line before it is
    unfinished, the block is not a list item, and the number is not 1.
    """
    if not ITEM.match(text):
        return False
    number = _LIST_NUMBER.match(text)
    return not number or number[1] == "1" or not is_open_ended(before) or bool(ITEM.match(block.lines[0].text))


def _mark_terms(blocks: Sequence[Block]) -> None:
    """Tell terms and the descriptions indented below them, where a text has several, from other short lines."""
    found = [
        (term, below)
        for term, below in pairwise(blocks)
        if term.kind == below.kind == "body"
        and len(term.lines) == 1
        and len(term.bare) <= _TERM_CHARS
        and not below.blank_before
        and not ITEM.match(below.text)
        and below.lines[0].indent >= term.lines[0].indent + _DEEPER
    ]
    if len(found) >= _LEAST_TERMS:
        for term, below in found:
            term.kind, below.kind = "term", "definition"


def _classify(blocks: Sequence[Block], has_pages: bool, is_wrapped: bool) -> None:
    """Tell headings, and what interrupts the text: captions and, in a document with pages, lines like running heads.

    A line that returns again and again right above a heading ("Posted in News") ends what is above it.
    """
    kept = [block for block in blocks if block.kind != "dropped"]
    followers: list[Block | None] = [*kept[1:], None][: len(kept)]
    for block, after in zip(kept, followers, strict=True):
        isolated = block.blank_before and (after is None or after.blank_before)
        if block.kind == "body" and (
            _CAPTION.match(block.text) or (has_pages and isolated and _is_running_head(block))
        ):
            block.kind = "caption"
    for block, after in zip(kept, followers, strict=True):
        is_underlined = len(block.lines) > 1 and is_underline(block.lines[-1].text)
        if block.kind == "body" and (is_underlined or is_heading(block, after, is_wrapped)):
            block.kind = "heading"
    times = Counter(block.bare for block in kept if block.kind == "heading")
    for block, after in zip(kept, followers, strict=True):
        if block.kind == "heading" and times[block.bare] >= _RETURNS and after and after.kind == "heading":
            block.kind = "body"


def _is_running_head(block: Block) -> bool:
    text = block.bare
    return len(block.lines) == 1 and bool(_RUNNING_HEAD.fullmatch(text)) and is_title_case(re.sub(r"[|\d]", " ", text))
