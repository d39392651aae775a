"""Words -> pieces: what stands on one baseline without a wide gap. Raised marks, repeated ink, initials, directions.

The gaps inside a piece are too small to part columns; whether two pieces on one baseline are one line is decided by the
layout. All measures are multiples of the type size (em).
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from retrieval.documents.pdf.parts import NONE, OBLIQUE, Piece, Word, join_pieces

# Guesses from how type is set, tried on made files and not fitted.
_SPLIT_EM = 0.7  # columns stand at least this far apart; a space is about .28 wide, in most justified lines below .6
_SPACE_EM = 0.25  # between words drawn one by one; the ink of letters inside a word is closer
_LEAST_SPACE_EM = 0.1  # after a word that PDFium parts from the next; at a change of height it may see a space too many
_LOOSE_EM = 0.5  # inside a word PDFium sees no space, but a gap this wide is one
_SAME_LINE_EM = 0.2
_SMALL = 0.85  # a mark is at most this large, compared with its line
_RISE_EM = 0.15
_NEAR_EM = 0.7  # how far above or below its line a mark stands at most
_TOUCH_EM = 0.35
_LEAD_EM = 0.6  # a mark may stand a space before the line that it begins
_MARK_CHARS = 5
_INITIAL = 1.8  # an initial is at least this large, compared with the page's type
_MOST_INITIALS = 20  # of a page
_MOST_MARKED = 1_000  # words of two lines that are close; more are no lines
_MARKER_GAP_EM = 4.0

MARKER = re.compile(
    r"(?P<bullet>[•‣⁃∙·–*\-\u2190-\u21ff\u25a0-\u27bf\u2b00-\u2bff\uf000-\uf0ff])"
    r"|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|\[\d{1,3}\]|\d(?:\.\d+)+\.?"
)
"""A list item's sign: a bullet, or a number or letter.

