"""Typos in a question -> words of the documents.

A word is near another if at most one letter (two in words of _LONG letters or more) is deleted, inserted, replaced or
transposed. The first letter must be the same. A word that only adds an ending to another is a form of it, not a typo.
Of several near words the nearest is chosen, then the most frequent.
"""

from __future__ import annotations

from collections.abc import Callable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.index.store import Store
from retrieval.language import is_function_word, language_of
from retrieval.text import DEFAULT_LANGUAGE, STOP_WORDS, fold, terms, words

_STOP_WORD_COUNT = 1_000_000  # indexes do not count stop words; among equally near words they come first
_ASKED_IN = ("en", "es", "pt")  # languages of questions whose function words may look like names: "El", "As"
# In letters. A word shorter than _MEDIUM is near only stop words, and words that differ by a transposition.
_SHORTEST, _MEDIUM, _LONG = 3, 5, 8


def correct_spelling(question: str, store: Store, is_common_word: Callable[[str], bool]) -> str:
    """The question with its typos corrected.

    A typo is a word that is neither in the documents, in whatever form, nor common nor all in capitals, and that is
    near a stop word or a word of the documents. A near word with the same stem is another form, so nothing is
    corrected; nor is a question in another language than the documents, whose words only look like typos.
    """
    pieces, done = [], 0
    for word, (start, end) in words(question):
        is_right = is_common_word(word) or question[start:end].isupper() or is_known(word, store)
        near = None if is_right else near_spelling(word, store)
        if near and terms(near) != terms(word):
            pieces += [question[done:start], near]
            done = end
    corrected = "".join([*pieces, question[done:]])
    return question if pieces and is_foreign(language_of(corrected), store) else corrected


def as_written(text: str, store: Store) -> str:
    """The text with the capitals of the words that the documents mostly write with one: "toyota in peru"."""
    pieces, done = [], 0
    for folded, (start, end) in words(text):
        if text[start:end].islower() and len(folded) > 1 and folded not in STOP_WORDS:
            written, _ = store.words_like(folded, len(folded), len(folded)).get(folded, ("", 0))
            is_name = written[:1].isupper() and not any(is_function_word(folded, code) for code in _ASKED_IN)
            if is_name and len(written) == end - start:
                pieces += [text[done:start], written]
                done = end
    return "".join([*pieces, text[done:]])


def is_foreign(language: str | None, store: Store) -> bool:
    """Whether that is surely none of the documents' languages."""
    return language is not None and bool(store.languages) and language not in store.languages


def is_known(word: str, store: Store) -> bool:
    """Whether the word or another form of it occurs in a passage, or it is a function word of the documents' language.

    Of English only the stop words count.
    """
    folded = fold(word)
    return (
        folded in STOP_WORDS
        or store.has_word(folded)
        or any(is_function_word(folded, language) for language in store.languages if language != DEFAULT_LANGUAGE)
    )


def near_spelling(word: str, store: Store) -> str | None:
    """The stop word or the documents' word, in its usual spelling, that the word may be a typo of; else None."""
    folded = fold(word)
    if len(folded) < _SHORTEST or not folded.isalpha():
        return None
    max_edits = 2 if len(folded) >= _LONG else 1
    written = {name: (name, _STOP_WORD_COUNT) for name in STOP_WORDS if name[0] == folded[0]}
    written |= store.words_like(folded[0], len(folded) - max_edits, len(folded) + max_edits)
    found = [
        (distance, -written[name][1], name)
        for name, distance, _ in process.extract(
            folded, list(written), scorer=OSA.distance, score_cutoff=max_edits, limit=None
        )
        if not folded.startswith(name)
        and (len(folded) >= _MEDIUM or name in STOP_WORDS or sorted(name) == sorted(folded))
    ]
    return written[min(found)[2]][0] if found else None
