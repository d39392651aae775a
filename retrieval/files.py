"""The files of a folder of documents; light, for it runs before every answer."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from retrieval.errors import DocumentError

_SUFFIXES = {".txt", ".md", ".markdown", ".text"}


def list_files(folder: Path) -> list[Path]:
    """Everything named .txt or .md below the folder, hidden ones left out, sorted by path. Raises DocumentError."""
    if not folder.is_dir():
        what = f"{folder} is a file, not a folder" if folder.exists() else f"no folder {folder}"
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
    if not os.fsencode(path.name).decode("utf-8", "replace") == path.name:
        raise DocumentError("its name is no UTF-8; rename it")
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # reading a pipe would wait for ever
            raise DocumentError("not a regular file")
        return path.read_bytes(), found
    except OSError as error:
        raise DocumentError(f"{error.strerror}; check the file and its permissions") from error


def _refuse(error: OSError) -> None:
    raise DocumentError(f"can't read the folder {error.filename}: {error.strerror}; check its permissions") from error
