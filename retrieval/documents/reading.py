"""Spans of the original text -> reading text with its map back: one space for white space, nothing invisible. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from retrieval.spans import INVISIBLE, ReadingText, Span

HYPHENS = ("-", "‐", "—")
_WORD = rf"[^\s{INVISIBLE}]+"
_STRAY_MARK = r"[.,;:!?]{1,2}[”\")]?(?!\S)"
# Words with one plain space between them are taken together; a stray full stop or comma is a piece of its own.
_PIECE = re.compile(rf"[{INVISIBLE}]+|{_STRAY_MARK}|{_WORD}(?: (?!{_STRAY_MARK}){_WORD})*|\s+")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_IS_STRAY_MARK = re.compile(_STRAY_MARK)
_BROKEN_WORD = re.compile(r"([^\W\d_]+)[-‐]$")
_BEGUN_WORD = re.compile(r"[^\W\d_]+")
_MAX_WORD_CHARS = 60


def reading_of(text: str, spans: Iterable[Span], *, vocabulary: Set[str] | None = None) -> ReadingText:
    """What stands at the spans of `text`, in the order given, as one reading text; touching spans are not separated.

    White space becomes one space, and none stands at either end. With a `vocabulary` (the text's words in lower case),
    words broken by a hyphen at a line end are rejoined if it has them, and a space before a full stop or comma is left
    out.
    """
    builder = _Builder(text, vocabulary)
    for first, last in spans:
        for piece in _PIECE.finditer(text, first, last):
            builder.add(piece.start(), piece.end())
    return builder.reading()


class _Builder:
    """Collects pieces of the original (words, white space) into a reading text."""

    def __init__(self, original: str, vocabulary: Set[str] | None) -> None:
        self._original, self._vocabulary = original, vocabulary
        self._text: list[str] = []
        self._runs: list[tuple[int, int, int]] = []
        self._length = 0
        self._space: Span | None = None

    def add(self, start: int, end: int) -> None:
        """Add one piece: a word, or white space, which is held back until a word follows it."""
        piece = self._original[start:end]
        if _INVISIBLE.match(piece):
            return
        if piece.isspace():
            self._space = self._space or (start, end)
            return
        if self._space and self._text:
            self._add_space(piece)
        self._space = None
        self._append(piece, start)

    def _add_space(self, word: str) -> None:
        assert self._space
        start, end = self._space
        at_line_end = any(mark in self._original[start:end] for mark in "\n\r")
        if at_line_end and self._original[start - 1] == "\u00ad":
            return  # a soft hyphen: the word continues
        if self._vocabulary is not None:
            if _IS_STRAY_MARK.fullmatch(word):
                return  # "development . He": the space is a typesetting error
            if at_line_end and self._text[-1].endswith(HYPHENS):
                self._remove_hyphen(word, self._vocabulary)
                return
        self._append(" ", start)

    def _remove_hyphen(self, word: str, vocabulary: Set[str]) -> None:
        """Remove a line-end hyphen if the text has the word without it elsewhere, and never with it."""
        left = _BROKEN_WORD.search(self._text[-1][-_MAX_WORD_CHARS:])
        right = _BEGUN_WORD.match(word)
        if not left or not right:
            return
        whole, hyphenated = f"{left[1]}{right[0]}".lower(), f"{left[1]}-{right[0]}".lower()
        if whole in vocabulary and hyphenated not in vocabulary:
            self._text[-1] = self._text[-1][:-1]
            reading, original, length = self._runs[-1]
            self._runs[-1] = (reading, original, length - 1)
            self._length -= 1

    def _append(self, piece: str, start: int) -> None:
        last = self._runs[-1] if self._runs else None
        if last and last[0] + last[2] == self._length and last[1] + last[2] == start:
            self._runs[-1] = (last[0], last[1], last[2] + len(piece))
        else:
            self._runs.append((self._length, start, len(piece)))
        self._text.append(piece)
        self._length += len(piece)

    def reading(self) -> ReadingText:
        return ReadingText("".join(self._text), tuple(self._runs))
