"""Compares an index with the files on disk: every document and passage, or, quickly, which files have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from retrieval.documents.elements import Limits
from retrieval.documents.files import list_files, read_file, stamp_of_skipped
from retrieval.documents.read import extract
from retrieval.documents.sources import SOURCES_NAME, read_sources, sources_sha256
from retrieval.errors import QuothError
from retrieval.index.store import Store
from retrieval.schema import Document, Passage

Status = Literal["unchanged", "moved", "changed", "gone", "unreadable", "damaged", "new"]
"""What became of a document; "damaged" where the index differs from an unchanged file, "new" for a file not in it."""


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one document since it was indexed.

    `detail` says it in words, "" for an unchanged one and where `passage_problems` say it: what is wrong with passages
    that differ from the document they were cut from. `standing` tells for each passage of a changed document, in
    reading order, whether its words still stand in the file; it is empty for any other.
    """

    document: str
    status: Status
    detail: str = ""
    standing: tuple[bool, ...] = ()
    passage_problems: tuple[str, ...] = ()


def verify(store: Store) -> Iterator[str]:
    """A line for each file of the index, document or passage that differs from its file; none if nothing differs."""
    yield from index_problems(store)
    for check in check_documents(store):
        if check.detail:
            yield f"{check.document}: {check.detail}"
        yield from (f"{check.document}: {problem}" for problem in check.passage_problems)


def index_problems(store: Store) -> Iterator[str]:
    """A line for what is wrong with the index itself, with its folder of documents, or with their SOURCES.toml."""
    for name in store.damaged_files():
        yield f"{name}: this file of the index is damaged"
    docs = Path(store.manifest.docs)
    if not os.path.isdir(docs):
        yield f"{docs}: the folder of documents is gone"
    elif sources_sha256(docs) != store.manifest.sources_sha256:
        yield f"{SOURCES_NAME}: the file has changed since it was indexed"


def check_documents(store: Store) -> Iterator[Check]:
    """What became of each document, and then each file that is not in the index. Nothing where the folder is gone.

    The text of each file is read again as for the index. Every mapped character of a passage's reading text must equal
    the text's character at that offset, and every sentence must map to some part of the text.
    """
    docs = Path(store.manifest.docs)
    if not os.path.isdir(docs):
        return
    stated: dict[str, dict[str, str]] = {}
    with suppress(QuothError):  # one that can't be read has changed, which `index_problems` tells
        stated = read_sources(docs)
    limits = Limits(**store.manifest.limits)
    known = set(store.stamps())
    names = (path.relative_to(docs).as_posix() for path in list_files(docs))
    unknown = {name: docs / name for name in names if name not in known and name not in store.manifest.skipped}
    moved_to: dict[str, str] | None = None  # by hash; files that are not in the index are read only if one is gone
    found_again = set()
    for number in store.document_numbers():
        document = store.document(number)
        path = docs / document.doc_id
        if _is_there(path):
            yield _check(store, number, path, stated.get(document.doc_id, {}), limits)
            continue
        moved_to = _hashes(unknown) if moved_to is None else moved_to
        name = moved_to.get(document.sha256)
        if name:
            found_again.add(name)
            yield Check(document.doc_id, "moved", f"moved: the same content is now in {name}")
        else:
            yield Check(document.doc_id, "gone", "the file is gone")
    for name in sorted(unknown.keys() - found_again):
        yield Check(name, "new", "not in the index")


def _check(store: Store, number: int, path: Path, stated: Mapping[str, str], limits: Limits) -> Check:
    """What became of a document whose file is there."""
    document, passages = store.document(number), store.passages_of(number)
    try:
        raw, _ = read_file(path)
        text = extract(document.doc_id, raw, stated, limits).text
    except QuothError as error:
        return Check(document.doc_id, "unreadable", f"the file can't be read now: {error}")
    if hashlib.sha256(raw).hexdigest() != document.sha256:
        now = _words(text)
        standing = tuple(_stands(passage, document, now) for passage in passages)
        count = f"{sum(standing)} of {len(standing)}"
        detail = f"the file has changed since it was indexed; passages that still stand in it: {count}"
        return Check(document.doc_id, "changed", detail, standing)
    if text != document.text:
        return Check(document.doc_id, "damaged", "the stored text differs from the file")
    problems = ((at, _passage_problem(passage, document)) for at, passage in enumerate(passages, 1))
    found = tuple(f"passage {at}: {problem}" for at, problem in problems if problem)
    return Check(document.doc_id, "damaged" if found else "unchanged", passage_problems=found)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return True  # we may not look; reading it will say so


def _hashes(files: Mapping[str, Path]) -> dict[str, str]:
    """The name of each file that can be read, by its hash."""
    found = {}
    for name, path in files.items():
        with suppress(QuothError):
            found[hashlib.sha256(read_file(path)[0]).hexdigest()] = name
    return found


def _stands(passage: Passage, document: Document, text_now: str) -> bool:
    """Whether the words that a passage was cut from still stand in the text as it is now, its headings aside."""
    first = passage.sentences[passage.headings][0] if passage.headings < len(passage.sentences) else 0
    spans = passage.reading.spans(first, len(passage.text), document.text)
    return all(_words(document.text[start:end]) in text_now for start, end in spans)


def _words(text: str) -> str:
    """The text with single spaces, so that a line wrapped elsewhere is no change."""
    return " ".join(text.split())


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
