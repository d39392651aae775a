"""SOURCES.toml: the title, publisher and date of files, as stated by their owner."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from retrieval.errors import DocumentError

SOURCES_NAME = "SOURCES.toml"


def read_sources(folder: Path) -> dict[str, dict[str, str]]:
    """Title, publisher and date by file, from the folder's SOURCES.toml; empty where there is no such file.

    Raises DocumentError.
    """
    path = folder / SOURCES_NAME
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DocumentError(f"can't read {path}: {error}; correct the file or move it away") from error
    wrong = [
        f"{name}.{key}" if isinstance(entry, dict) else name
        for name, entry in stated.items()
        for key, value in (entry.items() if isinstance(entry, dict) else [("", None)])
        if key not in ("title", "publisher", "date") or not isinstance(value, str)
    ]
    if wrong:
        raise DocumentError(
            f"{path}: {', '.join(wrong)}: each file needs a table with title, publisher and date, all strings"
        )
    return stated


def sources_sha256(folder: Path) -> str:
    """The SHA-256 of the folder's SOURCES.toml, "" where there is none or it can't be read."""
    try:
        return hashlib.sha256((folder / SOURCES_NAME).read_bytes()).hexdigest()
    except OSError:
        return ""
