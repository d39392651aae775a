"""The picture of a cited page, drawn from the file in the folder of documents."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.documents.files import read_file
from retrieval.errors import DocumentError
from retrieval.schema import Citation, Document
from retrieval.spans import quote_spans

if TYPE_CHECKING:
    from retrieval.documents.pdf.page_image import PageImage

CHANGED = "the file has changed since it was indexed"
OUTSIDE = "the file is not in the folder of documents"


def page_picture(docs: Path, document: Document, citation: Citation) -> PageImage:
    """The page of a PDF file that the citation names, with its quotation highlighted.

    `document` is the cited document as the index has it now, `docs` the folder of the documents. Raises DocumentError
    where the file can't be read or does not say what the citation quotes.
    """
    return draw_page(read_cited(docs, document, citation), document, citation)


def draw_page(raw: bytes, document: Document, citation: Citation) -> PageImage:
    """The page, drawn from the bytes of the document's file. Raises DocumentError."""
    from retrieval.documents.pdf.page_image import page_image  # loads the libraries for PDF files

    return page_image(raw, document.text, citation.spans, document.places)


def read_cited(docs: Path, document: Document, citation: Citation) -> bytes:
    """The document's file, if it still says what the citation quotes. Raises DocumentError, as `page_picture` does."""
    raw, _ = read_file(_inside(docs, document.doc_id))
    is_same = hashlib.sha256(raw).hexdigest() == document.sha256
    if not is_same or quote_spans(document.text, citation.spans) != citation.quote:
        raise DocumentError(CHANGED)
    return raw


def _inside(docs: Path, doc_id: str) -> Path:
    """The path of a document. Raises DocumentError where it would lead out of the folder."""
    path = Path(os.path.normpath(docs / doc_id))
    if not path.is_relative_to(os.path.normpath(docs)):
        raise DocumentError(OUTSIDE)
    return path
