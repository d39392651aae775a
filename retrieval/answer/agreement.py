"""Whether two answers say the same, and whether they contradict each other: pure.

"1,500" and "1.5 thousand", "the four years" and "4 years", "May 4, 1999" and "4 May 1999", "1999" and "May 1999" are
the same. Numbers of several words ("two hundred and six") are compared word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retrieval.documents.dates import find_dates
from retrieval.schema import AnswerText
from retrieval.text import words

Said = tuple[str, ...]
"""An answer's words as they are compared: numbers in figures, dates in ISO form, articles left out."""

EXTRA_WORDS = 3  # guess: "Kono" and "Foreign Minister Taro Kono" are one
_ARTICLES = frozenset("a an the".split())
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = (
    {name: number for number, name in enumerate(_UNITS)}
    | {name: 10 * number for number, name in enumerate(_TENS, 2)}
    | {"seventeen": 17, "eighteen": 18, "nineteen": 19}
)
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_CURRENCY = re.compile(r"\b(?:US|AU|NZ|HK|C|A)(?=\$)")
_PER_CENT = re.compile(r"\s?%|\bper\s?cent\b", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")


def said(text: str) -> Said:
    """The answer as it is compared."""
    found: list[str] = []
    last = 0
    for (start, end), iso in find_dates(text):
        found += [*_plain(text[last:start]), iso]
        last = end
    return (*found, *_plain(text[last:]))


def _plain(text: str) -> Iterator[str]:
    """Words without articles; a number and the scale after it as one."""
    bare = _PER_CENT.sub(" percent", _CURRENCY.sub("", _THOUSANDS.sub("", text)))
    pending: float | None = None
    for word, _ in words(bare):
        number = _number(word)
        if pending is not None and word in _SCALES:
            pending *= _SCALES[word]
            continue
        if pending is not None:
            yield f"{pending:.15g}"
        pending = number
        if number is None and word not in _ARTICLES:
            yield word
    if pending is not None:
        yield f"{pending:.15g}"


def _number(word: str) -> float | None:
    if word in _NUMBERS:
        return float(_NUMBERS[word])
    return float(word) if re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", word, re.ASCII) else None


def is_same(one: Said, other: Said) -> bool:
    """Whether they say the same: equal, or one holds the other and no more than three words beside it."""
    short, long = sorted((one, other), key=len)
    if not short or len(long) - len(short) > EXTRA_WORDS:
        return short == long
    runs = (long[start : start + len(short)] for start in range(len(long) - len(short) + 1))
    return any(all(map(_agrees, short, run)) for run in runs)


def _agrees(one: str, other: str) -> bool:
    return one == other or (
        bool(_DATE.fullmatch(one) and _DATE.fullmatch(other)) and (one.startswith(other) or other.startswith(one))
    )


def contradicts(one: Said, other: Said) -> bool:
    """Whether each gives dates or numbers and they have none in common."""
    mine, theirs = _figures(one), _figures(other)
    return bool(mine and theirs) and not any(_agrees(a, b) for a in mine for b in theirs)


def is_close(sure: float, best: float) -> bool:
    """Whether an answer that contradicts the best one is sure enough to stand beside it: at least half as sure."""
    return sure >= best / 2


def differing(answers: Sequence[AnswerText]) -> list[AnswerText]:
    """The answers after the first that give other dates or numbers than it does, out of other documents, and are about
    as sure."""
    if not answers:
        return []
    own = {citation.document for citation in answers[0].citations}
    return [
        other
        for other in answers[1:]
        if contradicts(said(other.text), said(answers[0].text))
        and other.citations[0].document not in own
        and is_close(other.confidence, answers[0].confidence)
    ]


def _figures(answer: Sequence[str]) -> list[str]:
    return [word for word in answer if word[0].isdigit()]
