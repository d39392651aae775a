"""An index folder, open for reading: passages and documents in SQLite, vectors, BM25.

    <index>/manifest.json        which generation is current, and how it was made; replaced last, atomically
    <index>/<generation>/        passages.sqlite, vectors.npy, sparse/, and dense.faiss where the index is not exact
    <index>/.lock                held by the one process that builds

Readers open the generation that the manifest names and keep it open; writer.py writes another one beside it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.encoder.vectors import Vectors
from retrieval.errors import IndexCorrupt, QuothError
from retrieval.hashing import sha256_of_file
from retrieval.index.dense import DenseIndex
from retrieval.index.manifest import Manifest, build_command, read_manifest
from retrieval.index.sparse import SparseIndex
from retrieval.index.tables import (
    DATABASE,
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    SECTION_COLUMNS,
    Entry,
    document_from_row,
    passage_from_row,
    section_from_row,
)
from retrieval.language import language_of
from retrieval.schema import Document, Passage, Section, Source
from retrieval.settings import FLAT
from retrieval.spans import Span
from retrieval.text import DEFAULT_LANGUAGE, is_katakana, is_unspaced, stem, terms

_MAX_CACHED_DOCUMENTS = 64
_MAX_RETRIES = 20  # to open an index that other processes keep replacing
_TEXTS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """What a document is called: its path, title, tags and aliases, in this order; `rows` has those of its passages."""

    number: int
    names: tuple[str, ...]
    rows: Span

    @property
    def path(self) -> str:
        return self.names[0]


class Store:
    """One generation, open for reading; safe to use from several threads."""

    def __init__(self, index: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        folder = index / manifest.generation
        self.index = index
        for name, (size, _) in manifest.files.items():
            with self.reporting_damage():
                if (folder / name).stat().st_size != size:
                    raise ValueError(f"{name} has the wrong size")
        self._lock = threading.Lock()
        self._documents: dict[int, Document] = {}
        with self.reporting_damage():
            self._database = sqlite3.connect(
                f"{(folder / DATABASE).resolve().as_uri()}?mode=ro&immutable=1",
                uri=True,
                check_same_thread=False,
            )
            vectors: Vectors = np.load(folder / "vectors.npy", mmap_mode="r")
            self.dense = (
                DenseIndex.build(vectors)
                if manifest.faiss == FLAT
                else DenseIndex.load(folder / "dense.faiss", vectors)
            )
            self.sparse = SparseIndex.load(folder / "sparse")

    @property
    def languages(self) -> Mapping[str, float]:
        """The share of the passages that are of each language, the most frequent first; empty where none is known."""
        return self.manifest.languages

    def terms(self, query: str) -> list[str]:
        """The query's terms as BM25 has them: stems of the query's language if documents are in it, else of theirs."""
        main = next(iter(self.languages), DEFAULT_LANGUAGE)
        asked = language_of(query) if len(self.languages) > 1 else main
        return terms(query, asked if asked and asked in self.languages else main)

    def has_word(self, word: str) -> bool:
        """Whether a passage has the folded word or another form of it ("wrote" is one of "written").

        Of a name in Han characters or Hangul a passage has a part, of one in katakana all pairs of neighbours.
        """
        if is_unspaced(word):
            pairs = [term for term in terms(word) if len(term) > 1 or term == word]
            found = [self.sparse.frequency(pair) > 0 for pair in pairs]
            return all(found) if is_katakana(word) else any(found)
        stems = {stem(word, language) for language in self.languages or (DEFAULT_LANGUAGE,)}
        return any(map(self.sparse.frequency, stems)) or any(map(self._has_form, stems))

    def _has_form(self, stem: str) -> bool:
        return bool(self._rows("SELECT 1 FROM forms WHERE stem = ?", stem))

    @contextmanager
    def reporting_damage(self) -> Iterator[None]:
        """Raise IndexCorrupt for any error inside but our own: damaged bytes can raise anything."""
        try:
            yield
        except QuothError:
            raise
        except Exception as error:
            reason = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
            raise IndexCorrupt(
                f"the index in {self.index} is damaged ({reason}); build it again with `{build_command(self.index)}`"
            ) from error

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self.reporting_damage(), self._lock:
            return self._database.execute(query, values).fetchall()

    def passage(self, passage_id: int) -> Passage:
        """The passage whose vector is that row. Raises IndexCorrupt."""
        with self.reporting_damage():
            return self._passages("WHERE id = ?", passage_id)[0]

    def document_of_passage(self, passage_id: int) -> Document:
        """The document that a passage belongs to."""
        with self.reporting_damage():
            ((number,),) = self._rows("SELECT document FROM passages WHERE id = ?", passage_id)
            return self.document(number)

    def passages_of(self, document: int) -> list[Passage]:
        """The passages of a document, in reading order."""
        return self._passages("WHERE document = ? ORDER BY id", document)

    def passages_in(self, doc_id: str) -> list[Passage]:
        """The passages of the document at that path, in reading order; none where there is no such document."""
        return self._passages("WHERE document = (SELECT number FROM documents WHERE doc_id = ?) ORDER BY id", doc_id)

    def _passages(self, condition: str, value: int | str) -> list[Passage]:
        rows = self._rows(f"SELECT document, {PASSAGE_COLUMNS} FROM passages {condition}", value)
        with self.reporting_damage():
            return [passage_from_row(self.document(number).doc_id, row) for number, *row in rows]

    def document(self, number: int) -> Document:
        """The document of that number, its text as it was when indexed; the last few are cached."""
        document = self._documents.get(number)
        if document is None:
            with self.reporting_damage():
                document = self._read_document(number)
            with self._lock:
                if len(self._documents) >= _MAX_CACHED_DOCUMENTS:
                    self._documents.pop(next(iter(self._documents)))
                self._documents[number] = document
        return document

    def _read_document(self, number: int) -> Document:
        (row,) = self._rows(f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE number = ?", number)
        return document_from_row(row, self._sections(number))

    def document_by_id(self, doc_id: str) -> Document:
        """The document at that path below the folder. Raises QuothError where there is none."""
        rows = self._rows("SELECT number FROM documents WHERE doc_id = ?", doc_id)
        if not rows:
            raise _no_document(doc_id)
        return self.document(rows[0][0])

    def doc_id_of(self, sha256: str) -> str | None:
        """The path of a document whose file has that hash, the first of several; None where there is none."""
        rows = self._rows("SELECT min(doc_id) FROM documents WHERE sha256 = ?", sha256)
        return rows[0][0] if rows else None

    def rows_of(self, doc_id: str, section: int | None = None) -> npt.NDArray[np.int64]:
        """The rows of a document's passages, or of one section's, in reading order.

        A section without text has none. Raises QuothError where there is no such document.
        """
        rows = self._rows(
            "SELECT id, section FROM passages"
            " WHERE document = (SELECT number FROM documents WHERE doc_id = ?) ORDER BY id",
            doc_id,
        )
        if not rows:
            raise _no_document(doc_id)
        return np.array([row for row, of_section in rows if section in (None, of_section)], np.int64)

    def document_numbers(self) -> list[int]:
        return [number for (number,) in self._rows("SELECT number FROM documents ORDER BY doc_id")]

    def sources(self) -> list[Source]:
        """Every document with its number of passages, ordered by path; texts are not read."""
        counts = dict(self._rows("SELECT document, count(*) FROM passages GROUP BY document"))
        sections: dict[int, list[Section]] = {}
        for number, *row in self._rows(f"SELECT document, {SECTION_COLUMNS} FROM sections ORDER BY document, number"):
            sections.setdefault(number, []).append(section_from_row(row))
        rows = self._rows("SELECT number, doc_id, title, date, publisher FROM documents ORDER BY doc_id")
        return [
            Source(
                document=doc_id,
                title=title,
                date=date,
                publisher=publisher,
                sections=tuple(sections.get(number, ())),
                passages=counts.get(number, 0),
            )
            for number, doc_id, title, date, publisher in rows
        ]

    def document_names(self) -> list[DocumentNames]:
        """What each document with passages is called, ordered by path; texts are not read."""
        rows = {
            number: (first, end)
            for number, first, end in self._rows(
                "SELECT document, min(id), max(id) + 1 FROM passages GROUP BY document"
            )
        }
        documents = self._rows("SELECT number, doc_id, title, tags, aliases FROM documents ORDER BY doc_id")
        return [
            DocumentNames(number, (doc_id, title, *json.loads(tags), *json.loads(aliases)), rows[number])
            for number, doc_id, title, tags, aliases in documents
            if number in rows
        ]

    def aliases(self) -> dict[str, list[str]]:
        """The further names that documents state of themselves, by path."""
        rows = self._rows("SELECT doc_id, aliases FROM documents WHERE aliases != '[]'")
        return {doc_id: json.loads(aliases) for doc_id, aliases in rows}

    def dates(self) -> list[tuple[int, str | None]]:
        """Of each passage, by id, the number of its document and the date of its section, else of its document."""
        return self._rows(
            "SELECT passages.document, coalesce(sections.date, documents.date) FROM passages"
            " JOIN documents ON documents.number = passages.document"
            " LEFT JOIN sections ON (sections.document, sections.number) = (passages.document, passages.section)"
            " ORDER BY passages.id"
        )

    def texts(self, passage_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Each of these passages with its text."""
        for start in range(0, len(passage_ids), _TEXTS_AT_ONCE):
            ids = json.dumps(passage_ids[start : start + _TEXTS_AT_ONCE])
            for passage_id, text in self._rows(
                "SELECT id, text FROM passages WHERE id IN (SELECT value FROM json_each(?))", ids
            ):
                yield passage_id, text.decode()

    def _sections(self, document: int) -> tuple[Section, ...]:
        rows = self._rows(f"SELECT {SECTION_COLUMNS} FROM sections WHERE document = ? ORDER BY number", document)
        return tuple(map(section_from_row, rows))

    def words_like(self, prefix: str, min_length: int, max_length: int) -> dict[str, tuple[str, int]]:
        """Folded words of that length that begin with `prefix`, each with its most frequent spelling and its count."""
        rows = self._rows(
            "SELECT folded, written, times FROM words"
            " WHERE folded >= ? AND folded < ? AND length(folded) BETWEEN ? AND ?",
            prefix,
            prefix[:-1] + chr(ord(prefix[-1]) + 1),
            min_length,
            max_length,
        )
        return {folded: (written, times) for folded, written, times in rows}

    def stamps(self) -> dict[str, tuple[str, int, int]]:
        """Key, size in bytes and modification time of each document's file when it was indexed, by path."""
        return {
            doc_id: (key, size, mtime)
            for doc_id, key, size, mtime in self._rows("SELECT doc_id, key, size, mtime_ns FROM documents")
        }

    def entry(self, doc_id: str) -> Entry:
        """Everything stored of a document, to be copied into another generation."""
        ((number, key, size, mtime),) = self._rows(
            "SELECT number, key, size, mtime_ns FROM documents WHERE doc_id = ?", doc_id
        )
        rows = self._rows("SELECT id, indexed FROM passages WHERE document = ? ORDER BY id", number)
        ids = [id_ for id_, _ in rows]
        return Entry(
            document=self.document(number),
            key=key,
            size=size,
            mtime_ns=mtime,
            passages=self.passages_of(number),
            indexed=[text.decode() for _, text in rows],
            vectors=np.asarray(self.dense.vectors[ids]),
        )

    def damaged_files(self) -> list[str]:
        """The index's own files whose bytes differ from those that were written."""
        folder = self.index / self.manifest.generation
        with self.reporting_damage():
            return [
                name for name, (_, written) in self.manifest.files.items() if sha256_of_file(folder / name) != written
            ]

    def close(self) -> None:
        self._database.close()


def _no_document(doc_id: str) -> QuothError:
    return QuothError(f"no document {doc_id} in the index; `quoth sources` lists them")


def open_store(index: Path) -> Store:
    """The current generation. Raises IndexNotFound or IndexCorrupt."""
    manifest = read_manifest(index)
    for _ in range(_MAX_RETRIES):
        try:
            return Store(index, manifest)
        except IndexCorrupt:
            newer = read_manifest(index)  # another process may have replaced the generation just now
            if newer.generation == manifest.generation:
                raise
            manifest = newer
    return Store(index, manifest)
