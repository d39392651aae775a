"""RTF files: their paragraphs, table rows and footnotes. RTF tells little else that striprtf keeps, and no places."""

from __future__ import annotations

import codecs
import re
from collections import deque

from striprtf.striprtf import font_table_group, rtf_to_text

from retrieval.documents.disguise import DAMAGED, why_unreadable
from retrieval.documents.elements import Extraction, ExtractionBuilder, Metadata, ReadOptions
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rtf")
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_BINARY = re.compile(r"\\bin(\d{1,9}) ?")
_PICTURE = re.compile(r"(?<![0-9A-Fa-f\s])[0-9A-Fa-f\s]{500,}")  # no prose is made of hexadecimal digits for so long
_BRACE = re.compile(r"\\[\\{}]|[{}]")
_MAX_FONT_CHARS = 10_000  # guess, untested; striprtf's time grows with the square of a line of the font table
_NOTE = re.compile(r"\{\s*(?:\\\*\s*)?\\footnote(?![a-z])\s?")
_CELL, _ROW = "\x1f", "\x1e"
_NOTE_START, _NOTE_END = "\x1d", "\x1c"
_PLAIN_NOTE = re.compile(f"{_NOTE_START}([^{_NOTE_START}{_NOTE_END}]*){_NOTE_END}")


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The text of an RTF file. Raises DocumentError."""
    limit = options.limits.file_mb
    if len(raw) > limit * 1_000_000:
        raise DocumentError(f"it is larger than {limit} MB; raise the limit with --max-file-mb")
    if not _START.match(raw):
        raise DocumentError(why_unreadable(raw))
    source = _without_binary(raw.decode(_code_page(raw), errors="replace"))
    remarks = []
    if _open_groups(source) > 0:
        remarks.append("it is cut off: its end is missing")
    metadata = Metadata(title=_stated(source, "title"), publisher=_stated(source, "author"))
    builder = ExtractionBuilder()
    _add_blocks(_plain(_with_marks(_with_notes(source))), builder)
    return builder.extraction(metadata, remarks)


def _code_page(raw: bytes) -> str:
    """The encoding of bytes above 127, which most files write as escapes instead."""
    stated = _CODE_PAGE.search(raw, 0, 4096)
    name = f"cp{int(stated[1])}" if stated else "cp1252"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _without_binary(source: str) -> str:
    """Without pictures and other data, over which striprtf would go character by character."""
    kept, position = [], 0
    while match := _BINARY.search(source, position):
        kept.append(source[position : match.start()])
        position = match.end() + int(match[1])
    return _PICTURE.sub(" ", "".join([*kept, source[position:]]))


def _with_notes(source: str) -> str:
    """With signs around the footnotes, which striprtf would leave out."""
    kept, position = [], 0
    is_note: list[bool] = []  # of each open group
    for brace in _BRACE.finditer(source):
        if brace[0] == "{":
            note = _NOTE.match(source, brace.start())
            is_note.append(note is not None)
            if note:
                kept += [source[position : note.start()], _NOTE_START, "{"]
                position = note.end()
        elif brace[0] == "}" and is_note and is_note.pop():
            kept += [source[position : brace.end()], _NOTE_END]
            position = brace.end()
    return "".join([*kept, source[position:]])


def _with_marks(source: str) -> str:
    """With a line for each group, which keeps striprtf's searches short, and own signs for the ends of cells and rows.

    A line break means nothing in RTF.
    """
    source = _BRACE.sub(lambda match: match[0] if match[0].startswith("\\") else f"\n{match[0]}", source)
    source = source.replace(";", ";\n")
    source = re.sub(r"\\(?:nest)?cell(?![a-z])[ ]?", _CELL, source)
    return re.sub(r"\\(?:nest)?row(?![a-z])[ ]?", _ROW, source)


def _plain(source: str) -> str:
    """The text, with a line break at the end of a paragraph. Raises DocumentError."""
    fonts = font_table_group(source)  # type: ignore[no-untyped-call]
    if any(len(line) > _MAX_FONT_CHARS for line in fonts.splitlines()):
        raise DocumentError(DAMAGED)
    try:
        text: str = rtf_to_text(source, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise DocumentError(DAMAGED) from error
    # RTF writes a character beyond the first 65,536 as two halves.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _add_blocks(text: str, builder: ExtractionBuilder) -> None:
    """Add the paragraphs and rows, and their notes below them; the first of several rows names the columns."""
    notes = deque(_PLAIN_NOTE.findall(text))
    rows: list[str] = []
    for block in _PLAIN_NOTE.sub(_NOTE_START, text).split(_ROW):
        *lines, last = block.split(_CELL, 1)[0].split("\n")
        is_row = _CELL in block
        if any(line.strip() for line in lines) or not is_row:
            _add_rows(rows, notes, builder)
            rows = []
            for line in lines if is_row else [*lines, last]:
                builder.add("paragraph", visible_line(line))
                _add_notes(line, notes, builder)
        if is_row:
            rows.append(_CELL.join([last, *block.split(_CELL)[1:-1]]))
    _add_rows(rows, notes, builder)


def _add_rows(rows: list[str], notes: deque[str], builder: ExtractionBuilder) -> None:
    if rows:
        builder.begin_table()
    for number, row in enumerate(rows):
        cells = [visible_line(cell) for cell in row.split(_CELL)]
        builder.add_row(cells, is_header=number == 0 and len(rows) > 1 and len(cells) > 1)
    _add_notes("".join(rows), notes, builder)


def _add_notes(text: str, notes: deque[str], builder: ExtractionBuilder) -> None:
    """Add as many of the next notes as the text refers to."""
    for _ in range(min(text.count(_NOTE_START), len(notes))):
        for line in notes.popleft().split("\n"):
            builder.add("paragraph", visible_line(line))


def _open_groups(source: str) -> int:
    signs = [match[0] for match in _BRACE.finditer(source)]
    return signs.count("{") - signs.count("}")


def _stated(source: str, name: str) -> str | None:
    """What the file's information says, such as its title; None where it says nothing."""
    match = re.search(rf"\{{\\{name} ([^{{}}]{{1,1000}})\}}", source)
    return visible_line(_plain(f"{{\\rtf1 {match[1]}}}")) or None if match else None
