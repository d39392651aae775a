"""Lines -> running text: words that a hyphen breaks at a line end are rejoined, as far as the document's words tell.

A document whose lines end with a hyphen more often than compound words explain is hyphenated: there the hyphen goes
unless the word looks like a compound. In other documents it goes only where the document shows the word: where a line
has it, or has one like it but for two letters at the end ("sailor", "sail-ors"). Where the document writes the word
with the hyphen elsewhere, it stays. There is no dictionary, so that this holds for any language.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

_SOFT_HYPHEN = "\u00ad"
_HYPHENS = ("-", "‐", _SOFT_HYPHEN)
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LAST_WORD = re.compile(rf"{_WORD.pattern}$")
_NO_WORD = re.compile(r"^-|@|://|^www\.")  # an option of a program, or an address
_COMPOUND = re.compile(r"[^\W\d_][-‐][^\W\d_]")
_UNSPACED = re.compile(r"[\u2e80-\uabff\uf900-\ufaff\uff00-\uffef]")  # Chinese and Japanese put no space between words
_MOST_CHARS = 100  # of a word
_LINE_WORDS = 3  # fewer are a cell or a label
_COMPOUND_SHARE = 0.01  # of the lines: one word in 100 is a compound with a hyphen, one in 10 ends a line
_MORE = 2.0
_WHOLE_CHARS = 5  # "other" and "wise" are words, but "other-wise" is none: measured with the texts of eval/folders
_ENDING_CHARS, _LEAST_CHARS = 2, 2  # "sailor" shows "sail-ors", but "saint" does not show "sa-il"


class Vocabulary:
    """The words of a document, as its lines show them, and how many of its lines a hyphen ends."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._lines = self._lines_words = self._compounds = self._ends = 0

    def add(self, line: str) -> None:
        """Note the words of a line, but for one broken at its end; all lines come before the first join."""
        words = _WORD.findall(line.lower())
        is_broken = line.endswith(_HYPHENS)
        self._words.update(words[:-1] if is_broken else words)
        if len(words) >= _LINE_WORDS:
            self._lines += 1
            self._lines_words += len(words)
            self._compounds += len(_COMPOUND.findall(line))
            self._ends += is_broken and line[-2:-1].isalpha()

    def join(self, lines: Sequence[str]) -> str:
        """The lines as one text; those without visible characters are left out."""
        parts: list[str] = []
        for line in filter(None, lines):
            if parts:
                cut, between = self._joint(parts[-1], line)
                parts[-1] = parts[-1][:-1] if cut else parts[-1]
                parts.append(between)
            parts.append(line)
        return "".join(parts)

    def _joint(self, line: str, after: str) -> tuple[bool, str]:
        """Whether the hyphen that ends the line goes, and what stands between the two lines."""
        if line.endswith(_HYPHENS) and line[-2:-1].isalnum() and after[0].isalnum():
            return self._is_broken(line, after), ""
        if _UNSPACED.match(line[-1]) and _UNSPACED.match(after[0]):
            return False, ""
        return False, " "

    def _is_broken(self, line: str, after: str) -> bool:
        if line.endswith(_SOFT_HYPHEN):
            return True
        token = line[-_MOST_CHARS:-1].rpartition(" ")[2]
        left, right = _LAST_WORD.search(token), _WORD.match(after)
        if _NO_WORD.search(token) or not left or not right or not after[0].islower():
            return False
        first, _, head = left[0].lower().rpartition("-")
        tail, _, rest = right[0].lower().partition("-")
        if f"{head}-{tail}" in self._words:
            return False
        if head + tail in self._words or self._shows_inflected(head, tail):
            return True
        return self._is_hyphenated and not (first or rest or self._looks_compound(head, tail))

    def _shows_inflected(self, head: str, tail: str) -> bool:
        """Whether another word begins like the joined one, up to its last letters."""
        stem = head + tail[: max(len(tail) - _ENDING_CHARS, _LEAST_CHARS)]
        place = bisect_left(self._sorted, stem)
        return place < len(self._sorted) and self._sorted[place].startswith(stem)

    def _looks_compound(self, head: str, tail: str) -> bool:
        """Whether another compound has one of the halves in the same place, or both are words that are not short."""
        heads, tails = self._halves
        if head in heads or tail in tails:
            return True
        return min(len(head), len(tail)) >= _WHOLE_CHARS and head in self._words and tail in self._words

    @cached_property
    def _halves(self) -> tuple[set[str], set[str]]:
        """What stands before the first and after the last hyphen of the document's compounds."""
        compounds = [word for word in self._words if "-" in word]
        return {word.partition("-")[0] for word in compounds}, {word.rpartition("-")[2] for word in compounds}

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._words)

    @cached_property
    def _is_hyphenated(self) -> bool:
        """Whether more lines end with a hyphen than compound words explain.

        Where no word is broken, the hyphen of a compound ends a line as often as any space between two words does.
        """
        if not self._lines:
            return False
        words_of_line = self._lines_words / self._lines
        expected = max(self._compounds / words_of_line, _COMPOUND_SHARE * self._lines)
        return self._ends > _MORE * expected