Bullets are also arrows, shapes, ticks and stars (U+2190 to U+2BFF) and letters of a symbol font (U+F000 to U+F0FF).
"""


def pieces_of(words: Sequence[Word]) -> list[Piece]:
    """The pieces by turn, and those of one turn from top to bottom."""
    pieces: list[Piece] = []
    for turn in sorted({word.turn for word in words}):
        own = [word for word in words if word.turn == turn]
        pieces += [_oblique(own)] if turn == OBLIQUE else _upright(own)
    return pieces


def main_size(parts: Sequence[Word] | Sequence[Piece]) -> float:
    """The type size of most characters, to half a point; 1 where there are none."""
    sizes: Counter[float] = Counter()
    for part in parts:
        sizes[round(part.size * 2) / 2] += len(part.text)
    return max(max(sizes, key=sizes.__getitem__), 0.5) if sizes else 1.0


def _oblique(words: Sequence[Word]) -> Piece:
    """Text at an angle, such as a watermark, as one piece in drawing order."""
    return join_pieces([_Writer(word).piece() for word in sorted(words, key=lambda word: word.first)])


def _upright(words: Sequence[Word]) -> list[Piece]:
    least = _INITIAL * main_size(words)
    initials = [word for word in words if word.size > least and len(word.text) == 1 and word.text.isalpha()]
    if len(initials) > _MOST_INITIALS:
        initials = []
    rows, raised = _rows([word for word in words if word not in initials] if initials else words)
    pieces = [piece for row in rows for piece in _split(row, raised)]
    for initial in initials:
        pieces = _with_initial(initial, pieces)
    return pieces


def _rows(words: Sequence[Word]) -> tuple[list[list[Word]], set[int]]:
    """The words by baseline, and the `first` of the raised ones, which stand in the row of the word they touch."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.y, word.x0)):
        if rows and word.y - rows[-1][0].y <= _SAME_LINE_EM * max(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    raised: set[int] = set()
    sizes = [max(word.size for word in row) for row in rows]
    for number in range(len(rows)):
        for other in range(max(number - 3, 0), min(number + 4, len(rows))):
            row, hosts = rows[number], rows[other]
            if other == number or not row or not hosts or len(row) + len(hosts) > _MOST_MARKED:
                continue
            if abs(hosts[0].y - row[0].y) < _NEAR_EM * sizes[other]:
                _move_marks(row, hosts, raised)
    return [row for row in rows if row], raised


def _move_marks(row: list[Word], hosts: list[Word], raised: set[int]) -> None:
    """Move the small words of `row` that touch a larger word of `hosts`, and note those that are raised."""
    for word in [word for word in row if len(word.text) <= _MARK_CHARS]:
        for host in hosts:
            gap = max(word.x0 - host.x1, host.x0 - word.x1)
            reach = _LEAD_EM if word.x1 < host.x0 else _TOUCH_EM
            if word.size <= _SMALL * host.size and -_TOUCH_EM < gap / host.size < reach:
                row.remove(word)
                hosts.append(word)
                if host.y - word.y > _RISE_EM * host.size:
                    raised.add(word.first)
                break


def _split(row: Sequence[Word], raised: set[int]) -> list[Piece]:
    """The row's pieces in reading order."""
    is_rtl = _is_rtl(row)
    ordered = sorted(row, key=lambda word: -word.x1 if is_rtl else word.x0)
    pieces: list[_Writer] = []
    for word in ordered:
        if pieces and pieces[-1].repeats(word):
            continue
        if not pieces or not pieces[-1].takes(word):
            pieces.append(_Writer(word, word.first in raised, is_rtl))
        else:
            pieces[-1].add(word, word.first in raised)
    return [piece.piece() for piece in pieces]


def _is_rtl(row: Sequence[Word]) -> bool:
    if all(word.text.isascii() for word in row):
        return False
    classes = Counter(unicodedata.bidirectional(char) for word in row for char in word.text)
    return classes["R"] + classes["AL"] > classes["L"]


class _Writer:
    """Writes a piece, word by word, in reading order."""

    def __init__(self, word: Word, is_raised: bool = False, is_rtl: bool = False) -> None:
        self._is_rtl = is_rtl
        self._words = [word]
        self._parts = [word.text]
        self._chars = array("i", range(word.first, word.last))
        self._raised = [(0, len(word.text))] if is_raised else []
        self._marks = {word.first} if is_raised else set()
        self._is_first_word = True
        self._first_width = 0.0
        self._begin(word)

    def repeats(self, word: Word) -> bool:
        """Whether the word is the last one again, drawn a little aside to look bold."""
        last = self._words[-1]
        return word.text == last.text and self._gap(word) < -0.5 * (word.x1 - word.x0)

    def takes(self, word: Word) -> bool:
        """Whether the word is close enough to the last one to be in the same piece."""
        gap = self._gap(word) / max(word.size, self._words[-1].size)
        return gap < _SPLIT_EM or (gap < _MARKER_GAP_EM and bool(MARKER.fullmatch("".join(self._parts))))

    def add(self, word: Word, is_raised: bool) -> None:
        if self._needs_space(word, is_raised):
            self._parts.append(" ")
            self._chars.append(NONE)
            self._is_first_word = False
        if self._is_first_word:
            self._begin(word)
        start = len(self._chars)
        if is_raised:
            self._raised.append((start, start + len(word.text)))
            self._marks.add(word.first)
        self._parts.append(word.text)
        self._chars.extend(range(word.first, word.last))
        self._words.append(word)

    def _begin(self, word: Word) -> None:
        """Count the word, or its part before a space, as part of the first word."""
        head = word.text.partition(" ")[0]
        self._first_width += (word.x1 - word.x0) * len(head) / len(word.text)
        self._is_first_word = head == word.text

    def piece(self) -> Piece:
        plain = [word for word in self._words if word.first not in self._marks] or self._words
        first = plain[0]
        return Piece(
            text="".join(self._parts),
            chars=self._chars,
            x0=min(word.x0 for word in self._words),
            x1=max(word.x1 for word in self._words),
            y=first.y,
            size=_usual_size(plain),
            is_bold=all(word.is_bold for word in plain),
            turn=first.turn,
            first_width=self._first_width,
            raised=tuple(self._raised),
            is_rtl=self._is_rtl,
        )

    def _gap(self, word: Word) -> float:
        last = self._words[-1]
        return last.x0 - word.x1 if self._is_rtl else word.x0 - last.x1

    def _needs_space(self, word: Word, is_raised: bool) -> bool:
        last = self._words[-1]
        gap = self._gap(word) / max(word.size, last.size)
        if word.first == last.last:  # PDFium saw no space, and it knows the widths of the letters
            return gap > _LOOSE_EM
        if (
            0 < word.first - last.last <= 2 and not is_raised and last.first not in self._marks
        ):  # it saw one, or a line break
            return gap > _LEAST_SPACE_EM
        return gap > _SPACE_EM


def _usual_size(words: Sequence[Word]) -> float:
    """The type size of most characters."""
    if len(words) == 1:
        return words[0].size
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[word.size] += len(word.text)
    return max(sizes, key=sizes.__getitem__)


def _with_initial(initial: Word, pieces: list[Piece]) -> list[Piece]:
    """The pieces with the initial put before the text it begins; the lines beside it begin at its left edge."""
    top, beside = initial.y - 0.7 * initial.size, []
    for number, piece in enumerate(pieces):
        if (
            -0.2 < (piece.x0 - initial.x1) / piece.size < 1
            and top - piece.size < piece.y - 0.7 * piece.size < initial.y
        ):
            beside.append(number)
    own = _Writer(initial).piece()
    if not beside or abs(pieces[beside[0]].y - 0.7 * pieces[beside[0]].size - top) > pieces[beside[0]].size:
        return sorted([*pieces, own], key=lambda piece: (piece.y, piece.x0))
    moved = list(pieces)
    for number in beside:
        moved[number] = replace(pieces[number], x0=initial.x0)
    first = moved[beside[0]]
    raised = tuple((start + 1, end + 1) for start, end in first.raised)
    moved[beside[0]] = replace(first, text=own.text + first.text, chars=own.chars + first.chars, raised=raised)
    return moved
