"""Writes an index folder: a new generation beside the current one, then the manifest that names it."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from retrieval.errors import IndexCorrupt, IndexNotFound, IndexProblem
from retrieval.hashing import sha256_of_file
from retrieval.index.dense import DenseIndex
from retrieval.index.forms import other_forms
from retrieval.index.manifest import MANIFEST, Manifest, build_command, manifest_json, read_manifest
from retrieval.index.sparse import SparseIndex
from retrieval.index.tables import DATABASE, TABLES, Entry, insert_entry, insert_forms, insert_words
from retrieval.settings import FLAT
from retrieval.text import DEFAULT_LANGUAGE, terms

_LEAST_SHARE = 0.1
"""Of the passages, for a language's dictionary to be worth loading."""


@contextmanager
def building(index: Path, waiting: Callable[[], None], timeout_s: float = 600.0) -> Iterator[None]:
    """Lock the index for one builder; a second one calls `waiting` once and waits. Raises IndexProblem.

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
            _remove_old_generations(index)
            yield
        finally:
            lock.release()  # its file stays: a process that waits for the lock has it open


def _remove_old_generations(index: Path) -> None:
    """Remove every generation but the current one."""
    try:
        current = _current(index)
    except IndexCorrupt:
        return  # the generations may help whoever looks into the damage
    for folder in index.glob("generation-*"):
        if folder.name != current:
            shutil.rmtree(folder, ignore_errors=True)


def _current(index: Path) -> str | None:
    """The generation that the manifest names, None where there is none. Raises IndexCorrupt."""
    try:
        return read_manifest(index).generation
    except IndexNotFound:
        return None


@contextmanager
def writing_to(index: Path) -> Iterator[None]:
    """Raise IndexProblem for a write error, in one line that says that the index in use was not touched."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        full = getattr(error, "errno", None) == errno.ENOSPC or "disk is full" in str(error)
        advice = "make room there" if full else "check the folder and its permissions"
        reason = getattr(error, "strerror", None) or str(error)
        kept = " (the index in use was not touched)" if (index / MANIFEST).is_file() else ""
        raise IndexProblem(
            f"can't write the index in {index}: {reason}; {advice} and run `{build_command(index)}`{kept}"
        ) from error


def save_generation(index: Path, entries: Sequence[Entry], manifest: Manifest) -> Manifest:
    """Write a generation beside the current one, make it current, and return its manifest. Call it inside `building`.

    The manifest returned is `manifest` with generation, counts and files filled in.
    """
    generation = f"generation-{uuid.uuid4().hex[:12]}"
    folder = index / generation
    try:
        folder.mkdir()
        _write(folder, entries, manifest)
        files = {
            path.relative_to(folder).as_posix(): [path.stat().st_size, sha256_of_file(path)]
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        completed = Manifest(
            **{
                **asdict(manifest),
                "generation": generation,
                "files": files,
                "documents": len(entries),
                "passages": sum(len(entry.passages) for entry in entries),
            }
        )
        temporary = folder / MANIFEST
        temporary.write_text(manifest_json(index, completed), encoding="utf-8")
        os.replace(temporary, index / MANIFEST)
    except BaseException:  # Ctrl-C included: nothing half-written remains
        if _current(index) != generation:  # the manifest may name it already
            shutil.rmtree(folder, ignore_errors=True)
        raise
    _remove_old_generations(index)
    return completed


def _write(folder: Path, entries: Sequence[Entry], manifest: Manifest) -> None:
    main = next(iter(manifest.languages), DEFAULT_LANGUAGE)
    passage_terms = [terms(text, entry.document.language or main) for entry in entries for text in entry.indexed]
    database = sqlite3.connect(folder / DATABASE)
    try:
        database.executescript(TABLES)
        with database:
            first_id = 0
            for number, entry in enumerate(entries):
                insert_entry(database, number, entry, first_id)
                first_id += len(entry.passages)
            insert_words(database, entries)
            known = {term for found in passage_terms for term in found}
            frequent = {code for code, share in manifest.languages.items() if share >= _LEAST_SHARE}
            for language in sorted(frequent | {main}):
                insert_forms(database, other_forms(known, language))
    finally:
        database.close()
    vectors = np.concatenate([entry.vectors for entry in entries])
    with (folder / "vectors.npy").open("wb") as file:
        np.save(file, vectors)
    if manifest.faiss != FLAT:
        DenseIndex.build(vectors, manifest.faiss).save(folder / "dense.faiss")
    SparseIndex.build(passage_terms).save(folder / "sparse")
