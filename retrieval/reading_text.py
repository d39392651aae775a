"""Original text -> blocks in reading order -> reading text with its map back.

Real files are untidy: lines wrapped by hand, columns in the wrong order, captions and pull quotes in the middle of a
sentence, footnote numbers stuck to words, page furniture. `read_layout` sorts that out and says what it left aside.
Deliberately not here: titles, dates and articles (documents.py), sentences (passages.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from retrieval.columns import order_columns
from retrieval.lines import (
    Block,
    DroppedKind,
    Line,
    is_open_ended,
    is_wrapped,
    split_lines,
    starts_lower,
    text_width,
)
from retrieval.schema import INVISIBLE, ReadingText, Span, join_readings

_CAPTION = re.compile(r"\s*(?:FIGURE|TABLE|CHART|MAP|BOX|Figure|Table|Chart|Map|Box)\s+\d+\s*[.:]")
_CAPTION_SOURCE = re.compile(r"\s*(?:Source|SOURCE|Note|NOTE)s?:")
_NAVIGATION = re.compile(
    r"(?:posted in|filed under|tagged(?: with)?:?|share this|share on|leave a comment|print this|related posts?)\b.*"
    r"|(?:see|read|click|download|watch|view|register)\b.{0,80}\bhere\.?"
    r"|.{0,40}(?:\bcopyright\b|©|\(c\)\s*\d{4}).*|.{0,80}\ball rights reserved\b.*"
    r"|(?:page\s+)?\d{1,4}(?:\s+(?:of|/)\s+\d{1,4})?",
    re.IGNORECASE,
)
_RUNNING_HEAD = re.compile(r"[^|]{3,60}\|[^|]{3,60}|\d{1,4}\s+[^\W\d].{3,60}|[^\W\d].{3,60}\D\s\d{1,4}")
_BULLET = re.compile(r"\s*(?:[•◦▪‣●*+–-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_RUN_IN = re.compile(r"([^\W\d_][\w’' &/-]{2,60}):(?=[^\W\d_])")
_MARKDOWN_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_TERMINAL = re.compile(r"[.!?…。！？][\"'”’)\]*_]*\s*(?:\d{1,3})?\s*$")
_MARK = re.compile(r"(?:(?<=[^\W\d_][.,;:!?])|(?<=[.,!?][”\"’)\]])|(?<=[)”\]][.,;:!?]))(\d{1,3})(?=\s|$)")
_BRACKET_MARK = re.compile(r"(?<=\S)\[\d{1,3}\]|(?<=[.,;:!?”])[⁰¹²³⁴-⁹]+")
_MARKDOWN_INLINE = re.compile(
    r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`+|(?<=\])\([^)\s]*\)|!?\[(?=[^\]]*\]\()|\](?=\()"
)
_PIECE = re.compile(rf"[{INVISIBLE}]+|[^\s{INVISIBLE}]+|\s+")
_HEADING_CHARS = 160
_PULL_QUOTE_WORDS = 60


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
    """A text sorted out: every visible character is in a paragraph, in a heading or in `dropped`."""

    paragraphs: tuple[Paragraph, ...]
    headings: tuple[ReadingText, ...]
    dropped: tuple[Dropped, ...]


def read_layout(text: str, is_markdown: bool = False) -> Layout:
    """The text's paragraphs and headings in reading order, and what was left aside."""
    lines = split_lines(text)
    wrapped = is_wrapped(lines)
    blocks = _wrapped_blocks(lines) if wrapped else _line_blocks(lines)
    _classify(blocks, wrapped, is_markdown)
    if wrapped:
        _drop_pull_quotes(blocks, text_width(lines))
    kept = [block for block in blocks if block.kind in ("heading", "body", "caption", "code")]
    if wrapped:
        kept = order_columns(kept)
    marks = sorted(_find_marks(text, is_markdown) + [mark for block in kept for mark in _block_marks(block)])
    vocabulary = {word.lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)}
    paragraphs: list[Paragraph] = []
    headings: list[ReadingText] = []
    for group in _joined(kept, text_width(lines) if wrapped else None):
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


# 1. Lines to blocks


def _line_blocks(lines: Sequence[Line]) -> list[Block]:
    """A block for each line: in a text that is not wrapped by hand a line is a paragraph."""
    blocks = []
    blank = True
    for line in lines:
        if line.text.strip():
            blocks += [Block([part], blank_before=blank) for part in _split_run_in(line)]
        blank = not line.text.strip()
    return blocks


def _split_run_in(line: Line) -> list[Line]:
    """The label of "Economic Cooperation:A central focus ..." and the rest; the line itself where there is none."""
    found = _RUN_IN.match(line.text)
    if not found or len(line.text) < 2 * len(found[0]) or "//" in line.text[: found.end() + 2]:
        return [line]
    cut = line.start + found.end()
    return [Line(line.start, cut, found[0], line.page_start), Line(cut, line.end, line.text[found.end() :], False)]


