"""Words for the reader and for marks, terms for BM25. Measures have their own words.

A word is folded to lower case without accents. In scripts that put no spaces between words, and in Korean, where
endings join the word before them, each character is a word, so that an answer may begin and end at any of them.

A term is a stem by the rules of the text's language. A sequence of characters of those scripts gives its pairs of
neighbours instead, and each Han character, which often is a word: better than single characters or a segmenter on
Japanese questions (eval/LOG.md, 2026-11-28).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby, pairwise

import Stemmer

from retrieval.spans import Span

# Words that do not tell what a question is about. Question words are for the reader, not for search.
STOP_WORDS = frozenset(
    "a an and are as at be been being but by can could did do does for from had has have he her his how i "
    "if in into is it its itself may me might my no not of on or our s shall she should so such t than "
    "that the their them then there these they this those to was we were what when where which while who "
    "whom whose why will with would you your".split()
)
DEFAULT_LANGUAGE = "en"
"""Whose stems are taken where nothing tells the language."""

_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HIRAGANA = r"\u3041-\u3096\u309d-\u309f"
_KATAKANA = r"\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"
_HANGUL = r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
_THAI_LAO_BURMESE_KHMER = (
    r"\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"
    r"\u1000-\u102a\u103f\u1050-\u1055\u1780-\u17b3\u17d7\u17dc"
)
_UNSPACED = _HAN + _HIRAGANA + _KATAKANA + _HANGUL + _THAI_LAO_BURMESE_KHMER
_COMBINING = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u065f\u0900-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    r"\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u3099\u309a\uff9e\uff9f"
)
_MARKS = "\uff9e\uff9f"  # a voicing mark of half width counts as a letter, but is none
_WORD = re.compile(
    rf"[{_UNSPACED}][{_COMBINING}]*"
    rf"|[^\W_{_UNSPACED}{_MARKS}](?:[^\W_{_UNSPACED}{_MARKS}]|[{_COMBINING}])*(?:(?<=\d)\.\d+)*"
)
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_IS_KATAKANA = re.compile(rf"[{_KATAKANA}]")
_IS_HAN = re.compile(rf"[{_HAN}]")
_ASKING = "何誰幾谁哪几"  # "what", "who", "how many": part of a question word wherever they stand
_NAME = re.compile(rf"(?:(?![{_ASKING}])[{_HAN}]){{2,}}|[{_KATAKANA}]{{2,}}|[{_HANGUL}]{{2,}}")

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nl": "dutch",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
"""Snowball's name of each language by ISO 639-1 code."""


def words(text: str) -> list[tuple[str, Span]]:
    """Each word, folded but not stemmed, with its span in the text; a combining mark alone is not a word."""
    return [(folded, match.span()) for match in _WORD.finditer(text) if (folded := fold(match[0]))]


def fold(word: str) -> str:
    """The word in lower case, without compatibility forms and accents: "Ramírez" and "RAMIREZ" are one word.

    Marks stay where they make another letter, as in Japanese and Thai.
    """
    if word.isascii():
        return word.lower()
    if _IS_UNSPACED.match(word):
        return unicodedata.normalize("NFKC", word).casefold()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def is_unspaced(word: str) -> bool:
    """Whether the word is of a script that is split into characters."""
    return not word.isascii() and _IS_UNSPACED.match(word) is not None


def is_katakana(word: str) -> bool:
    """Whether the word is written in katakana, as names and words from abroad are."""
    return _IS_KATAKANA.match(word) is not None


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    algorithm = _STEMMERS.get(language)
    return Stemmer.Stemmer(algorithm) if algorithm in Stemmer.algorithms() else None


@lru_cache(maxsize=100_000)
def stem(word: str, language: str = DEFAULT_LANGUAGE) -> str:
    """The stem of a folded word by the rules of that language; the word itself where there are none."""
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


def stems(folded: Sequence[str], language: str) -> list[str]:
    """The stem of each word, quicker than one by one, and without remembering any."""
    stemmer = _stemmer(language)
    return list(stemmer.stemWords(folded)) if stemmer else list(folded)


def terms(text: str, language: str = DEFAULT_LANGUAGE) -> list[str]:
    """What BM25 indexes and searches, in order, without English stop words unless there are no other words.

    In other languages the most frequent words weigh little by themselves, and a list did no good.
    """
    found = words(text)
    kept = [item for item in found if item[0] not in STOP_WORDS] or found
    listed: list[str] = []
    for is_sequence, group in groupby(kept, lambda item: is_unspaced(item[0])):
        if is_sequence:
            for sequence in _sequences(list(group)):
                listed += _pairs(sequence)
        else:
            listed += [stem(word, language) for word, _ in group]
    return listed


def _sequences(characters: list[tuple[str, Span]]) -> list[list[str]]:
    """The characters in groups, a new one wherever two do not touch."""
    groups: list[list[str]] = []
    last = None
    for character, (start, end) in characters:
        if start != last:
            groups.append([])
        groups[-1].append(character)
        last = end
    return groups


def _pairs(characters: list[str]) -> list[str]:
    """The pairs of neighbours, and the Han characters; a character without neighbours stays as it is."""
    if len(characters) == 1:
        return characters
    return [char for char in characters if _IS_HAN.match(char)] + [a + b for a, b in pairwise(characters)]


def content_words(text: str) -> list[str]:
    """The words other than stop words, as written, each once, in order.

    Where there are no spaces, these are the sequences of at least two Han characters, katakana or Hangul: names and
    nouns are written so.
    """
    seen: dict[str, str] = {}
    spaced = ((match.start(), match[0]) for match in _WORD.finditer(text) if not is_unspaced(match[0]))
    unspaced = ((match.start(), match[0]) for match in _NAME.finditer(text))
    for _, written in sorted([*spaced, *unspaced]):
        folded = fold(written)
        if folded and folded not in STOP_WORDS:
            seen.setdefault(folded, written)
    return list(seen.values())
