"""Lines of a column -> blocks: paragraphs, list items and lines that stand alone, each of whole lines.

A block ends where the type changes, the gap grows, a first line is indented, a list item begins, or a line is so short
that the first word of the next one would have fitted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.documents.pdf.parts import Column, Piece
from retrieval.documents.pdf.pieces import MARKER

# Guesses, tried on made files. Lengths are multiples of the type size.
_WIDER = 1.15  # a gap between paragraphs, compared with the usual one
_LEAST_PITCH, _MOST_PITCH = 0.9, 2.5  # from set solid to double spaced
_UNKNOWN_PITCH = 1.3
_FREQUENT = 0.2  # share of the distances
_SAME_SIZE = 0.1
_INDENT_EM = 0.8
_SLACK_EM = 0.8  # how much of a line's end justification and hyphenation leave free
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\S{0,6}$|…{2,}\s*\S{0,6}$")
_END = re.compile(r"[.!?:;。！？：][\"”’»)\]⁰¹²³⁴-⁹]*$")
_TAIL_CHARS = 120  # what the end of a line is told from
CAPTION = re.compile(r"[^\W\d_]{1,12}\.?\s*\d{1,3}(?:[.\-–]\d{1,3})*[a-z]?(?P<sign>\s*[.:|–—])?\s+\S")
"""How a caption begins: "Figure 2.", "Table 3.1:"; `sign` is what parts the number from its text."""
_ORDINAL = re.compile(r"\(?\[?(\d{1,3}|[a-zA-Z])[.)\]]")


Pitches = Mapping[float, float]
"""The usual distance of two lines by their type size, as a multiple of it."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. `marker` is the length of a list item's sign and the space after it, else 0.

    `is_full` tells that the last line reaches the column's edge, so that the text may go on in the next column.
    """

    lines: tuple[Piece, ...]
    marker: int = 0
    is_bullet: bool = False
    is_leader: bool = False
    is_full: bool = False

    @property
    def size(self) -> float:
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def is_bold(self) -> bool:
        return all(line.is_bold for line in self.lines)


def blocks_of(column: Column, pitches: Pitches) -> list[Block]:
    """The column's blocks; `pitches` are the usual distances of two lines."""
    blocks: list[Block] = []
    for chunk in _chunks(column.lines, pitches):
        right = max(line.x1 for line in chunk)
        left = min(line.x0 for line in chunk)
        blocks += _split(chunk, left, right if len(chunk) > 1 else column.right)
    return blocks


def usual_pitches(columns: Sequence[Column]) -> Pitches:
    """The distance of two lines of a paragraph for each type size: the smallest that is frequent."""
    counts: dict[float, Counter[float]] = defaultdict(Counter)
    for column in columns:
        for line, after in pairwise(column.lines):
            pitch = (after.y - line.y) / line.size
            if _is_same_type(line, after) and _LEAST_PITCH < pitch < _MOST_PITCH:
                counts[line.size][round(pitch * 20) / 20] += 1
    return {size: _smallest_frequent(own) for size, own in counts.items()}


def _smallest_frequent(counts: Counter[float]) -> float:
    frequent = [pitch for pitch, count in counts.items() if count >= _FREQUENT * counts.total()]
    return min(frequent, default=_UNKNOWN_PITCH)


