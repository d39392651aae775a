"""A file's bytes -> the document and its reading text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from retrieval.documents.formats import format_of
from retrieval.documents.sections import ParsedDocument, parse_sections
from retrieval.errors import DocumentError

READING_VERSION = 2
"""Raise it when the same file would give different passages: indexes then read every file again."""


def read_document(doc_id: str, raw: bytes, stated: Mapping[str, str] | None = None) -> ParsedDocument:
    """The document in a file's bytes; `stated` is its entry in SOURCES.toml. Raises DocumentError."""
    format_ = format_of(doc_id)
    text, encoding = format_.decode(raw)
    layout = format_.read_layout(text)
    if not layout.paragraphs and not layout.headings:
        raise DocumentError("there is no text in it")
    return parse_sections(
        doc_id=doc_id,
        text=text,
        encoding=encoding,
        sha256=hashlib.sha256(raw).hexdigest(),
        layout=layout,
        stated=stated or {},
    )
