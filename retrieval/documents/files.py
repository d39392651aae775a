"""The files in a folder of documents. Light to import, because it runs before every answer."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from retrieval.documents.elements import Limits
from retrieval.documents.formats import EXAMPLES, is_read
from retrieval.documents.sources import SOURCES_NAME
from retrieval.errors import DocumentError

NOT_SUPPORTED = "format not supported"
LINKED_FOLDER = "a link to a folder; links are not followed"
_JUNK = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
"""What systems put into folders by themselves, in lower case. No one means these files to be read."""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """The files below a folder: `documents` are those whose format we read, sorted by path.

    `not_read` pairs the path below the folder of every other file with the reason, sorted too. Hidden files and what
    systems and office programs leave behind are in neither.
    """

    documents: tuple[Path, ...]
    not_read: tuple[tuple[str, str], ...]


def list_folder(folder: Path) -> FolderFiles:
    """Every file below the folder. Links to folders are not followed, so no loop is. Raises DocumentError."""
    try:
        is_folder, is_there = folder.is_dir(), folder.exists()
    except OSError as error:
        raise DocumentError(f"can't read the folder {folder}: {error.strerror}; name another with --docs") from error
    if not is_folder:
        what = f"{folder} is a file, not a folder" if is_there else f"no folder {folder}"
        raise DocumentError(f"{what}; name one that holds {EXAMPLES} files with `quoth index DIR` or --docs")
    documents: dict[str, Path] = {}
    not_read: dict[str, str] = {}
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(parent, name) for name in names if not is_junk(name)):
            below = path.relative_to(folder).as_posix()
            if is_read(path.name):
                documents[below] = path
            elif below != SOURCES_NAME:
                not_read[below] = NOT_SUPPORTED
        linked = (Path(parent, name) for name in folders)
        not_read |= {path.relative_to(folder).as_posix(): LINKED_FOLDER for path in linked if path.is_symlink()}
    return FolderFiles(tuple(documents[name] for name in sorted(documents)), tuple(sorted(not_read.items())))


def list_files(folder: Path) -> list[Path]:
    """Every file below the folder whose format we read, except hidden ones, sorted by path. Raises DocumentError."""
    return list(list_folder(folder).documents)


def is_junk(name: str) -> bool:
    """Whether a file is hidden, the lock file of an open Word document, or what a system leaves in every folder."""
    return name.startswith((".", "~$")) or name.lower() in _JUNK


def read_file(path: Path, max_mb: int | None = None) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file, and its size and times.

    Raises DocumentError with the reason, not the path, also for a file of more than `max_mb` millions of bytes.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise DocumentError("its path is not valid UTF-8; rename it") from error
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # reading a pipe could block for ever
            raise DocumentError("it is not a regular file")
        if max_mb is not None:
            Limits(file_mb=max_mb).check_size(found.st_size)
        return path.read_bytes(), found
    except OSError as error:
        raise DocumentError(f"{error.strerror}; check the file and its permissions") from error


def stamp_of_skipped(path: Path) -> list[int]:
    """Size and ctime of a file that could not be read, so that a change of permissions counts; empty if it is gone."""
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_ctime_ns]


def _refuse(error: OSError) -> None:
    raise DocumentError(f"can't read the folder {error.filename}: {error.strerror}; check its permissions") from error
