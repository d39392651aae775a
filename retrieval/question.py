"""What a question asks for, and the stretches of a sentence that could be it: pure, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from retrieval.dates import find_dates
from retrieval.schema import Span
from retrieval.text import STOP_WORDS, fold, stem, words

Kind = Literal["date", "amount", "person", "place", "list", "reason", "other"]

_KINDS: list[tuple[Kind, str]] = [
    (
        "amount",
        r"\bhow (?:many|much|old|long|large|big|far|high|tall|often|fast|expensive)\b|"
        r"\b(?:what|which) (?:\w+ ){0,2}?(?:percentage|percent|share|amount|number|proportion|price|cost|size|"
        r"population|rate|total|value|wage|salary|figure|sum|budget|tariff|age)s?\b|\bcuánt[oa]s?\b|\bquant[oa]s?\b",
    ),
    (
        "date",
        r"\bwhen\b|\b(?:what|which|on what|in what|in which) (?:\w+ )?(?:year|date|day|month|decade|century)\b|"
        r"\bcuándo\b|\bquando\b|いつ",
    ),
    (
        "list",
        r"\b(?:list|name|enumerate)\b (?:all|the|some|every|three|four|five)\b|"
        r"\b(?:which|what) (?:are|were) (?:the )?(?:\w+ ){0,3}?\w{3,}s\b|"
        r"\b(?:which|what) (?:\w+ ){0,3}?(?:countries|nations|companies|firms|areas|fields|topics|issues|sectors|"
        r"kinds|types|sorts|members|states|cities|organi[sz]ations|pillars|subjects|projects|values|criteria)\b|"
        r"\bqu[eé] países\b|\bquais\b|\bcuáles\b",
    ),
    (
        "person",
        r"\bwho(?:m|se)?\b|\b(?:what|which) (?:\w+ )?(?:person|minister|president|official|ambassador|director|"
        r"author|scientist|leader|king|queen|man|woman|people)\b|\bqui[eé]n(?:es)?\b|\bquem\b|誰",
    ),
    (
        "place",
        r"\bwhere\b|\b(?:what|which|in what|in which) (?:\w+ )?(?:city|country|place|town|state|region|venue|"
        r"building|continent|capital|nation|island|river)\b|\bdónde\b|\bonde\b|どこ",
    ),
    (
        "reason",
        r"\bwhy\b|\bhow\b|\bwhat (?:caused|led|made)\b|\bfor what reason\b|\bpor qu[eé]\b|\bcómo\b|\bcomo\b|なぜ",
    ),
]
_KIND_PATTERNS = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS]

_NUMBER_WORDS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|dozens?)"
)
_SCALE = r"(?:\s+(?:hundred|thousand|million|billion|trillion))?"
_UNIT = (
    r"(?:\s+(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)|km|kilomet(?:er|re)s?|miles?|"
    r"met(?:er|re)s?|feet|people|tons?|tonnes?)\b)?"
)
_HEDGE = (
    r"(?:\b(?:approximately|about|around|nearly|almost|over|more than|at least|at most|up to|just under|just over|"
    r"upwards of|less than|fewer than|roughly)\s+)?"
)
_AMOUNT = re.compile(
    rf"{_HEDGE}(?:(?:(?:US|A|C|NZ|HK)?[$€£¥]\s?|\b(?:USD|EUR|GBP|JPY)\s?)\d[\d,.]*\d?{_SCALE}(?:/\w+)?"
    rf"|\b\d[\d,]*(?:\.\d+)?(?:\s?%|{_SCALE}(?:\s+per\s?cent\b)?){_UNIT}|\b{_NUMBER_WORDS}{_SCALE}\b{_UNIT})",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[0-9]|20|21)\d\d\b")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_PART_DATE = re.compile(
    rf"\b{_MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?\b(?:\s?[-–]\s?\d{{1,2}}\b)?|(?=\d{{4}}\b))(?:,?\s*\d{{4}}\b)?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}}\b)?|\b{_MONTH}\s+\d{{4}}\b|\b(?:the\s+)?\d{{4}}s\b"
)
_PARTICLES = r"(?:de la|de los|de|del|la|da|dos|van|von|der|bin|al|el|of|and the)"
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w’'.-]*[\w]"
_NAME = re.compile(rf"\b{_CAPITAL}(?:\s+(?:(?:{_PARTICLES})\s+)?{_CAPITAL}){{0,6}}")
_PLACE_CUE = re.compile(r"(?:\b(?:in|at|to|from|near|of|visited|toward|across|through)\s+(?:the\s+)?)$", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"(?i)\b(?:alliance|ministry|bank|agency|university|institute|group|council|fund|corporation|company|agreement|"
    r"partnership|plan|meeting|summit|network|union|association|organi[sz]ation|commission|committee|embass(?:y|ies)|"
    r"department|service|dialogue|strategy|act|treaty|party|states?|america|pacific|asia|europe|republic|kingdom|"
    r"minist(?:er|ry)|president|secretary|ambassador|director|january|february|march|april|june|july|august|september|"
    r"october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
# A list of names ("Chile, Colombia, and Peru"), or what follows a word that announces a list, to the sentence's end.
_NAME_ITEM = rf"{_CAPITAL}(?:\s+(?:(?:{_PARTICLES}|&)\s+)?{_CAPITAL}){{0,5}}(?:\s\([^()]{{1,60}}\))?"
_NAME_LIST = re.compile(rf"{_NAME_ITEM}(?:,\s+{_NAME_ITEM})+,?\s+(?:and|or|y|e)\s+{_NAME_ITEM}")
_ITEM = r"[^,;:.!?—]{2,80}"
_ANNOUNCED = re.compile(
    r"(?:\b(?:such as|including|namely,?|related to|as follows|the following)\b:?|:|—)\s*"
    rf"({_ITEM}(?:[,;]\s+{_ITEM})+)(?=[.;:!?—]|$)"
)


def kind_of(question: str) -> Kind:
    """What the question asks for, by its words; "other" where they do not tell."""
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(question)), "other")


def find_spans(kind: Kind, sentence: str, asked: frozenset[str]) -> list[Span]:
    """The stretches of the sentence that are of the kind and say more than the question's own stems `asked`."""
    finders = {"date": _dates, "amount": _amounts, "person": _people, "place": _places, "list": _lists}
    if kind not in finders:
        return []
    found = dict.fromkeys(finders[kind](sentence))
    return [span for span in found if _is_new(sentence[slice(*span)], asked)]


