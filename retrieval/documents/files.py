"""The files in a folder of documents. Light to import, because it runs before every answer."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from retrieval.documents.formats import EXAMPLES, is_read
from retrieval.errors import DocumentError


def list_files(folder: Path) -> list[Path]:
    """Every file below the folder whose format we read, except hidden ones, sorted by path. Raises DocumentError."""
    try:
        is_folder, is_there = folder.is_dir(), folder.exists()
    except OSError as error:
        raise DocumentError(f"can't read the folder {folder}: {error.strerror}; name another with --docs") from error
    if not is_folder:
        what = f"{folder} is a file, not a folder" if is_there else f"no folder {folder}"
        raise DocumentError(f"{what}; name one that holds {EXAMPLES} files with --docs")
    files = []
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [
            Path(parent, name) for name in names if is_read(name) and not name.startswith(".")
        ]
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def read_file(path: Path) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file, and its size and times. Raises DocumentError with the reason, not the path."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise DocumentError("its path is not valid UTF-8; rename it") from error
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # reading a pipe could block for ever
            raise DocumentError("it is not a regular file")
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
