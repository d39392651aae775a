"""Pull quotes: narrow blocks that repeat words of the running text in large type. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.documents.plain_text.lines import Block, is_open_ended

_NARROW = 0.8  # of a full line, at most
_WORDS = range(8, 61)
_REPEATED = 0.6  # least share of a pull quote's word pairs that the text has in one place; editors shorten quotes

_MOST_PLACES = 50  # of a pair of words; more, as of "of the", tell nothing
_ITEM = re.compile(r"\s*[•◦▪‣●*+–-]\s")

_Pair = tuple[str, str]


def drop_pull_quotes(blocks: Sequence[Block], width: int) -> None:
    """Drop the pull quotes among the blocks, which interrupt sentences. `width` is that of a full line."""
    body = [
        (number, block) for number, block in enumerate(blocks) if block.kind == "body" and not _ITEM.match(block.text)
    ]
    narrow = [
        (number, block)
        for number, block in body
        if max(len(line.text.strip()) for line in block.lines) <= _NARROW * width
    ]
    narrow_numbers = {number for number, _ in narrow}
    positions: dict[_Pair, list[int]] = {}
    running = _words(" ".join(block.text for number, block in body if number not in narrow_numbers))
    for position, pair in enumerate(pairwise(running)):
        positions.setdefault(pair, []).append(position)
    for group in _open_groups(narrow):
        quoted = _words(" ".join(block.text for block in group))
        if len(quoted) in _WORDS and _share_repeated(quoted, positions) >= _REPEATED:
            for block in group:
                block.drop("pull quote")


def _open_groups(narrow: Sequence[tuple[int, Block]]) -> Iterator[list[Block]]:
    """Groups of narrow blocks; a block joins the one right before it where that stops in mid-sentence."""
    group: list[Block] = []
    last = None
    for number, block in narrow:
        if group and not (last is not None and number == last + 1 and is_open_ended(group[-1].text)):
            yield group
            group = []
        group.append(block)
        last = number
    if group:
        yield group


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _share_repeated(quoted: Sequence[str], positions: dict[_Pair, list[int]]) -> float:
    """The largest share of the quote's word pairs within one window of the text, 1.5 times as long as the quote."""
    pairs = set(pairwise(quoted))
    rare = {pair: places for pair in pairs if 0 < len(places := positions.get(pair, [])) <= _MOST_PLACES}
    found = sorted((position, pair) for pair, places in rare.items() for position in places)
    window = len(quoted) + len(quoted) // 2
    best = first = 0
    for last in range(len(found)):
        while found[last][0] - found[first][0] >= window:
            first += 1
        best = max(best, len({pair for _, pair in found[first : last + 1]}))
    return best / len(pairs)
