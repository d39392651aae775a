"""/open, /section and /page: a citation in its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.text import Text

from bot.language.wording import translatable
from bot.page_picture import page_picture
from bot.plain_text import visible
from bot.terminal.chat import TerminalChat
from bot.terminal.chat_library import document_now, is_listed
from bot.terminal.document_lines import render_document, render_section
from bot.terminal.viewer import open_file, write_picture
from retrieval.documents.neighbours import passage_with, section_spans
from retrieval.errors import DocumentError
from retrieval.schema import Citation, Document

CONTEXT_LINES = 5
ALL = "all"
OPEN_PICTURE = "--open"
NOW_CALLED = translatable("{document} is now called {name}.")
CHANGED_SINCE = translatable("{document} has changed since. This is what it said:")
GONE_SINCE = translatable("{document} is no longer in the folder. This is what it said:")
NOT_AS_CITED = translatable("{document} has changed or is gone, so this can't be shown; ask again.")
NO_PAGES = translatable("{document} has no pages to show; /open shows its lines.")
PICTURE = translatable("Page {page} of {pages}: {path}")


def open_citation(chat: TerminalChat, words: Sequence[str]) -> None:
    """The lines around a citation, or the whole document."""
    citation = chat.citation("/open", _number(words, ALL))
    if citation:
        document = _as_cited(chat, citation.document)
        citation = replace(citation, document=document.doc_id)
        context_lines = None if ALL in words else CONTEXT_LINES
        chat.page(lambda plain: render_document(document, citation, plain, context_lines, chat.language))


def open_section(chat: TerminalChat, words: Sequence[str]) -> None:
    """The whole section that a citation is from."""
    citation = chat.citation("/section", _number(words))
    document = unchanged(chat, citation) if citation else None
    if citation is None or document is None:
        return
    citation = replace(citation, document=document.doc_id)
    passages = chat.library.passages(document.doc_id)
    at = passage_with(passages, citation.spans)
    spans = citation.spans if at is None else section_spans(passages, passages[at].section)
    chat.page(lambda plain: render_section(document, citation, plain, spans, chat.language))


def open_page(chat: TerminalChat, words: Sequence[str]) -> None:
    """The page of a citation as a picture."""
    citation = chat.citation("/page", _number(words, OPEN_PICTURE))
    if citation and citation.page is None:
        chat.say(NO_PAGES, document=citation.document)
    elif citation:
        path = _write_picture(chat, citation)
        if path and OPEN_PICTURE in words:
            open_file(path)


def _number(words: Sequence[str], *options: str) -> str | None:
    """The number that was typed, None where none was."""
    return next((word for word in words if word not in options), None)


def unchanged(chat: TerminalChat, citation: Citation) -> Document | None:
    """The cited document in the index, if its file is still the same; None where it is not, which has been said."""
    cited = chat.session.document(citation.document) or chat.library.document(citation.document)
    document = document_now(chat.library, cited)
    if document is None:
        chat.say(NOT_AS_CITED, document=citation.document)
    return document


def _as_cited(chat: TerminalChat, doc_id: str) -> Document:
    """The document with the words that the last answer quotes; says if it was renamed, changed or removed since."""
    cited = chat.session.document(doc_id)
    if cited is None:
        return chat.library.document(doc_id)
    now = document_now(chat.library, cited)
    if now is None:
        chat.say(CHANGED_SINCE if is_listed(chat.library, doc_id) else GONE_SINCE, document=doc_id)
    elif now.doc_id != doc_id:
        chat.say(NOW_CALLED, document=doc_id, name=now.doc_id)
    return now or cited


def _write_picture(chat: TerminalChat, citation: Citation) -> Path | None:
    """The file with the picture of the citation's page; None where there can be none, which has been said."""
    document = unchanged(chat, citation)
    if document is None:
        return None
    try:
        picture = page_picture(chat.library.docs(), document, citation)
    except DocumentError as error:
        chat.fail(f"{document.doc_id}: {error}")
        return None
    path = write_picture(picture.png, document.doc_id, picture.page)
    shown = chat.language.translate(PICTURE).format(page=picture.page, pages=picture.pages, path=path)
    chat.console.print(Text(visible(shown)), soft_wrap=True)
    return path
