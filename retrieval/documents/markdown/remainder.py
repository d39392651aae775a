"""What of a text is in no element. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retrieval.documents.elements import Dropped, Element
from retrieval.spans import INVISIBLE, Span

_VISIBLE = re.compile(rf"[^\s{INVISIBLE}]")


def remainder(text: str, elements: Sequence[Element], known: Sequence[Dropped], rule: str) -> tuple[Dropped, ...]:
    """All visible text that is in no element, in file order: with its rule where it is in `known`, else with `rule`.

    `elements` and `known` are in file order.
    """
    dropped: list[Dropped] = []
    reasons = iter([*known, Dropped((len(text), len(text)), rule)])
    reason = next(reasons)
    for start, end in _gaps(text, elements):
        while start < end:
            while reason.span[1] <= start and reason.span[0] < len(text):
                reason = next(reasons)
            is_known = reason.span[0] <= start
            last = min(end, reason.span[1] if is_known else reason.span[0])
            if span := _trimmed(text, start, last):
                dropped.append(Dropped(span, reason.rule if is_known else rule))
            start = last
    return tuple(dropped)


def _gaps(text: str, elements: Sequence[Element]) -> Iterator[Span]:
    at = 0
    for element in elements:
        for _, start, length in element.reading.runs:
            yield at, start
            at = start + length
    yield at, len(text)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without white space around it; None where nothing in it is visible."""
    first = _VISIBLE.search(text, start, end)
    return (first.start(), start + len(text[start:end].rstrip())) if first else None
