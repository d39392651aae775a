"""Adds uploaded files to the collection and takes them out: the file first, then the index. Runs in a thread."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.suggest import suggest_from
from bot.telegram.answering import Answerer
from bot.telegram.files.folder import UPLOADS, UploadFolder
from bot.telegram.files.names import names_like
from retrieval.documents.elements import Limits
from retrieval.documents.read import read_document
from retrieval.errors import DocumentError, QuothError
from retrieval.index.build import BuildReport, OnProgress, build_index
from retrieval.library import Library
from retrieval.schema import Document, PlaceKind

SUGGESTIONS = 2
NOT_INDEXED = "it could not be added to the index"


@dataclass(frozen=True, slots=True)
class Added:
    """A document that has joined the collection under the name `name`.

    `places` counts its pages, slides and the like; `beside` is the name of the other file that kept the wanted name,
    None where that was free.
    """

    name: str
    title: str
    places: Mapping[PlaceKind, int]
    passages: int
    remarks: tuple[str, ...]
    questions: tuple[str, ...]
    beside: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """The same file is in the collection already, at this path."""

    doc_id: str


class LastDocument(Exception):
    """The document is the only one; an index can't be empty."""


class Collection:
    """The documents and their index. Its methods are for one thread at a time; each may raise OSError or QuothError."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    def names(self) -> list[str]:
        """The names of the uploaded documents, sorted."""
        return self._folder().names()

    def clear(self) -> None:
        """Delete half files that an earlier process left."""
        self._folder().clear()

    def largest_mb(self) -> int:
        """The largest file that the index reads, in millions of bytes."""
        return self._limits(self._answerer.current()).file_mb

    def add(self, name: str, raw: bytes, on_progress: OnProgress, is_repeated: bool = False) -> Added | Known:
        """Store and index a file under the name, or one like it.

        Raises DocumentError with the reason if it can't be read. After an error, no part of the file stays.
        `is_repeated`: an earlier process may have stored it.
        """
        library, folder = self._answerer.current(), self._folder()
        known = library.doc_id_of(hashlib.sha256(raw).hexdigest())
        if known and not is_repeated and Path(library.store.manifest.docs, known).exists():
            return Known(known)
        parsed = read_document(f"{UPLOADS}/{name}", raw, {}, self._limits(library))
        stored = next(like for like in names_like(name) if not folder.holds(like) or folder.has(like, raw))
        is_new = not folder.holds(stored)
        if is_new:
            folder.write(stored, raw)
        try:
            report = self._refresh(library, on_progress)
            return self._added(stored, name, parsed.remarks, report)
        except BaseException:
            if is_new:
                folder.delete(stored)
            raise

    def remove(self, name: str, on_progress: OnProgress) -> None:
        """Delete an uploaded file and take it out of the index. After an error it is still there.

        Raises LastDocument for the only document.
        """
        library, folder = self._answerer.current(), self._folder()
        if [source.document for source in library.sources()] == [f"{UPLOADS}/{name}"]:
            raise LastDocument
        aside = folder.set_aside(name)
        try:
            self._refresh(library, on_progress)
        except BaseException:
            folder.put_back(aside)
            raise
        aside.unlink()

    def _added(self, stored: str, wanted: str, remarks: tuple[str, ...], report: BuildReport) -> Added:
        doc_id, library = f"{UPLOADS}/{stored}", self._answerer.current()
        try:
            document = library.document(doc_id)
        except QuothError as error:
            raise DocumentError(dict(report.skipped).get(doc_id, NOT_INDEXED)) from error
        return Added(
            name=stored,
            title=document.title,
            places=_places(document),
            passages=next(source.passages for source in library.sources() if source.document == doc_id),
            remarks=remarks,
            questions=suggest_from(library, doc_id, SUGGESTIONS),
            beside=wanted if wanted != stored else None,
        )

    def _refresh(self, library: Library, on_progress: OnProgress) -> BuildReport:
        """Refresh the index, and let the bot go on with it."""
        manifest, index = library.store.manifest, library.store.index
        report = build_index(Path(manifest.docs), index, manifest.settings, on_progress, library.retriever.encoder)
        self._answerer.look_again()
        return report

    def _folder(self) -> UploadFolder:
        return UploadFolder(Path(self._answerer.current().store.manifest.docs))

    def _limits(self, library: Library) -> Limits:
        return Limits(**library.store.manifest.limits)


def _places(document: Document) -> Mapping[PlaceKind, int]:
    """How many pages, slides, rows and the like there are; of pages the last one's number, as some may be empty."""
    counts = dict(Counter(place.kind for place in document.places))
    if "page" in counts:
        counts["page"] = max(int(place.label) for place in document.places if place.kind == "page")
    return counts
