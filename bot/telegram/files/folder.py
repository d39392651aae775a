"""The folder of uploaded documents, below the folder of documents. All methods may raise OSError.

A file is written under a hidden name, which the index does not read, and renamed when it is complete.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from retrieval.documents.files import is_junk
from retrieval.documents.formats import is_read

UPLOADS = "uploads"
_UNFINISHED = ".quoth-"


class UploadFolder:
    """The files in it that can be documents, by name; names come from `safe_name` or from `names`."""

    def __init__(self, docs: Path) -> None:
        self._folder = docs / UPLOADS

    def names(self) -> list[str]:
        """The names of the uploaded documents, sorted."""
        try:
            with os.scandir(self._folder) as entries:
                files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        except FileNotFoundError:
            return []
        return sorted(name for name in files if is_read(name) and not is_junk(name))

    def holds(self, name: str) -> bool:
        """Whether there is anything of that name."""
        return os.path.lexists(self._folder / name)

    def has(self, name: str, content: bytes) -> bool:
        """Whether there is a file of that name with that content."""
        path = self._folder / name
        if path.is_symlink() or not path.is_file() or path.stat().st_size != len(content):
            return False
        return path.read_bytes() == content

    def write(self, name: str, content: bytes) -> None:
        """Store a file whole or not at all."""
        self._folder.mkdir(exist_ok=True)
        number, beside = tempfile.mkstemp(dir=self._folder, prefix=_UNFINISHED)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(number)
            os.chmod(beside, 0o644)  # as other documents, which other programs may read
            os.rename(beside, self._folder / name)
        except BaseException:
            os.unlink(beside)
            raise

    def set_aside(self, name: str) -> Path:
        """Hide a file; what `put_back` or `delete` takes."""
        aside = self._folder / f"{_UNFINISHED}{name}"
        os.rename(self._folder / name, aside)
        return aside

    def put_back(self, aside: Path) -> None:
        os.rename(aside, aside.with_name(aside.name.removeprefix(_UNFINISHED)))

    def delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete what a process that ended in the middle left behind."""
        for path in self._folder.glob(f"{_UNFINISHED}*"):
            path.unlink(missing_ok=True)