def marker_of(text: str) -> tuple[int, bool]:
    """The length of the list item's sign that the text begins with and the space after it, and whether it is a bullet.

    (0, False) where it begins with none.
    """
    found = MARKER.match(text)
    rest = text[found.end() :] if found else ""
    if not found or not rest.startswith(" ") or not rest.strip():
        return 0, False
    return len(text) - len(rest.lstrip()), bool(found["bullet"])


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a full stop or the like, and marks that may follow it."""
    return bool(_END.search(text[-_TAIL_CHARS:]))


def _has_leaders(line: Piece) -> bool:
    """Whether dots lead to the end of the line, as in a table of contents."""
    return bool(_LEADERS.search(line.text[-_TAIL_CHARS:]))


def _chunks(lines: Sequence[Piece], pitches: Pitches) -> list[list[Piece]]:
    """The lines, parted where the type or the gap changes or a line is above the one before it."""
    chunks: list[list[Piece]] = []
    for line in lines:
        last = chunks[-1][-1] if chunks else None
        reach = _WIDER * pitches.get(last.size, _UNKNOWN_PITCH) * last.size if last else 0.0
        if last and _is_same_type(last, line) and 0 < line.y - last.y <= reach:
            chunks[-1].append(line)
        else:
            chunks.append([line])
    return chunks


def _is_same_type(line: Piece, after: Piece) -> bool:
    same_size = abs(after.size - line.size) <= _SAME_SIZE * line.size
    return same_size and line.is_bold == after.is_bold and line.turn == after.turn


def _split(chunk: Sequence[Piece], left: float, right: float) -> list[Block]:
    blocks: list[list[Piece]] = []
    begun = 0.0
    for number, line in enumerate(chunk):
        after = chunk[number + 1] if number + 1 < len(chunk) else None
        if number == 0 or _begins(blocks[-1], line, after, begun, (left, right)):
            blocks.append([line])
            begun = line.x0
        else:
            blocks[-1].append(line)
    return [_block(block, left, right) for block in blocks]


def _block(lines: Sequence[Piece], left: float, right: float) -> Block:
    marker, is_bullet = marker_of(lines[0].text)
    return Block(
        tuple(lines),
        marker,
        is_bullet,
        _has_leaders(lines[-1]),
        not _is_short(lines[-1], None, left, right),
    )


def _begins(block: Sequence[Piece], line: Piece, after: Piece | None, begun: float, edges: tuple[float, float]) -> bool:
    """Whether the line begins a block of its own, after the lines of `block`, whose first line began at x `begun`."""
    last = block[-1]
    if last.text.endswith("-") and line.text[0].islower():
        return False
    is_short = _is_short(last, line, *edges)
    if _has_leaders(last):
        return True
    marker, is_bullet = marker_of(line.text)
    is_item = bool(marker_of(block[0].text)[0])
    if marker and (is_bullet or is_short or ends_sentence(last.text) or _follows(block[0].text, line.text)):
        return True
    if _is_centred(last, line):
        return False
    indent, hang = _INDENT_EM * line.size, line.x0 - last.x0
    if is_short:
        return True
    if is_item:
        return line.x0 < begun - indent or (abs(line.x0 - begun) < indent / 2 and len(block) > 1 and hang < -indent)
    if line.is_rtl:
        return False
    if hang > indent:  # a first line, unless the lines after it hang as well
        return after is None or after.x0 < line.x0 - indent
    return hang < -indent and len(block) > 1


def _is_short(line: Piece, after: Piece | None, left: float, right: float) -> bool:
    """Whether the first word of the line after it would have fitted into the line."""
    room = line.x0 - left if line.is_rtl else right - line.x1
    word = after.first_width + 0.3 * line.size if after else 2 * line.size
    return room > word + _SLACK_EM * line.size


def _is_centred(line: Piece, after: Piece) -> bool:
    """Whether the lines share size and middle but not their width, as in a title, and the first ends no sentence."""
    middle = (line.x0 + line.x1) / 2
    apart = abs(middle - (after.x0 + after.x1) / 2)
    are_centred = apart < 0.5 * line.size and abs(line.x0 - after.x0) > line.size
    return are_centred and line.size == after.size and not ends_sentence(line.text)


def _follows(first: str, text: str) -> bool:
    """Whether the number or letter that `text` begins with is the next one after that of `first`."""
    before, own = _ORDINAL.match(first), _ORDINAL.match(text)
    if not before or not own:
        return False
    if before[1].isdigit() and own[1].isdigit():
        return int(own[1]) == int(before[1]) + 1
    return len(before[1]) == len(own[1]) == 1 and ord(own[1]) == ord(before[1]) + 1
