"""How much a PDF file holds once it is unpacked: a small file may unpack to gigabytes."""

from __future__ import annotations

import re
import zlib

from retrieval.errors import DocumentError

_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY_BYTES = 1_000  # before a stream: how far back its dictionary is looked for
_PIECE_BYTES = 1 << 16
_MB = 1_000_000


def check_unpacked(raw: bytes, limit_mb: int) -> None:
    """Raise DocumentError where the packed streams hold more than the limit.

    Images are not counted, because they are not unpacked to read the text. A stream that can't be unpacked counts as
    far as it goes.
    """
    size = 0
    for match in _STREAM.finditer(raw):
        dictionary = raw[max(match.start() - _DICTIONARY_BYTES, 0) : match.start()].rpartition(b" obj")[2]
        if b"/Flate" in dictionary and b"/Image" not in dictionary:
            size += _unpacked_bytes(raw, match.end(), limit_mb * _MB - size)
        if size > limit_mb * _MB:
            raise DocumentError(
                f"it unpacks to more than {limit_mb} MB; raise the limit with `--max-unpacked-mb` to read it"
            )


def _unpacked_bytes(raw: bytes, start: int, enough: int) -> int:
    """The size of the stream that begins at `start`, or a size above `enough`."""
    unpacker, size, tail = zlib.decompressobj(), 0, b""
    try:
        while not unpacker.eof and size <= enough:
            packed = tail or raw[start : start + _PIECE_BYTES]
            if not packed:
                break
            start += 0 if tail else len(packed)
            size += len(unpacker.decompress(packed, _MB))
            tail = unpacker.unconsumed_tail
    except zlib.error:
        pass  # damaged or encrypted: what was unpacked so far counts
    return size
