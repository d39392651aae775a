"""An index folder: passages and documents in SQLite, vectors, BM25, and a manifest that names one generation of them.

    <index>/manifest.json        which generation is current, and how it was made; replaced last, in one step
    <index>/<generation>/        passages.sqlite, vectors.npy, sparse/, and dense.faiss where the index is not exact
    <index>/.lock                held by the one process that builds

Readers open the generation that the manifest names and keep it open; a build writes another one beside it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from retrieval.dense import DenseIndex
from retrieval.encoder import Vectors
from retrieval.errors import IndexCorrupt, IndexNotFound, IndexProblem, QuothError
from retrieval.schema import Document, Passage, ReadingText, Section, Source
from retrieval.settings import FLAT, IndexSettings, PassageSettings, Precision
from retrieval.sparse import SparseIndex
from retrieval.text import terms

FORMAT = 2
_DOCUMENTS_KEPT = 64
_GENERATIONS_OUTRUN = 20  # tries to open an index that others keep replacing
_SCHEMA = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, doc_id TEXT UNIQUE, key TEXT, sha256 TEXT, encoding TEXT,
                        title TEXT, date TEXT, publisher TEXT, text BLOB, size INTEGER, mtime_ns INTEGER);
CREATE TABLE sections (document INTEGER, number INTEGER, heading TEXT, date TEXT, is_article INTEGER,
                       PRIMARY KEY (document, number));
CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER, section INTEGER, text BLOB, runs TEXT, sentences TEXT,
                       indexed BLOB);
CREATE INDEX passages_of ON passages (document);
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an index was made.

    `docs` is the folder of documents, `sources_sha256` of its SOURCES.toml, "" for none; `skipped` are its files that
    could not be read, with the reason; `files` are size in bytes and sha256 of what lies below the generation.
    """

    format: int
    generation: str
    docs: str
    model: str
    precision: Precision
    encoder_folder: str
    encoder_fingerprint: str
    size_tokens: int
    overlap_sentences: int
    with_header: bool
    faiss: str
    documents: int
    passages: int
    corpus_sha256: str
    sources_sha256: str
    skipped: dict[str, str]
    files: dict[str, list[int | str]]

    @property
    def settings(self) -> IndexSettings:
        """What it was built with."""
        passages = PassageSettings(self.size_tokens, self.overlap_sentences, self.with_header)
        return IndexSettings(self.model, self.precision, passages, self.faiss)


@dataclass(frozen=True, slots=True)
class Entry:
    """All of one document that an index holds: `indexed` are the texts embedded, `vectors` has a row for each passage.

    `key` changes with anything that would change the passages or their vectors.
    """

    document: Document
    key: str
    size: int
    mtime_ns: int
    passages: Sequence[Passage]
    indexed: Sequence[str]
    vectors: Vectors


