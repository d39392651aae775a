"""Restrictions typed in a question: in:NAME, after:DATE, before:DATE, "exact words" and -word. Pure.

    in:handbook  in:"staff handbook"  in:*.pdf      after:2019-05  before:2021      "exact words"      -draft

An operator stands at the start of the question or after white space, and nothing stands between it and its value. What
only looks like a restriction stays an ordinary word: `in: handbook`, `after:soon`, and everything between `backticks`.

-word excludes a word if it has two letters or more and comes after other words on its line: not a bullet, a hyphen
inside a word, or a negative number. Flags of a command line look the same, so a question with an unmistakable one
(`-x`, `--name`) excludes nothing; a flag such as -name alone is read as a word only between backticks. Nothing is
excluded either by a dash that another one closes ("the port -the old one- closed") or by one before a stop word.

Quotation marks are the straight ones, “ ”, „ “, « », 「 」 and 『 』. A straight one opens after anything but a letter
or digit and closes before the same, so inches are not quotations. Marks around the whole question restrict nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from string import whitespace

from retrieval.schema import Restrictions
from retrieval.spans import INVISIBLE
from retrieval.text import STOP_WORDS, fold

MAX_RESTRICTIONS = 20
"""In one question; what comes after them is read as words, so that a question of 10,000 characters takes no longer."""

NO_DOCUMENT = "No document matches {name}."
NEAREST_NAMES = "No document matches {name}. The nearest names: {nearest}"
WITHOUT_DATE = "Documents left out because they have no date: {count}"
NOTHING_LEFT = "No passage fits these restrictions: {restrictions}"
NO_PHRASE = "No passage contains “{phrase}” exactly; searched without it."
NOT_TOGETHER = "No passage contains “{phrase}” exactly, together with “{others}”; searched without it."
NO_QUESTION = "Add a question: {restrictions} only says where to look."
NOTES = (NO_DOCUMENT, NEAREST_NAMES, WITHOUT_DATE, NOTHING_LEFT, NO_PHRASE, NOT_TOGETHER, NO_QUESTION)
"""Every note that an answer may have, for the translators."""

_QUOTED = r'(?<!\w)["＂”](?=\S)[^"＂“”]+(?<=\S)["＂”](?!\w)|[“„][^“”„"]+[”“"]|«[^«»]+»|「[^「」]+」|『[^『』]+』'
_OPERATOR = re.compile(
    r"`[^`]*`"
    rf"|(?<!\S)(?P<key>in|after|before)[:：](?P<value>{_QUOTED}|\S+)"
    rf"|(?P<phrase>{_QUOTED})"
    rf"|(?<=\s)-(?P<excluded>{_QUOTED}|[^\W\d_]\w+(?:['’-]\w+)*)(?=[?!.,;…]*(?:\s|$))",
    re.IGNORECASE,
)
_MARKS = '"＂“”„«»「」『』'
_AFTER_VALUE = "?!.,;:…。、，？！)]}" + _MARKS
_FLAG = re.compile(r"(?<!\S)(?:--\w|-[A-Za-z](?!\w))")
_CLOSING_DASH = re.compile(r"\w-(?!\w)")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RestrictedQuestion:
    """A question's `text` without its operators and with quoted words without their marks, and its restrictions."""

    text: str
    restrictions: Restrictions


def read_restrictions(question: str) -> RestrictedQuestion:
    """The question apart from its restrictions; the text is unchanged where it has none.

    Each restriction narrows the search, so of several dates after which (before which) the latest (earliest) counts.
    """
    visible = re.sub(f"[{INVISIBLE}]", "", question)
    read: dict[str, list[str]] = {"in": [], "after": [], "before": [], "phrase": [], "excluded": []}
    pieces, done = [], 0
    dashes_exclude_from = _after_other_dashes(visible)
    for match in _OPERATOR.finditer(visible):
        kind, value = _restriction(match)
        if value is None or (kind == "excluded" and (match.start() < dashes_exclude_from or not _excludes(match))):
            continue
        read[kind].append(value)
        before = visible[done : match.start()]
        if kind == "phrase":
            pieces += [before, _tidy(match["phrase"][1:-1])]
        else:
            pieces.append(before.rstrip())
        done = match.end() - len(_left_over(match))
        if sum(map(len, read.values())) == MAX_RESTRICTIONS:
            break
    text = "".join([*pieces, visible[done:]]).lstrip(",;:" + whitespace).rstrip()
    phrases = [] if _is_one_phrase(text, read["phrase"]) else read["phrase"]
    restrictions = Restrictions(
        names=tuple(dict.fromkeys(read["in"])),
        after=max(read["after"], default=None),
        before=min(read["before"], default=None),
        phrases=tuple(dict.fromkeys(phrases)),
        excluded=tuple(dict.fromkeys(read["excluded"])),
    )
    return RestrictedQuestion(question if restrictions == Restrictions() else text, restrictions)


def _restriction(match: re.Match[str]) -> tuple[str, str | None]:
    """The kind of restriction and its value; None where it is none after all."""
    kind, value = "words between backticks", None
    if match["key"]:
        kind, named = match["key"].lower(), match["value"].removesuffix(_left_over(match)).strip(_MARKS)
        value = _tidy(named) if kind == "in" else _iso_date(named)
    elif match["phrase"]:
        kind, value = "phrase", _tidy(match["phrase"][1:-1]).rstrip("?!.,;:")  # a stop may belong to the question
    elif match["excluded"]:
        kind, value = "excluded", _tidy(match["excluded"].strip(_MARKS))
    return kind, value if value and any(char.isalnum() for char in value) else None


def _left_over(match: re.Match[str]) -> str:
    """The punctuation behind a value without quotation marks, which belongs to the question: "in:handbook?"."""
    value = match["value"]
    if not value or (value[0] in _MARKS and value[-1] in _MARKS and len(value) > 1):
        return ""
    return value[len(value.rstrip(_AFTER_VALUE)) :]


def _tidy(value: str) -> str:
    return " ".join(value.split())


def _iso_date(typed: str) -> str | None:
    """The date with two digits for month and day; None where there is no such date."""
    match = _DATE.fullmatch(typed)
    if not match:
        return None
    parts = [int(part) for part in match.groups() if part]
    try:
        date(*parts, *[1] * (3 - len(parts)))
    except ValueError:
        return None
    return "-".join([match[1], *(f"{part:02d}" for part in parts[1:])])


def _excludes(match: re.Match[str]) -> bool:
    """Whether the dash before the word means that the word is unwanted."""
    question, start = match.string, match.start()
    is_bullet = not question[question.rfind("\n", 0, start) + 1 : start].strip()
    return not is_bullet and fold(match["excluded"]) not in STOP_WORDS


def _after_other_dashes(question: str) -> int:
    """The offset behind the last dash that closes another one; the question's end where it has a flag."""
    if _FLAG.search(question):
        return len(question)
    return max((match.end() for match in _CLOSING_DASH.finditer(question)), default=0)


def _is_one_phrase(text: str, phrases: list[str]) -> bool:
    """Whether a question without its operators is nothing but one quotation."""
    return len(phrases) == 1 and not any(char.isalnum() for char in text.replace(phrases[0], "", 1))
