"""Questions with random typos, for training and for measuring how typos affect answers. Pure."""

from __future__ import annotations

import random

_MIN_LETTERS = 5


def mistyped(question: str, rng: random.Random) -> str:
    """The question with one letter deleted, doubled or transposed in each of one or two longer words."""
    words = question.split(" ")
    long = [number for number, word in enumerate(words) if len(word) >= _MIN_LETTERS and word.isalpha()]
    for number in rng.sample(long, min(len(long), rng.randint(1, 2))):
        word = words[number]
        at = rng.randrange(1, len(word) - 1)
        deleted, doubled = word[:at] + word[at + 1 :], word[: at + 1] + word[at:]
        transposed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[number] = rng.choice([typo for typo in (deleted, doubled, transposed) if typo != word])
    return " ".join(words)
