"""Scores of word pieces -> the likeliest answers in a text. Pure, no model."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from retrieval.answer.network import SpanScores
from retrieval.spans import Span
from retrieval.text import STOP_WORDS, words

MAX_PIECES = 60  # 99 % of SQuAD's answers are less than half as long; lists and reasons can be longer
_SEPARATORS = " \t\n,;:"
_CLOSERS = {"(": ")", "[": "]", "“": "”", "‘": "’", "«": "»", '"': '"'}
_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")
_OPENERS = {closes: opens for opens, closes in _CLOSERS.items()}


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span of a text that may be the answer.

    `score` is the mean log odds of its start and its end against "no answer here".
    """

    start: int
    end: int
    score: float


def best_spans(text: str, windows: Sequence[SpanScores], sentences: Sequence[Span], top: int) -> list[ScoredSpan]:
    """The `top` best spans, best first; none overlaps another.

    Each consists of whole words inside one sentence, contains more than stop words, and neither begins nor ends with
    punctuation that belongs to the text around it.
    """
    inner = {offset for _, (start, end) in words(text) for offset in range(start + 1, end)}
    found = [
        scored
        for scores in windows
        for sentence in sentences
        for scored in _in_sentence(text, scores, sentence, top, inner)
    ]
    kept: list[ScoredSpan] = []
    for scored in sorted(found, key=lambda scored: (-scored.score, scored.start)):
        if len(kept) < top and not any(other.start < scored.end and scored.start < other.end for other in kept):
            kept.append(scored)
    return kept


def score_of(windows: Sequence[SpanScores], place: Span) -> float:
    """The score of a given span: that of its first and its last word piece, in the window where it is higher."""
    scores = []
    for window in windows:
        inside = [n for n, (start, end) in enumerate(window.spans) if place[0] < end and start < place[1]]
        if inside:
            scores.append(float(window.starts[inside[0]] + window.ends[inside[-1]]) / 2)
    return max(scores, default=0.0)


def _in_sentence(text: str, scores: SpanScores, sentence: Span, top: int, inner: Set[int]) -> list[ScoredSpan]:
    """The best spans of a sentence that begin and end at word boundaries; `inner` holds the offsets inside words."""
    first = bisect_left(scores.spans, sentence[0], key=lambda span: span[0])
    last = bisect_right(scores.spans, sentence[1], key=lambda span: span[1])
    if first >= last:
        return []
    spans = scores.spans[first:last]
    starts = np.where([start not in inner for start, _ in spans], scores.starts[first:last], -np.inf)
    ends = np.where([end not in inner for _, end in spans], scores.ends[first:last], -np.inf)
    sums = (starts[:, None] + ends[None, :]) / 2
    rows = np.arange(len(spans))
    sums[(rows[:, None] > rows[None, :]) | (rows[None, :] - rows[:, None] >= MAX_PIECES)] = -np.inf
    found: list[ScoredSpan] = []
    while len(found) < top:
        start, end = np.unravel_index(int(sums.argmax()), sums.shape)
        if not np.isfinite(sums[start, end]):
            break
        trimmed = _trimmed(text, spans[start][0], spans[end][1])
        if _has_content(text[slice(*trimmed)]):
            found.append(ScoredSpan(*trimmed, float(sums[start, end])))
            sums[: end + 1, start:] = -np.inf  # every span that overlaps it
        else:
            sums[start, end] = -np.inf
    return found


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without separators at its ends, and without a quotation mark or bracket whose other half is outside."""
    while start < end:
        inside = text[start:end]
        first, last = inside[0], inside[-1]
        if last in _SEPARATORS or (last in _OPENERS and _is_unbalanced(inside, _OPENERS[last], last)):
            end -= 1
        elif first in _SEPARATORS or (first in _CLOSERS and _is_unbalanced(inside, first, _CLOSERS[first])):
            start += 1
        else:
            break
    return start, end


def _is_unbalanced(text: str, opens: str, closes: str) -> bool:
    """Whether one half of the pair is missing; apostrophes do not count as quotation marks."""
    text = _APOSTROPHE.sub("", text)
    return text.count(opens) % 2 == 1 if opens == closes else text.count(opens) != text.count(closes)


def _has_content(text: str) -> bool:
    """False if there are only stop words, such as "the"; a capitalised word such as "May" is not a stop word."""
    return any(text[start:end] not in STOP_WORDS for _, (start, end) in words(text))
