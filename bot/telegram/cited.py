"""Cited documents as they are now: where they are in the current index, and pictures of their pages."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from bot.page_picture import CHANGED, draw_page, read_cited
from bot.telegram.memory.kept import KeptCitation
from bot.telegram.messages.source import DocumentNow
from retrieval.errors import DocumentError, QuothError
from retrieval.library import Library
from retrieval.schema import Document
from retrieval.spans import Span

if TYPE_CHECKING:
    from retrieval.documents.pdf.page_image import PageImage

MAX_PICTURES = 8
"""How many pictures are kept, some 200 kB each: in a group, several people press the same button."""


def document_now(library: Library, found: KeptCitation) -> DocumentNow | None:
    """The cited document in the current index, also after it was renamed; None if it is gone."""
    try:
        document = library.document(found.citation.document)
    except QuothError:
        document = None
    if document and document.sha256 == found.passage.sha256:
        return DocumentNow(document.doc_id, document.sha256, _section(library, document, found))
    renamed = library.doc_id_of(found.passage.sha256)
    if renamed:
        return DocumentNow(renamed, found.passage.sha256, _section(library, library.document(renamed), found))
    return DocumentNow(document.doc_id, document.sha256) if document else None


def _section(library: Library, document: Document, found: KeptCitation) -> str | None:
    """The text from the first to the last passage of the section that the cited one stands in; None if none has it."""
    at = found.citation.spans[0][0]
    spans = [
        (passage.section, span)
        for passage in library.passages(document.doc_id)
        for span in passage.reading.spans(0, len(passage.text), document.text)
    ]
    here = next((section for section, (start, end) in spans if start <= at < end), None)
    inside = [span for section, span in spans if section == here]
    if here is None:
        return None
    return document.text[min(start for start, _ in inside) : max(end for _, end in inside)]


class PagePictures:
    """Draws cited pages, and keeps the last few pictures. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, tuple[Span, ...]], PageImage] = {}

    def of(self, library: Library, found: KeptCitation) -> PageImage:
        """The page of a citation of a PDF file. Raises DocumentError where the file has changed or is gone."""
        now = document_now(library, found)
        if now is None or now.sha256 != found.passage.sha256:
            raise DocumentError(CHANGED)
        docs, document = Path(library.store.manifest.docs), library.document(now.doc_id)
        raw, key = read_cited(docs, document, found.citation), (document.sha256, found.citation.spans)
        with self._lock:
            kept = self._kept.get(key)
        return kept or self._keep(key, draw_page(raw, document, found.citation))

    def _keep(self, key: tuple[str, tuple[Span, ...]], picture: PageImage) -> PageImage:
        with self._lock:
            self._kept[key] = picture
            if len(self._kept) > MAX_PICTURES:
                del self._kept[next(iter(self._kept))]
        return picture
