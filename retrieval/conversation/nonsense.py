"""Whether a message is keyboard mash such as "asdfgh" or "aaaaaa". Pure, and decided by the letters alone, by no list.

A message with a known word, a number, or more than three words is never nonsense, and neither is an unknown word that
could be a name: names have vowels, and their consonants are spread over the keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from retrieval.conversation.pieces import IsKnownWord
from retrieval.text import STOP_WORDS, fold

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"[^\W\d_]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_SAME_LETTER = re.compile(r"(.)\1{3,}")
_REPEATED = re.compile(r"(.{2,4}?)\1{2,}.{0,2}")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]+")

# None of these takes one of 20,000 common English words and names, nor of the world's places and languages in Babel.
_MOST_WORDS = 3
_SHORTEST, _SHORTEST_OF_SEVERAL = 4, 3  # "asd" alone may be an abbreviation, "asd qwe" is none
_STEPS = 0.8  # the share of neighbouring letters that are also neighbours on the keyboard
_SHORTEST_ON_A_ROW, _CONSONANTS_ON_A_ROW = 5, 4
_SHORTEST_WITHOUT_VOWELS = 6  # abbreviations are shorter or in capitals


def is_nonsense(message: str, is_known_word: IsKnownWord) -> bool:
    """Whether the message is one to three words, none of them known, that look like keyboard mash."""
    typed = _WORD.findall(message)
    if not 0 < len(typed) <= _MOST_WORDS or any(char.isdigit() for char in message):
        return False
    shortest = _SHORTEST if len(typed) == 1 else _SHORTEST_OF_SEVERAL
    return all(len(word) >= shortest and _is_mash(word) for word in typed) and not any(
        _is_known(fold(word), is_known_word) for word in typed
    )


def _is_known(word: str, is_known_word: IsKnownWord) -> bool:
    """Whether it is a known word, also without letters drawn out: "whennnn"."""
    spellings = {word, _DRAWN_OUT.sub(r"\1", word), _DRAWN_OUT.sub(r"\1\1", word)}
    return any(spelling in STOP_WORDS or is_known_word(spelling) for spelling in spellings if len(spelling) > 1)


def _is_mash(typed: str) -> bool:
    word = fold(typed)
    if _SAME_LETTER.search(word) or _REPEATED.fullmatch(word):
        return True
    if not (word.isascii() and word.isalpha()):
        return False
    places = [_at(letter) for letter in word]
    if _steps(places) >= _STEPS * (len(word) - 1):
        return True
    longest = max(map(len, _CONSONANTS.findall(word)), default=0)
    if len({row for row, _ in places}) == 1 and len(word) >= _SHORTEST_ON_A_ROW and longest >= _CONSONANTS_ON_A_ROW:
        return True
    return longest == len(word) >= _SHORTEST_WITHOUT_VOWELS and not typed.isupper()


def _steps(places: Sequence[tuple[int, int]]) -> int:
    """How often a letter's neighbour on the keyboard follows it, not counting the way straight back ("were")."""
    before = [None, *places]
    return sum(
        a[0] == b[0] and abs(a[1] - b[1]) == 1 and b != earlier
        for earlier, (a, b) in zip(before, pairwise(places), strict=False)
    )


def _at(letter: str) -> tuple[int, int]:
    """Row and place of a letter on the keyboard."""
    return next((row, letters.index(letter)) for row, letters in enumerate(_ROWS) if letter in letters)
