"""HTML text -> a tree of nodes in which a block holds either blocks or inline content, never both.

The tags are found by lxml's HTML parser, used as a stream of events: it builds no tree of its own, knows no entities
but HTML's, opens no file or address, and takes time in proportion to the text however deep the tags are nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from sys import intern

from lxml import etree

from retrieval.errors import DocumentError

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
LISTS = frozenset("ul ol menu dir".split())
CODE = frozenset("pre listing xmp plaintext".split())
BLOCKS = (
    HEADINGS
    | LISTS
    | CODE
    | frozenset(
        "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
        "footer form frameset header hgroup hr html legend li main nav noframes optgroup option p search section "
        "summary table tbody td tfoot th thead tr".split()
    )
)
_UNREAD = frozenset("script style template noscript svg iframe object embed video audio canvas".split())
_KEPT_ATTRIBUTES = frozenset(
    "alt alttext aria-controls aria-expanded aria-hidden aria-level class colspan content datetime encoding epub:type "
    "hidden href id itemprop itemtype name open property pubdate reversed role rowspan start style type value".split()
)
_MAX_DEPTH = 128
"""Deeper elements are read without their structure, as browsers do from depth 512: pages go to about 40."""
_TAGS_PER_MB = 2_500  # of the limit of unpacked size; a tag with its text takes 650 to 800 bytes of memory
_NOTHING: Mapping[str, str] = {}
# What no reader sees: control characters, soft hyphens (a place to divide a word) and byte order marks.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff]")
_XHTML_CHARS = 2_000  # a page says that it is XHTML at its start
_DOCTYPE_WITH_ENTITIES = re.compile(r"\s*+(?:<\?xml[^>]*+>\s*+)?<!DOCTYPE[^\[>]*+\[.*?\]\s*+>", re.DOTALL)
# "<" is in no attribute of well-formed XML, so that a search ends at the next tag.
_EMPTY_ELEMENT = re.compile(
    r"""<([a-z][\w:.-]*+)((?:[^<>"'/]++|/(?!>)|"[^"<]*+"|'[^'<]*+')*+)/>""", re.IGNORECASE | re.ASCII
)


@dataclass(slots=True, eq=False)
class Node:
    """An element of the page, its children in reading order.

    `is_container` says that the children that count are blocks; all others hold inline content only. `has_heading` says
    that a heading is in it, and `is_left_out` is set on what is hidden or not part of the document's text.
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    parent: Node | None = None
    children: list[Node | str] = field(default_factory=list)
    is_container: bool = False
    has_heading: bool = False
    is_left_out: bool = False

    @property
    def is_block(self) -> bool:
        return self.is_container or self.tag in BLOCKS

    @property
    def elements(self) -> Iterator[Node]:
        """The children that are elements and not left out."""
        return (child for child in self.children if isinstance(child, Node) and not child.is_left_out)

    def get(self, name: str) -> str:
        """An attribute's value without white space around it, "" where there is none."""
        return self.attributes.get(name, "").strip()

    def words(self, name: str) -> set[str]:
        """The words of an attribute such as class or role, in lower case."""
        value = self.attributes.get(name)
        return set(value.lower().split()) if value else set()

    def walk(self) -> Iterator[Node]:
        """The node and all below it that is not left out, in reading order.

        What is below a node that is left out while it is looked at is not visited.
        """
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if not node.is_left_out:
                yield node
            if not node.is_left_out:
                waiting.extend([child for child in reversed(node.children) if isinstance(child, Node)])

    def find(self, *tags: str) -> Node | None:
        """The first element of these tags in or below the node, in reading order."""
        return next((node for node in self.walk() if node.tag in tags), None)

    def ancestors(self) -> Iterator[Node]:
        """Parent, grandparent and so on."""
        node = self.parent
        while node:
            yield node
            node = node.parent


@dataclass(frozen=True, slots=True)
class Page:
    """The tree of an HTML page, and its scripts of linked data (JSON-LD), unread."""

    root: Node
    linked_data: tuple[str, ...]


def parse_html(text: str, max_mb: int) -> Page:
    """The page's tree; `max_mb`, in millions of bytes, bounds its size. Raises DocumentError.

    Two <br> in a row become an <hr>, and inline content beside blocks gets a <p> of its own.
    """
    target = _Tree(max_nodes=max_mb * _TAGS_PER_MB)
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    text = _UNSEEN.sub("", text)
    start = text[:_XHTML_CHARS]
    if "<?xml" in start or "http://www.w3.org/1999/xhtml" in start:
        text = _html_of(text)
    parser.feed(text.encode("utf-8", "replace"))
    with suppress(etree.XMLSyntaxError):  # there is no tag and no text in it
        parser.close()
    _separate_blocks(target.root)
    return Page(target.root, tuple(target.linked_data))


def _html_of(text: str) -> str:
    """XHTML as HTML: an empty element gets an end tag, CDATA becomes text, and no entity is defined."""
    doctype = _DOCTYPE_WITH_ENTITIES.match(text)
    first, *others = text[doctype.end() if doctype else 0 :].split("<![CDATA[")
    sections = (other.partition("]]>") for other in others)
    text = first + "".join(escape(inside, quote=False) + after for inside, _, after in sections)
    return _EMPTY_ELEMENT.sub(r"<\1\2></\1>", text)


class _Tree:
    """Builds the tree from the parser's events."""

    def __init__(self, max_nodes: int) -> None:
        self.root = Node("html")
        self.linked_data: list[str] = []
        self._open = [self.root]
        self._deeper: list[str] = []  # the tags of the open elements below the deepest node
        self._unread = 0
        self._in_code = 0
        self._is_linked_data = False
        self._nodes_left = self._max_nodes = max_nodes

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = intern(tag.rpartition(":")[2].lower())
        if tag in _UNREAD or self._unread:
            self._unread += 1
            self._is_linked_data = tag == "script" and attributes.get("type", "").lower() == "application/ld+json"
            if self._is_linked_data:
                self.linked_data.append("")
        elif self._deeper or len(self._open) >= _MAX_DEPTH:
            self._deeper.append(tag)
            self._separate(tag)
        else:
            self._open.append(self._add(tag, attributes))
            self._in_code += tag in CODE

    def end(self, tag: str) -> None:
        if self._unread:
            self._unread -= 1
            self._is_linked_data = False
        elif self._deeper:
            self._separate(self._deeper.pop())
        elif len(self._open) > 1:
            self._in_code -= self._open.pop().tag in CODE

    def data(self, text: str) -> None:
        if self._is_linked_data:
            self.linked_data[-1] += text
        elif not self._unread:
            self._open[-1].children.append(_UNSEEN.sub("", text))

    def close(self) -> None:
        """Nothing is left to do."""

    def _add(self, tag: str, attributes: Mapping[str, str]) -> Node:
        siblings = self._open[-1].children
        if tag == "br" and not self._in_code:
            last = next((child for child in reversed(siblings) if isinstance(child, Node) or child.strip()), None)
            if isinstance(last, Node) and last.tag in ("br", "hr"):
                last.tag = "hr"
                return last
        self._nodes_left -= 1
        if self._nodes_left < 0:
            raise DocumentError(
                f"it has more than {self._max_nodes:,} tags; raise the limit with --max-unpacked-mb or divide the file"
            )
        kept = {name: _UNSEEN.sub("", value) for name, value in attributes.items() if name in _KEPT_ATTRIBUTES}
        node = Node(tag, kept or _NOTHING, self._open[-1])
        siblings.append(node)
        return node

    def _separate(self, tag: str) -> None:
        """Put a break where an element below the deepest node would start or end a block."""
        siblings = self._open[-1].children
        if tag in BLOCKS and not (siblings and isinstance(siblings[-1], Node) and siblings[-1].tag == "hr"):
            self._add("hr", _NOTHING)


def _separate_blocks(root: Node) -> None:
    """Find the nodes that hold blocks, and wrap the inline content beside these blocks in paragraphs."""
    nodes = list(root.walk())
    for node in reversed(nodes):
        if node.parent and node.is_block:
            node.parent.is_container = True
            node.parent.has_heading = node.parent.has_heading or node.has_heading or node.tag in HEADINGS
    for node in nodes:
        if node.is_container and node.tag not in CODE:
            node.children = list(_blocks(node))


def _blocks(node: Node) -> Iterator[Node]:
    run: Node | None = None
    for child in node.children:
        if isinstance(child, Node) and child.is_block:
            run = None
            yield child
        elif run or isinstance(child, Node) or child.strip():
            if not run:
                run = Node("p", _NOTHING, node)
                yield run
            run.children.append(child)
            if isinstance(child, Node):
                child.parent = run
