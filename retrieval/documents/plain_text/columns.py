"""Blocks in reading order: columns that a converter wrote in the wrong order are swapped back.

A converter may write the right column of a page first. The page then ends in mid-sentence, before a heading or the end
of the text, and the rest of the sentence stands at the top of the page. Each page either keeps its order or has its two
parts swapped. The choice is made for all pages together, so that the fewest sentences are broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from retrieval.documents.plain_text.lines import Block, is_open_ended, starts_lower

# Costs of a transition. The values are guesses, and only their order matters: one break costs more than several
# doubtful joins.
_BROKEN = 2.0  # an unfinished sentence, then a heading or the end; or a finished one, then lower case
_DOUBTFUL = 0.4  # an unfinished sentence, then a capital: a name, or a new sentence
_SWAP = 0.3
_UNBALANCED = 0.1  # maximum; columns are of about the same height

_LEAST_SWAPPED = 2
_PAGE_BLOCKS = 60  # a printed page has fewer; more means that the text has no page breaks

_Order = tuple[float, list[Block]]
_Path = tuple[float, Block | None]
"""The cost of an order of all pages up to one, and its last block that is no caption."""


def order_columns(blocks: Sequence[Block]) -> list[Block]:
    """The blocks page by page, columns swapped where that rejoins sentences.

    A document of columns has several pages of them: where only one page would be changed, none is.
    """
    pages = [list(page) for _, page in groupby(blocks, key=lambda block: block.page)]
    if len(pages) < 2:
        return list(blocks)
    paths: list[_Path] = [(0.0, None)]  # the cheapest path to each order of the previous page
    choices: list[list[tuple[int, list[Block]]]] = []  # for each order of a page: the path before it, and its blocks
    for page in pages:
        extended: list[_Path] = []
        choices.append([])
        for own, order in _orders(page):
            first = _first(order)
            costs = [cost + _transition(last, first) for cost, last in paths]
            cheapest = min(range(len(paths)), key=costs.__getitem__)
            extended.append((costs[cheapest] + own, _last(order) or paths[cheapest][1]))
            choices[-1].append((cheapest, order))
        paths = extended
    at = min(range(len(paths)), key=lambda number: paths[number][0] + _transition(paths[number][1], None))
    orders: list[list[Block]] = []
    for choice in reversed(choices):
        at, order = choice[at]
        orders.append(order)
    best = [block for order in reversed(orders) for block in order]
    swapped = {block.page for block, other in zip(blocks, best, strict=True) if block is not other}
    return best if len(swapped) >= _LEAST_SWAPPED else list(blocks)


def _orders(page: Sequence[Block]) -> list[_Order]:
    """The page as it is, and with its two parts swapped at every block; headings at the top of the page stay there."""
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
    return next((block for block in reversed(order) if block.kind != "caption"), None)


def _transition(block: Block | None, after: Block | None) -> float:
    is_body = block is not None and block.kind == "body"
    is_open = is_body and is_open_ended(block.text) if block else False
    if is_open:
        if after is None or after.kind != "body":
            return _BROKEN
        return 0.0 if starts_lower(after.text) else _DOUBTFUL
    return _BROKEN if is_body and after is not None and after.kind == "body" and starts_lower(after.text) else 0.0
