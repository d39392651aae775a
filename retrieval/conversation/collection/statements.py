"""Which sentences of a text say most: whole statements, central to it, and different from each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from retrieval.encoder.vectors import Vectors
from retrieval.schema import Passage
from retrieval.spans import Span
from retrieval.text import is_unspaced

_LONG, _LONG_UNSPACED = 40, 18  # characters of a sentence that says something by itself
_OPENS = 25  # characters of a sentence that may stand first
_LONGEST = 600
_STANDING = 0.75  # what each fault leaves of a sentence's worth (guess, checked by hand)
_LETTERS = 0.6  # at least; rows of figures, code and links have fewer
_END = re.compile(r"[.!?。！？…][\"'”’»」』)\]*_]*(?:\d{1,3}|\[\d{1,3}\]|[⁰¹²³⁴-⁹])?$")
_START = re.compile(r"[\"'“‘«「『¿¡(*_\[\s]*(?:\d+[.)] )?[^\W_]")
_ADDRESS = re.compile(r"https?://|www\.|\S@\S")
_QUESTION = re.compile(r"[?？][\"'”’»」』)\]]*$")
_DANGLING = re.compile(  # what begins so leans on the sentence before it
    r"(?:this|these|that|those|it|they|he|she|his|her|their|its|such|however|but|and|or|so|also|then|thus|therefore"
    r"|moreover|furthermore|in addition|for example|for instance|instead|otherwise"
    r"|este|esta|estos|estas|esto|eso|ese|esa|ello|sin embargo|pero|y|además|también|por ello|por eso|asimismo"
    r"|isso|isto|esse|essa|ele|ela|eles|elas|no entanto|mas|porém|além disso|também|assim"
    r"|これ|それ|また|しかし|さらに|その|この|なお|そして|ただし)(?![^\W_]*[ぁ-ん])\b",
    re.IGNORECASE,
)


def statements(passage: Passage, title: str = "") -> list[Span]:
    """The sentences that say something by themselves, in order, as spans of the passage's text.

    No headings, labels, rows, code or fragments, nothing that hangs on another line, and not the title.
    """
    return [span for span in prose(passage, title) if _END.search(passage.text[slice(*span)])]


def openings(passage: Passage, title: str = "") -> list[Span]:
    """What may open a summary, in order: statements, also shorter ones, and the longer lines of words."""
    return [
        (start, end)
        for start, end in _own(passage, title)
        if is_long(passage.text[start:end]) or (_END.search(passage.text[start:end]) and end - start >= _OPENS)
    ]


def prose(passage: Passage, title: str = "") -> list[Span]:
    """The statements, and the lines of words that are as long but do not end like a sentence."""
    return [(start, end) for start, end in _own(passage, title) if is_long(passage.text[start:end])]


def _own(passage: Passage, title: str) -> list[Span]:
    """The lines of words, of any length."""
    text = passage.text
    return [
        (start, end)
        for number, (start, end) in enumerate(passage.sentences)
        if number >= passage.headings
        and not (number < len(passage.leads) and passage.leads[number])
        and 2 * sum(max(min(end, last) - max(start, first), 0) for first, last in passage.labels) < end - start
        and not _is(text[start:end].strip(), title)
        and _is_prose(text[start:end])
    ]


def is_long(sentence: str) -> bool:
    """Whether the sentence is long enough to say something, in its script."""
    unspaced = sum(map(is_unspaced, sentence))
    return len(sentence) >= (_LONG_UNSPACED if unspaced * 2 > len(sentence) else _LONG)


def _is(line: str, title: str) -> bool:
    """Whether the line is the title; the number of a footnote may follow it."""
    return line == title or (bool(title) and line.rstrip("0123456789") == title)


def standing(sentence: str) -> float:
    """How well the sentence stands by itself, up to 1.

    Less if it begins as one that continues another, asks, is speech or in brackets, or is short.
    """
    bare = sentence.lstrip("\"'“‘«「『(（")
    faults = (
        _DANGLING.match(bare) is not None,
        asks(sentence),
        len(bare) < len(sentence),
        not is_long(sentence[: -len(sentence) // 3]),
    )
    return float(_STANDING ** sum(faults))


def asks(sentence: str) -> bool:
    """Whether the sentence is a question."""
    return _QUESTION.search(sentence) is not None


def _is_prose(sentence: str) -> bool:
    visible = [char for char in sentence if not char.isspace()]
    letters = sum(char.isalpha() for char in visible)
    return (
        len(sentence) <= _LONGEST
        and letters >= _LETTERS * len(visible)
        and bool(_START.match(sentence))
        and "\n" not in sentence.strip()
        and not _ADDRESS.search(sentence)
    )


def central(vectors: Vectors) -> Vectors:
    """The mean of the vectors, of unit length."""
    mean = np.asarray(vectors, np.float32).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def diverse(vectors: Vectors, relevance: Vectors, count: int, weight: float, first: Sequence[int] = ()) -> list[int]:
    """The rows that are most relevant and least like each other (maximal marginal relevance), best first.

    `weight`, 0 to 1, is that of relevance. `relevance` and likeness are scaled to the range they have here, because
    the cosines of an encoder may all lie close together. `first` are rows chosen already; they count.
    """
    chosen = list(first)
    wanted = _scaled(relevance)
    alike = _scaled(np.asarray(vectors @ vectors.T, np.float32))
    while len(chosen) < min(count, len(vectors)):
        nearest = alike[:, chosen].max(axis=1) if chosen else np.zeros(len(vectors), np.float32)
        score = weight * wanted - (1 - weight) * nearest
        score[chosen] = -np.inf
        chosen.append(int(score.argmax()))
    return chosen


def _scaled(values: Vectors) -> Vectors:
    low, high = float(values.min()), float(values.max())
    return np.asarray((values - low) / max(high - low, 1e-6), np.float32)
