"""The language of a text, and each language's function words. The only importer of py3langid and stopwordsiso.

Neither library is loaded before it is needed. The stop words take some 30 ms, which most English questions don't need;
the classifier takes .3 s and 80 MB, so it decides only where the stop words leave it open (eval/LOG.md, 2026-11-28).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from retrieval.text import fold, stem, stems

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SAMPLE_CHARS = 4000
_ENGLISH_ALONE = frozenset("the what when where which who whom whose why how did does were".split())
_SURELY_ENGLISH = 0.25  # guess: with so many of those among the words, nothing has to be loaded
_FEWEST_WORDS, _FEWEST_CHARACTERS = 3, 5  # guess: of fewer nobody could tell either
_CLEAR = 0.8  # guess: the second language's share of the first one's stop words from which the classifier decides
_MOST_ASKED_WORDS = 60  # a longer text has stop words enough
_CHARACTERS_PER_WORD = 2  # of scripts without spaces

# Not among them are languages whose stop words are nearly those of a larger neighbour, such as Galician.
_LANGUAGES = tuple(
    "ar bg cs da de el en es et fa fi fr he hi hr hu hy id it lt lv nl no pl pt ro ru sk sl sv tr uk ur vi".split()
)
_AFTER_LATIN = "\u0370"  # only people who write Latin letters leave accents out
_WORD = re.compile(r"[^\W\d_]+")
_KANA = r"\u3041-\u30ff\uff66-\uff9d"
_SCRIPTS = {
    "ja": re.compile(rf"[{_KANA}\u3400-\u9fff]"),  # or Chinese, where there is no kana
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "th": re.compile(r"[\u0e01-\u0e4e]"),
    "lo": re.compile(r"[\u0e81-\u0ecd]"),
    "my": re.compile(r"[\u1000-\u1059]"),
    "km": re.compile(r"[\u1780-\u17dc]"),
}
_LEAST_KANA = 0.1  # of Japanese text about half is kana; a Chinese text may quote some


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language that most of the text is in; None where it is too short or unclear."""
    sample = text[:_SAMPLE_CHARS]
    counts = {code: len(script.findall(sample)) for code, script in _SCRIPTS.items()}
    code = max(counts, key=lambda code: counts[code])
    spaced = [word for word in _WORD.findall(sample) if not any(s.match(word) for s in _SCRIPTS.values())]
    if counts[code] > len(spaced) * _CHARACTERS_PER_WORD:
        return _by_script(sample, code, counts[code])
    if len(spaced) < _FEWEST_WORDS:
        return None
    return "en" if _is_surely_english(sample, spaced) else _by_words(sample, spaced)


def _is_surely_english(text: str, words: list[str]) -> bool:
    english = [word for word in map(str.lower, words) if word in _ENGLISH_ALONE]
    return text.isascii() and len(english) >= max(2, _SURELY_ENGLISH * len(words))


def _by_script(text: str, code: str, characters: int) -> str | None:
    if characters < _FEWEST_CHARACTERS:
        return None
    if code == "ja" and len(re.findall(f"[{_KANA}]", text)) < characters * _LEAST_KANA:
        return "zh"
    return code


def _by_words(text: str, words: list[str]) -> str | None:
    """The language whose stop words the text has and whose alphabet it keeps to.

    A stop word of several languages counts less for each; a word with a letter that none of a language's stop words has
    counts against it.
    """
    languages_of, alphabets = _stop_words(), _alphabets()
    scores: Counter[str] = Counter()
    for word in map(str.lower, words):
        found = languages_of.get(word, ())
        for code in found:
            scores[code] += 1 / len(found) ** 0.5
        accented = {letter for letter in word if not letter.isascii()}
        if accented:
            for code in _LANGUAGES:
                scores[code] -= not accented <= alphabets[code]
    (first, best), (_, second) = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    if best <= 0:
        return None
    if second < best * _CLEAR or len(words) > _MOST_ASKED_WORDS:
        return first
    return str(_classifier().classify(text)[0])


@cache
def _stop_words() -> dict[str, tuple[str, ...]]:
    """The languages that each stop word is one of; also without its accents, unless that is another one."""
    found: dict[str, list[str]] = {}
    for code in _LANGUAGES:
        for word in stop_words_of(code):
            found.setdefault(word, []).append(code)
    accented = [word for word in found if not word.isascii() and word < _AFTER_LATIN]
    for word in accented:
        found.setdefault(fold(word), found[word])
    return {word: tuple(codes) for word, codes in found.items()}


@cache
def _alphabets() -> dict[str, set[str]]:
    return {
        code: {letter for word in stop_words_of(code) for letter in word if not letter.isascii()} for code in _LANGUAGES
    }


def is_function_word(folded: str, language: str) -> bool:
    """Whether the folded word, or another form of it, says nothing by itself; False where no list is known."""
    return stem(folded, language) in _function_stems(language)


@cache
def _function_stems(language: str) -> frozenset[str]:
    return frozenset(stems([fold(word) for word in stop_words_of(language)], language))


def stop_words_of(language: str) -> set[str]:
    """The stop words of a language by its ISO 639-1 code; empty where no list is known."""
    import stopwordsiso

    return stopwordsiso.stopwords(language)


@cache
def _classifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    whole.set_languages(_LANGUAGES)
    # A new one, because the whole keeps the 28 MB of all languages.
    return LanguageIdentifier(
        whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output, tk_row=whole.tk_row
    )
