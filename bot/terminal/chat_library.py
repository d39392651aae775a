"""What a conversation in the terminal needs of a library: an index is one, and a test's fake another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from retrieval.documents.elements import Limits
from retrieval.schema import Answer, Document, Source, Turn


class ChatLibrary(Protocol):
    """What a conversation needs of a retrieval Library. Every method may raise QuothError."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question, asked after these turns, oldest first."""

    def sources(self) -> Sequence[Source]:
        """Every document."""

    def doc_id_of(self, sha256: str) -> str | None:
        """The path of the document whose file has that hash, None where there is none."""

    def document(self, doc_id: str) -> Document:
        """The document at that path."""

    def docs(self) -> Path:
        """The folder of the documents."""

    def limits(self) -> Limits:
        """The largest files that are read for the index."""


def document_now(library: ChatLibrary, cited: Document) -> Document | None:
    """The cited document in the index, also after it was renamed; None where its file has changed or is gone."""
    now = library.document(cited.doc_id) if is_listed(library, cited.doc_id) else None
    if now and now.sha256 == cited.sha256:
        return now
    name = library.doc_id_of(cited.sha256)
    return library.document(name) if name else None


def is_listed(library: ChatLibrary, doc_id: str) -> bool:
    """Whether there is a document at that path."""
    return any(source.document == doc_id for source in library.sources())
