"""A message cut into the phrases of small talk. Pure: the phrases themselves are in retrieval.conversation.phrases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

from retrieval.conversation.phrases import ANY_LANGUAGE, LAUGHTER, PHRASES, SPELLINGS, PieceKind
from retrieval.text import fold, words

IsKnownWord = Callable[[str], bool]
"""Whether a folded word is one of the documents or otherwise known."""

_BETWEEN = "|"
_PROLONGED = "ー"  # drawn out in speech: "ありがとー"
_HEART, _SMILE = "❤", "🙂"
_EMOTICON = re.compile(r"(?<!\S)(?:(<3+)|[:;=]['’]?-?[)(\]\[DPpOo3*|/\\]+|\^[_.]?\^|T[_.]T)(?!\S)")
_DRAWN_OUT = "aeiouyhks"
_FEWEST_LETTERS = 3  # of laughter that repeats one letter: "kk" and "ww" may be abbreviations


class Token(NamedTuple):
    """A folded word or an emoji, with its place in the message."""

    text: str
    start: int
    end: int

    @property
    def is_emoji(self) -> bool:
        return unicodedata.category(self.text[0]) == "So"


def tokens_of(message: str) -> list[Token]:
    """The words and the emoji of a message, in order; an emoticon such as ":-)" is an emoji, too."""
    emoticons = [
        Token(_HEART if match[1] else _SMILE, match.start(), match.end()) for match in _EMOTICON.finditer(message)
    ]
    emoji = [
        Token(char, at, at + 1)
        for at, char in enumerate(message)
        if not char.isascii() and not char.isalnum() and unicodedata.category(char) == "So"
    ]
    listed = [Token(word, start, end) for word, (start, end) in words(message) if word != _PROLONGED]
    inside = {at for token in emoticons for at in range(token.start, token.end)}
    return sorted([*emoticons, *(token for token in [*emoji, *listed] if token.start not in inside)], key=_place)


def _place(token: Token) -> int:
    return token.start


def pieces(tokens: Sequence[Token], language: str | None, is_known_word: IsKnownWord) -> list[PieceKind] | None:
    """The kinds of the fewest phrases of that language that the tokens consist of; None where something is left over.

    With None as the language, only what people type in any language counts.
    """
    table, longest = _table(language)
    tokens = _spelled_out(tokens, language)
    texts = [_undrawn(token.text, language) for token in tokens]
    best: list[list[PieceKind] | None] = [[]]
    for end in range(1, len(texts) + 1):
        found: list[PieceKind] | None = None
        for start in range(end - 1, max(end - longest, 0) - 1, -1):
            before = best[start]
            kind = table.get(tuple(texts[start:end]))
            if kind is None and start == end - 1:
                kind = _single(tokens[start], language, is_known_word)
            if kind and before is not None and (found is None or len(before) < len(found)):
                found = [*before, kind]
        best.append(found)
    return best[-1]


def _single(token: Token, language: str | None, is_known_word: IsKnownWord) -> PieceKind | None:
    """The kind of a token that no table lists: any emoji, and laughter that is no word of the documents ("KKK")."""
    if token.is_emoji:
        return "emoji"
    is_laughter = any(spoken in (None, language) and _repeats(token.text, unit) for unit, spoken in LAUGHTER.items())
    return "laugh" if is_laughter and not is_known_word(token.text) else None


def _repeats(word: str, unit: str) -> bool:
    """Whether the word is the unit over and over, perhaps cut at either end: "ahahah"."""
    if len(unit) == 1:
        return len(word) >= _FEWEST_LETTERS and set(word) == {unit}
    return re.fullmatch(rf"{unit[-1]}?(?:{unit}){{2,}}{unit[0]}?", word) is not None


@cache
def _table(language: str | None) -> tuple[dict[tuple[str, ...], PieceKind], int]:
    """The kind of each phrase by its words, and the number of words of the longest; fillers are anything else first."""
    listed = [*ANY_LANGUAGE.items(), *(PHRASES[language].items() if language else ())]
    listed.sort(key=lambda item: item[0] != "filler")
    table = {phrase: kind for kind, phrases in listed for phrase in _phrases(phrases, language)}
    return table, max(map(len, table))


def _phrases(listed: str, language: str | None) -> list[tuple[str, ...]]:
    """The words of each phrase. The list is cut into words as a whole, which takes a fraction of the time."""
    found: list[list[str]] = []
    end = None
    for token in _spelled_out(tokens_of(listed), language):
        if end is None or _BETWEEN in listed[end : token.start]:
            found.append([])
        found[-1].append(token.text)
        end = token.end
    return [tuple(phrase) for phrase in found]


def _spelled_out(tokens: Sequence[Token], language: str | None) -> list[Token]:
    """The tokens with the language's abbreviations in full; "dont" is two, like "don't"."""
    spellings = _spellings(language)
    return [
        Token(text, token.start, token.end) for token in tokens for text in spellings.get(token.text, (token.text,))
    ]


@cache
def _spellings(language: str | None) -> dict[str, tuple[str, ...]]:
    listed = SPELLINGS[language] if language else {}
    return {fold(short): tuple(word for word, _ in words(full)) for short, full in listed.items()}


@cache
def written_words(language: str) -> frozenset[str]:
    """The words of the language's phrases in lower case, with their accents."""
    return frozenset(" ".join(PHRASES[language].values()).casefold().split())


def _undrawn(word: str, language: str | None) -> str:
    """The word of the phrases that this one draws out ("hellooo"), else the word itself.

    Three equal letters in a row draw a word out, and so does the last letter twice, unless it often is twice ("mall").
    """
    by_letters = _by_letters(language)
    runs = _runs(word)
    if len(runs) < 2 or word in by_letters.get(_letters(runs), ()):  # "kkk" is laughter
        return word
    for known in by_letters.get(_letters(runs), ()):
        longer = [run - usual for (_, run), (_, usual) in zip(runs, _runs(known), strict=True)]
        if min(longer) >= 0 and (max(run for _, run in runs) >= 3 or (longer[-1] and word[-1] in _DRAWN_OUT)):
            return known
    return word


@cache
def _by_letters(language: str | None) -> dict[str, list[str]]:
    """The words of the phrases by their letters without repetition."""
    found: dict[str, list[str]] = {}
    for word in {word for phrase in _table(language)[0] for word in phrase}:
        found.setdefault(_letters(_runs(word)), []).append(word)
    return {letters: sorted(spellings, key=len, reverse=True) for letters, spellings in found.items()}


def _runs(word: str) -> list[tuple[str, int]]:
    return [(letter, len(list(group))) for letter, group in groupby(word)]


def _letters(runs: Sequence[tuple[str, int]]) -> str:
    return "".join(letter for letter, _ in runs)
