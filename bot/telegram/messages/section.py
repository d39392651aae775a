"""The whole section around a cited passage, in pages. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.language import Language
from bot.language.wording import translatable
from bot.telegram.memory.kept import KeptAnswer, KeptCitation
from bot.telegram.messages.blocks import mark_style, numbered, quotation
from bot.telegram.messages.message import MAX_UNITS, Button, Message, lay_out, units
from bot.telegram.messages.source import AT_QUOTATION, first_of, joined_lines, section_press, source_press
from bot.telegram.messages.turning import turning
from retrieval.schema import Citation
from retrieval.spans import Span

PASSAGE = translatable("Passage")
_PAGE_UNITS = 2800
_BEGINNING_CHARS = 40  # of a quotation, which may go on where its section has other words between


def section_message(kept: KeptAnswer, found: KeptCitation, language: Language, text: str, page: int) -> Message:
    """One page of the section, or AT_QUOTATION, with buttons to turn the page and back to the passage."""
    citation = found.citation
    shown = _below_heading(joined_lines(text), citation.section or "")
    pages = _pages(shown)
    if page == AT_QUOTATION:
        page = _page_at(shown.find(citation.quote[:_BEGINNING_CHARS]), pages)
    page = min(page, len(pages) - 1)
    quoted = quotation(pages[page], "blockquote", _mark(pages[page], citation), MAX_UNITS, mark_style(citation))
    message = lay_out([numbered(citation, language), *([quoted] if quoted else [])])
    back = Button(language.translate(PASSAGE), source_press(kept.id, citation.number, 1, 1).data())
    first = section_press(kept.id, citation.number, 0).n
    return Message(message.text, message.entities, (*turning(kept.id, "section", page, len(pages), first), (back,)))


def _below_heading(text: str, heading: str) -> str:
    """The text with its heading, if it begins with it, on a line of its own."""
    return f"{heading}\n{text[len(heading) + 1 :]}" if heading and text.startswith(f"{heading} ") else text


def _pages(text: str) -> list[str]:
    """The text in pages that end with a sentence where one ends nearby; at most as many as a press can name."""
    size = _PAGE_UNITS if units(text) == len(text) else _PAGE_UNITS // 2  # a character may be two units
    pages: list[str] = []
    while text and len(pages) < AT_QUOTATION:
        pages.append(first_of(text, size))
        text = text[len(pages[-1]) :]
    return pages or [""]


def _page_at(offset: int, pages: Sequence[str]) -> int:
    """The page that has the character at that offset; the first for none."""
    for number, page in enumerate(pages):
        if offset < len(page):
            return number
        offset -= len(page)
    return 0


def _mark(shown: str, citation: Citation) -> Span | None:
    """Where the words that are marked in the quotation stand on this page; None where they don't."""
    mark, at = citation.mark or citation.likeliest, shown.find(citation.quote)
    return (at + mark[0], at + mark[1]) if mark and at >= 0 else None
