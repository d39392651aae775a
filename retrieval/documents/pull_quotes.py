"""Pull quotes: narrow blocks that say again, in large type, what the running text says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.documents.lines import Block, is_open_ended

_NARROW = 0.8  # of a full line, at most
_WORDS = range(5, 61)
_SAID_AGAIN = 0.6  # share of a pull quote's word pairs that the running text has in one place; editors shorten them

_Pair = tuple[str, str]


def drop_pull_quotes(blocks: Sequence[Block], width: int) -> None:
    """Drop the pull quotes among the blocks: they stand in the way of sentences. `width` is that of a full line."""
    body = [(place, block) for place, block in enumerate(blocks) if block.kind == "body"]
    narrow = [
        (place, block)
        for place, block in body
        if max(len(line.text.strip()) for line in block.lines) <= _NARROW * width
    ]
    are_narrow = {place for place, _ in narrow}
    places: dict[_Pair, list[int]] = {}
    running = _words(" ".join(block.text for place, block in body if place not in are_narrow))
    for place, pair in enumerate(pairwise(running)):
        places.setdefault(pair, []).append(place)
    for group in _open_groups(narrow):
        quoted = _words(" ".join(block.text for block in group))
        if len(quoted) in _WORDS and _said_again(quoted, places) >= _SAID_AGAIN:
            for block in group:
                block.drop("pull quote")


def _open_groups(narrow: Sequence[tuple[int, Block]]) -> Iterator[list[Block]]:
    """Narrow blocks, neighbours together where the first stops in mid-sentence."""
    group: list[Block] = []
    last = None
    for place, block in narrow:
        if group and not (last is not None and place == last + 1 and is_open_ended(group[-1].text)):
            yield group
            group = []
        group.append(block)
        last = place
    if group:
        yield group


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _said_again(quoted: Sequence[str], places: dict[_Pair, list[int]]) -> float:
    """Largest share of the quoted word pairs that one stretch of the text, half as long again, holds."""
    pairs = set(pairwise(quoted))
    found = sorted((place, pair) for pair in pairs for place in places.get(pair, ()))
    reach = len(quoted) + len(quoted) // 2
    best = first = 0
    for last in range(len(found)):
        while found[last][0] - found[first][0] >= reach:
            first += 1
        best = max(best, len({pair for _, pair in found[first : last + 1]}))
    return best / len(pairs)
