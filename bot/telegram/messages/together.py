"""Answers that are shown at once, such as a list by document: numbered lines, in pages of one message each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.language import Language
from bot.telegram.memory.kept import KeptAnswer, KeptText
from bot.telegram.messages.blocks import is_nothing_but, led, numbered, quotation
from bot.telegram.messages.message import Block, fits, lay_out, own

LINES_ON_PAGE = 8
ROOM_UNITS, ROOM_ENTITIES = 900, 30
"""What a page leaves to the lines above and below it: what was searched, the heading, the confidence."""
_LINE_UNITS, _QUOTE_UNITS = 300, 500


def pages_of(kept: KeptAnswer, language: Language) -> list[list[KeptText]]:
    """The answer's texts as pages, each short enough for one message; [] for no texts."""
    pages: list[list[KeptText]] = []
    for text in kept.answers:
        longer = [*pages[-1], text] if pages else [text]
        if pages and len(longer) <= LINES_ON_PAGE and _has_room(longer, language):
            pages[-1] = longer
        else:
            pages.append([text])
    return pages


def lines(texts: Sequence[KeptText], language: Language) -> list[Block]:
    """A block for each text: its number and the text in bold, its quotation if that says more, and where it stands."""
    return [_line(text, language) for text in texts]


def _has_room(texts: Sequence[KeptText], language: Language) -> bool:
    message = lay_out(lines(texts, language))
    return fits(message, ROOM_UNITS, ROOM_ENTITIES)


def _line(text: KeptText, language: Language) -> Block:
    said = quotation(text.text, "bold", None, _LINE_UNITS)
    if not text.citations:
        return said
    citation = text.citations[0].citation
    quoted: Block = ()
    if not is_nothing_but(text.text, citation.quote):
        quoted = led(citation, quotation(citation.quote, "expandable_blockquote", citation.mark, _QUOTE_UNITS))
    number, *where = numbered(citation, language)
    parts: list[Block] = [part for part in (said, quoted, tuple(where)) if part]
    left = len(text.citations) - 1
    if left:
        more = language.plural("And in {number} more passage.", "And in {number} more passages.", left)
        parts.append((own(more),))
    return (number, *(run for at, part in enumerate(parts) for run in (*((own("\n"),) if at else ()), *part)))
