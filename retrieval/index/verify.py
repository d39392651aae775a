"""Compares an index with the files on disk: every document and passage, or, quickly, which files have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from retrieval.documents.files import list_files, read_file, stamp_of_skipped
from retrieval.documents.read import extract
from retrieval.documents.sources import SOURCES_NAME, read_sources, sources_sha256
from retrieval.errors import QuothError
from retrieval.index.store import Store
from retrieval.schema import Document, Passage


def verify(store: Store) -> Iterator[str]:
    """A line for each document or passage that differs from its file; none if nothing differs.

    Every mapped character of a passage's reading text must equal the file's character at that offset, and every
    sentence must map to some part of the file.
    """
    for name in store.damaged_files():
        yield f"{name}: this file of the index is damaged"
    docs = Path(store.manifest.docs)
    if not os.path.isdir(docs):
        yield f"{docs}: the folder of documents is gone"
        return
    if sources_sha256(docs) != store.manifest.sources_sha256:
        yield f"{SOURCES_NAME}: the file has changed since it was indexed"
    stated: dict[str, dict[str, str]] = {}
    with suppress(QuothError):  # one that can't be read has changed, which is told above
        stated = read_sources(docs)
    numbers = store.document_numbers()
    known = set()
    for number in numbers:
        document = store.document(number)
        known.add(document.doc_id)
        changed = _file_problem(docs / document.doc_id, document, stated.get(document.doc_id, {}).get("encoding"))
        if changed:
            yield f"{document.doc_id}: {changed}"
            continue
        for passage_number, passage in enumerate(store.passages_of(number), 1):
            problem = _passage_problem(passage, document)
            if problem:
                yield f"{document.doc_id}: passage {passage_number}: {problem}"
    for path in list_files(docs):
        name = path.relative_to(docs).as_posix()
        if name not in known and name not in store.manifest.skipped:
            yield f"{name}: not in the index"


def _file_problem(path: Path, document: Document, encoding: str | None) -> str | None:
    with suppress(OSError):
        if not path.exists():
            return "the file is gone"
    try:
        raw, _ = read_file(path)
        text = extract(document.doc_id, raw, {"encoding": encoding} if encoding else {}).text
    except QuothError as error:
        return f"the file can't be read now: {error}"
    if hashlib.sha256(raw).hexdigest() != document.sha256:
        return "the file has changed since it was indexed"
    return None if text == document.text else "the stored text differs from the file"


def _passage_problem(passage: Passage, document: Document) -> str | None:
    for reading, original, length in passage.reading.runs:
        ours = passage.text[reading : reading + length]
        theirs = document.text[original : original + length]
        if len(theirs) != length or any(
            a != b and not (a == " " and b.isspace()) for a, b in zip(ours, theirs, strict=True)
        ):
            return f"its text {ours[:40]!r} differs from the file at character {original}"
    for start, end in passage.sentences:
        if not passage.reading.spans(start, end, document.text):
            return f"its sentence at character {start} maps to nothing in the file"
    return None


def changed_files(store: Store) -> list[str]:
    """Documents whose file was changed, added or removed since the index was built, by size and modification time.

    A file that could not be read then counts if its stamp changed. A changed SOURCES.toml comes last. The list is empty
    where the folder can't be read.
    """
    docs = Path(store.manifest.docs)
    try:
        files = {path.relative_to(docs).as_posix(): path for path in list_files(docs)}
    except QuothError:
        return []
    stamps = {name: stamp[1:] for name, stamp in store.stamps().items()}
    skipped = store.manifest.skipped
    names = (files.keys() | stamps.keys()) - skipped.keys()
    changed = {name for name in names if name not in files or stamps.get(name) != _stamp(files[name])}
    changed |= {name for name in files.keys() & skipped.keys() if skipped[name] != stamp_of_skipped(files[name])}
    listed = sorted(changed)
    if sources_sha256(docs) != store.manifest.sources_sha256:
        listed.append(SOURCES_NAME)
    return listed


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
