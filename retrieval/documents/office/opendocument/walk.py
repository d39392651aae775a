"""The paragraphs, headings and tables of an OpenDocument text in order, with the labels of lists and outlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from retrieval.documents.office.opendocument.numbering import Counter
from retrieval.documents.office.opendocument.styles import (
    OFFICE,
    PRESENTATION,
    TABLE,
    TEXT,
    ListLevel,
    Styles,
    whole_number,
)

# Deleted text, remarks, speaker notes (read apart), and the lists of headings, figures and tables, which repeat them.
_LEFT_OUT = frozenset(
    (
        f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{PRESENTATION}notes", f"{OFFICE}forms",
        f"{TEXT}table-of-content", f"{TEXT}illustration-index", f"{TEXT}table-index", f"{TEXT}object-index",
    )
)  # fmt: skip
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or table; `depth` is the depth in its list from 0, None outside lists."""

    element: etree._Element
    label: str = ""
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class _List:
    levels: dict[int, ListLevel]
    counter: Counter


class Walker:
    """Walks through a file once, from its start, because numbers count on."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._outline = Counter()
        self._by_id: dict[str, Counter] = {}
        self._by_style: dict[str, Counter] = {}

    def blocks(self, parent: Iterable[etree._Element]) -> Iterator[Block]:
        """What stands in an element, without what is hidden; tables are not entered."""
        for child in parent:
            yield from self._blocks_of(child)

    def _blocks_of(self, element: etree._Element) -> Iterator[Block]:
        if element.tag in (f"{TEXT}p", f"{TABLE}table"):
            yield Block(element)
        elif element.tag == f"{TEXT}h":
            yield Block(element, self._outline_label(element))
        elif element.tag == f"{TEXT}list":
            yield from self._list_blocks(element, self._list(element), 1)
        elif element.tag not in _LEFT_OUT and element.get(f"{TEXT}display") != "none":
            yield from self.blocks(element)

    def _outline_label(self, heading: etree._Element) -> str:
        style = heading.get(f"{TEXT}style-name", "")
        if heading.get(f"{TEXT}is-list-header") == "true" or style in self._styles.unnumbered:
            return ""
        return self._outline.next_label(self._styles.outline, heading_level(heading))

    def _list(self, element: etree._Element) -> _List:
        """A list that is in no other: it counts from the start, or on from another."""
        style = element.get(f"{TEXT}style-name", "")
        counter = self._by_id.get(element.get(f"{TEXT}continue-list", ""))
        if counter is None and element.get(f"{TEXT}continue-numbering") == "true":
            counter = self._by_style.get(style)
        counter = counter or Counter()
        self._by_style[style] = counter
        if _XML_ID in element.attrib:
            self._by_id[element.attrib[_XML_ID]] = counter
        return _List(self._styles.lists.get(style, {}), counter)

    def _list_blocks(self, element: etree._Element, found: _List, level: int) -> Iterator[Block]:
        """The items of a list; the paragraphs of an item after its first look like items inside it."""
        for item in element.iterchildren(f"{TEXT}list-item", f"{TEXT}list-header"):
            is_first = item.tag == f"{TEXT}list-item"
            for child in item:
                if child.tag == f"{TEXT}list":
                    own = self._styles.lists.get(child.get(f"{TEXT}style-name", ""), found.levels)
                    yield from self._list_blocks(child, _List(own, found.counter), level + 1)
                elif child.tag not in (f"{TEXT}p", f"{TEXT}h"):
                    yield from self._blocks_of(child)
                elif is_first:
                    start = item.get(f"{TEXT}start-value")
                    number = None if start is None else whole_number(start, 1)
                    yield Block(child, found.counter.next_label(found.levels, level, number), level - 1)
                    is_first = False
                else:
                    yield Block(child, "", level)


def heading_level(element: etree._Element) -> int:
    """The level of a text:h, from 1."""
    return max(whole_number(element.get(f"{TEXT}outline-level"), 1), 1)
