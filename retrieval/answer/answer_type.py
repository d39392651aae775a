"""The type of answer that a question asks for, and the span that completes an answer of that type. Pure, no model."""

from __future__ import annotations

import re
from typing import Literal

from retrieval.answer.list_question import asks_for_list
from retrieval.answer.yes_no import is_yes_no
from retrieval.spans import Span

AnswerType = Literal["date", "amount", "person", "place", "list", "reason", "yes-no", "other"]

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


def answer_type_of(question: str) -> AnswerType:
    """The type of answer that the question's words ask for; "other" where they do not show it."""
    if is_yes_no(question):
        return "yes-no"
    if asks_for_list(question):
        return "list"
    return next((type_ for type_, pattern in _TYPE_PATTERNS if pattern.search(question)), "other")


def asks_who(question: str) -> bool:
    """Whether the question asks for one or more persons."""
    return any(type_ == "person" and pattern.search(question) for type_, pattern in _TYPE_PATTERNS)


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
