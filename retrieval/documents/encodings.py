"""Bytes -> text: which encoding a file is in, and what to tell its owner where that is not certain."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from retrieval.errors import DocumentError

_TYPOGRAPHIC = frozenset("‘’“”–—…•€£©®°§\xa0".encode("cp1252"))
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_OF_FILES = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
_BAD_BYTES_NAMED = 5
_GOOD_PER_BAD = 2
"""Letters of valid UTF-8 for each bad byte. Legacy text has some by chance: Chinese in GB18030 about 1 in 7."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text without a byte order mark, and the name of its encoding.

    `remarks` are sentences for the file's owner where the text may be wrong; empty where the encoding is certain.
    """

    text: str
    encoding: str
    remarks: tuple[str, ...] = ()


def decode(raw: bytes, stated: str | None = None) -> Decoded:
    """The text of a file; `stated` is the encoding that its owner states. Raises DocumentError.

    A stated encoding decides, then a byte order mark. Otherwise strict UTF-8 is tried, then UTF-8 with a few bad bytes,
    then the encoding is guessed.
    """
    if stated is not None:
        return _decode_as_stated(raw, stated)
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return Decoded(_decode_with_mark(raw, encoding), encoding)
    for encoding in _guesses(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8" and (damaged := _damaged_utf_8(raw)):
                return damaged
        else:
            return Decoded(text, encoding)
    raise DocumentError("it is not text: no encoding fits; convert it to UTF-8 or move it away")


def is_text_encoding(name: str) -> bool:
    """Whether Python knows the encoding and files can be in it: "hex" and "idna" are not such encodings."""
    try:
        return isinstance(b"a".decode(name), str) and codecs.lookup(name).name not in _NOT_OF_FILES
    except (LookupError, ValueError):
        return False


def _decode_as_stated(raw: bytes, stated: str) -> Decoded:
    """Raises DocumentError, which names the first byte that does not fit."""
    try:
        text = raw.decode(stated)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"SOURCES.toml states the encoding {stated}, but byte {error.start + 1:,} is not {stated}; "
            "correct SOURCES.toml or convert the file to UTF-8"
        ) from error
    return Decoded(text.removeprefix("\ufeff"), stated)  # "utf-8" and "utf-16-le" leave the byte order mark


def _decode_with_mark(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"it has the byte order mark of {encoding}, but byte {error.start + 1:,} is not {encoding}; "
            "convert it to UTF-8"
        ) from error


def _damaged_utf_8(raw: bytes) -> Decoded | None:
    """UTF-8 with U+FFFD for each bad byte; None where there are so many that it is more likely another encoding."""
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd") - raw.count("\ufffd".encode())
    ascii_chars = len(raw.translate(None, bytes(range(0x80, 0x100))))
    good = len(text) - ascii_chars - bad
    return Decoded(text, "utf-8", (_of_bad_bytes(raw, bad),)) if good >= _GOOD_PER_BAD * bad else None


def _of_bad_bytes(raw: bytes, count: int) -> str:
    """The sentence that names the bytes that are not valid UTF-8, counted from 1."""
    if count == 1:
        return f"byte {next(_bad_bytes(raw)):,} is not valid UTF-8; it is shown as \ufffd"
    named = ", ".join(f"{number:,}" for number in islice(_bad_bytes(raw), _BAD_BYTES_NAMED))
    and_more = f" and {count - _BAD_BYTES_NAMED:,} more" if count > _BAD_BYTES_NAMED else ""
    return f"bytes {named}{and_more} are not valid UTF-8; they are shown as \ufffd"


def _bad_bytes(raw: bytes) -> Iterator[int]:
    """The number of each byte, counted from 1, where UTF-8 breaks off. Each costs a pass over what follows it."""
    start = 0
    while True:
        try:
            codecs.utf_8_decode(memoryview(raw)[start:], "strict", True)
            return
        except UnicodeDecodeError as error:
            yield start + error.start + 1
            start += error.end


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
