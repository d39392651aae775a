"""Mistyped words of a question -> words of the documents.

A word is near another where one letter, from _LONG letters on two, was lost, added, exchanged or changed over with its
neighbour; the first letter is taken as typed, and what only has a longer ending is another form and not mistyped. Of
several near words the nearest is taken, of those the most frequent.
"""

from __future__ import annotations

from collections.abc import Callable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.index.store import Store
from retrieval.text import STOP_WORDS, fold, terms, words

_OFTEN = 1_000_000  # words of grammar are not counted; of equally near words they come first
# Letters. A word of less than _MIDDLING is near one of grammar, or another by two letters changed over.
_SHORTEST, _MIDDLING, _LONG = 3, 5, 8


def correct_spelling(question: str, store: Store, is_word: Callable[[str], bool]) -> str:
    """The question with its mistyped words put right: what is no word of the documents, `is_word` doesn't know, is not
    all capitals, and is near a word of the documents or of grammar that is not another form of it."""
    pieces, done = [], 0
    for word, (start, end) in words(question):
        is_right = is_word(word) or question[start:end].isupper() or word in STOP_WORDS or is_written(word, store)
        near = None if is_right else near_spelling(word, store)
        if near and terms(near) != terms(word):
            pieces += [question[done:start], near]
            done = end
    return "".join([*pieces, question[done:]])


def is_written(word: str, store: Store) -> bool:
    """Whether the folded word stands so in a passage."""
    return word in store.words_like(word, len(word), len(word))


def is_known(word: str, store: Store) -> bool:
    """Whether the word, or another form of it, stands in a passage, or is one of grammar."""
    folded = fold(word)
    return folded in STOP_WORDS or any(map(store.sparse.frequency, terms(folded)))


def near_spelling(word: str, store: Store) -> str | None:
    """The word of the documents, as it is mostly written there, or of grammar, that the word may be meant for."""
    folded = fold(word)
    if len(folded) < _SHORTEST or not folded.isalpha():
        return None
    most = 2 if len(folded) >= _LONG else 1
    written = {name: (name, _OFTEN) for name in STOP_WORDS if name[0] == folded[0]}
    written |= store.words_like(folded[0], len(folded) - most, len(folded) + most)
    found = [
        (distance, -written[name][1], name)
        for name, distance, _ in process.extract(
            folded, list(written), scorer=OSA.distance, score_cutoff=most, limit=None
        )
        if not folded.startswith(name)
        and (len(folded) >= _MIDDLING or name in STOP_WORDS or sorted(name) == sorted(folded))
    ]
    return written[min(found)[2]][0] if found else None