def whole_list(text: str, sentence: Span, span: Span) -> Span:
    """The span with the whole of the enumeration in its sentence that it is a part of; itself where there is none."""
    for start, end in _lists(text[slice(*sentence)]):
        first, last = sentence[0] + start, sentence[0] + end
        if first < span[1] and span[0] < last:
            return min(first, span[0]), max(last, span[1])
    return span


def _is_new(text: str, asked: frozenset[str]) -> bool:
    return any(stem(word) not in asked for word, _ in words(text) if word not in STOP_WORDS)


def _dates(sentence: str) -> Iterator[Span]:
    taken: list[Span] = []
    for span in [
        *(span for span, _ in find_dates(sentence)),
        *(match.span() for match in _PART_DATE.finditer(sentence)),
        *(match.span() for match in _YEAR.finditer(sentence)),
    ]:
        if not any(span[0] < end and start < span[1] for start, end in taken):
            taken.append(span)
    yield from sorted(taken)


def _amounts(sentence: str) -> Iterator[Span]:
    dates = list(_dates(sentence))
    for match in _AMOUNT.finditer(sentence):
        end = match.end() - len(match[0]) + len(match[0].rstrip(" ,."))
        if not any(match.start() < last and first < end for first, last in dates):
            yield match.start(), end


def _people(sentence: str) -> Iterator[Span]:
    names = [span for span in _names(sentence) if " " in sentence[slice(*span)]]
    people = [span for span in names if not _ORGANISATION.search(sentence[slice(*span)])]
    yield from people or names


def _places(sentence: str) -> Iterator[Span]:
    for start, end in _names(sentence):
        if _PLACE_CUE.search(sentence[:start]) and not _YEAR.search(sentence[start:end]):
            yield start, end


def _names(sentence: str) -> Iterator[Span]:
    """Runs of words with capitals, a lone first word of the sentence left out."""
    for match in _NAME.finditer(sentence):
        start, end = match.span()
        first = match[0].split()[0]
        if fold(first) in STOP_WORDS:
            start += len(first) + 1
        if start < end and (start > 0 or " " in sentence[start:end]):
            yield start, end


def _lists(sentence: str) -> Iterator[Span]:
    yield from (match.span() for match in _NAME_LIST.finditer(sentence))
    yield from (match.span(1) for match in _ANNOUNCED.finditer(sentence))
