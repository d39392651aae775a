"""The pleasantries around a question: "hi, when does it open? thanks!" -> "when does it open?". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from retrieval.conversation.phrases import PHRASES, QUESTION_OPENERS, PieceKind
from retrieval.conversation.pieces import Token, pieces, tokens_of
from retrieval.conversation.small_talk import small_talk
from retrieval.text import is_unspaced, words

_BEFORE = frozenset[PieceKind](
    ["greeting", "thanks", "how are you", "help", "praise", "ok", "laugh", "apology", "emoji", "filler"]
)
_BEFORE_OPENER = frozenset[PieceKind](["greeting", "thanks", "how are you", "emoji", "filler"])
_AFTER = frozenset[PieceKind](["thanks", "bye", "laugh", "emoji", "filler"])
_SEPARATOR = re.compile(r"\s*(?:[,.!?;:…\n–—、。，！？；：~〜]|-(?=\s))[\s,.!?;:…–—、。，！？；：~〜-]*")
_STOP = re.compile(r"[.!?…\n。！？]")
_ASKS = re.compile(r"[?？]|か[。\s]*$")
JOINERS = frozenset("and but so y e pero mas".split())
_PREPOSITIONS = frozenset("to for at a de para por pra em".split())  # "thanks to whom" is no thanks
_MOST_TOKENS = 40  # in Japanese, each character is one


def without_pleasantries(question: str) -> str:
    """The question without greetings, thanks, praise and the like before it, and thanks and goodbyes after it.

    What goes must be set apart by punctuation, or by the word that the question begins with ("hi when does ..."). A
    message of pleasantries alone is returned unchanged. "and" stays before the question, and so do "yes" and "no": they
    tell how it hangs on the last one. So does "sorry", unless a question mark follows.
    """
    if small_talk(question, lambda word: False):
        return question
    tokens = tokens_of(question)
    start = _start(question, tokens)
    end = _end(question, [token for token in tokens if token.start >= start])
    kept = question[start:end].strip()
    return kept if words(kept) else question


def _start(question: str, tokens: Sequence[Token]) -> int:
    """The offset behind the longest pleasantry that the question begins with, 0 where there is none."""
    if tokens and question[: tokens[0].start].strip(" ¡¿("):  # a quotation mark, or an operator
        return 0
    for count in range(min(len(tokens) - 1, _MOST_TOKENS), 0, -1):
        last, following = tokens[count - 1], tokens[count]
        between = question[last.end : following.start]
        separator = _SEPARATOR.match(between)
        is_apart = separator is not None or last.is_emoji or (is_unspaced(last.text) and between.isspace())
        for language in PHRASES:
            allowed = _BEFORE if is_apart else _BEFORE_OPENER
            if not is_apart and not _opens(tokens[count - 1 :], language):
                continue
            cut = _cut(tokens[:count], language, allowed)
            if cut and ("apology" not in cut or _ASKS.search(question, following.start)):
                return last.end + (separator.end() if separator else 0)
    return 0


def _end(question: str, tokens: Sequence[Token]) -> int:
    """The offset before the thanks or the goodbye that the question ends with, else its end.

    After a comma only thanks are taken off: "How do you say hello, goodbye" is a question.
    """
    for first in range(max(1, len(tokens) - _MOST_TOKENS), len(tokens)):
        between = question[tokens[first - 1].end : tokens[first].start]
        if (_STOP.search(between) or "," in between or "、" in between) and not _ASKS.search(
            question, tokens[first].start
        ):
            allowed = _AFTER if _STOP.search(between) else _AFTER - {"bye"}
            if any(_cut(tokens[first:], language, allowed) for language in PHRASES):
                return tokens[first - 1].end + len(between.rstrip(" ,、¡"))
    return len(question)


def _cut(tokens: Sequence[Token], language: str, allowed: frozenset[PieceKind]) -> list[PieceKind] | None:
    """The pieces of the tokens where all are of the allowed kinds, and not all of them fillers."""
    cut = pieces(tokens, language, lambda word: False)
    return cut if cut and set(cut) <= allowed and set(cut) != {"filler"} else None


def _opens(tokens: Sequence[Token], language: str) -> bool:
    """Whether a question begins behind the first of the tokens: "when ...", "and when ..."."""
    openers, following = _openers(language), [token.text for token in tokens[1:3]]
    if tokens[0].text in JOINERS | _PREPOSITIONS:
        return False
    return following[0] in openers or (following[0] in JOINERS and following[-1] in openers)


@cache
def _openers(language: str) -> frozenset[str]:
    return frozenset(word for word, _ in words(QUESTION_OPENERS.get(language, "")))
