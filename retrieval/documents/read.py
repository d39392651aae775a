"""A file's bytes -> the document and its reading text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from retrieval.documents.elements import Extraction, Limits, ReadOptions
from retrieval.documents.formats import reader_of
from retrieval.documents.labels import with_labels
from retrieval.documents.sections import ParsedDocument, parse_sections
from retrieval.errors import DocumentError

READING_VERSION = 3
"""Raise it when the same file would give different passages: indexes then read every file again."""


def read_document(
    doc_id: str, raw: bytes, stated: Mapping[str, str] | None = None, limits: Limits | None = None
) -> ParsedDocument:
    """The document in a file's bytes; `stated` is its entry in SOURCES.toml. Raises DocumentError."""
    extraction = extract(doc_id, raw, stated, limits)
    return parse_sections(doc_id, extraction, hashlib.sha256(raw).hexdigest(), stated or {})


def extract(
    doc_id: str, raw: bytes, stated: Mapping[str, str] | None = None, limits: Limits | None = None
) -> Extraction:
    """The text in a file's bytes and what it consists of. Raises DocumentError, also where there is no text."""
    limits = limits or Limits()
    limits.check_size(len(raw))
    extraction = reader_of(doc_id)(raw, ReadOptions((stated or {}).get("encoding"), limits))
    if not extraction.elements:
        raise DocumentError("there is no text in it")
    return replace(extraction, elements=with_labels(extraction.elements))
