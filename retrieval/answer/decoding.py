"""Figures of word pieces -> the likeliest answers of a text: pure, no model."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from retrieval.answer.network import Scores
from retrieval.schema import Span
from retrieval.text import STOP_WORDS, words

MAX_PIECES = 60  # 99 % of SQuAD's answers are shorter than half of it; lists and reasons are not
_SEPARATES = " \t\n,;:"
_PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", "«": "»", '"': '"'}
_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")
_PAIRED = {closes: opens for opens, closes in _PAIRS.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a text that may be the answer; `score` is the mean log odds of its ends over "no answer here"."""

    start: int
    end: int
    score: float


def best_spans(text: str, windows: Sequence[Scores], sentences: Sequence[Span], top: int) -> list[Found]:
    """The `top` best stretches, best first, none over another, each of whole words inside one sentence, not of words of
    grammar alone, and without punctuation at its ends that belongs to what is around it."""
    inner = {place for _, (start, end) in words(text) for place in range(start + 1, end)}
    found = [
        stretch
        for scores in windows
        for sentence in sentences
        for stretch in _in_sentence(text, scores, sentence, top, inner)
    ]
    kept: list[Found] = []
    for stretch in sorted(found, key=lambda stretch: (-stretch.score, stretch.start)):
        if len(kept) < top and not any(other.start < stretch.end and stretch.start < other.end for other in kept):
            kept.append(stretch)
    return kept


def _in_sentence(text: str, scores: Scores, sentence: Span, top: int, inner: Set[int]) -> list[Found]:
    """The best stretches of a sentence that begin and end at pieces of their own; `inner` are places inside words."""
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
    found: list[Found] = []
    while len(found) < top:
        start, end = np.unravel_index(int(sums.argmax()), sums.shape)
        if not np.isfinite(sums[start, end]):
            break
        place = _trimmed(text, spans[start][0], spans[end][1])
        if _names_something(text[slice(*place)]):
            found.append(Found(*place, float(sums[start, end])))
            sums[: end + 1, start:] = -np.inf  # all that overlap it
        else:
            sums[start, end] = -np.inf
    return found


def _trimmed(text: str, start: int, end: int) -> Span:
    """The stretch without what separates it from its neighbours, and without a quotation mark or bracket whose other
    half is outside."""
    while start < end:
        said = text[start:end]
        if said[-1] in _SEPARATES or (said[-1] in _PAIRED and _is_odd(said, _PAIRED[said[-1]], said[-1])):
            end -= 1
        elif said[0] in _SEPARATES or (said[0] in _PAIRS and _is_odd(said, said[0], _PAIRS[said[0]])):
            start += 1
        else:
            break
    return start, end


def _is_odd(text: str, opens: str, closes: str) -> bool:
    text = _APOSTROPHE.sub("", text)
    return text.count(opens) % 2 == 1 if opens == closes else text.count(opens) != text.count(closes)


def _names_something(text: str) -> bool:
    """False for words of grammar alone, such as "the"; a capital makes a word more ("May")."""
    return any(text[start:end] not in STOP_WORDS for _, (start, end) in words(text))
