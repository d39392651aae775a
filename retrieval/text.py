"""Words for BM25 and the reader: folded to lower case without accents, then stemmed. Measures have their own words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

from retrieval.schema import Span

# Words that do not tell what a question is about. Question words are for the reader, not for search.
STOP_WORDS = frozenset(
    "a an and are as at be been being but by can could did do does for from had has have he her his how i "
    "if in into is it its itself may me might my no not of on or our s shall she should so such t than "
    "that the their them then there these they this those to was we were what when where which while who "
    "whom whose why will with would you your".split()
)
# A word is letters and digits with their combining marks; Chinese, Japanese and Korean have no spaces between words, so
# there each character is a word.
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_COMBINING = r"\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u065f\u0900-\u0dff\u0e31-\u0e4e"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}](?:[^\W_{_CJK}]|[{_COMBINING}])*(?:(?<=\d)\.\d+)*")
_stemmer = Stemmer.Stemmer("english")


def words(text: str) -> list[tuple[str, Span]]:
    """Each word, folded but not stemmed, with its span in the text; a combining mark alone is not a word."""
    return [(folded, match.span()) for match in _WORD.finditer(text) if (folded := fold(match[0]))]


def fold(word: str) -> str:
    """The word in lower case, without compatibility forms and accents: "Ramírez" and "RAMIREZ" are one word."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The English stem of a folded word; words of other languages mostly stay unchanged."""
    return str(_stemmer.stemWord(word))


def terms(text: str) -> list[str]:
    """The stems that BM25 indexes and searches, in order, without stop words unless there are no other words."""
    folded = [word for word, _ in words(text)]
    kept = [word for word in folded if word not in STOP_WORDS]
    return [stem(word) for word in kept or folded]


def content_words(text: str) -> list[str]:
    """The words other than stop words, as written, each once, in order."""
    seen: dict[str, str] = {}
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        if folded and folded not in STOP_WORDS:
            seen.setdefault(folded, match[0])
    return list(seen.values())
