"""Blocks of a page -> the elements of an Extraction, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from retrieval.documents.elements import ExtractionBuilder
from retrieval.documents.html.inline import code_of, image_text, line_of, text_of
from retrieval.documents.html.tables import is_data_table, read_table, stray_blocks
from retrieval.documents.html.tree import CODE, HEADINGS, LISTS, Node

_HEADING_CHARS = 300  # guess: a longer one is text that was made large
_ALT_WORDS = 5  # guess: a description that short only names its image
_ROMAN = dict(
    zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True)
)
_OUTSIDE_LISTS = -1


class BlockWriter:
    """Writes blocks with an ExtractionBuilder.

    The places of a web page are its headings and sections with ids. Those of a book are its `chapters`: their titles by
    the nodes that they begin at.
    """

    def __init__(self, builder: ExtractionBuilder, chapters: Mapping[Node, str] | None = None) -> None:
        self._builder, self._chapters = builder, chapters
        self._level = _OUTSIDE_LISTS
        self._figure: tuple[Node | None, str] = (None, "")  # the last one, and its text
        self._marker: str | None = None  # what the first line of an item begins with; None after that line

    def write(self, node: Node) -> None:
        """Add the block and all that is in it."""
        if node.is_left_out:
            return
        self._begin_place(node)
        if _heading_level(node) and _is_heading(node):
            self._builder.add("heading", line_of(node) or image_text(node), level=_heading_level(node))
        elif node.tag in LISTS and node.is_container:
            self._write_list(node)
        elif node.tag == "dl" and node.is_container:
            self._write_definitions(node)
        elif is_data_table(node):
            self._write_table(node)
        elif node.tag in CODE:
            self._builder.add("code", code_of(node))
        elif node.is_container:
            for child in node.elements:
                self.write(child)
        else:
            self._write_text(node)

    def _write_text(self, node: Node) -> None:
        text = text_of(node)
        if node.tag in ("figcaption", "caption"):
            self._builder.add("caption", text)
        elif self._level == _OUTSIDE_LISTS:
            self._builder.add("paragraph", text)
        elif text and self._marker is not None:
            self._builder.add("item", self._marker + text, level=self._level)
            self._marker = None
        else:
            self._builder.add("item", text, level=self._level + 1)  # a further paragraph of the item
        self._describe_images(node)

    def _describe_images(self, node: Node) -> None:
        """Add the descriptions of images, unless the text around them says the same."""
        images = [image for image in node.walk() if image.tag == "img"]
        if not images:
            return
        figure = next((above for above in node.ancestors() if above.tag == "figure"), node)
        if self._figure[0] is not figure:
            self._figure = figure, line_of(figure).casefold()
        for image in images:
            words = image.get("alt").split()
            if len(words) >= _ALT_WORDS and " ".join(words).casefold() not in self._figure[1]:
                self._builder.add("caption", " ".join(words))

    def _write_list(self, node: Node) -> None:
        numbers = _numbers(node)
        for child in node.elements:
            # Others are such as a list that stands beside its item instead of in it.
            self._write_item(child, next(numbers) if child.tag == "li" else "", self._level + 1)

    def _write_definitions(self, node: Node) -> None:
        for child in node.elements:
            if child.tag == "div" and child.is_container:
                self._write_definitions(child)
            else:
                self._write_item(child, "", self._level + (2 if child.tag == "dd" else 1))

    def _write_item(self, node: Node, marker: str, level: int) -> None:
        """Write what is in the item; an item with headings is a part of the page, and no item."""
        before = self._level, self._marker
        self._begin_place(node)
        self._level, self._marker = (_OUTSIDE_LISTS, None) if node.has_heading else (level, marker)
        if node.is_container and node.tag in ("li", "dt", "dd"):
            for child in node.elements:
                self.write(child)
        else:
            self.write(node)
        self._level, self._marker = before

    def _write_table(self, node: Node) -> None:
        for block in stray_blocks(node):
            self.write(block)
        table = read_table(node)
        for caption in table.captions:
            self._builder.add("caption", caption)
        self._builder.begin_table()
        for row in table.rows:
            if table.is_pairs:
                self._builder.add("item", ": ".join(filter(None, row.cells)))
            else:
                self._builder.add_row(row.cells, is_header=row.is_header)

    def _begin_place(self, node: Node) -> None:
        """Begin a place at a chapter, or at the id of a heading, a section or a term, or at a named anchor."""
        if self._chapters is not None:
            if node in self._chapters:
                self._builder.begin_place("chapter", self._chapters[node])
            return
        name = ""
        if node.tag in ("section", "article", "dt") or _heading_level(node) or _starts_with_heading(node):
            name = node.get("id")
        if not node.is_container and not name:
            anchors = (_anchor(part, in_heading=node.tag in HEADINGS) for part in node.walk() if part.attributes)
            name = next(filter(None, anchors), "")
        if name:
            self._builder.begin_place("anchor", name)


def _anchor(node: Node, *, in_heading: bool) -> str:
    if node.tag == "a" and "href" not in node.attributes:
        return node.get("id") or node.get("name")
    return node.get("id") if in_heading else ""


def _starts_with_heading(node: Node) -> bool:
    first = next(node.elements, None) if node.tag == "div" else None
    return first is not None and bool(_heading_level(first))


def _heading_level(node: Node) -> int:
    """1 to 6 for a heading, else 0."""
    if node.tag in HEADINGS:
        return int(node.tag[1])
    if "heading" in node.words("role"):
        level = node.get("aria-level")
        return int(level) if level in "1 2 3 4 5 6".split() else 2
    return 0


def _is_heading(node: Node) -> bool:
    """Not where text was made large, or a heading's end tag is missing."""
    holds_blocks = node.is_container and any(
        part is not node and (part.tag in LISTS or part.tag in CODE or part.tag == "table" or _heading_level(part))
        for part in node.walk()
    )
    return not holds_blocks and len(line_of(node)) <= _HEADING_CHARS


def _numbers(node: Node) -> Iterator[str]:
    """What is shown before each item: nothing for a list without numbers, else "1. " and so on."""
    items = [child for child in node.elements if child.tag == "li"]
    style = re.sub(r"\s", "", node.get("style"))
    if node.tag != "ol" or re.search(r"list-style(?:-type)?:none", style):
        yield from ("" for _ in items)
        return
    step = -1 if "reversed" in node.attributes else 1
    number = _integer(node.get("start"), len(items) if step < 0 else 1)
    for item in items:
        number = _integer(item.get("value"), number)
        yield f"{_numeral(number, node.get('type'))}. "
        number += step


def _integer(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else default


def _numeral(number: int, kind: str) -> str:
    """The number as a list of that type shows it: "b", "iv"; plain outside 1 to 3999."""
    if kind not in ("a", "A", "i", "I") or not 0 < number < 4000:
        return str(number)
    text = ""
    if kind in "aA":
        while number:
            number, letter = divmod(number - 1, 26)
            text = chr(ord("a") + letter) + text
    else:
        for value, letters in _ROMAN.items():
            text += letters * (number // value)
            number %= value
    return text.upper() if kind.isupper() else text
