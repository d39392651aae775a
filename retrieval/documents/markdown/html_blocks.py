"""HTML inside Markdown -> elements: headings, list items, table rows, preformatted text and paragraphs. Pure."""

from __future__ import annotations

from collections.abc import Callable

from retrieval.documents.markdown.events import Event
from retrieval.documents.markdown.html import BLOCK_TAGS, HEADING_TAGS, tokens
from retrieval.documents.markdown.leaf import Leaf
from retrieval.documents.markdown.writer import Writer
from retrieval.spans import Span


class HtmlBlocks:
    """Reads blocks of HTML, and tags inside a paragraph."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._spans: list[Span] = []

    def handlers(self) -> dict[str, Callable[[Event], None]]:
        """What to do at an event, by its name."""
        return {
            "InlineHtml": lambda event: self._read(event.start, event.end, self._inline_tag),
            "start HtmlBlock": lambda event: self._writer.close(),
            "Html": self._collect,
            "end HtmlBlock": self._end,
        }

    def _collect(self, event: Event) -> None:
        """Collect the lines of a block, which are one span unless signs of a block quote stand between them."""
        start = event.start
        if self._spans and not self._writer.text[self._spans[-1][1] : start].strip():
            start = self._spans.pop()[0]
        self._spans.append((start, event.end))

    def _end(self, event: Event) -> None:
        for span in self._spans:
            self._read(*span, self._block_tag)
        self._spans.clear()
        self._writer.close()

    def _read(self, start: int, end: int, read_tag: Callable[[str, bool], None]) -> None:
        writer = self._writer
        for token in tokens(writer.text, start, end):
            if token.kind == "text" and (writer.leaf or not writer.text[token.start : token.end].isspace()):
                writer.show(token.start, token.end)
            elif token.kind == "comment":
                writer.leave_out(token.start, token.end, "comment")
            elif token.kind in ("open", "close"):
                read_tag(token.name, token.kind == "open")

    def _inline_tag(self, name: str, is_open: bool) -> None:
        if self._writer.leaf and (name == "br" or name in BLOCK_TAGS):
            self._writer.leaf.add_space()

    def _block_tag(self, name: str, is_open: bool) -> None:
        leaf = self._writer.leaf
        if leaf and leaf.is_row and name not in ("tr", "table"):
            self._tag_in_row(leaf, name, is_open)
        elif name in BLOCK_TAGS:
            self._writer.close()
            if is_open:
                self._open(name)
        else:
            self._inline_tag(name, is_open)

    def _tag_in_row(self, row: Leaf, name: str, is_open: bool) -> None:
        if is_open and name in ("td", "th"):
            row.begin_cell()
            row.kind = "header row" if name == "th" and row.kind == "header row" else "row"
        else:
            self._inline_tag(name, is_open)

    def _open(self, name: str) -> None:
        """Begin what a tag opens; the text of other tags is a paragraph, if there is any."""
        if name in HEADING_TAGS and self._writer.is_top:
            self._writer.open(Leaf("heading", HEADING_TAGS[name]))
        elif name == "table":
            self._writer.tables += 1
        elif name == "tr":
            self._writer.open_row("header row")  # until a cell shows that it is none
        elif name == "li":
            self._writer.open(Leaf("item", self._writer.item_level))
        elif name == "pre":
            self._writer.open(Leaf("code"))
