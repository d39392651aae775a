"""The type of answer that a question asks for, and the span that completes an answer of that type. Pure, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from retrieval.schema import Span

AnswerType = Literal["date", "amount", "person", "place", "list", "reason", "other"]

_TYPES: list[tuple[AnswerType, str]] = [
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
_TYPE_PATTERNS = [(type_, re.compile(pattern, re.IGNORECASE)) for type_, pattern in _TYPES]

_PARTICLES = r"(?:de la|de los|de|del|la|da|dos|van|von|der|bin|al|el|of|and the)"
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w’'.-]*[\w]"
# A list of names ("Chile, Colombia, and Peru"), or whatever follows a word that announces a list.
_NAME_ITEM = rf"{_CAPITAL}(?:\s+(?:(?:{_PARTICLES}|&)\s+)?{_CAPITAL}){{0,5}}(?:\s\([^()]{{1,60}}\))?"
_NAME_LIST = re.compile(rf"{_NAME_ITEM}(?:,\s+{_NAME_ITEM})+,?\s+(?:and|or|y|e)\s+{_NAME_ITEM}")
_ITEM = r"[^,;:.!?—]{2,80}"
_ANNOUNCED = re.compile(
    r"(?:\b(?:such as|including|namely,?|related to|as follows|the following)\b:?|:|—)\s*"
    rf"({_ITEM}(?:[,;]\s+{_ITEM})+)(?=[.;:!?—]|$)"
)

_BETWEEN_ITEMS = re.compile(r"\s*[,;、]\s*(?:(?:and|or|y|e|o|ou)\s+)?|\s+(?:and|or|y|e|ou)\s+")


def answer_type_of(question: str) -> AnswerType:
    """The type of answer that the question's words ask for; "other" where they do not show it."""
    return next((type_ for type_, pattern in _TYPE_PATTERNS if pattern.search(question)), "other")


# Numbers that may be years, dates or times of day, and the words for times in the languages whose questions are known.
_TIME = re.compile(
    r"\b(?:1\d|20|21)\d\ds?\b|\d[\d./:-]*\d|\d\s?(?:a\.?m|p\.?m|o’clock|h)\b|[年月日時]|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|january|february|march|april|"
    r"june|july|august|september|october|november|december|\w+day|centur(?:y|ies)|decades?|years?|months?|weeks?|days?|"
    r"hours?|minutes?|today|tomorrow|tonight|noon|midnight|spring|summer|autumn|winter|morning|afternoon|evening|night|"
    r"daily|weekly|monthly|annually|every|during|before|after|until|since|when|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|"
    r"março|maio|junho|julho|setembro|outubro|novembro|dezembro|años?|anos?|siglo|século)\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\b(?!\s+(?:of\b|centur))", re.IGNORECASE)


def tells_time(answer: str) -> bool:
    """Whether the answer may tell when: "April 2011", "14:30", "after the war"; not "11th anniversary"."""
    return bool(_TIME.search(_ORDINAL.sub("", answer)))


def whole_list(text: str, sentence: Span, span: Span) -> Span:
    """The whole enumeration that the span is part of in its sentence; the span itself where there is none."""
    for start, end in _lists(text[slice(*sentence)]):
        first, last = sentence[0] + start, sentence[0] + end
        if first < span[1] and span[0] < last:
            return min(first, span[0]), max(last, span[1])
    return span


def items_of(text: str) -> list[str]:
    """The items of an enumeration, split at commas, semicolons and "and"; a text that is none is one item."""
    return [item for item in _BETWEEN_ITEMS.split(text) if item.strip()]


# The words that open a clause of reason or manner, and the punctuation that ends a clause.
_REASON_OPENS = re.compile(
    r"\b(?:because(?: of)?|since|due to|owing to|thanks to|as a result of|so that|in order to|in response to|through|"
    r"by(?= \w+ing)|driven by|caused by|attributable to|from|to)\b",
    re.IGNORECASE,
)
_CLAUSE_OPENS, _CLAUSE_ENDS = re.compile(r"[,;:—]\s"), re.compile(r"[,;:—]\s|[.!?]$")


def whole_clause(text: str, sentence: Span, span: Span) -> Span:
    """The span widened to its clause, which starts at a word such as "because" before the span, else at punctuation."""
    before = text[sentence[0] : span[0]]
    opening = [match.start() for match in _REASON_OPENS.finditer(before)][-1:]
    begins = [match.end() for match in _CLAUSE_OPENS.finditer(before)][-1:]
    start = span[0] if _REASON_OPENS.match(text, span[0]) else sentence[0] + (opening or begins or [0])[0]
    end = _CLAUSE_ENDS.search(text[: sentence[1]], span[1])
    return start, end.start() if end else sentence[1]


def _lists(sentence: str) -> Iterator[Span]:
    yield from (match.span() for match in _NAME_LIST.finditer(sentence))
    yield from (match.span(1) for match in _ANNOUNCED.finditer(sentence))
