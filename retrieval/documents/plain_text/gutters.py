"""Two columns side by side -> lines column by column. Pure.

Evidence needed: a gutter of white space at one place in at least four neighbouring lines, with text on both sides of
it, and lines on both sides that stop in mid-sentence and go on in the line below. A table has the gutter, but not the
sentences; a log has both, but few lines with text on both sides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.documents.plain_text.lines import Line, is_open_ended, starts_lower, text_width
from retrieval.spans import Span

_GAP = re.compile(r"(?<=\S)\s{2,}(?=\S)")
_LEAST_LINES = 4
_OFF = 2  # characters by which a line of the right column may begin early or late
_LEAST_WIDTH = 20  # characters of a column
_SHARED = 0.6  # of the lines with text
_LEAST_CONTINUED = 2  # lines of each column that go on in the line below


def in_column_order(lines: Sequence[Line]) -> list[Line]:
    """The lines, with each region of two columns read column by column; its lines are cut at the gutter."""
    ordered: list[Line] = []
    done = 0
    for first, last, gutter in _regions(lines):
        if first < done:
            continue
        left, right = zip(*(_cut(line, gutter) for line in lines[first:last]), strict=True)
        if _stand_together(left, right) and _is_prose(left) and _is_prose(right):
            ordered += [*lines[done:first], *left, Line(left[-1].end, left[-1].end, ""), *right]
            done = last
    return [*ordered, *lines[done:]]


def _regions(lines: Sequence[Line]) -> Iterator[tuple[int, int, int]]:
    """First line, end and gutter of each run of lines that have white space at the gutter, which text follows."""
    gaps = [_gaps(line) for line in lines]
    number = 0
    while number < len(lines):
        if not gaps[number]:
            number += 1
            continue
        found = Counter(end for near in gaps[number : number + 2 * _LEAST_LINES] for _, end in near)
        best = max(found, key=lambda gutter: (found[gutter], -gutter))
        if found[best] < _LEAST_LINES:
            number += 1
            continue
        first, last = number, number
        while first and _is_clear(lines[first - 1], best):
            first -= 1
        while last < len(lines) and _is_clear(lines[last], best):
            last += 1
        if sum(bool(gap) for gap in gaps[first:last]) >= _LEAST_LINES:
            yield first, last, best
        number = max(last, number + 1)


def _gaps(line: Line) -> list[Span]:
    return [match.span() for match in _GAP.finditer(line.text)]


def _is_clear(line: Line, gutter: int) -> bool:
    """Whether no word of the line crosses the gutter."""
    return "\f" not in line.text and _middle(line, gutter) is not None


def _middle(line: Line, gutter: int) -> int | None:
    """Where the line's right column begins, a character or two early or late; None where words cross the gutter."""
    for _, end in _gaps(line):
        if abs(end - gutter) <= _OFF:
            return end
    if len(line.text.rstrip()) <= gutter - _OFF:
        return len(line.text)
    return 0 if line.indent >= gutter - _OFF else None


def _cut(line: Line, gutter: int) -> tuple[Line, Line]:
    cut = _middle(line, gutter) or 0
    middle = line.start + cut
    left = Line(line.start, middle, line.text[:cut], line.page_start, is_cut=True)
    return left, Line(middle, line.end, line.text[cut:], is_cut=True)


def _stand_together(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether most lines have text in both columns."""
    pairs = [(bool(one.text.strip()), bool(other.text.strip())) for one, other in zip(left, right, strict=True)]
    return sum(one and other for one, other in pairs) >= _SHARED * sum(one or other for one, other in pairs)


def _is_prose(column: Sequence[Line]) -> bool:
    texts = [line.text for line in column]
    pairs = [(one, other) for one, other in pairwise(texts) if one.strip() and other.strip()]
    continued = sum(is_open_ended(one) and starts_lower(other) for one, other in pairs)
    return text_width(column) >= _LEAST_WIDTH and continued >= max(_LEAST_CONTINUED, 0.3 * len(pairs))
