"""Irregular forms of words, from dictionaries: the only importer of simplemma. Used while building, never to search.

Stemming joins regular forms ("visit", "visited"); a dictionary knows that "wrote" and "written" are one word, too. The
dictionaries are large (English .5 s and 20 MB, Spanish 2.5 s and 100 MB), so the index stores what is needed of them.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from retrieval.text import fold, stems


def other_forms(stems: Collection[str], language: str) -> set[str]:
    """Stems of other forms of the words with these stems; none for a language without a dictionary."""
    found: set[str] = set()
    for related in _irregular(language):
        if not related.isdisjoint(stems):
            found |= related
    return found.difference(stems)


@lru_cache(maxsize=2)  # a collection has one or two languages that matter
def _irregular(language: str) -> list[frozenset[str]]:
    """For each word whose forms have several stems, these stems."""
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    if language not in SUPPORTED_LANGUAGES:
        return []
    dictionary = DefaultDictionaryFactory(cache_max_size=1).get_dictionary(language)
    forms = [form for form in dictionary if form.isalpha()]
    lemmas = [dictionary[form] for form in forms]
    stems_of_forms = stems(list(map(fold, forms)), language)
    stems_of_lemmas = stems(list(map(fold, lemmas)), language)
    related: dict[str, set[str]] = {}
    for lemma, one, other in zip(lemmas, stems_of_lemmas, stems_of_forms, strict=True):
        if one != other:
            related.setdefault(lemma, {one}).add(other)
    return list(map(frozenset, related.values()))
