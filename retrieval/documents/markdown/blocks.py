"""The parser's events -> the elements of a Markdown text, and what was left out of them. Pure.

A heading inside a block quote, a list item or a footnote is a paragraph or an item, for no section of the document
begins there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from retrieval.documents.elements import Dropped, Element
from retrieval.documents.markdown.events import Event, events_of, link_definitions
from retrieval.documents.markdown.html_blocks import HtmlBlocks
from retrieval.documents.markdown.leaf import Leaf
from retrieval.documents.markdown.writer import Item, Writer

_NUMBER = re.compile(r"\s*(\d{1,9})([.)])\s?")
_CALLOUT = re.compile(r">[ \t]*\[!\w[\w-]*\][+-]?")  # "> [!NOTE]" begins a box on GitHub and in Obsidian
_FOOTNOTE_SIGN = re.compile(r"\[\^[^\]]*\]:")
_HEADING_ID = re.compile(r"\{#[^\s{}]+\}\s*")
_QUOTE_SIGNS = re.compile(r"(?<=[\r\n])(?:[ \t]*>)+")
_ESCAPED_BAR = re.compile(r"\\(?=\|)")
_SURPLUS_CELL = re.compile(r"(?:\\.|[^|\\\r\n])+")


@dataclass(slots=True)
class _List:
    """An open list: the number of its first item, None for bullets, and how many items it had so far."""

    first_number: int | None
    items: int = 0


def read_blocks(text: str, first: int) -> tuple[list[Element], list[Dropped]]:
    """The elements of text[first:], and the spans that are left out of them for a reason, both in file order.

    Such a span may hold shown text, which is not left out; all other characters in no element are markup.
    """
    writer = Writer(text, first)
    handlers = _Blocks(writer).handlers() | HtmlBlocks(writer).handlers()
    for event in events_of(text, first):
        if handler := handlers.get(event.name):
            handler(event)
    writer.close()
    definitions = link_definitions(text, first) if "]:" in text else []
    left_out = [*writer.left_out, *(Dropped(span, "link address") for span in definitions)]
    return writer.elements, sorted(left_out, key=lambda dropped: dropped.span)


class _Blocks:
    """Reads all but HTML; knows in which lists the next event stands."""

    def __init__(self, writer: Writer) -> None:
        self._writer, self._text = writer, writer.text
        self._lists: list[_List] = []
        self._cell_end = 0

    def handlers(self) -> dict[str, Callable[[Event], None]]:
        """What to do at an event, by its name; the rest, such as emphasis, needs nothing."""
        return {
            "Text": self._show,
            "SoftBreak": self._show,
            "HardBreak": self._hard_break,
            "Code": self._code_span,
            "InlineMath": self._show_lines,
            "DisplayMath": self._show_lines,
            "TaskListMarker": self._task_sign,
            "FootnoteReference": self._footnote_mark,
            "start Link": self._begin_link,
            "end Link": self._end_link,
            "start Image": self._begin_link,
            "end Image": self._end_link,
            "start Paragraph": self._begin_text,
            "end Paragraph": self._end,
            "start Heading": self._begin_heading,
            "end Heading": self._end_heading,
            "start CodeBlock": self._begin_code,
            "end CodeBlock": self._end,
            "start BlockQuote": self._begin_quote,
            "end BlockQuote": self._end_container,
            "start FootnoteDefinition": self._begin_footnote,
            "end FootnoteDefinition": self._end_container,
            "Rule": self._rule,
            "start List": self._begin_list,
            "end List": self._end_list,
            "start Item": self._begin_item,
            "end Item": self._end_item,
            "start DefinitionListTitle": self._begin_term,
            "end DefinitionListTitle": self._end_item,
            "start DefinitionListDefinition": self._begin_definition,
            "end DefinitionListDefinition": self._end_item,
            "start Table": self._begin_table,
            "start TableHead": self._begin_header_row,
            "end TableHead": self._end_row,
            "start TableRow": self._begin_row,
            "end TableRow": self._end_row,
            "start TableCell": self._begin_cell,
        }

    # Inside a line.

    def _show(self, event: Event) -> None:
        self._writer.show(event.start, event.end)

    def _hard_break(self, event: Event) -> None:
        self._writer.show(event.end - 1, event.end)  # only the line break of "  \n" and "\\\n"

    def _task_sign(self, event: Event) -> None:
        self._writer.show(event.start, event.end + 1)  # "[x]" and the space after it

    def _code_span(self, event: Event) -> None:
        code = self._text[event.start : event.end]
        ticks = len(code) - len(code.lstrip("`"))
        self._show_lines(event._replace(start=event.start + ticks, end=event.end - ticks))

    def _show_lines(self, event: Event) -> None:
        """Show a span that may hold the signs of a block quote at line starts, or escaped bars in a table."""
        if self._writer.leaf and self._writer.leaf.is_row:
            self._writer.show_without(_ESCAPED_BAR, event.start, event.end)
        elif self._writer.containers:
            self._writer.show_without(_QUOTE_SIGNS, event.start, event.end)
        else:
            self._writer.show(event.start, event.end)

    def _footnote_mark(self, event: Event) -> None:
        self._writer.leave_out(event.start, event.end, "footnote mark")

    def _begin_link(self, event: Event) -> None:
        if "WikiLink" in event.value["link_type"]:
            self._writer.leave_out(event.start, event.end, "link address")  # except for what is shown

    def _end_link(self, event: Event) -> None:
        self._writer.leave_out(max(event.start, self._writer.shown_to), event.end, "link address")

    # Paragraphs, headings and what holds them.

    def _end(self, event: Event) -> None:
        self._writer.close()

    def _begin_text(self, event: Event) -> None:
        self._writer.open_text()

    def _begin_heading(self, event: Event) -> None:
        if self._writer.is_top:
            self._writer.open(Leaf("heading", int(event.value["level"][1:])))
        else:
            self._writer.open_text()

    def _end_heading(self, event: Event) -> None:
        if self._writer.leaf:
            self._writer.leaf.cut_end(_HEADING_ID, "{#", self._text)
        self._writer.close()

    def _begin_code(self, event: Event) -> None:
        self._writer.open(Leaf("code"))

    def _rule(self, event: Event) -> None:
        self._writer.close()
        self._writer.leave_out(event.start, event.end, "rule")

    def _begin_quote(self, event: Event) -> None:
        self._begin_container(event, _CALLOUT, "callout")

    def _begin_footnote(self, event: Event) -> None:
        self._begin_container(event, _FOOTNOTE_SIGN, "footnote mark")

    def _begin_container(self, event: Event, sign: re.Pattern[str], rule: str) -> None:
        self._writer.close()
        self._writer.containers += 1
        if found := sign.match(self._text, event.start, event.end):
            self._writer.leave_out(*found.span(), rule)
            self._writer.shown_to = max(self._writer.shown_to, found.end())

    def _end_container(self, event: Event) -> None:
        self._writer.close()
        self._writer.containers -= 1

    # Lists.

    def _begin_list(self, event: Event) -> None:
        self._writer.close()
        self._lists.append(_List(event.value))

    def _end_list(self, event: Event) -> None:
        self._writer.close()
        self._lists.pop()

    def _begin_item(self, event: Event) -> None:
        self._writer.close()
        list_, item = self._lists[-1], Item(self._writer.item_level)
        number = _NUMBER.match(self._text, event.start, event.end)
        if number and list_.first_number is not None:
            if list_.items and int(number[1]) == list_.first_number:
                item.counted = f"{list_.first_number + list_.items}{number[2]}"
            else:
                item.number = number.span()
        list_.items += 1
        self._writer.items.append(item)

    def _begin_term(self, event: Event) -> None:
        self._writer.close()
        self._writer.items.append(Item(self._writer.item_level))

    def _begin_definition(self, event: Event) -> None:
        self._writer.close()
        self._writer.items.append(Item(self._writer.item_level + 1))  # below its term

    def _end_item(self, event: Event) -> None:
        self._writer.close()
        self._writer.items.pop()

    # Tables.

    def _begin_table(self, event: Event) -> None:
        self._writer.tables += 1

    def _begin_header_row(self, event: Event) -> None:
        self._writer.open_row("header row")

    def _begin_row(self, event: Event) -> None:
        self._writer.open_row("row")

    def _begin_cell(self, event: Event) -> None:
        if self._writer.leaf:
            self._writer.leaf.begin_cell()
        self._cell_end = event.end

    def _end_row(self, event: Event) -> None:
        """End a row; cells that it has beyond the table's columns are kept as they are written."""
        for cell in _SURPLUS_CELL.finditer(self._text, max(self._cell_end, event.start), event.end):
            if self._writer.leaf and not cell[0].isspace():
                self._writer.leaf.begin_cell()
                self._writer.show(*cell.span())
        self._writer.close()
