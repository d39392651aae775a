"""Which folder of documents and which index a command means, and what a folder is called where people see it."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

from retrieval.index.manifest import INDEX_IN_FOLDER, MANIFEST

_SEEDS = Path("seeds")
_CLONE = Path(__file__).resolve().parent.parent


def find_index() -> Path:
    """The index of the working folder, or of the nearest folder above it that has one; else where a new one would go.

    The search ends with the home folder, and before a folder that everyone can write to, such as /tmp: an index there
    may be anybody's.
    """
    try:
        working, home = Path.cwd(), Path.home().resolve()
    except (OSError, RuntimeError):  # the working folder is gone, or the user has no home
        return INDEX_IN_FOLDER
    for folder in (working, *working.parents):
        if folder != working and _is_open_to_all(folder):
            break
        if (folder / INDEX_IN_FOLDER / MANIFEST).is_file():
            return INDEX_IN_FOLDER if folder == working else folder / INDEX_IN_FOLDER
        if folder == home:
            break
    return INDEX_IN_FOLDER


def _is_open_to_all(folder: Path) -> bool:
    try:
        return bool(folder.stat().st_mode & stat.S_IWOTH)
    except OSError:
        return True


def is_own_clone(folder: Path) -> bool:
    """Whether the folder is a clone of Quoth, whose sample documents are indexed without being asked for."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    return project.get("project", {}).get("name") == "quoth" and (folder / _SEEDS).is_dir()


def seeds_folder() -> Path:
    """The sample documents: seeds/ in the working folder, else the one installed with Quoth."""
    return _SEEDS if _SEEDS.is_dir() else _CLONE / _SEEDS


def folder_name(docs: str) -> str | None:
    """What to call a folder of documents, never a whole path; None for the sample documents, which need no name."""
    if os.path.realpath(docs) == os.path.realpath(seeds_folder()):
        return None
    return Path(docs).name or docs
