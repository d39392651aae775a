"""A part of a question replaced by another of its kind: "and in 2021?", "no, I meant Peru", "the second one". Pure."""

from __future__ import annotations

import re

from retrieval.conversation.names import content, is_country, kind_of, names, years
from retrieval.conversation.noun_phrases import Phrase, bare_phrases, groups, numbers, phrases

_PREPOSITION = re.compile(
    r"(?:in|on|at|for|with|by|from|to|of|about|the|a|an|en|para|por|con|de|del|la|el|em|com|no|na|do|da|o|a)\s+",
    re.IGNORECASE,
)
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

    `old` names the part, if that is known. A year takes a year's place, a country a country's, a name a name's;
    "the second one" takes over the noun that it stands for.
    """
    if old:
        found = re.search(rf"\b{re.escape(old)}\b", question, re.IGNORECASE)
        return [f"{question[: found.start()]}{new}{question[found.end() :]}"] if found else []
    bare = _without_preposition(new)
    options = [f"{question[:start]}{text}{question[end:]}" for (start, end), text in _places(question, bare, new)]
    return list(dict.fromkeys(option for option in options if option != question))[:_MAX_OPTIONS]


def _places(question: str, new: str, as_said: str) -> list[tuple[tuple[int, int], str]]:
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
    alike = _ALIKE[_kind(new)]
    best = next((kind for kind in alike if any(phrase.kind == kind for phrase in there)), None)
    return [(phrase.span, new) for phrase in reversed(there) if phrase.kind == best]


def _same_preposition(question: str, as_said: str) -> list[tuple[tuple[int, int], str]]:
    """Where a phrase or number stands behind the preposition that the new part begins with: "for my own bike"."""
    preposition = _PREPOSITION.match(as_said)
    if preposition is None or _ONE.search(as_said) or preposition[0].strip().lower() in _ARTICLES:
        return []
    found = []
    for phrase in [*groups(question), *numbers(question)]:
        start = question.rfind(preposition[0].strip(), 0, phrase.span[0])
        article = question[start + len(preposition[0].strip()) : phrase.span[0]]
        if start >= 0 and article[:1].isspace() and article.strip() == phrase.article:
            found.append(((start, phrase.span[1]), as_said))
    return found


def _kind(new: str) -> str:
    """What the new part is of; "noun" where it is no name."""
    return kind_of(new) if is_country(new) or names(f"- {new}") else "noun"


def _head(phrase: Phrase) -> str:
    return phrase.text.split()[-1]


def _without_preposition(text: str) -> str:
    while match := _PREPOSITION.match(text):
        text = text[match.end() :]
    return text
