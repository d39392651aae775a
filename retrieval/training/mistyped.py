"""Typing errors by chance, for training and for measuring how they are borne. Pure."""

from __future__ import annotations

import random

_LEAST_LETTERS = 5


def mistyped(question: str, chance: random.Random) -> str:
    """The question with a letter of one or two longer words lost, doubled or changed over with its neighbour."""
    words = question.split(" ")
    long = [number for number, word in enumerate(words) if len(word) >= _LEAST_LETTERS and word.isalpha()]
    for number in chance.sample(long, min(len(long), chance.randint(1, 2))):
        word = words[number]
        at = chance.randrange(1, len(word) - 1)
        lost, doubled = word[:at] + word[at + 1 :], word[: at + 1] + word[at:]
        changed_over = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[number] = chance.choice([typed for typed in (lost, doubled, changed_over) if typed != word])
    return " ".join(words)
