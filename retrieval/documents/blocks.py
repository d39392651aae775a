"""A text's lines -> blocks: headings, paragraphs, captions, and page furniture to drop. Pure.

Each block keeps its lines' offsets in the original. layout.py joins and cleans the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from retrieval.documents.lines import Block, Line, is_open_ended, is_wrapped, split_lines, starts_lower, text_width
from retrieval.documents.pull_quotes import drop_pull_quotes
from retrieval.schema import Span

_CAPTION = re.compile(r"\s*(?:FIGURE|TABLE|CHART|MAP|BOX|Figure|Table|Chart|Map|Box)\s+\d+\s*[.:]")
_CAPTION_SOURCE = re.compile(r"\s*(?:Source|SOURCE|Note|NOTE)s?:")
_NAVIGATION = re.compile(
    r"(?:posted in|filed under|tagged(?: with)?:?|share this|share on|leave a comment|print this|related posts?)\b"
    r"[^.!?]{0,60}"
    r"|(?:see|read|click|download|watch|view|register)(?:\W+\w+){0,7}\W+here\.?"
    r"|.{0,40}(?:\bcopyright\W{0,3}(?:\(c\)|©|\d{4})|©|\(c\)\s*\d{4}).*|.{0,80}\ball rights reserved\b.{0,40}"
    r"|page\s+\d{1,4}(?:\s+(?:of|/)\s+\d{1,4})?",
    re.IGNORECASE,
)
_RUNNING_HEAD = re.compile(r"[^|]{3,60}\|[^|]{3,60}|\d{1,4}\s+[^\W\d].{3,60}|[^\W\d].{3,60}\D\s\d{1,4}")
BULLET = re.compile(r"\s*(?:[•◦▪‣●*+–-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)
_LIST_NUMBER = re.compile(r"\s*\(?(\d{1,2})[.)]")
_RUN_IN = re.compile(r"([^\W\d_][\w’' &/-]{2,60}):(?=[^\W\d_])")
_MARKDOWN_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(?=\S)")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_TERMINAL = re.compile(r"[.!?…。！？][\"'”’)\]*_]*\s*(?:\d{1,3})?\s*$")
_HEADING_CHARS = 160


def split_blocks(text: str, is_markdown: bool) -> tuple[list[Block], int | None]:
    """The text's blocks in file order, classified, and the width of a full line; None where lines are not wrapped."""
    lines = split_lines(text)
    wrapped = is_wrapped(lines)
    width = text_width(lines) if wrapped else None
    blocks = _wrapped_blocks(lines, is_markdown) if wrapped else _line_blocks(lines)
    _classify(blocks, wrapped, is_markdown)
    if width:
        drop_pull_quotes(blocks, width)
    return blocks, width


def marks_of(block: Block) -> list[Span]:
    """Spans that are not text: a list item's bullet or number; a heading's Markdown signs, colon and stuck number."""
    start, text = block.span[0], block.text
    if block.kind == "body":
        bullet = BULLET.match(text)
        return [(start, start + bullet.end())] if bullet else []
    if block.kind != "heading":
        return []
    heading = _MARKDOWN_HEADING.match(text)
    first = heading.end() if heading else 0
    last = len(text.rstrip().rstrip("#").rstrip() if heading else text.rstrip())
    last -= text[:last].endswith(":")
    if block.has_stuck_number:
        last = len(_without_number(text[:last]))
    return [span for span in ((start, start + first), (start + last, start + len(text))) if span[0] < span[1]]


# 1. Lines to blocks


def _line_blocks(lines: Sequence[Line]) -> list[Block]:
    """One block per line: where lines are not hard-wrapped, each line is a paragraph."""
    blocks = []
    blank = True
    for line in lines:
        if line.text.strip():
            blocks += [Block([part], blank_before=blank) for part in _split_run_in(line)]
        blank = not line.text.strip()
    return blocks


def _split_run_in(line: Line) -> list[Line]:
    """A line such as "Economic Cooperation:A central focus ..." split after its label; a line without one as it is."""
    found = _RUN_IN.match(line.text)
    if not found or len(line.text) < 2 * len(found[0]) or "//" in line.text[: found.end() + 2]:
        return [line]
    cut = line.start + found.end()
    return [Line(line.start, cut, found[0], line.page_start), Line(cut, line.end, line.text[found.end() :], False)]


def _wrapped_blocks(lines: Sequence[Line], is_markdown: bool) -> list[Block]:
    """Blocks of consecutive lines.

    A new block begins after a blank line and at a page start, a caption, a list item, a Markdown heading or a fence.
    """
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
            or _MARKDOWN_HEADING.match(line.text)
            or _MARKDOWN_HEADING.match(previous.text)
            or (is_markdown and (_FENCE.match(line.text) or _FENCE.match(previous.text)))
        )
        if starts_block:
            blocks.append(Block([line], previous is None, page))
        else:
            blocks[-1].lines.append(line)
        previous = line
    width = text_width(lines)
    return [part for block in blocks for piece in _split_heading(block, width) for part in _split_overprint(piece)]


def _opens_item(text: str, before: str, block: Block) -> bool:
    """Whether a line begins a list item.

    A number that only ends a wrapped sentence ("on the day of May / 16. The ...") does not: the line before it is
    unfinished, the block is not a list item, and the number is not 1.
    """
    if not BULLET.match(text):
        return False
    number = _LIST_NUMBER.match(text)
    return not number or number[1] == "1" or not is_open_ended(before) or bool(BULLET.match(block.text))


