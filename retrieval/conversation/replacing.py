"""A part of a question replaced by another of its kind: "and in 2021?", "no, I meant Peru", "the second one". Pure."""

from __future__ import annotations

import re

from retrieval.conversation.dependence import MOST_CHARS
from retrieval.conversation.names import WORD, content, is_country, years
from retrieval.conversation.noun_phrases import Phrase, bare_phrases, groups, numbers, phrases
from retrieval.spans import Span
from retrieval.text import fold, stem

_PREPOSITION = re.compile(
    r"(?:in|on|at|for|with|by|from|to|of|about|the|a|an|en|para|por|con|de|del|la|el|em|com|no|na|do|da|o|a)\s+",
    re.IGNORECASE,
)
# "which countries", "how many people": what is asked for stays.
_ASKED_FOR = re.compile(r"\b(?:which|what|how (?:many|much))\s+$", re.IGNORECASE)
_TWO_PARTS = re.compile(r"(?P<rest>\D+?) (?P<when>(?:in|en|em|of|de|do) \d{4})", re.IGNORECASE)  # "in Chile in 2019"
_THE_ONE = re.compile(
    r"(?:the|that) ones? (?=(?:in|on|at|for|with|by|from|to|of|about) )", re.IGNORECASE
)  # "the one in Lima"
_ONE = re.compile(r"\b(?:one|ones)\b", re.IGNORECASE)
_MAX_OPTIONS = 3
_ARTICLES = frozenset("the a an la el las los o a os as".split())
_ALIKE = {
    "person": ("person", "open"),
    "country": ("country", "open", "thing"),
    "thing": ("thing", "open", "country", "noun"),
    "open": ("open", "thing", "person", "country", "noun", "bare"),
    "time": ("time",),
    "noun": ("noun", "bare"),
}
"""What a part of each kind may replace, the likeliest first."""


def replaced(question: str, new: str, old: str | None = None) -> list[str]:
    """The question with `new` in place of a part of its kind, the likeliest first; empty where it has none.

    `old` names the part, if that is known and the question has it. A year takes a year's place, a country a
    country's, a name a name's; "the second one" takes over the noun that it stands for.
    """
    if len(question) > MOST_CHARS or len(new) > MOST_CHARS:
        return []
    new = _THE_ONE.sub("", new)
    if old:
        alike = [(old, new)] if has_preposition(old) == has_preposition(new) else []
        for was, becomes in [*alike, (_without_preposition(old), _without_preposition(new))]:
            if found := re.search(rf"\b{re.escape(was)}\b", question, re.IGNORECASE):
                return [f"{question[: found.start()]}{becomes}{question[found.end() :]}"]
    if (both := _TWO_PARTS.fullmatch(new)) and (first := replaced(question, both["when"])):
        return replaced(first[0], both["rest"]) or first
    bare = _without_preposition(new)
    options = [f"{question[:start]}{text}{question[end:]}" for (start, end), text in _places(question, bare, new)]
    return list(dict.fromkeys(option for option in options if option.lower() != question.lower()))[:_MAX_OPTIONS]


def _places(question: str, new: str, as_said: str) -> list[tuple[Span, str]]:
    """Where the new part may go, and in which words; `as_said` has its preposition."""
    if found := _same_preposition(question, as_said):
        return found
    if years(new) and len(content(new)) <= 2:
        number = years(new)[0]
        return [(phrase.span, number) for phrase in numbers(question) if len(phrase.text) == len(number)]
    there = [*phrases(question), *bare_phrases(question)]
    if one := _ONE.search(new):
        return [
            (phrase.span, f"{new[: one.start()].strip()} {_head(phrase)}")
            for phrase in there
            if phrase.kind in ("noun", "thing")
        ]
    if found := [(span, new) for phrase in there if (span := _with_head(phrase, new))]:
        return found
    kind = _kind(new, as_said)
    if kind == "noun" and has_preposition(as_said):  # "for the flat" says more, and replaces nothing
        return []
    best = next((one for one in _ALIKE[kind] if any(phrase.kind == one for phrase in there)), None)
    return [
        (phrase.span, new)
        for phrase in reversed(there)
        if phrase.kind == best and not (best == "bare" and _ASKED_FOR.search(question[: phrase.span[0]]))
    ]


def _with_head(phrase: Phrase, new: str) -> Span | None:
    """Where as many words as `new` has end in its last word: "throat cancer", for "lung cancer"; None where none do."""
    wanted, found = WORD.findall(new), list(WORD.finditer(phrase.text))
    if phrase.kind in ("noun", "bare") and len(wanted) > 1:
        for number, word in enumerate(found):
            if stem(fold(word.group())) == stem(fold(wanted[-1])):
                first = found[max(number + 1 - len(wanted), 0)]
                return phrase.span[0] + first.start(), phrase.span[0] + word.end()
    return None


def _same_preposition(question: str, as_said: str) -> list[tuple[Span, str]]:
    """Where a phrase or number stands behind the preposition that the new part begins with: "for my own bike"."""
    preposition = _PREPOSITION.match(as_said)
    if preposition is None or _ONE.search(as_said) or not has_preposition(as_said):
        return []
    found = []
    for phrase in numbers(question) if years(as_said) else groups(question):
        start = question.rfind(preposition[0].strip(), 0, phrase.span[0])
        article = question[start + len(preposition[0].strip()) : phrase.span[0]]
        if start >= 0 and article[:1].isspace() and article.strip() == phrase.article:
            found.append(((start, phrase.span[1]), as_said))
    return found


def _kind(new: str, as_said: str) -> str:
    """What the new part is of; "noun" where it is no name, or a thing with a name in it: "the mayor of Lima"."""
    if is_country(new):
        return "country"
    found = groups(f"- {as_said}")
    return found[0].kind if found else "noun"


def has_preposition(as_said: str) -> bool:
    found = _PREPOSITION.match(as_said)
    return found is not None and found[0].strip().lower() not in _ARTICLES


def _head(phrase: Phrase) -> str:
    return phrase.text.split()[-1]


def _without_preposition(text: str) -> str:
    while match := _PREPOSITION.match(text):
        text = text[match.end() :]
    return text
