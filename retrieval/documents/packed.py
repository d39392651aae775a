"""Files that are zips inside (Word, PowerPoint, Excel, OpenDocument, EPUB): their members, unpacked within the limits.

Nothing is ever written to disk, and what a member says of its own size is never trusted: bytes are counted while they
are unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable

from retrieval.documents.disguise import DAMAGED, PROTECTED, why_unreadable
from retrieval.documents.elements import Limits
from retrieval.errors import DocumentError

_PIECE_BYTES = 1 << 16
_MAX_MEMBERS = 65_535  # what a zip can count without the Zip64 extension
_CENTRAL_ENTRY = b"PK\x01\x02"


class Package:
    """The members of a zip file, by name; names have forward slashes, and folders are left out."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        """Read the list of members. Raises DocumentError where the file is no zip, or one that must not be read."""
        _check(raw, limits)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise DocumentError(DAMAGED) from error
        self._unpacked_mb = limits.unpacked_mb
        self._bytes_left = limits.unpacked_mb * 1_000_000
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            name = member.filename.replace("\\", "/")
            if name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
                raise DocumentError("a path in it points outside the file, which no office program does; don't open it")
            if member.flag_bits & 0x1:
                raise DocumentError(PROTECTED)
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise DocumentError(
                    DAMAGED
                )  # office formats allow no other, and zipfile unpacks others in pieces of any size
            if not name.endswith("/"):
                self._members[name] = member

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names, in the order of the zip's directory."""
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """A member's bytes, each reading of which counts. Raises DocumentError: too large, damaged or missing."""
        if name not in self._members:
            raise DocumentError(f"{name} is missing in it; open it in the program that made it and save it again")
        pieces = []
        try:
            # In small pieces: a member read at once is unpacked past the size it states, whatever that costs.
            with self._zip.open(self._members[name]) as member:
                while piece := member.read(_PIECE_BYTES):
                    self._bytes_left -= len(piece)
                    if self._bytes_left < 0:
                        size = f"{self._unpacked_mb} MB when unpacked"
                        raise DocumentError(f"it is larger than {size}; raise the limit with --max-unpacked-mb")
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
            raise DocumentError(DAMAGED) from error
        return b"".join(pieces)

    def repacked(self, is_kept: Callable[[str], bool]) -> io.BytesIO:
        """A zip of the same members for a library that wants a file: every size in it is true.

        Members that are not kept, such as pictures, are there without content: they are not unpacked.
        """
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as copy:
            for name in self._members:
                copy.writestr(name, self.read(name) if is_kept(name) else b"")
        target.seek(0)
        return target


def _check(raw: bytes, limits: Limits) -> None:
    if len(raw) > limits.file_mb * 1_000_000:
        raise DocumentError(f"it is larger than {limits.file_mb} MB; raise the limit with --max-file-mb")
    if not raw.startswith(b"PK"):
        raise DocumentError(why_unreadable(raw))
    if raw.count(_CENTRAL_ENTRY) > _MAX_MEMBERS:
        raise DocumentError(f"it holds more than {_MAX_MEMBERS:,} packed files, which no office program writes")