def _wrapped_blocks(lines: Sequence[Line]) -> list[Block]:
    """Blocks of lines that stand together; a blank line, a page start, a caption or a list item begins a new one."""
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
            or _BULLET.match(line.text)
            or _MARKDOWN_HEADING.match(line.text)
            or _MARKDOWN_HEADING.match(previous.text)
        )
        if starts_block:
            blocks.append(Block([line], previous is None, page))
        else:
            blocks[-1].lines.append(line)
        previous = line
    width = text_width(lines)
    return [part for block in blocks for piece in _split_heading(block, width) for part in _split_overprint(piece)]


def _split_heading(block: Block, width: int) -> list[Block]:
    """A heading of one or two short lines set right on top of its first paragraph, apart from it."""
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
    """A caption whose source line ends in the caption's own words once more, and those words apart from it."""
    last = block.lines[-1]
    if not _CAPTION.match(block.text) or len(block.lines) < 2 or not _CAPTION_SOURCE.match(last.text):
        return [block]
    caption, letters = ("".join(line.text.split())[::-1] for line in (block.lines[0], last))
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(caption, letters, strict=False)))
    if shared < 10:
        return [block]
    cut = [place for place, char in enumerate(last.text) if not char.isspace()][-shared]
    kept = Line(last.start, last.start + cut, last.text[:cut], last.page_start)
    repeat = Block([Line(kept.end, last.end, last.text[cut:], False)], False, block.page)
    repeat.drop("repeat")
    return [Block([*block.lines[:-1], kept], block.blank_before, block.page), repeat]


# 2. What each block is


def _classify(blocks: list[Block], wrapped: bool, is_markdown: bool) -> None:
    texts = [" ".join(block.text.split()) for block in blocks]
    lowered = {text.lower() for text in texts}
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
        elif _is_furniture(text, lowered) or (wrapped and isolated and _is_running_head(block, text)):
            block.drop("furniture")
        elif text == before or (
            before
            and _without_number(text) == _without_number(before)
            and len(text) < _HEADING_CHARS
            and _without_number(text) != text
        ):
            block.drop("repeat")
        elif _CAPTION.match(block.text):
            block.kind = "caption"
    for number, block in enumerate(blocks):
        if block.kind == "body" and _is_heading(blocks, number, wrapped):
            block.kind = "heading"


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


def _without_number(text: str) -> str:
    """ "Ministerial Meeting2" without the number that is stuck to its last word."""
    return re.sub(r"(?<=[^\W\d])\d{1,2}$", "", text)


def _is_heading(blocks: Sequence[Block], number: int, wrapped: bool) -> bool:
    block = blocks[number]
    text = " ".join(block.text.split())
    after = next((later for later in blocks[number + 1 :] if later.kind != "dropped"), None)
    if after is None or after.kind != "body" or len(text) > _HEADING_CHARS or _BULLET.match(block.text):
        return False
    if text.endswith(":") and _is_title_case(text) and len(text.split()) <= 8:
        return True
    if _TERMINAL.search(text) or text[-1] in ",;:" or starts_lower(text):
        return False
    if wrapped:
        return len(block.lines) <= 3 and _is_title_case(text) and not starts_lower(after.text)
    if not block.blank_before:  # right under an open line that is no heading, it is one more item of a list
        before = blocks[number - 1]
        return (before.kind != "body" or not before.is_open_line) and not after.is_open_line
    return not after.is_open_line or not after.blank_before


def _is_title_case(text: str) -> bool:
    """True where nearly all longer words begin with a capital, as in a heading."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text) if len(word) > 3 or word[0].isupper()]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.7 * len(words)


def _drop_pull_quotes(blocks: list[Block], width: int) -> None:
    """Drop narrow blocks that say again what the running text says: they stand in its way."""
    body = [block for block in blocks if block.kind == "body"]
    narrow = [block for block in body if max(len(line.text.strip()) for line in block.lines) <= 0.8 * width]
    words = _words(" ".join(block.text for block in body if block not in narrow))
    for group in _open_groups(narrow, blocks):
        quoted = _words(" ".join(block.text for block in group))
        if 5 <= len(quoted) <= _PULL_QUOTE_WORDS and _containment(quoted, words) >= 0.6:
            for block in group:
                block.drop("pull quote")


def _open_groups(narrow: Sequence[Block], blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Narrow blocks, neighbours together where the first stops in mid-sentence."""
    group: list[Block] = []
    for block in narrow:
        neighbours = group and blocks.index(block) == blocks.index(group[-1]) + 1
        if group and not (neighbours and is_open_ended(group[-1].text)):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _containment(quoted: Sequence[str], words: Sequence[str]) -> float:
    """Share of the quoted word pairs that one stretch of the text, half as long again, holds."""
    pairs = set(pairwise(quoted))
    held = [pair in pairs and pair for pair in pairwise(words)]
    reach = len(quoted) + len(quoted) // 2
    starts = [number for number, pair in enumerate(held) if pair]
    return max((len({pair for pair in held[start : start + reach] if pair}) for start in starts), default=0) / len(
        pairs
    )


# 3. Blocks to paragraphs


