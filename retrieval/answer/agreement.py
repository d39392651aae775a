"""Whether two answers agree, and whether they contradict each other. Pure.

"1,500" and "1.5 thousand", "the four years" and "4 years", "May 4, 1999" and "4 May 1999", "1999" and "May 1999" are
the same. Numbers of several words ("two hundred and six") are compared word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.documents.dates import find_dates
from retrieval.schema import AnswerText
from retrieval.text import words

Normalised = tuple[str, ...]
"""An answer's words in the form that is compared: numbers in digits, dates in ISO form, no articles."""

_LONGEST_CLAIM = 12  # words; guess
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


def normalise(text: str) -> Normalised:
    """The answer's words in the form that is compared."""
    found: list[str] = []
    last = 0
    for (start, end), iso in find_dates(text):
        found += [*_plain(text[last:start]), iso]
        last = end
    return (*found, *_plain(text[last:]))


def _plain(text: str) -> Iterator[str]:
    """The words without articles; a number and a scale after it ("1.5 thousand") are one word."""
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


def is_same(one: Normalised, other: Normalised) -> bool:
    """Whether the answers agree: they are equal, or one contains the other and at most EXTRA_WORDS more."""
    short, long = sorted((one, other), key=len)
    if not short or len(long) - len(short) > EXTRA_WORDS:
        return short == long
    runs = (long[start : start + len(short)] for start in range(len(long) - len(short) + 1))
    return any(all(map(_agrees, short, run)) for run in runs)


def _agrees(one: str, other: str) -> bool:
    return one == other or (
        bool(_DATE.fullmatch(one) and _DATE.fullmatch(other)) and (one.startswith(other) or other.startswith(one))
    )


def contradicts(one: Normalised, other: Normalised) -> bool:
    """Whether both give dates or numbers but have none in common.

    "The 11th" gives none, and a long answer says too many things to contradict another.
    """
    if max(len(one), len(other)) > _LONGEST_CLAIM:
        return False
    mine, theirs = _numbers(one), _numbers(other)
    return bool(mine and theirs) and not any(_agrees(a, b) for a in mine for b in theirs)


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer states, the documents that state it in the order cited, and its confidence, 0 to 1."""

    words: Normalised
    documents: tuple[str, ...]
    confidence: float


def is_rival(other: Claim, best: Claim) -> bool:
    """Whether both claims must be shown: another document gives another date or number with similar confidence.

    Without this rule a person would take the best answer for the only one. Similar means at least half as likely: a far
    less likely number is probably a misreading (eval/LOG.md, 2026-11-26).
    """
    is_elsewhere = other.documents[0] not in best.documents
    is_similarly_sure = other.confidence >= best.confidence / 2
    return is_elsewhere and is_similarly_sure and contradicts(other.words, best.words)


def rivals_of_first(answers: Sequence[AnswerText]) -> list[AnswerText]:
    """The answers after the first that a person must see beside it (see is_rival)."""
    if not answers:
        return []
    first, *others = (_claim_of(answer) for answer in answers)
    return [answer for answer, claim in zip(answers[1:], others, strict=True) if is_rival(claim, first)]


def _claim_of(answer: AnswerText) -> Claim:
    documents = tuple(citation.document for citation in answer.citations)
    return Claim(normalise(answer.text), documents, answer.confidence)


def _numbers(answer: Sequence[str]) -> list[str]:
    """The answer's numbers and dates."""
    return [word for word in answer if re.fullmatch(r"[\d.-]+", word)]
