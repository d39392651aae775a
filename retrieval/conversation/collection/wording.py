"""What the wording of a question asks of the collection, in any of four languages. Pure.

The patterns are matched against the whole question, without accents, capitals and punctuation, so that a question
with a subject of its own ("which documents must I bring?") matches none. What a pattern captures is given as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.conversation.collection import english, japanese, portuguese, spanish
from retrieval.conversation.collection.forms import Form

_KEPT_INSIDE = "-_./:&"
_JAPANESE = re.compile(r"[\u3041-\u30fa\u4e00-\u9fff]")
_JAPANESE_PUNCTUATION = re.compile(r"[\s、。，？！?!「」『』“”\"]+")
_CHARS = 400
"""A longer question tells a story of its own."""
_LEAST_SURE: tuple[Form, ...] = ("explicit", "again")
"""Forms that any words may have, so that they come after those of every language."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A form that the question has, with what it names, as typed; `is_one` is true where one document is asked for."""

    form: Form
    name: str = ""
    period: str = ""
    is_oldest_first: bool = False
    is_one: bool = False


def wordings(question: str) -> Iterator[Wording]:
    """Every form that the whole question has, the surest first; what it names is still to be looked up."""
    if len(question) > _CHARS:
        return
    if _JAPANESE.search(question):
        plain = _JAPANESE_PUNCTUATION.sub("", unicodedata.normalize("NFKC", question))
        yield from _matching(japanese.trimmed(plain), None, japanese.PATTERNS, japanese.CUES)
        return
    found = list(_spaced(question))
    yield from (wording for wording in found if wording.form not in _LEAST_SURE)
    yield from (wording for wording in found if wording.form in _LEAST_SURE)


def _spaced(question: str) -> Iterator[Wording]:
    """The forms in each language that puts spaces between words."""
    plain, places = _plain(question)
    for language in (english, spanish, portuguese):
        start, end = _trimmed(plain, language.LEAD, language.TAIL)
        for last in _ends(plain, start, end, language.HERE):
            typed = question, places[start:last]
            yield from _matching(plain[start:last], typed, language.PATTERNS, language.CUES)


def _matching(
    plain: str,
    typed: tuple[str, Sequence[int]] | None,
    patterns: Sequence[tuple[Form, str]],
    cues: Mapping[Form, str],
) -> Iterator[Wording]:
    for form, pattern in patterns:
        if form in cues and not any(cue in plain for cue in cues[form].split()):
            continue
        if match := _pattern(pattern).fullmatch(plain):
            groups = {name: _as_typed(match, name, typed) for name, value in match.groupdict().items() if value}
            yield Wording(
                form,
                groups.get("name", ""),
                groups.get("period", ""),
                "oldest_first" in groups,
                "one" in groups,
            )


def _as_typed(match: re.Match[str], group: str, typed: tuple[str, Sequence[int]] | None) -> str:
    if typed is None:
        return match[group]
    question, places = typed
    start, end = match.span(group)
    return question[places[start] : places[end - 1] + 1]


def _plain(question: str) -> tuple[str, list[int]]:
    """The question's letters and digits, folded, one space for anything else between them; where each char stands."""
    chars, places = [], []
    for place, char in enumerate(question):
        folded = _folded(char)
        if not folded and char in _KEPT_INSIDE and question[max(place - 1, 0)].isalnum():
            folded = char if question[place + 1 : place + 2].isalnum() else ""
        if folded:
            chars.append(folded)
            places.append(place)
        elif unicodedata.combining(char):
            continue
        elif chars and chars[-1] != " ":
            chars.append(" ")
            places.append(place)
    if chars and chars[-1] == " ":
        chars.pop(), places.pop()
    return "".join(chars), places


def _folded(char: str) -> str:
    """A letter or digit in lower case without its accent; "" for any other character."""
    if not char.isalnum():
        return ""
    return unicodedata.normalize("NFKD", char.lower())[0]


def _trimmed(plain: str, lead: str, tail: str) -> tuple[int, int]:
    """Where the question itself begins and ends, without a greeting, "please" and the like."""
    match = _pattern(lead).match(plain)
    start = match.end() if match else 0
    return start, start + _end(plain[start:], tail)


def _ends(plain: str, start: int, end: int, tail: str) -> Iterator[int]:
    """Every place where the question may end: its end, and before each of the phrases such as "in this folder"."""
    yield end
    while (shorter := start + _end(plain[start:end], tail)) < end:
        yield shorter
        end = shorter


def _end(plain: str, tail: str) -> int:
    """Where the words that a question may end in begin."""
    match = _pattern(tail).search(plain)
    return match.start() if match else len(plain)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
