"""The whole section around a cited passage, in pages. Pure."""

from __future__ import annotations

from bot.language.language import Language
from bot.language.wording import translatable
from bot.telegram.memory.kept import KeptAnswer, KeptCitation
from bot.telegram.messages.blocks import citation_line, mark_style, quotation
from bot.telegram.messages.message import MAX_UNITS, Block, Button, Message, lay_out, own, units
from bot.telegram.messages.source import MAX_PAGES, first_of, joined_lines, section_press, source_press
from bot.telegram.messages.turning import turning
from retrieval.schema import Span

PASSAGE = translatable("Passage")
_PAGE_CHARS = 1400  # each may take two of Telegram's units


def section_message(kept: KeptAnswer, found: KeptCitation, language: Language, text: str, page: int) -> Message:
    """One page of the section, the quotation's mark in it, with buttons to turn the page and back to the passage."""
    pages = _pages(joined_lines(text))
    page = min(page, len(pages) - 1)
    shown = pages[page]
    citation = found.citation
    head: Block = (own(f"[{citation.number}] "), *citation_line(citation, language))
    quoted = quotation(shown, "blockquote", _mark(shown, found), MAX_UNITS, mark_style(citation))
    back = Button(language.translate(PASSAGE), source_press(kept.id, citation.number, 1, 1).data())
    first = section_press(kept.id, citation.number).n
    rows = turning(kept.id, "section", page, len(pages), first)
    message = lay_out([head, *([quoted] if quoted else [])])
    return Message(message.text, message.entities, (*rows, (back,)))


def _pages(text: str) -> list[str]:
    """The text in pages that end with a sentence where one ends nearby; at most as many as a press can name."""
    pages: list[str] = []
    while text and len(pages) < MAX_PAGES:
        shown = text if units(text) <= 2 * _PAGE_CHARS else first_of(text, _PAGE_CHARS)
        pages.append(shown.strip())
        text = text[len(shown) :].lstrip()
    return [page for page in pages if page] or [""]


def _mark(shown: str, found: KeptCitation) -> Span | None:
    """Where the words that are marked in the quotation stand on this page; None where they don't."""
    citation = found.citation
    mark, at = citation.mark or citation.likeliest, shown.find(citation.quote)
    return (at + mark[0], at + mark[1]) if mark and at >= 0 else None