def _joined(blocks: Sequence[Block], width: int | None) -> Iterator[list[Block]]:
    """Blocks that are one paragraph together; captions wait until the sentence they stand in has ended.

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
    if block.kind != "body" or after.kind != "body" or _BULLET.match(after.text) or not is_open_ended(block.text):
        return False
    last = block.lines[-1].text.strip()
    return starts_lower(after.text) or len(last) >= 0.6 * width or last.endswith((",", "-", "—"))


def _separator(reading: ReadingText) -> str:
    return "" if reading.text.endswith(("-", "—")) else " "


# 4. Blocks to reading text


def _find_marks(text: str, is_markdown: bool) -> list[Span]:
    """Spans of footnote marks (and of Markdown's own signs): "nations.21", "text[3]".

    A bare number counts as a mark only where the numbers of the whole text fill a row 1, 2, 3 ... (four fifths of it
    or more, and three at least), so that a figure at a sentence's end stays.
    """
    bare = [(match.start(1), match.end(1)) for match in _MARK.finditer(text)]
    values = {int(text[start:end]) for start, end in bare}
    last = max((n for n in values if len([v for v in values if 1 <= v <= n]) >= max(3, 0.8 * n)), default=0)
    spans = [span for span in bare if 1 <= int(text[slice(*span)]) <= last]
    spans += [match.span() for match in _BRACKET_MARK.finditer(text) if not text.startswith("(", match.end())]
    if is_markdown:
        spans += [match.span() for match in _MARKDOWN_INLINE.finditer(text)]
    return spans


def _block_marks(block: Block) -> list[Span]:
    """A body block's bullet or number; a heading's Markdown signs, its colon and the number stuck to its last word."""
    start, text = block.span[0], block.text
    if block.kind == "body":
        bullet = _BULLET.match(text)
        return [(start, start + bullet.end())] if bullet else []
    if block.kind != "heading":
        return []
    heading = _MARKDOWN_HEADING.match(text)
    first, last = heading.span(1) if heading else (0, len(text.rstrip()))
    last -= text[:last].endswith(":")
    last = len(_without_number(text[:last]))
    return [span for span in ((start, start + first), (start + last, start + len(text))) if span[0] < span[1]]


def _clean(text: str, block: Block, marks: Sequence[Span], vocabulary: set[str]) -> ReadingText:
    """The block's reading text: one space for white space, no marks, words broken at a line end whole."""
    builder = _Builder(text, vocabulary)
    for first, last in _gaps(*block.span, marks):
        for piece in _PIECE.finditer(text, first, last):
            builder.add(piece.start(), piece.end())
    return builder.reading()


def _gaps(start: int, end: int, marks: Sequence[Span]) -> Iterator[Span]:
    """The stretches of [start, end) outside the marks."""
    for first, last in marks:
        if start <= first and last <= end:
            yield start, first
            start = last
    yield start, end


class _Builder:
    """Collects pieces of the original (words, white space) into a reading text."""

    def __init__(self, original: str, vocabulary: set[str]) -> None:
        self._original, self._vocabulary = original, vocabulary
        self._text: list[str] = []
        self._runs: list[tuple[int, int, int]] = []
        self._length = 0
        self._space: Span | None = None

    def add(self, start: int, end: int) -> None:
        """Add one piece: a word, or white space, which is kept back until a word follows it."""
        piece = self._original[start:end]
        if re.fullmatch(f"[{INVISIBLE}]+", piece):
            return
        if piece.isspace():
            self._space = self._space or (start, end)
            return
        if self._space and self._text:
            self._add_space(piece)
        self._space = None
        self._append(piece, start)

    def _add_space(self, word: str) -> None:
        assert self._space
        start, end = self._space
        previous = self._text[-1]
        at_line_end = any(mark in self._original[start:end] for mark in "\n\r")
        if re.fullmatch(r"[.,;:!?]+[”\")]?", word) and len(word) <= 2:
            return  # "development . He": the space is a slip of the typesetter
        if at_line_end and previous.endswith(("-", "—")):
            self._mend_hyphen(word)
            return
        self._append(" ", start)

    def _mend_hyphen(self, word: str) -> None:
        """Take the hyphen away where the text writes the word without one elsewhere, and never with one."""
        left = re.search(r"([^\W\d_]+)-$", self._text[-1])
        right = re.match(r"[^\W\d_]+", word)
        if not left or not right:
            return
        whole, hyphened = f"{left[1]}{right[0]}".lower(), f"{left[1]}-{right[0]}".lower()
        if whole in self._vocabulary and hyphened not in self._vocabulary:
            self._text[-1] = self._text[-1][:-1]
            reading, original, length = self._runs[-1]
            self._runs[-1] = (reading, original, length - 1)
            self._length -= 1

    def _append(self, piece: str, start: int) -> None:
        last = self._runs[-1] if self._runs else None
        if last and last[0] + last[2] == self._length and last[1] + last[2] == start:
            self._runs[-1] = (last[0], last[1], last[2] + len(piece))
        else:
            self._runs.append((self._length, start, len(piece)))
        self._text.append(piece)
        self._length += len(piece)

    def reading(self) -> ReadingText:
        return ReadingText("".join(self._text), tuple(self._runs))
