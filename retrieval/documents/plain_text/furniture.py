"""Page furniture: lines that recur at the head or foot of a document's pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from retrieval.documents.plain_text.lines import Block

_EDGE_BLOCKS = 2  # how many blocks at the head and the foot of a page may be furniture
_LEAST_PAGES = 3
_MAX_CHARS = 160


def drop_furniture(blocks: Sequence[Block]) -> None:
    """Drop each line that stands at the edge of three pages or more, whatever its numbers, except where it is first.

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
        if len({block.page for block in same}) >= min(_LEAST_PAGES, max(2, len(pages) / 2)):
            same[0].kind = "caption"
            for block in same[1:]:
                block.drop("page furniture")
