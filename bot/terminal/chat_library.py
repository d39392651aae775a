"""What a conversation in the terminal needs of a library and of a log: an index is one, and a test's fake another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.feedback.store import Reason, Verdict
from bot.receipts.receipt import Receipt
from retrieval.answer.why_not import WhyNot
from retrieval.documents.elements import Limits
from retrieval.index.retriever import Ranks
from retrieval.schema import Answer, Citation, Document, Passage, Source, Turn


class ChatLibrary(Protocol):
    """What a conversation needs of a retrieval Library. Every method may raise QuothError."""

    def ask(self, question: str, history: Sequence[Turn] = (), top: int = 5) -> Answer:
        """The answer to a question, asked after these turns, oldest first, with the `top` best passages as hits."""

    def ranks(self, citation: Citation, answer: Answer) -> Ranks | None:
        """Where the search for the answer's question puts the cited passage, None if it was not among its hits."""

    def why_not(self, words: str, answer: Answer) -> WhyNot:
        """Where the passage that has these words best was lost for the answer's question."""

    def passages(self, doc_id: str) -> Sequence[Passage]:
        """The passages of the document at that path, in reading order; none where there is no such document."""

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


class ChatLog(Protocol):
    """Where the answers of a conversation are kept. Every method may raise QuothError."""

    def keep(self, answer: Answer, history: Sequence[Turn] = ()) -> Receipt | None:
        """The receipt of an answer, which was given after these turns; None where it shows no passage."""

    def rate(self, answer: Answer, history: Sequence[Turn], verdict: Verdict, reason: Reason | None) -> None:
        """Store a rating of an answer."""

    def propose(self, answer: Answer, history: Sequence[Turn], text: str) -> None:
        """Store what the right answer would have been; the answer then counts as rated wrong."""

    def forget(self) -> int:
        """Delete everything that was kept of conversations in a terminal; the number of answers."""

    def last_receipt(self) -> Receipt | None:
        """The receipt of the last answer that had one."""

    def find(self, id_: str) -> Receipt | None:
        """The receipt with that id, None where there is none."""


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
