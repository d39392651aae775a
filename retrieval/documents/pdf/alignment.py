"""Two texts that say the same in slightly different ways: which character of the one is which of the other."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

_MOST_PAIRS = 10_000_000  # words times words: beyond, frequent words are not compared, which is much faster

Word = tuple[str, Sequence[int]]
"""A word without white space, and for each of its characters where it stands."""


def aligned(words: Sequence[Word], others: Sequence[Word]) -> dict[int, int]:
    """For each character of `words`, by where it stands, where the same character of `others` stands.

    Whole words are matched first, in order; then what is left, which may have moved; then characters of words that the
    two write differently. A character without a counterpart is missing.
    """
    found: dict[int, int] = {}
    left, right = list(words), list(others)
    for _ in range(2):
        left, right = _match(left, right, found)
    return found


def _match(words: Sequence[Word], others: Sequence[Word], found: dict[int, int]) -> tuple[list[Word], list[Word]]:
    """Add to `found` what matches in order, and return what does not."""
    left: list[Word] = []
    right: list[Word] = []
    is_large = len(words) * len(others) > _MOST_PAIRS
    matcher = SequenceMatcher(None, [word for word, _ in words], [word for word, _ in others], autojunk=is_large)
    for kind, first, last, first_other, last_other in matcher.get_opcodes():
        own, other = words[first:last], others[first_other:last_other]
        if kind == "equal":
            for (_, places), (_, counterparts) in zip(own, other, strict=True):
                found.update(zip(places, counterparts, strict=True))
        elif not _match_characters(own, other, found):
            left += own
            right += other
    return left, right


def _match_characters(words: Sequence[Word], others: Sequence[Word], found: dict[int, int]) -> bool:
    """Add to `found` the characters of the words if each has a counterpart, and return whether they have."""
    text, other_text = ("".join(word for word, _ in part) for part in (words, others))
    if not text or not other_text or len(text) * len(other_text) > _MOST_PAIRS:
        return False
    places, counterparts = ([place for _, part in side for place in part] for side in (words, others))
    blocks = SequenceMatcher(None, text, other_text, autojunk=False).get_matching_blocks()
    if sum(block.size for block in blocks) < len(text):
        return False
    for first, other, size in blocks:
        found.update(zip(places[first : first + size], counterparts[other : other + size], strict=True))
    return True
