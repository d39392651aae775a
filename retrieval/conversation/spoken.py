"""The language that a message in a conversation is in: small talk and short questions included."""

from __future__ import annotations

import re
from functools import cache

from retrieval.conversation.phrases import QUESTION_OPENERS
from retrieval.conversation.pleasantries import JOINERS, without_pleasantries
from retrieval.conversation.small_talk import language_of_small_talk
from retrieval.language import language_of
from retrieval.restrictions import read_restrictions
from retrieval.text import fold

_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile(r"[\u3041-\u30ff]")
_AMBIGUOUS = frozenset(["do"])  # "of the" in Portuguese
_FEWEST_WORDS = 5  # guess: of fewer, names such as "Rio de Janeiro" decide


def spoken_language(message: str) -> str | None:
    """The ISO 639-1 code of the message's language, None where it is not clear.

    A question of fewer than _FEWEST_WORDS words is clear only by its first word ("¿quién ...", "quem ..."), an inverted
    mark or kana: its other words may all be names.
    """
    if code := language_of_small_talk(message):
        return code
    asked = without_pleasantries(read_restrictions(message).text)
    typed = _WORD.findall(asked.casefold())
    if "¿" in asked or "¡" in asked:
        return "es"
    if _KANA.search(asked) and not any(word.isascii() for word in typed):
        return "ja"
    if _KANA.search(asked) or len(typed) >= _FEWEST_WORDS:
        return language_of(asked)
    return _asked_in(typed)


def _asked_in(typed: list[str]) -> str | None:
    """The language whose questions alone begin with these words."""
    opener = next((word for word in typed if word not in JOINERS), "")
    found = [code for code in QUESTION_OPENERS if opener in _openers(code)]
    return found[0] if len(found) == 1 and opener not in _AMBIGUOUS else None


@cache
def _openers(language: str) -> frozenset[str]:
    """The question words as written, and without their accents."""
    written = QUESTION_OPENERS[language].split(" | ")
    return frozenset([*written, *map(fold, written)])
