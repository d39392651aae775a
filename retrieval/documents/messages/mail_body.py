"""A mail's plain text -> its paragraphs and list items: wrapped lines joined, quotations and the signature apart.

A line is wrapped where the next word would not have fitted into it, or where the sentence plainly goes on. In a text
that says so (format=flowed) a space at the end of a line tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from retrieval.documents.elements import ElementKind
from retrieval.documents.visible import visible_line

_QUOTED = re.compile(r"(?:> ?)+")
_BULLET = re.compile(r"\s*(?:[-*•·‣▪–]|(?P<number>\d{1,3}[.)]))\s+(?=\S)")
_SIGNATURE = re.compile(r"-- ?")
_ENDED = re.compile(r"[.!?:;。！？][\"'”’)\]]*$")
_WRAPPED_WIDTHS = range(60, 101)  # programs that wrap do so at 72 to 78 characters, or a little less in quotations


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or item of a mail; `depth` counts the ">" before it.

    `is_label` where it is the line that tells who wrote what is quoted after it, and when.
    """

    kind: ElementKind
    text: str
    depth: int
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    depth: int


def blocks_of(body: str, *, is_flowed: bool, has_extra_space: bool = False) -> list[Block]:
    """The blocks of a mail's plain text, in order.

    `has_extra_space` where the space at the end of a flowed line is not part of the text (DelSp=yes).
    """
    lines = [_line(line, is_flowed) for line in re.split(r"\r\n|\r|\n", body)]
    blocks: list[Block] = []
    for depth, group in groupby(lines, lambda line: line.depth):
        texts = [line.text for line in group]
        if is_flowed:
            texts = _unfolded(texts, has_extra_space)
        blocks += _blocks(texts, depth, is_wrapped=not is_flowed)
    return _with_attributions(blocks)


def _line(line: str, is_flowed: bool) -> _Line:
    quoted = _QUOTED.match(line)
    text = line[quoted.end() :] if quoted else line
    if is_flowed and not quoted:
        text = text.removeprefix(" ")  # a space that only keeps ">" or "From " from being misread
    return _Line(text, quoted[0].count(">") if quoted else 0)


def _unfolded(lines: Sequence[str], has_extra_space: bool) -> list[str]:
    """The lines of a flowed text, each as long as its writer made it."""
    whole: list[list[str]] = []
    is_open = False
    for line in lines:
        if not is_open or not line.strip():
            whole.append([])
        is_open = line.endswith(" ") and not _SIGNATURE.fullmatch(line)
        whole[-1].append(line[:-1] if is_open and has_extra_space else line)
    return ["".join(parts) for parts in whole]


def _blocks(lines: Sequence[str], depth: int, *, is_wrapped: bool) -> Iterator[Block]:
    """The blocks of lines that are quoted equally often."""
    width = max((len(line.rstrip()) for line in lines), default=0)
    parts: list[str] = []
    is_signature = False
    for before, line in pairwise(["", *lines]):
        goes_on = is_wrapped and not is_signature and bool(parts) and _goes_on(before, line, width)
        if not goes_on:
            yield from _block(parts, depth)
            parts = []
        is_signature = is_signature or _SIGNATURE.fullmatch(line) is not None
        if line.strip() and not _SIGNATURE.fullmatch(line):
            parts.append(line)
    yield from _block(parts, depth)


def _goes_on(before: str, line: str, width: int) -> bool:
    """Whether a line is the rest of the one before it."""
    if not line.strip() or _BULLET.match(line):
        return False
    if _BULLET.match(before) and line[0].isspace():
        return True
    first_word = line.split(maxsplit=1)[0]
    if width in _WRAPPED_WIDTHS and len(before.rstrip()) + 1 + len(first_word) > width:
        return True
    return not _ENDED.search(before.rstrip()[-20:]) and first_word[0].islower()


def _block(lines: Sequence[str], depth: int) -> Iterator[Block]:
    if not lines:
        return
    bullet = _BULLET.match(lines[0])
    start = bullet.end() if bullet and not bullet["number"] else 0
    text = visible_line("\n".join(lines)[start:])
    if text:
        yield Block("item" if bullet else "paragraph", text, depth)


def _with_attributions(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with "On 2 March 2024, Ruth wrote:" marked: it has a number and a colon, and a quotation follows."""
    marked = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=False):
        is_label = (
            after is not None
            and after.depth > block.depth
            and block.text.endswith((":", "："))
            and re.search(r"\d", block.text) is not None
        )
        marked.append(replace(block, is_label=is_label))
    return marked
