"""The library of a chat, which goes on with a newer index as soon as there is one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retrieval.answer.why_not import WhyNot
from retrieval.documents.elements import Limits
from retrieval.errors import QuothError
from retrieval.index.manifest import read_manifest
from retrieval.index.retriever import Ranks
from retrieval.library import Library
from retrieval.schema import Answer, Citation, Document, Passage, Source, Turn


class CurrentLibrary:
    """The newest generation of an index. An open library that is no longer the newest is closed.

    A new generation that can't be opened changes nothing. For one thread.
    """

    def __init__(self, library: Library, index: Path, target_precision: float) -> None:
        self._library, self._index, self._target_precision = library, index, target_precision

    def ask(self, question: str, history: Sequence[Turn] = (), top: int = 5) -> Answer:
        """The answer to a question, asked after these turns, oldest first, with the `top` best passages as hits."""
        return self._newest().ask(question, history, top)

    def ranks(self, citation: Citation, answer: Answer) -> Ranks | None:
        """Where the search for the answer's question puts the cited passage, None if it was not among its hits."""
        return self._newest().ranks(citation, answer)

    def why_not(self, words: str, answer: Answer) -> WhyNot:
        """Where the passage that has these words best was lost for the answer's question."""
        return self._newest().why_not(words, answer)

    def passages(self, doc_id: str) -> list[Passage]:
        """The passages of the document at that path, in reading order; none where there is no such document."""
        return self._newest().passages(doc_id)

    def sources(self) -> list[Source]:
        """Every document."""
        return self._newest().sources()

    def document(self, doc_id: str) -> Document:
        """The document at that path below the folder."""
        return self._newest().document(doc_id)

    def doc_id_of(self, sha256: str) -> str | None:
        """The path of the document whose file has that hash, None where there is none."""
        return self._newest().doc_id_of(sha256)

    def docs(self) -> Path:
        """The folder of the documents."""
        return self._newest().docs()

    def limits(self) -> Limits:
        """The largest files that are read for the index."""
        return self._newest().limits()

    def _newest(self) -> Library:
        before = self._library
        try:
            manifest = read_manifest(self._index)
            if manifest.generation == before.store.manifest.generation:
                return before
            fits = before.retriever.encoder.info.fingerprint == manifest.encoder_fingerprint
            opened = Library(
                self._index,
                target_precision=self._target_precision,
                encoder=before.retriever.encoder if fits else None,
                reader=before.reader,
            )
            opened.load()
        except QuothError:
            return before
        self._library = opened
        before.close()
        return opened
