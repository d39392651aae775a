"""Which legacy code page a text is in: the one under which its letters follow each other as in some language.

Each code page is tried with the languages written in it. The score of a decoded text is its log probability, in nats,
under simple letter statistics: for alphabets, pairs of neighbouring letters as in the language's stop words; for
Chinese, Japanese and Korean, the rows of the national standard, which keep common and rare characters apart. All
candidates explain the same bytes, so their scores can be compared.

Of 60, 150 and 600 characters in 30 languages and code pages, .97, .99 and 1.00 were read right
(tests/retrieval/documents/test_encodings.py has a part of them); charset_normalizer 3.5 had .56, .72 and .70.
"""

from __future__ import annotations

import codecs
import math
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from unicodedata import category

from retrieval.language import stop_words_of

_WESTERN = "fr de es pt it nl sv da no fi en ca"
_CENTRAL = "cs sk pl hu hr sl ro de en"
_CYRILLIC = "ru uk bg"
_BALTIC = "lt lv et"
# The languages written in each code page, and what the page costs in nats: guesses, the most common page is free.
_CODE_PAGES: dict[str, tuple[str, float]] = {
    "cp1252": (_WESTERN, 0),
    "iso8859-15": (_WESTERN, 2),
    "cp437": (_WESTERN, 3),
    "cp850": (_WESTERN, 2.5),
    "mac-roman": (_WESTERN, 2.5),
    "cp1250": (_CENTRAL, 0),
    "iso8859-2": (_CENTRAL, 1),
    "cp852": (_CENTRAL, 2.5),
    "mac-latin2": (_CENTRAL, 3),
    "cp1251": (_CYRILLIC, 0),
    "koi8-r": (_CYRILLIC, 1),
    "koi8-u": (_CYRILLIC, 1.5),
    "iso8859-5": (_CYRILLIC, 2),
    "cp866": (_CYRILLIC, 1.5),
    "mac-cyrillic": (_CYRILLIC, 3),
    "cp1253": ("el", 0),
    "iso8859-7": ("el", 1),
    "cp737": ("el", 2.5),
    "cp1254": ("tr", 0),
    "iso8859-9": ("tr", 1),
    "cp857": ("tr", 2.5),
    "cp1255": ("he", 0),
    "cp1256": ("ar fa ur", 0),
    "cp1257": (_BALTIC, 0),
    "cp775": (_BALTIC, 3),
    "cp874": ("th", 0),
    "cp1258": ("vi", 0),
    "cp932": ("ja", 0),
    "euc_jp": ("ja", 0),
    "gb18030": ("zh", 0),
    "cp950": ("zh-hant", 0),
    "cp949": ("ko", 0),
}
# The first byte of a character in the national standard tells its row: (first row, last row, log probability of one
# character of these rows). They follow from the number of characters in a row and its usual share of a text.
_ROWS: dict[str, tuple[str, tuple[tuple[int, int, float], ...]]] = {
    "ja": (
        "euc_jp",
        (
            (0xA1, 0xA1, -5.3),  # punctuation
            (0xA3, 0xA3, -8.0),  # wide digits and letters
            (0xA4, 0xA4, -5.1),  # 83 hiragana: half of the text
            (0xA5, 0xA5, -6.8),  # 86 katakana: a tenth
            (0xB0, 0xCF, -8.4),  # 2,965 common kanji: most of the rest
            (0xD0, 0xF4, -12.7),  # 3,390 rare kanji: a hundredth
        ),
    ),
    "zh": ("gb2312", ((0xA1, 0xA1, -5.5), (0xA3, 0xA3, -5.5), (0xB0, 0xD7, -8.4), (0xD8, 0xF7, -12.0))),
    "zh-hant": ("big5", ((0xA1, 0xA1, -5.5), (0xA2, 0xA3, -9.0), (0xA4, 0xC6, -8.4), (0xC9, 0xF9, -13.0))),
    "ko": ("cp949", ((0xA1, 0xA1, -7.0), (0xB0, 0xC8, -7.3), (0xCA, 0xFD, -13.0))),
}
_OTHER_ROW, _NOT_IN_STANDARD = -14.0, -16.0
_WIDE_TEXT_LETTER = -5.0  # an ASCII letter in Chinese, Japanese or Korean text

# Log probabilities of what is no letter, and of capitals: guesses that only have to be of the right order.
_SPACE, _ASCII_SIGN, _TYPOGRAPHIC, _CONTROL, _BAD_BYTE = -2.0, -4.5, -6.0, -15.0, -20.0
_SIGN_OF_CATEGORY = {"P": -8.0, "Z": -9.0, "N": -10.0, "S": -11.0}
_TYPOGRAPHIC_SIGNS = frozenset("‘’“”„«»–—…•€£©®°§\xa0")
_CAPITAL_AFTER = {"": math.log(0.1), "A": math.log(0.1), "AA": math.log(0.95), "a": math.log(1e-4)}
_SMALL_AFTER = {"": math.log(0.9), "A": math.log(0.9), "AA": math.log(0.05), "a": 0.0}
_FLOOR = 2e-5  # probability of a pair of letters that no stop word tells of
_PAIRS_TO_TRUST = 10  # with so many pairs of a first letter, half is the pairs' share and half the second letter's own

