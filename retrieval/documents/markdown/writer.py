"""Collects elements one after the other, each character of the text at most once. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.documents.elements import Dropped, Element, ElementKind
from retrieval.documents.markdown.leaf import Leaf
from retrieval.spans import Span


@dataclass(slots=True)
class Item:
    """An open list item, or a term or definition of a definition list.

    `number` is where an ordered item's number stands. Where all are written with the same one ("1." three times),
    `counted` is the number that counting gives.
    """

    level: int
    number: Span | None = None
    counted: str = ""
    has_text: bool = False


class Writer:
    """What was read so far, and where the next text stands.

    `elements` and `left_out` are in file order. `leaf` is the element that is open, if any; `items` are the open list
    items, the outermost first, `containers` is the number of open block quotes and footnotes, and `tables` that of
    the tables that were begun.
    """

    def __init__(self, text: str, first: int) -> None:
        self.text = text
        self.elements: list[Element] = []
        self.left_out: list[Dropped] = []
        self.leaf: Leaf | None = None
        self.items: list[Item] = []
        self.containers = 0
        self.tables = 0
        self.shown_to = first

    @property
    def is_top(self) -> bool:
        """Whether a heading here begins a section of the document."""
        return not self.items and not self.containers

    @property
    def item_level(self) -> int:
        """The level of an item that begins here."""
        return self.items[-1].level + 1 if self.items else 0

    def open(self, leaf: Leaf) -> Leaf:
        """End the open element and begin another."""
        self.close()
        self.leaf = leaf
        return leaf

    def open_row(self, kind: ElementKind) -> None:
        """End the open element and begin a row of the table that was begun last."""
        self.open(Leaf(kind, table=self.tables))

    def open_text(self) -> Leaf:
        """Begin a paragraph, or an item inside a list.

        What follows an item's first paragraph is an item one level below it, so that it stays with its item.
        """
        if not self.items:
            return self.open(Leaf("paragraph"))
        item = self.items[-1]
        if item.has_text:
            return self.open(Leaf("item", item.level + 1))
        item.has_text = True
        leaf = self.open(Leaf("item", item.level, item.counted))
        if item.number:
            self.show(*item.number)
        return leaf

    def close(self) -> None:
        """End the open element; one without visible text is forgotten."""
        if self.leaf and (element := self.leaf.element(self.text)):
            self.elements.append(element)
        self.leaf = None

    def show(self, start: int, end: int) -> None:
        """Add what stands at a span to the open element, or to a new one; what was shown before is not shown again."""
        leaf = self.leaf or self.open_text()
        start = max(start, self.shown_to)
        if start < end:
            leaf.add(start, end)
            self.shown_to = end

    def show_without(self, signs: re.Pattern[str], start: int, end: int) -> None:
        """Show a span except for what matches `signs`."""
        for sign in signs.finditer(self.text, start, end):
            self.show(start, sign.start())
            start = sign.end()
        self.show(start, end)

    def leave_out(self, start: int, end: int, rule: str) -> None:
        """Remember why the part of a span that is not shown is left out, unless that is known already."""
        start = max(start, self.left_out[-1].span[1] if self.left_out else 0)
        if start < end:
            self.left_out.append(Dropped((start, end), rule))
