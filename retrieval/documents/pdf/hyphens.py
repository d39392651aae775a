"""Lines -> running text: words that a hyphen breaks at a line end are rejoined where the document shows the word.

A hyphen stays, without a space after it, where the document writes the word with the hyphen elsewhere or does not write
it at all: a quotation may then show a hyphen too many, but never a word that the author did not write.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

_SOFT_HYPHEN = "\u00ad"
_HYPHENS = ("-", "‐", _SOFT_HYPHEN)
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_BROKEN = re.compile(r"[^\W\d_]+[-‐\u00ad]$")
_LETTERS = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u2e80-\uabff\uf900-\ufaff\uff00-\uffef]")  # Chinese and Japanese put no space between words
_ENDING_CHARS, _LEAST_CHARS = 2, 2  # "sailor" shows "sail-ors", but "saint" does not show "sa-il"


class Vocabulary:
    """The words of a document, as its lines show them."""

    def __init__(self) -> None:
        self._words: set[str] = set()

    def add(self, line: str) -> None:
        """Note the words of a line, but for one broken at its end; all lines come before the first join."""
        self._words.update(_WORD.findall(_BROKEN.sub("", line).lower()))

    def join(self, text: str, line: str) -> str:
        """The text with the line after it."""
        if not text or not line:
            return text + line
        if text.endswith(_HYPHENS) and text[-2:-1].isalnum() and line[0].isalnum():
            return (text[:-1] if self._is_broken(text, line) else text) + line
        if _UNSPACED.match(text[-1]) and _UNSPACED.match(line[0]):
            return text + line
        return f"{text} {line}"

    def _is_broken(self, text: str, line: str) -> bool:
        left, right = _BROKEN.search(text), _LETTERS.match(line)
        if text.endswith(_SOFT_HYPHEN):
            return True
        if not left or not right or not line[0].islower():
            return False
        head, tail = left[0][:-1].lower(), right[0].lower()
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
