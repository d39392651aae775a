"""SOURCES.toml: the title, publisher, date and encoding of files, as stated by their owner."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from retrieval.documents.encodings import is_text_encoding
from retrieval.errors import DocumentError

SOURCES_NAME = "SOURCES.toml"
_KEYS = ("title", "publisher", "date", "encoding")


def read_sources(folder: Path) -> dict[str, dict[str, str]]:
    """Title, publisher, date and encoding by file, from the folder's SOURCES.toml; empty where there is no such file.

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
        if key not in _KEYS or not isinstance(value, str)
    ]
    if wrong:
        raise DocumentError(
            f"{path}: {', '.join(wrong)}: each file needs a table with title, publisher, date and encoding, all strings"
        )
    unknown = [
        f"{name}.encoding = {entry['encoding']!r}"
        for name, entry in stated.items()
        if "encoding" in entry and not is_text_encoding(entry["encoding"])
    ]
    if unknown:
        raise DocumentError(
            f"{path}: {', '.join(unknown)}: this is no encoding of text files; write one such as windows-1252 or utf-8"
        )
    return stated


def sources_sha256(folder: Path) -> str:
    """The SHA-256 of the folder's SOURCES.toml, "" where there is none or it can't be read."""
    try:
        return hashlib.sha256((folder / SOURCES_NAME).read_bytes()).hexdigest()
    except OSError:
        return ""
