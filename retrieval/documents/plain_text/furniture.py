"""Page furniture: lines that recur at the head or foot of a document's pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from retrieval.documents.plain_text.lines import Block, has_gaps

_EDGE_BLOCKS = 2  # how many blocks at the head and the foot of a page may be furniture
_LEAST_PAGES = 3
_MAX_CHARS = 160


def drop_furniture(blocks: Sequence[Block]) -> None:
    """Drop each line that stands at the edge of three pages or more, but for the number of the page, except the first.

    In a short document half of the pages are enough, but two at least. The first is a caption: it may interrupt a
    sentence. A document whose pages do not show has no furniture.
    """
    seen: dict[str, list[Block]] = {}
    pages = [list(page) for _, page in groupby(blocks, key=lambda block: block.page)]
    for page in pages:
        edges = {id(block): block for block in (*page[:_EDGE_BLOCKS], *page[-_EDGE_BLOCKS:])}
        for block in edges.values():
            if len(block.lines) <= 2 and len(block.bare) <= _MAX_CHARS:
                seen.setdefault(re.sub(r"\d+", "0", block.bare), []).append(block)
    for same in seen.values():
        is_often = len({block.page for block in same}) >= min(_LEAST_PAGES, max(2, len(pages) / 2))
        if is_often and (len({block.bare for block in same}) == 1 or _number_pages(same)):
            same[0].kind = "caption"
            for block in same[1:]:
                block.drop("page furniture")


def _number_pages(blocks: Sequence[Block]) -> bool:
    """Whether the lines differ by a number that counts the pages, at the end of a line that is no heading."""
    numbers = [re.findall(r"\d+", block.bare) for block in blocks]
    counts = any(
        len({int(found[at]) - block.page for found, block in zip(numbers, blocks, strict=True)}) == 1
        for at in range(len(numbers[0]))
    )
    is_alone = all(block.bare.strip("[]() ").isdigit() or has_gaps(block.text) for block in blocks)
    return counts and is_alone
