"""Bytes -> text: which encoding a file is in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from retrieval.errors import DocumentError

_TYPOGRAPHIC = frozenset("‘’“”–—…•€£©®°§\xa0".encode("cp1252"))


def decode(raw: bytes) -> tuple[str, str]:
    """The text, without a byte order mark, and the name of its encoding. Raises DocumentError.

    A byte order mark decides where there is one. Otherwise strict UTF-8 is tried, then charset_normalizer.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _decode_as(raw, encoding), encoding
    for encoding in _guesses(raw):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise DocumentError("it is not text: no encoding fits; convert it to UTF-8 or move it away")


def _decode_as(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"it has the byte order mark of {encoding}, but byte {error.start} is not {encoding}; convert it to UTF-8"
        ) from error


def _guesses(raw: bytes) -> Iterator[str]:
    if b"\0" in raw:  # only UTF-16 and UTF-32 text has zero bytes; in mostly Latin UTF-16 every second byte is zero
        for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            half = raw[offset::2]
            if len(raw) % 2 == 0 and half.count(0) > 0.4 * len(half) and raw[1 - offset :: 2].count(0) == 0:
                yield encoding
    is_binary = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in raw) > 0.05 * len(raw)
    if b"\0" in raw and (is_binary or raw.count(0) > max(1, len(raw) // 1000)):
        return
    if b"\x1b$" in raw:
        yield "iso2022_jp"  # all of it is ASCII
    yield "utf-8"
    if is_binary:
        return
    if {byte for byte in raw if byte > 127} <= _TYPOGRAPHIC:
        yield "cp1252"  # too few bytes for the detector
    from charset_normalizer import from_bytes  # slow to load, and only legacy encodings need it

    matches = list(from_bytes(raw))
    western = next((match for match in matches if match.encoding == "cp1252"), None)
    # The detector tries cp1250 first; where the Western code page fits about as well, it is far more common.
    if western and western.coherence >= matches[0].coherence - 0.01 and western.chaos <= matches[0].chaos + 0.1:
        yield western.encoding
    yield from (match.encoding for match in matches[:1])
