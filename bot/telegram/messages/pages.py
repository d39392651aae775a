"""The list of documents, and the sections of one. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.language.language import Language
from bot.language.wording import translatable
from bot.telegram.messages.blocks import FILE_CHARS, SECTION_CHARS, TITLE_CHARS, joined
from bot.telegram.messages.buttons import NO_ID, Press
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Block, Button, Message, foreign, lay_out, own
from bot.telegram.messages.turning import page_count, turning
from retrieval.schema import Source

SOURCES_ON_PAGE, SECTIONS_ON_PAGE = 6, 12
NO_DOCUMENTS = translatable("There are no documents.")
NO_SECTIONS = translatable("This document has no headings.")
ALL_DOCUMENTS = translatable("All documents")


def sources_message(language: Language, sources: Sequence[Source], page: int = 0) -> Message:
    """One page of the list of documents with their dates, a button for each, and buttons to turn the page."""
    if not sources:
        return lay_out([(own(language.translate(NO_DOCUMENTS)),)])
    pages = page_count(len(sources), SOURCES_ON_PAGE)
    page = min(page, pages - 1)
    first = page * SOURCES_ON_PAGE
    here = list(enumerate(sources[first : first + SOURCES_ON_PAGE], first + 1))
    head = language.plural(
        "{number} document. Tap its number to see its sections.",
        "{number} documents. Tap a number to see the sections.",
        len(sources),
    )
    blocks: list[Block] = [(own(head),)]
    blocks += [(own(f"{number}. "), *_document(source, language)) for number, source in here]
    buttons = tuple(
        Button(str(number), Press(document_key(source.document), "document").data()) for number, source in here
    )
    return replace(lay_out(blocks), rows=(buttons, *turning(NO_ID, "page", page, pages)))


def document_message(language: Language, sources: Sequence[Source], key: str, page: int = 0) -> Message | None:
    """The sections of the document with that key; None if it is gone."""
    at = next((number for number, source in enumerate(sources) if document_key(source.document) == key), None)
    if at is None:
        return None
    source = sources[at]
    sections = [section for section in source.sections if section.heading]
    pages = page_count(len(sections), SECTIONS_ON_PAGE)
    page = min(page, pages - 1)
    blocks: list[Block] = [
        (
            *_document(source, language),
            own("\n"),
            foreign(line(source.document, FILE_CHARS), "code"),
        )
    ]
    listed = []
    for section in sections[page * SECTIONS_ON_PAGE : (page + 1) * SECTIONS_ON_PAGE]:
        date = (own(language.translate(", ")), foreign(_date(section.date, language))) if section.date else ()
        listed.append((own("• "), foreign(line(section.heading or "", SECTION_CHARS)), *date))
    blocks.append(joined(listed, "\n") if listed else (own(language.translate(NO_SECTIONS)),))
    back = Button(language.translate(ALL_DOCUMENTS), Press(NO_ID, "page", at // SOURCES_ON_PAGE).data())
    return replace(lay_out(blocks), rows=(*turning(key, "document", page, pages), (back,)))


def document_key(doc_id: str) -> str:
    """The document's id in buttons: short, and the same after a rebuild of the index."""
    digest = hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def _document(source: Source, language: Language) -> Block:
    """The title, then date and publisher on the next line, if known."""
    title = line(source.title, TITLE_CHARS) or line(source.document, FILE_CHARS) or "…"
    stated = [_date(source.date or "", language), line(source.publisher or "", TITLE_CHARS)]
    origin = language.translate(", ").join(filter(None, stated))
    return (foreign(title, "italic"), *((own("\n"), foreign(origin)) if origin else ()))


def _date(date: str, language: Language) -> str:
    return line(language.date(date), TITLE_CHARS)
