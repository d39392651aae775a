"""An index against the files on disk: every document and passage, or, quickly, which files have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from retrieval.documents.encodings import decode
from retrieval.documents.files import list_files, read_file, stamp_of_skipped
from retrieval.documents.sources import SOURCES_NAME, sources_sha256
from retrieval.errors import QuothError
from retrieval.index.store import Store
from retrieval.schema import Document, Passage


def verify(store: Store) -> Iterator[str]:
    """A line for each document or passage that differs from its file; nothing where all is as it was.

    Every character of a passage's reading text must be the file's at the place its map gives,
    and every sentence must have a place in it.
    """
    for name in store.damaged_files():
        yield f"{name}: this file of the index is not as it was written"
    docs = Path(store.manifest.docs)
    if not os.path.isdir(docs):
        yield f"{docs}: the folder of documents is gone"
        return
    if sources_sha256(docs) != store.manifest.sources_sha256:
        yield f"{SOURCES_NAME}: the file has changed since it was indexed"
    numbers = store.document_numbers()
    known = set()
    for number in numbers:
        document = store.document(number)
        known.add(document.doc_id)
        changed = _file_problem(docs / document.doc_id, document)
        if changed:
            yield f"{document.doc_id}: {changed}"
            continue
        for place, passage in enumerate(store.passages_of(number), 1):
            problem = _passage_problem(passage, document)
            if problem:
                yield f"{document.doc_id}: passage {place}: {problem}"
    for path in list_files(docs):
        name = path.relative_to(docs).as_posix()
        if name not in known and name not in store.manifest.skipped:
            yield f"{name}: not in the index"


def _file_problem(path: Path, document: Document) -> str | None:
    with suppress(OSError):
        if not path.exists():
            return "the file is gone"
    try:
        raw, _ = read_file(path)
        text, _ = decode(raw)
    except QuothError as error:
        return f"the file can't be read now: {error}"
    if hashlib.sha256(raw).hexdigest() != document.sha256:
        return "the file has changed since it was indexed"
    return None if text == document.text else "the stored text is not the file's"


def _passage_problem(passage: Passage, document: Document) -> str | None:
    for reading, original, length in passage.reading.runs:
        ours = passage.text[reading : reading + length]
        theirs = document.text[original : original + length]
        if len(theirs) != length or any(
            a != b and not (a == " " and b.isspace()) for a, b in zip(ours, theirs, strict=True)
        ):
            return f"its words {ours[:40]!r} are not the file's at {original}"
    for start, end in passage.sentences:
        if not passage.reading.spans(start, end, document.text):
            return f"a sentence at {start} has no place in the file"
    return None


def changed_files(store: Store) -> list[str]:
    """Documents whose file was changed, added or removed since the index was built, by size and time of change.

    Files that could not be read then count where anything of them changed; none where the folder itself is gone.
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
    return sorted(changed) + [SOURCES_NAME] * (sources_sha256(docs) != store.manifest.sources_sha256)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
