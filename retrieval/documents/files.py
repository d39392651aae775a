"""The files of a folder of documents; light, for it runs before every answer."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from retrieval.errors import DocumentError

SOURCES_NAME = "SOURCES.toml"
_SUFFIXES = {".txt", ".md", ".markdown", ".text"}


def list_files(folder: Path) -> list[Path]:
    """Everything named .txt or .md below the folder, hidden ones left out, sorted by path. Raises DocumentError."""
    try:
        is_folder, is_there = folder.is_dir(), folder.exists()
    except OSError as error:
        raise DocumentError(f"can't read the folder {folder}: {error.strerror}; name another with --docs") from error
    if not is_folder:
        what = f"{folder} is a file, not a folder" if is_there else f"no folder {folder}"
        raise DocumentError(f"{what}; name one that holds .txt or .md files with --docs")
    files = []
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [
            Path(parent, name) for name in names if Path(name).suffix.lower() in _SUFFIXES and not name.startswith(".")
        ]
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def read_file(path: Path) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file, and its size and times. Raises DocumentError with the reason alone."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise DocumentError("its name, or a folder's above it, is no UTF-8; rename it") from error
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # reading a pipe would wait for ever
            raise DocumentError("not a regular file")
        return path.read_bytes(), found
    except OSError as error:
        raise DocumentError(f"{error.strerror}; check the file and its permissions") from error


def stamp_of_skipped(path: Path) -> list[int]:
    """Size and time of the last change, of permissions too, of a file that could not be read; empty for none."""
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_ctime_ns]


def sources_sha256(folder: Path) -> str:
    """The hash of the folder's SOURCES.toml, "" where there is none that can be read."""
    try:
        return hashlib.sha256((folder / SOURCES_NAME).read_bytes()).hexdigest()
    except OSError:
        return ""


def _refuse(error: OSError) -> None:
    raise DocumentError(f"can't read the folder {error.filename}: {error.strerror}; check its permissions") from error
