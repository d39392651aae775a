"""Reading on from a quotation: what stands before and after it in its document, and the section it is in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.schema import Passage
from retrieval.spans import Span

_WINDOW = 2  # passages before and after a quotation's own that may share sentences with it or follow it


def passage_with(passages: Sequence[Passage], spans: Sequence[Span]) -> int | None:
    """The number, in `passages` of one document, of the one that has most of these slices; None where none has any."""
    shared = [_shared_chars(passage, spans) for passage in passages]
    most = max(shared, default=0)
    return shared.index(most) if most else None


def part_beside(passages: Sequence[Passage], spans: Sequence[Span], is_after: bool) -> tuple[Passage, Span] | None:
    """What comes after these slices of a document's text, or before them: a passage and the span of its text.

    It is the rest of the quotation's own passage, or else the next passage. Passages overlap; nothing is repeated and
    nothing skipped. None at the end or the beginning of the document, and where no passage has the slices.
    """
    at = passage_with(passages, spans)
    if at is None:
        return None
    first = max(at - _WINDOW, 0)
    sentences = list(_sentences(passages[max(first - 1, 0) : at + _WINDOW + 1], is_first_new=first == 0))
    quoted = [number for number, (passage, span) in enumerate(sentences) if _overlap(passage, span, spans)]
    if not quoted:
        return None
    beside = sentences[quoted[-1] + 1 :] if is_after else sentences[: quoted[0]][::-1]
    if not beside:
        return None
    passage = beside[0][0]
    own = [span for other, span in beside if other is passage]
    return passage, (min(start for start, _ in own), max(end for _, end in own))


def section_spans(passages: Sequence[Passage], number: int) -> tuple[Span, ...]:
    """What the passages of that section cover of the document's text, in the order of the text, merged."""
    merged: list[Span] = []
    for start, end in sorted(run for passage in passages if passage.section == number for run in _runs(passage)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _sentences(passages: Sequence[Passage], is_first_new: bool) -> Iterator[tuple[Passage, Span]]:
    """Each sentence with the first passage that has it; of the first passage only where `is_first_new`."""
    for span in passages[0].sentences if passages and is_first_new else ():
        yield passages[0], span
    for before, passage in pairwise(passages):
        for span in passage.sentences:
            runs = _runs_of(passage, span)
            if any(_shared_chars(before, [run]) < run[1] - run[0] for run in runs):
                yield passage, span


def _overlap(passage: Passage, sentence: Span, spans: Sequence[Span]) -> bool:
    return any(start < last and first < end for start, end in _runs_of(passage, sentence) for first, last in spans)


def _shared_chars(passage: Passage, spans: Sequence[Span]) -> int:
    return sum(max(0, min(end, last) - max(start, first)) for start, end in _runs(passage) for first, last in spans)


def _runs(passage: Passage) -> list[Span]:
    return [(original, original + length) for _, original, length in passage.reading.runs]


def _runs_of(passage: Passage, sentence: Span) -> list[Span]:
    return [(original, original + length) for _, original, length in passage.reading.slice(*sentence).runs]