def _split_heading(block: Block, width: int) -> list[Block]:
    """The block split after a heading of one to three short lines that has no blank line below it."""
    for count in (1, 2, 3):
        head, rest = block.lines[:count], block.lines[count:]
        if not rest or _CAPTION.match(head[0].text):
            break
        short = all(len(line.text.strip()) <= 0.6 * width for line in head)
        follows = len(rest[0].text.strip()) >= 0.7 * width and not starts_lower(rest[0].text)
        if short and follows and _is_title_case(" ".join(line.text for line in head)):
            return [Block(head, block.blank_before, block.page), Block(rest, False, block.page)]
    return [block]


def _split_overprint(block: Block) -> list[Block]:
    """The block split where a caption's source line ends by repeating the caption; the repeated words are dropped."""
    last = block.lines[-1]
    if not _CAPTION.match(block.text) or len(block.lines) < 2 or not _CAPTION_SOURCE.match(last.text):
        return [block]
    caption, letters = ("".join(line.text.split())[::-1] for line in (block.lines[0], last))
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(caption, letters, strict=False)))
    if shared < 10:
        return [block]
    cut = [offset for offset, char in enumerate(last.text) if not char.isspace()][-shared]
    kept = Line(last.start, last.start + cut, last.text[:cut], last.page_start)
    repeat = Block([Line(kept.end, last.end, last.text[cut:], False)], False, block.page)
    repeat.drop("repeat")
    return [Block([*block.lines[:-1], kept], block.blank_before, block.page), repeat]


# 2. What each block is


def _classify(blocks: list[Block], wrapped: bool, is_markdown: bool) -> None:
    texts = [" ".join(block.text.split()) for block in blocks]
    lowered = {text.lower() for text in texts}
    page_numbers = _page_numbers(texts)
    in_fence = False
    for number, (block, text) in enumerate(zip(blocks, texts, strict=True)):
        if block.kind == "dropped":
            continue
        before = texts[number - 1] if number else ""
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        isolated = block.blank_before and (after is None or after.blank_before)
        if is_markdown and _FENCE.match(block.text):
            in_fence = not in_fence
            block.drop("furniture")
        elif in_fence or (is_markdown and text.startswith("|")):
            block.kind = "code"
        elif is_markdown and re.fullmatch(r"[-=*_]{3,}", text):
            block.drop("furniture")
        elif is_markdown and _MARKDOWN_HEADING.match(block.text):
            block.kind = "heading"
        elif (
            number in page_numbers
            or _is_furniture(text, lowered)
            or (wrapped and isolated and _is_running_head(block, text))
        ):
            block.drop("furniture")
        elif text == before:
            block.drop("repeat")
        elif _differ_by_stuck_numbers(before, text):
            blocks[number - 1].has_stuck_number = True
            block.drop("repeat")
        elif _CAPTION.match(block.text):
            block.kind = "caption"
    follower: Block | None = None
    followers: list[Block | None] = []
    for block in reversed(blocks):
        followers.append(follower)
        follower = follower if block.kind == "dropped" else block
    last: Block | None = None
    for block, follower in zip(blocks, reversed(followers), strict=True):
        if block.kind == "body" and follower and _is_heading(block, last, follower, wrapped):
            block.kind = "heading"
        last = block


def _page_numbers(texts: Sequence[str]) -> set[int]:
    """Rows of the texts that number pages or notes: bare numbers that increase by one or two, or the only bare one."""
    found = [
        (row, int(bare)) for row, text in enumerate(texts) if (bare := text.strip("[]() ")) and _NUMBER.fullmatch(bare)
    ]
    if len(found) == 1:
        return {found[0][0]}
    return {row for (one, low), (other, high) in pairwise(found) if 0 < high - low <= 2 for row in (one, other)}


def _is_furniture(text: str, lowered: set[str]) -> bool:
    bare = text.strip("[]() ")
    if len(text) <= 160 and _NAVIGATION.fullmatch(bare):
        return True
    is_back_link = bare.lower().startswith("back to ") and len(text) < 80
    return is_back_link or f"back to {bare.lower()}" in lowered


def _is_running_head(block: Block, text: str) -> bool:
    return (
        len(block.lines) == 1
        and not _TERMINAL.search(text)
        and bool(_RUNNING_HEAD.fullmatch(text))
        and _is_title_case(re.sub(r"[|\d]", " ", text))
    )


def _differ_by_stuck_numbers(before: str, text: str) -> bool:
    """True for "Ministerial Meeting1" above "Ministerial Meeting2": one title as the caption of two pictures."""
    stem = _without_number(text)
    return stem not in (text, before) and stem == _without_number(before) and 3 <= len(stem.split()) <= 25


def _without_number(text: str) -> str:
    """ "Ministerial Meeting2" without the number that is stuck to its last word."""
    return re.sub(r"(?<=[a-zà-öø-ÿ]{3})\d{1,2}$", "", text)


def _is_heading(block: Block, before: Block | None, after: Block, wrapped: bool) -> bool:
    """Whether a body block is a heading, by its text and its neighbours; `after` is the next block not dropped."""
    text = " ".join(block.text.split())
    if after.kind != "body" or len(text) > _HEADING_CHARS or BULLET.match(block.text):
        return False
    if text.endswith(":") and _is_title_case(text) and len(text.split()) <= 8:
        return True
    if _TERMINAL.search(text) or text[-1] in ",;:、，；：،" or starts_lower(text):
        return False
    if wrapped:
        return len(block.lines) <= 3 and _is_title_case(text) and not starts_lower(after.text)
    if starts_lower(after.text) and not after.blank_before:
        return False
    if not block.blank_before:  # right below an unfinished line that is no heading: another list item
        return (before is None or before.kind != "body" or not before.is_open_line) and not after.is_open_line
    return not after.is_open_line or not after.blank_before


def _is_title_case(text: str) -> bool:
    """True where nearly all longer words begin with a capital, as in a heading."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text) if len(word) > 3 or word[0].isupper()]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.7 * len(words)
