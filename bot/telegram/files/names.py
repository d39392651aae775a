"""The name of a file that a person sends, made safe to store under. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import PurePosixPath

NAME_CHARS, NAME_BYTES = 100, 200
"""The longest name without its suffix; file systems take 255 bytes in all, and a number may be added."""
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_FOLDERS = re.compile(r"[/\\]")
_NOT_EVERYWHERE = re.compile(r'[<>:"|?*]')  # Windows refuses these in a name
_HIDES = " .~$"  # at the start, these hide a file, or mark an office program's lock file


def safe_name(name: str) -> str:
    """The last part of the name in NFC, shortened, without what could hide, reorder or redirect it; "" if none is left.

    The suffix stays as it is.
    """
    last = _FOLDERS.split(name)[-1]
    seen = "".join(char for char in last if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    shown = _NOT_EVERYWHERE.sub("_", " ".join(unicodedata.normalize("NFC", seen).split())).lstrip(_HIDES)
    path = PurePosixPath(shown)
    stem = path.stem[:NAME_CHARS]
    while len(stem.encode()) > NAME_BYTES:
        stem = stem[:-1]
    stem = stem.rstrip(" .")
    return stem + path.suffix if stem else ""


def names_like(name: str) -> Iterator[str]:
    """The name, then "name (2)", "name (3)" and so on, each with the suffix."""
    yield name
    path = PurePosixPath(name)
    yield from (f"{path.stem} ({number}){path.suffix}" for number in count(2))
