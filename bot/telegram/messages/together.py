"""Answers that are shown at once, as numbered lines in pages of one message each. Pure.

What is said of the collection is a line for each document; a comparison, the answer for each side with its quotation; a
list, the quotations below the document that they are from.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.language.language import Language
from bot.telegram.memory.kept import KeptAnswer, KeptText
from bot.telegram.messages.blocks import (
    filed,
    is_nothing_but,
    joined,
    led,
    location,
    numbered,
    quotation,
    sectioned,
    titled,
)
from bot.telegram.messages.message import Block, fits, lay_out, own
from retrieval.schema import Citation, Kind

LINES_ON_PAGE = 8
ROOM_UNITS, ROOM_ENTITIES = 900, 30
"""What a page leaves to the lines above and below it: what was searched, the heading, the confidence."""
_LINE_UNITS, _QUOTE_UNITS = 300, 500


def pages_of(kept: KeptAnswer, language: Language) -> list[list[KeptText]]:
    """The answer's texts as pages, each short enough for one message; [] for no texts."""
    pages: list[list[KeptText]] = []
    for text in kept.answers:
        longer = [*pages[-1], text] if pages else [text]
        if pages and len(longer) <= LINES_ON_PAGE and _has_room(lines(kept.kind, longer, language)):
            pages[-1] = longer
        else:
            pages.append([text])
    return pages


def lines(kind: Kind, texts: Sequence[KeptText], language: Language) -> list[Block]:
    """A block for each text, or for each document of a list: numbers, what is said, and where it stands."""
    if kind == "list":
        groups = groupby(texts, key=lambda text: text.citations[0].citation.document if text.citations else None)
        return [_document(list(group), language) for _, group in groups]
    line = _of_collection if kind == "collection" else _side
    return [line(text, text.citations[0].citation, language) if text.citations else _bare(text) for text in texts]


def _has_room(blocks: Sequence[Block]) -> bool:
    return fits(lay_out(blocks), ROOM_UNITS, ROOM_ENTITIES)


def _bare(text: KeptText) -> Block:
    return quotation(text.text, "bold", None, _LINE_UNITS)


def _of_collection(text: KeptText, citation: Citation, language: Language) -> Block:
    """The title and the date, what the document says if that is more, and the place."""
    said: Block = ()
    if not is_nothing_but(text.text, citation.title):
        said = quotation(text.text, "expandable_blockquote", None, _LINE_UNITS)
    head = titled(citation, language, "bold")
    return (own(_number(citation)), *_stacked([head, said, filed(citation, language), *_more(text, language)]))


def _side(text: KeptText, citation: Citation, language: Language) -> Block:
    """The answer in bold, its quotation if that says more, and where it stands."""
    quoted: Block = ()
    if not is_nothing_but(text.text, citation.quote):
        quoted = led(citation, quotation(citation.quote, "expandable_blockquote", citation.mark, _QUOTE_UNITS))
    number, *where = numbered(citation, language)
    return (number, *_stacked([_bare(text), quoted, tuple(where), *_more(text, language)]))


def _document(texts: Sequence[KeptText], language: Language) -> Block:
    """The document that the texts are from, then each of them with its number and its place in it."""
    if not texts[0].citations:
        return _stacked([_bare(text) for text in texts])
    first = texts[0].citations[0].citation
    parts: list[Block] = [titled(first, language, "bold"), filed(first, language, has_place=False)]
    for text in texts:
        citation = text.citations[0].citation
        mark = citation.mark if citation.mark != (0, len(citation.quote)) else None
        quoted = led(citation, quotation(citation.quote, "blockquote", mark, _QUOTE_UNITS))
        place = joined([*sectioned(citation, language), location(citation, language)], language.translate(", "))
        parts += [quoted, (own(_number(citation)), *place), *_more(text, language)]
    return _stacked(parts)


def _more(text: KeptText, language: Language) -> list[Block]:
    """How many further passages say the same, if any."""
    left = len(text.citations) - 1
    if left < 1:
        return []
    return [(own(language.plural("And in {number} more passage.", "And in {number} more passages.", left)),)]


def _number(citation: Citation) -> str:
    return f"[{citation.number}] "


def _stacked(parts: Sequence[Block]) -> Block:
    return joined([part for part in parts if part], "\n")
