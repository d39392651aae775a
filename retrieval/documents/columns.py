"""Columns that a converter wrote down in the wrong order, put right by the sentences they break.

A page set in two columns may come out right column first. Then its last line stops in mid-sentence right before a
heading or the end, while the words that go on stand at the top of the page. For every page we either leave the order
or swap the two parts, and choose for all pages together what breaks the fewest sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from retrieval.documents.lines import Block, is_open_ended, starts_lower

# Costs of a transition; guesses that need only keep this order: a break is worse than several doubtful joins.
_BROKEN = 2.0  # mid-sentence, then a heading or the end; or a sentence ended, then a small letter
_DOUBTFUL = 0.4  # mid-sentence, then a capital: a name, or another sentence
_SWAP = 0.3
_UNBALANCED = 0.1  # at most: columns are of about the same height

_PAGE_BLOCKS = 60  # more than a printed page has: the "page" is a text without page breaks

_Order = tuple[float, list[Block]]


def order_columns(blocks: Sequence[Block]) -> list[Block]:
    """The blocks page by page, columns swapped where that mends broken sentences; a single page stays as it is."""
    pages = [list(page) for _, page in groupby(blocks, key=lambda block: block.page)]
    if len(pages) < 2:
        return list(blocks)
    ways: list[_Order] = [(0.0, [])]  # cheapest way to each order of the page before, with the blocks so far
    for page in pages:
        nearer = []
        for own, order in _orders(page):
            first = _first(order)
            costs = [cost + _transition(_last(done), first) for cost, done in ways]
            cheapest = min(range(len(ways)), key=costs.__getitem__)
            nearer.append((costs[cheapest] + own, ways[cheapest][1] + order))
        ways = nearer
    return min(((cost + _transition(_last(done), None), done) for cost, done in ways), key=lambda way: way[0])[1]


def _orders(page: Sequence[Block]) -> list[_Order]:
    """The page as it is, and with its two parts swapped at every block; headings on top of the page stay there."""
    top = 0
    while top < len(page) and page[top].kind == "heading":
        top += 1
    head, rest = list(page[:top]), list(page[top:])
    orders = [(_cost_inside(page), list(page))]
    if len(rest) > _PAGE_BLOCKS:
        return orders
    for cut in range(1, len(rest)):
        order = head + rest[cut:] + rest[:cut]
        lines = [sum(len(block.lines) for block in part) for part in (rest[:cut], rest[cut:])]
        unbalanced = _UNBALANCED * abs(lines[0] - lines[1]) / sum(lines)
        orders.append((_cost_inside(order) + _SWAP + unbalanced, order))
    return orders


def _cost_inside(order: Sequence[Block]) -> float:
    flow = [block for block in order if block.kind != "caption"]
    return sum(_transition(block, after) for block, after in pairwise(flow))


def _first(order: Sequence[Block]) -> Block | None:
    return next((block for block in order if block.kind != "caption"), None)


def _last(order: Sequence[Block]) -> Block | None:
    return _first(order[::-1])


def _transition(block: Block | None, after: Block | None) -> float:
    is_body = block is not None and block.kind == "body"
    is_open = is_body and is_open_ended(block.text) if block else False
    if is_open:
        if after is None or after.kind != "body":
            return _BROKEN
        return 0.0 if starts_lower(after.text) else _DOUBTFUL
    return _BROKEN if is_body and after is not None and after.kind == "body" and starts_lower(after.text) else 0.0
