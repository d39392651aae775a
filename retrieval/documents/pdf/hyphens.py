"""Lines -> running text: words that a hyphen breaks at a line end are rejoined where the document shows the word.

The document shows a word where a line has it, or has one like it but for two letters at the end ("sailor", "sail-ors").
A hyphen stays, without a space after it, where the document writes the word with the hyphen elsewhere or shows nothing
like it: a hyphen too many in a quotation is better than a word that its author would not write.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

_SOFT_HYPHEN = "\u00ad"
_HYPHENS = ("-", "‐", _SOFT_HYPHEN)
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u2e80-\uabff\uf900-\ufaff\uff00-\uffef]")  # Chinese and Japanese put no space between words
_ENDING_CHARS, _LEAST_CHARS = 2, 2  # "sailor" shows "sail-ors", but "saint" does not show "sa-il"


class Vocabulary:
    """The words of a document, as its lines show them."""

    def __init__(self) -> None:
        self._words: set[str] = set()

    def add(self, line: str) -> None:
        """Note the words of a line, but for one broken at its end; all lines come before the first join."""
        words = _WORD.findall(line.lower())
        self._words.update(words[:-1] if line.endswith(_HYPHENS) else words)

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
        heads, right = _LETTERS.findall(line[:-1].rpartition(" ")[2]), _LETTERS.match(after)
        if not heads or not right or not after[0].islower() or not line[-2].isalpha():
            return False
        head, tail = heads[-1].lower(), right[0].lower()
        if f"{head}-{tail}" in self._words:
            return False
        return head + tail in self._words or self._shows_inflected(head, tail)

    def _shows_inflected(self, head: str, tail: str) -> bool:
        """Whether another word begins like the joined one, up to its last letters."""
        stem = head + tail[: max(len(tail) - _ENDING_CHARS, _LEAST_CHARS)]
        place = bisect_left(self._sorted, stem)
        return place < len(self._sorted) and self._sorted[place].startswith(stem)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._words)
