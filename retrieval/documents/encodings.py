"""Bytes -> text: which encoding a file is in, and what to tell its owner where that is not certain."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from retrieval.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
_NOT_OF_FILES = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
_NOT_TEXT = "it is not text: no encoding fits; convert it to UTF-8 or move it away"
_BAD_BYTES_NAMED = 5
_GOOD_PER_BAD = 2
"""Letters of valid UTF-8 for each bad byte. Legacy text has some by chance: Chinese in GB18030 about 1 in 7."""

_SURE_LEAD = 10.0
"""Log odds of a guess that needs no remark: of 753 texts in 30 languages, the highest of a wrong guess was 8.1."""
_PLAUSIBLE_BYTE = -4.2
"""Log probability of a byte from which a guess needs no remark: of those texts the lowest was -4.1, random has -5.5."""


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
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            return Decoded(_decode_with_mark(raw, marked), marked)
    if told := _told_by_its_bytes(raw):
        return Decoded(raw.decode(told), told)
    if b"\0" in raw and (_is_binary(raw) or raw.count(0) > max(1, len(raw) // 1000)):
        raise DocumentError(_NOT_TEXT)
    try:
        return Decoded(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        if _is_binary(raw):
            raise DocumentError(_NOT_TEXT) from None
    return _damaged_utf_8(raw) or _guess(raw)


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


def _told_by_its_bytes(raw: bytes) -> str | None:
    """UTF-16 without a byte order mark, or ISO-2022-JP; None for all other files."""
    candidates = []
    if b"\x1b$" in raw:
        candidates.append("iso2022_jp")  # all of it is ASCII
    if b"\0" in raw and len(raw) % 2 == 0:  # no other text has zero bytes
        candidates += [name for high, name in ((1, "utf-16-le"), (0, "utf-16-be")) if _has_few_blocks(raw, high)]
    return next((encoding for encoding in candidates if _fits(raw, encoding)), None)


def _has_few_blocks(raw: bytes, high: int) -> bool:
    """Whether the high bytes (at even offsets for 0, at odd ones for 1) are those of one script and of ASCII."""
    blocks = Counter(raw[high::2])
    return 0 in blocks and 0 not in raw[1 - high :: 2] and sum(n for _, n in blocks.most_common(2)) > 0.9 * len(raw) / 2


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_binary(raw: bytes) -> bool:
    return len(raw) - len(raw.translate(None, _CONTROLS)) > 0.05 * len(raw)


def _guess(raw: bytes) -> Decoded:
    """The text under the likeliest legacy code page, with a remark unless that is far likelier than the next one."""
    from retrieval.documents.code_pages import likeliest_code_page  # its word lists are slow to load

    ranked = likeliest_code_page(raw)
    encoding = ranked.encoding
    text = raw.decode(encoding, "replace")
    remarks = []
    if "\ufffd" in text and not _fits(raw, encoding):  # GB18030 has the sign itself too
        remarks.append(_of_bad_bytes(raw, encoding, text.count("\ufffd")))
    if ranked.lead < _SURE_LEAD or ranked.per_byte < _PLAUSIBLE_BYTE:
        name = encoding.replace("cp125", "windows-125")
        remarks.append(f"its encoding was guessed: {name}; if letters look wrong, state it in SOURCES.toml")
    return Decoded(text, encoding, tuple(remarks))


def _damaged_utf_8(raw: bytes) -> Decoded | None:
    """UTF-8 with U+FFFD for each bad byte; None where there are so many that it is more likely another encoding."""
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd") - raw.count("\ufffd".encode())
    ascii_chars = len(raw.translate(None, bytes(range(0x80, 0x100))))
    good = len(text) - ascii_chars - bad
    return Decoded(text, "utf-8", (_of_bad_bytes(raw, "utf-8", bad),)) if good >= _GOOD_PER_BAD * bad else None


def _of_bad_bytes(raw: bytes, encoding: str, count: int) -> str:
    """The sentence that names the bytes that do not fit the encoding, counted from 1."""
    shown = [f"{number:,}" for number in islice(_bad_bytes(raw, encoding), _BAD_BYTES_NAMED)]
    if count == 1:
        return f"byte {shown[0]} is not valid {encoding.upper()}; it is shown as \ufffd"
    last = f"{count - len(shown):,} more" if count > len(shown) else shown.pop()
    return f"bytes {', '.join(shown)} and {last} are not valid {encoding.upper()}; they are shown as \ufffd"


def _bad_bytes(raw: bytes, encoding: str) -> Iterator[int]:
    """The number of each byte, counted from 1, where the text breaks off. Each costs a pass over what follows it."""
    start = 0
    while start < len(raw):
        try:
            raw[start:].decode(encoding)
            return
        except UnicodeDecodeError as error:
            yield start + error.start + 1
            start += error.end
