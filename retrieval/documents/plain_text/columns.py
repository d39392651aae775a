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


def order_columns(blocks: Sequence[Block]) -> list[Block]:
    """The blocks page by page, columns swapped where that rejoins sentences.

    A document of columns has several pages of them: where only one page would be changed, none is.
    """
    pages = [list(page) for _, page in groupby(blocks, key=lambda block: block.page)]
    if len(pages) < 2:
        return list(blocks)
    paths: list[_Order] = [(0.0, [])]  # the cheapest path to each order of the previous page, with the blocks so far
    for page in pages:
        extended = []
        for own, order in _orders(page):
            first = _first(order)
            costs = [cost + _transition(_last(done), first) for cost, done in paths]
            cheapest = min(range(len(paths)), key=costs.__getitem__)
            extended.append((costs[cheapest] + own, paths[cheapest][1] + order))
        paths = extended
    best = min(((cost + _transition(_last(done), None), done) for cost, done in paths), key=lambda path: path[0])[1]
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
