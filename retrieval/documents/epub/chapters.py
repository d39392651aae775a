"""Where the chapters of a book begin in one of its files, and their headings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from retrieval.documents.epub.book import Entry
from retrieval.documents.html.inline import line_of
from retrieval.documents.html.tree import HEADINGS, Node

_MAY_HOLD_HEADINGS = frozenset({"html", "body", "div", "section", "article", "main"})


def begin_chapters(root: Node, entries: Sequence[Entry], *, has_contents: bool) -> Mapping[Node, str]:
    """The title of each chapter that begins in the file, by the node that it begins at.

    `entries` are those of the table of contents for this file. A chapter that begins without a heading is given its
    title as heading. Where the book has a table of contents, a file that is not in it continues the chapter before,
    unless it has a heading of level 1.
    """
    blocks = {node: number for number, node in enumerate(root.walk()) if _is_text(node)}
    headings = [node for node in blocks if node.tag in HEADINGS]
    if not entries:
        begins = headings and (headings[0].tag == "h1" or not has_contents)
        return {root: line_of(headings[0])} if begins else {}
    chapters = {}
    for entry, block in zip(entries, _first_blocks(root, blocks, entries), strict=True):
        if block is None:
            continue
        has_heading = block.tag in HEADINGS or (not entry.anchor and bool(headings))
        if not has_heading:
            block = _add_heading(block, entry.title)
        chapters[block if entry.anchor else root] = entry.title
    return chapters


def _is_text(node: Node) -> bool:
    return node.is_block and (not node.is_container or node.tag in HEADINGS) and bool(line_of(node))


def _first_blocks(root: Node, blocks: Mapping[Node, int], entries: Sequence[Entry]) -> list[Node | None]:
    """The block of text that each entry leads to: the first one that is not before its anchor."""
    in_order, numbers = list(blocks), list(blocks.values())
    anchors: dict[str, tuple[Node, int]] = {}
    for number, node in enumerate(root.walk()):
        for name in ("id", "name"):
            if node.get(name):
                anchors.setdefault(node.get(name), (node, number))
    found: list[Node | None] = []
    for entry in entries:
        node, number = anchors.get(entry.anchor, (root, 0))
        around = next((above for above in (node, *node.ancestors()) if above in blocks), None)
        after = bisect_left(numbers, number)
        found.append(around or (in_order[after] if after < len(in_order) else None))
    return found


def _add_heading(block: Node, title: str) -> Node:
    """Make the block the heading where it is the title, else put a heading before it; the heading."""
    if line_of(block).casefold() == title.casefold():
        block.tag = "h1"
        return block
    while block.parent and block.parent.tag not in _MAY_HOLD_HEADINGS:
        block = block.parent
    if not block.parent:
        return block
    heading = Node("h1", {}, block.parent, [title])
    block.parent.children.insert(block.parent.children.index(block), heading)
    return heading