_SAMPLE_BYTES, _SAMPLE_WORDS = 3_000, 120


@dataclass(frozen=True, slots=True)
class Ranked:
    """The likeliest code page.

    `lead` is the log odds, in nats, over the best one that gives another text, infinite where none does. `per_byte` is
    the log probability of a byte of the sample; random bytes have -5.5.
    """

    encoding: str
    lead: float
    per_byte: float


def likeliest_code_page(raw: bytes) -> Ranked:
    """The code page under which a text that is not UTF-8 reads best. Only a sample of a long text is looked at."""
    sample = _sample(raw)
    scores: dict[str, tuple[float, str]] = {}
    for encoding, (languages, cost) in _CODE_PAGES.items():
        # The sample may end inside a character, which an incremental decoder holds back.
        text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
        score = max(_score(text, language) for language in languages.split()) - cost
        scores[text] = max((score, encoding), scores.get(text, (-math.inf, "")))
    (best, encoding), (second, _) = [*sorted(scores.values(), reverse=True), (-math.inf, "")][:2]
    return Ranked(encoding, best - second, best / len(sample))


def _sample(raw: bytes) -> bytes:
    """Words with bytes above 127 from all over the text, with the words around them, which tell the language.

    No code page has white space inside a character, so that no character is cut but the last.
    """
    if len(raw) <= _SAMPLE_BYTES:
        return raw
    words = raw.split()
    marked = [number for number, word in enumerate(words) if not word.isascii()]
    step = math.ceil(len(marked) / _SAMPLE_WORDS)
    chosen = sorted({near for at in marked[::step] for near in range(max(at - 2, 0), at + 3) if near < len(words)})
    return b" ".join(words[number] for number in chosen)[:_SAMPLE_BYTES]


def _score(text: str, language: str) -> float:
    """The log probability of a text in the language."""
    if language in _ROWS:
        return sum(count * _wide_score(letter, language) for letter, count in Counter(text).items())
    counts, statistics = _counts(text), _letters_of(language)
    pairs = sum(count * statistics.log_probability(pair) for pair, count in counts.pairs.items())
    signs = sum(count * _sign_score(sign) for sign, count in counts.signs.items())
    return pairs + signs + counts.capitals


@dataclass(frozen=True, slots=True)
class _Counts:
    """What is counted in a text: pairs of neighbouring small letters (" " at both ends of a word) and other signs.

    `capitals` is the log probability of the capitals where they stand.
    """

    pairs: Counter[tuple[str, str]]
    signs: Counter[str]
    capitals: float


@lru_cache(maxsize=1)  # a text is scored for one language after the other
def _counts(text: str) -> _Counts:
    pairs: Counter[tuple[str, str]] = Counter()
    signs: Counter[str] = Counter()
    capitals, last, after = 0.0, " ", ""
    for character in text:
        if category(character)[0] not in "LM":
            pairs[last, " "] += last != " "
            signs[character] += 1
            last, after = " ", ""
            continue
        small = character.lower()
        if small != character:
            capitals += _CAPITAL_AFTER[after]
            after = "AA" if after in ("A", "AA") else "A"
        elif small != character.upper():
            capitals += _SMALL_AFTER[after]
            after = "a"
        pairs[last, small] += 1
        last = small
    return _Counts(pairs, signs, capitals)


class _Letters:
    """How often each letter of a language follows each other one, told by a list of words."""

    def __init__(self, words: Set[str]) -> None:
        spelled = [f" {word.lower()} " for word in words if all(category(letter)[0] in "LM" for letter in word)]
        self._pairs = Counter(pair for word in spelled for pair in pairwise(word))
        self._firsts = Counter(first for first, _ in self._pairs.elements())
        self._seconds = Counter(second for _, second in self._pairs.elements())
        self._total = max(self._seconds.total(), 1)

    def log_probability(self, pair: tuple[str, str]) -> float:
        """The log probability of the second letter after the first one."""
        first, second = pair
        seen = self._firsts[first]
        own = self._seconds[second] / self._total
        return math.log((self._pairs[pair] + _PAIRS_TO_TRUST * own) / (seen + _PAIRS_TO_TRUST) + _FLOOR)


@cache
def _letters_of(language: str) -> _Letters:
    return _Letters(stop_words_of(language))


def _sign_score(sign: str) -> float:
    if sign == " ":
        return _SPACE
    if sign == "\ufffd":
        return _BAD_BYTE
    if sign.isascii():
        return _ASCII_SIGN if sign.isprintable() or sign.isspace() else _CONTROL
    return _TYPOGRAPHIC if sign in _TYPOGRAPHIC_SIGNS else _SIGN_OF_CATEGORY.get(category(sign)[0], _CONTROL)


@cache
def _wide_score(character: str, language: str) -> float:
    if character.isascii() or character == "\ufffd":
        return _WIDE_TEXT_LETTER if character.isalpha() else _sign_score(character)
    standard, rows = _ROWS[language]
    try:
        code = character.encode(standard)
    except UnicodeEncodeError:
        return _NOT_IN_STANDARD
    found = (score for first, last, score in rows if len(code) == 2 and first <= code[0] <= last)
    return next(found, _OTHER_ROW)
