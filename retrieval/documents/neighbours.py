"""Reading on from a quotation: which passage it is from, and what the passages around it add. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.schema import Passage, Span


def passage_with(passages: Sequence[Passage], spans: Sequence[Span]) -> int | None:
    """The number, in `passages` of one document, of the one that has most of these slices; None where none has any."""
    shared = [_shared_chars(passage, spans) for passage in passages]
    most = max(shared, default=0)
    return shared.index(most) if most else None


def own_part(passage: Passage, neighbour: Passage) -> Span:
    """The span of the passage's text without its headings and without the sentences that the neighbour has too.

    Passages overlap. The span is the whole text where nothing else would be left.
    """
    below = passage.sentences[passage.headings :]
    if passage.section != neighbour.section:
        shown = list(passage.sentences)
    else:
        shown = [span for span in below if not _has(neighbour, passage, span)] or list(below)
    return (shown[0][0], shown[-1][1]) if shown else (0, len(passage.text))


def section_spans(passages: Sequence[Passage], number: int) -> tuple[Span, ...]:
    """What the passages of that section cover of the document's text, in the order of the text, merged."""
    merged: list[Span] = []
    for start, end in sorted(run for passage in passages if passage.section == number for run in _runs(passage)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _has(passage: Passage, other: Passage, sentence: Span) -> bool:
    """Whether all of the other passage's sentence is in this one too."""
    runs = [(original, original + length) for _, original, length in other.reading.slice(*sentence).runs]
    return all(_shared_chars(passage, [run]) == run[1] - run[0] for run in runs)


def _shared_chars(passage: Passage, spans: Sequence[Span]) -> int:
    return sum(max(0, min(end, last) - max(start, first)) for start, end in _runs(passage) for first, last in spans)


def _runs(passage: Passage) -> list[Span]:
    return [(original, original + length) for _, original, length in passage.reading.runs]