class Store:
    """One generation, open for reading; safe to use from several threads."""

    def __init__(self, index: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        folder = index / manifest.generation
        self._index = index
        for name, (size, _) in manifest.files.items():
            with self.damage_told():
                if (folder / name).stat().st_size != size:
                    raise ValueError(f"{name} has another size")
        self._lock = threading.Lock()
        self._documents: dict[int, Document] = {}
        with self.damage_told():
            self._database = sqlite3.connect(
                f"{(folder / 'passages.sqlite').resolve().as_uri()}?mode=ro&immutable=1",
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

    @contextmanager
    def damage_told(self) -> Iterator[None]:
        """Whatever goes wrong inside is told as damage of the index, for damaged bytes can raise anything."""
        try:
            yield
        except QuothError:
            raise
        except Exception as error:
            reason = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
            raise IndexCorrupt(
                f"the index in {self._index} is damaged ({reason}); build it again with `quoth index`"
            ) from error

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self.damage_told(), self._lock:
            return self._database.execute(query, values).fetchall()

    def passage(self, passage_id: int) -> Passage:
        """The passage of a row. Raises IndexCorrupt."""
        with self.damage_told():
            return self._passages("WHERE id = ?", passage_id)[0]

    def document_of(self, passage_id: int) -> Document:
        """The document that a passage is of."""
        with self.damage_told():
            ((number,),) = self._rows("SELECT document FROM passages WHERE id = ?", passage_id)
            return self.document(number)

    def passages_of(self, document: int) -> list[Passage]:
        """The passages of a document, in reading order."""
        return self._passages("WHERE document = ? ORDER BY id", document)

    def _passages(self, condition: str, value: int) -> list[Passage]:
        rows = self._rows(f"SELECT document, section, text, runs, sentences FROM passages {condition}", value)
        with self.damage_told():
            return [
                Passage(
                    self.document(number).doc_id,
                    section,
                    ReadingText(text.decode(), tuple((a, b, c) for a, b, c in json.loads(runs))),
                    tuple((start, end) for start, end in json.loads(sentences)),
                )
                for number, section, text, runs, sentences in rows
            ]

    def document(self, number: int) -> Document:
        """The document of that number, its text as it was when indexed; the last few are kept."""
        kept = self._documents.get(number)
        if kept is None:
            with self.damage_told():
                kept = self._read_document(number)
            with self._lock:
                if len(self._documents) >= _DOCUMENTS_KEPT:
                    self._documents.pop(next(iter(self._documents)))
                self._documents[number] = kept
        return kept

    def _read_document(self, number: int) -> Document:
        ((doc_id, sha256, encoding, title, date, publisher, text),) = self._rows(
            "SELECT doc_id, sha256, encoding, title, date, publisher, text FROM documents WHERE number = ?", number
        )
        return Document(
            doc_id,
            text.decode(),
            sha256,
            encoding,
            title,
            date,
            publisher,
            self._sections(number),
        )

    def document_by_id(self, doc_id: str) -> Document:
        """The document at that path below the folder. Raises QuothError where there is none."""
        rows = self._rows("SELECT number FROM documents WHERE doc_id = ?", doc_id)
        if not rows:
            raise QuothError(f"no document {doc_id} in the index; `quoth sources` lists them")
        return self.document(rows[0][0])

    def document_numbers(self) -> list[int]:
        return [number for (number,) in self._rows("SELECT number FROM documents ORDER BY doc_id")]

    def sources(self) -> list[Source]:
        """Every document, by path, with its number of passages; the texts stay on disk."""
        counts = dict(self._rows("SELECT document, count(*) FROM passages GROUP BY document"))
        rows = self._rows("SELECT number, doc_id, title, date, publisher FROM documents ORDER BY doc_id")
        return [
            Source(doc_id, title, date, publisher, self._sections(number), counts.get(number, 0))
            for number, doc_id, title, date, publisher in rows
        ]

    def _sections(self, document: int) -> tuple[Section, ...]:
        rows = self._rows("SELECT heading, date, is_article FROM sections WHERE document = ? ORDER BY number", document)
        return tuple(Section(heading, date, bool(article)) for heading, date, article in rows)

    def stamps(self) -> dict[str, tuple[str, int, int]]:
        """key, size and time of change of each document's file when it was indexed, by path."""
        return {
            doc_id: (key, size, mtime)
            for doc_id, key, size, mtime in self._rows("SELECT doc_id, key, size, mtime_ns FROM documents")
        }

    def entry(self, doc_id: str) -> Entry:
        """All that is kept of a document, to be taken over into another generation."""
        ((number, key, size, mtime),) = self._rows(
            "SELECT number, key, size, mtime_ns FROM documents WHERE doc_id = ?", doc_id
        )
        rows = self._rows("SELECT id, indexed FROM passages WHERE document = ? ORDER BY id", number)
        ids = [id_ for id_, _ in rows]
        return Entry(
            self.document(number),
            key,
            size,
            mtime,
            self.passages_of(number),
            [text.decode() for _, text in rows],
            np.asarray(self.dense.vectors[ids]),
        )

    def damaged_files(self) -> list[str]:
        """The index's own files whose bytes are not the ones that were written."""
        folder = self._index / self.manifest.generation
        with self.damage_told():
            return [name for name, (_, written) in self.manifest.files.items() if _sha256(folder / name) != written]

    def close(self) -> None:
        self._database.close()


def read_manifest(index: Path) -> Manifest:
    """The manifest of the index folder. Raises IndexNotFound or IndexCorrupt."""
    path = index / "manifest.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(stored, dict) or "format" not in stored:
            raise ValueError("it is no manifest")
        if stored["format"] != FORMAT:
            raise IndexCorrupt(f"the index at {index} is of another version; build it again with `quoth index`")
        manifest = Manifest(**stored)
        _check_types(manifest)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexNotFound(f"no index at {index}; build one with `quoth index`") from error
    except (OSError, ValueError, TypeError) as error:
        raise IndexCorrupt(f"{path} can't be read ({error}); build the index again with `quoth index`") from error
    return manifest


def documents_of(index: Path) -> Path | None:
    """The folder that an index of whatever version was built from, None where its manifest does not tell."""
    try:
        docs = json.loads((index / "manifest.json").read_text(encoding="utf-8"))["docs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Path(docs) if isinstance(docs, str) and docs else None


def _check_types(manifest: Manifest) -> None:
    """Raises ValueError where a value is not of its field's type."""
    for field in fields(Manifest):
        expected = {"int": int, "bool": bool, "str": str, "Precision": str}.get(str(field.type), dict)
        if not isinstance(getattr(manifest, field.name), expected):
            raise ValueError(f"{field.name} is wrong")
    for name, stamp in manifest.files.items():
        if not (isinstance(stamp, list) and len(stamp) == 2):
            raise ValueError(f"files: {name} is wrong")


def open_store(index: Path) -> Store:
    """The current generation. Raises IndexNotFound or IndexCorrupt."""
    manifest = read_manifest(index)
    for _ in range(_GENERATIONS_OUTRUN):
        try:
            return Store(index, manifest)
        except IndexCorrupt:
            newer = read_manifest(index)  # another process may have replaced the generation just now
            if newer.generation == manifest.generation:
                raise
            manifest = newer
    return Store(index, manifest)


@contextmanager
def building(index: Path, waiting: Callable[[], None], timeout_s: float = 600.0) -> Iterator[None]:
    """Hold the index for one builder; a second one waits, and calls `waiting` once. Raises IndexProblem.

    What a killed build left behind is removed.
    """
    with writing_to(index):
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / ".lock")
        try:
            try:
                lock.acquire(timeout=0)
            except Timeout:
                waiting()
                lock.acquire(timeout=timeout_s)
        except Timeout as error:
            raise IndexProblem(f"another process is still building {index}; try again when it is done") from error
        try:
            _sweep(index)
            yield
        finally:
            lock.release()
            if not (index / "manifest.json").exists():  # a first build that failed leaves nothing
                with suppress(OSError):
                    (index / ".lock").unlink()
                    index.rmdir()


def _sweep(index: Path) -> None:
    """Remove every generation but the current one."""
    try:
        current = read_manifest(index).generation
    except IndexNotFound:
        current = None
    except IndexCorrupt:
        return  # it may still be of use to whoever looks into the damage
    for folder in index.glob("generation-*"):
        if folder.name != current:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def writing_to(index: Path) -> Iterator[None]:
    """Turn what goes wrong in writing into one line, which says that an index in use is whole."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        full = getattr(error, "errno", None) == errno.ENOSPC or "disk is full" in str(error)
        advice = "make room there" if full else "check the folder and its permissions"
        reason = getattr(error, "strerror", None) or str(error)
        kept = " (the index in use was not touched)" if (index / "manifest.json").is_file() else ""
        raise IndexProblem(
            f"can't write the index in {index}: {reason}; {advice} and run `quoth index` again{kept}"
        ) from error


def save_generation(index: Path, entries: Sequence[Entry], manifest: Manifest) -> Manifest:
    """Write a generation beside the current one, then let the manifest name it. Call it inside `building`.

    `manifest` is completed: generation, counts and files are filled in here.
    """
    generation = f"generation-{uuid.uuid4().hex[:12]}"
    folder = index / generation
    try:
        folder.mkdir()
        _write(folder, entries, manifest.faiss)
        files = {
            path.relative_to(folder).as_posix(): [path.stat().st_size, _sha256(path)]
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        done = Manifest(
            **{
                **asdict(manifest),
                "generation": generation,
                "files": files,
                "documents": len(entries),
                "passages": sum(len(entry.passages) for entry in entries),
            }
        )
        beside = folder / "manifest.json"
        beside.write_text(json.dumps(asdict(done), indent=1), encoding="utf-8")
        os.replace(beside, index / "manifest.json")
    except BaseException:  # Ctrl-C included: nothing half-written stays
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _sweep(index)
    return done


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(folder: Path, entries: Sequence[Entry], factory: str) -> None:
    database = sqlite3.connect(folder / "passages.sqlite")
    try:
        database.executescript(_SCHEMA)
        with database:
            first = 0
            for number, entry in enumerate(entries):
                _write_entry(database, number, entry, first)
                first += len(entry.passages)
    finally:
        database.close()
    vectors = np.concatenate([entry.vectors for entry in entries])
    with (folder / "vectors.npy").open("wb") as file:
        np.save(file, vectors)
    if factory != FLAT:
        DenseIndex.build(vectors, factory).save(folder / "dense.faiss")
    SparseIndex.build([terms(text) for entry in entries for text in entry.indexed]).save(folder / "sparse")


def _write_entry(database: sqlite3.Connection, number: int, entry: Entry, first: int) -> None:
    """A document and its passages; passage ids are row numbers of the vectors, from `first`."""
    d = entry.document
    database.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            d.doc_id,
            entry.key,
            d.sha256,
            d.encoding,
            d.title,
            d.date,
            d.publisher,
            d.text.encode(),
            entry.size,
            entry.mtime_ns,
        ),
    )
    database.executemany(
        "INSERT INTO sections VALUES (?, ?, ?, ?, ?)",
        [
            (number, place, section.heading, section.date, section.is_article)
            for place, section in enumerate(d.sections)
        ],
    )
    database.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                id_,
                number,
                p.section,
                p.text.encode(),
                json.dumps(p.reading.runs),
                json.dumps(p.sentences),
                text.encode(),
            )
            for id_, (p, text) in enumerate(zip(entry.passages, entry.indexed, strict=True), first)
        ],
    )
