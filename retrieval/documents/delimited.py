"""Tables of delimited fields: CSV, TSV and the like, and plain text files that are such a table.

The document's text is the file's own. A row's reading is its cells, joined by " | " that maps to nothing; each cell
maps to its characters in the file, without the quotes around it and without one of two doubled quotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, groupby, islice

from retrieval.documents.column_names import ROWS_COMPARED, has_column_names
from retrieval.documents.elements import CELL_SEPARATOR, Dropped, Element, ElementKind, Extraction, ReadOptions
from retrieval.documents.encodings import decode
from retrieval.documents.reading import reading_of
from retrieval.schema import Place
from retrieval.spans import ReadingText, Span

_DELIMITERS = "\t;|,"
"""Where two fit equally well, the one that comes first is right: it is rarer in a text, so it fits by no accident."""
_SAMPLE_CHARS, _SAMPLE_ROWS = 1 << 16, 200
_MOST = 0.9
_LEAST_ROWS = 3
_LINE = re.compile(r"([^\r\n]*+)(?:\r\n|[\r\n]|\Z)")
_SEPARATOR_LINE = re.compile(r"sep=([^\r\n])(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_QUOTED = re.compile(r' *"(.*)" *', re.DOTALL)
_PROSE_CELL_CHARS = 60


@dataclass(slots=True)
class _Row:
    """One row: its number, counted from 1, its offset, and its fields as written, with one delimiter between two."""

    number: int
    start: int
    fields: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether no field has any text."""
        return not "".join(self.fields).strip(' "')

    @property
    def filled(self) -> int:
        """How many fields have text."""
        return sum(bool(field.strip(' "')) for field in self.fields)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What separates the fields, how many most rows have, the share of rows that have as many, and the rows seen."""

    delimiter: str
    width: int
    share: float
    rows: int


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The rows of a file of delimited fields. Raises DocumentError where it is not text."""
    decoded = decode(raw, options.encoding)
    found = _SEPARATOR_LINE.match(decoded.text)
    start = found.end() if found else 0
    shape = _shape(decoded.text, start, found[1] if found else _DELIMITERS)
    extraction = _extraction(decoded.text, start, shape)
    return replace(extraction, encoding=decoded.encoding, remarks=decoded.remarks)


def table_in(text: str) -> Extraction | None:
    """The rows of a plain text that is nothing but a table of delimited fields, with no encoding; None for other texts.

    Strict, because a text is more often prose: nearly all rows have the same number of fields, 3 or more (2 where tabs
    or semicolons separate them), and the cells are short and are no sentences.
    """
    shape = _shape(text, 0, _DELIMITERS)
    least_width = 2 if shape.delimiter in "\t;" else 3
    if shape.rows < _LEAST_ROWS or shape.width < least_width or shape.share < _MOST:
        return None
    rows = [row for row in islice(_rows(text, 0, shape.delimiter), _SAMPLE_ROWS) if not row.is_blank]
    return None if _is_prose(rows, shape.delimiter) else _extraction(text, 0, shape)


def _shape(text: str, start: int, delimiters: str) -> _Shape:
    """How the beginning of the text is divided best."""
    sample = text[start : start + _SAMPLE_CHARS]
    if len(text) - start > _SAMPLE_CHARS:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    shapes = [_shape_by(sample, delimiter) for delimiter in delimiters]
    fitting = [shape for shape in shapes if shape.width > 1 and shape.share >= _MOST and shape.rows >= _LEAST_ROWS]
    return fitting[0] if fitting else max(shapes, key=lambda shape: shape.width * shape.share)


def _shape_by(sample: str, delimiter: str) -> _Shape:
    seen = list(islice(_rows(sample, 0, delimiter), _SAMPLE_ROWS))
    rows = [row for row in seen if not row.is_blank] or seen
    widths = Counter(len(row.fields) for row in rows)
    ((width, count),) = widths.most_common(1) or [(1, 0)]
    return _Shape(delimiter, width, count / max(len(rows), 1), len(rows))


@cache
def _field_pattern(delimiter: str) -> re.Pattern[str]:
    """A field and what ends it. A quote that is not closed before the end of a field is a character like others.

    The repeats are possessive, so that no field is looked at twice.
    """
    sign = re.escape(delimiter)
    quoted = rf' *+"(?:[^"]++|"")*+" *+(?={sign}|[\r\n]|\Z)'
    return re.compile(rf"({quoted}|[^{sign}\r\n]*+)({sign}|\r\n|[\r\n]|\Z)")


def _rows(text: str, start: int, delimiter: str) -> Iterator[_Row]:
    number = 0
    while start < len(text):
        number += 1
        line = _LINE.match(text, start)
        assert line  # it matches anything
        if '"' not in line[1]:
            yield _Row(number, start, line[1].split(delimiter))
            start = line.end()
            continue
        row, end = _Row(number, start, []), delimiter
        while end == delimiter:
            field = _field_pattern(delimiter).match(text, start)
            assert field
            row.fields.append(field[1])
            start, end = field.end(), field[2]
        yield row


def _is_prose(rows: Sequence[_Row], delimiter: str) -> bool:
    cells = [row.fields for row in rows]
    if sum(not row[0].strip() for row in cells) > len(cells) / 2:
        return True  # indented lines
    filled = [cell for row in cells for cell in row if cell.strip()]
    if sum(map(len, filled)) > _PROSE_CELL_CHARS * len(filled):
        return True
    if sum(row[-1].rstrip().endswith((".", "!", "?", "。")) for row in cells) > len(cells) / 2:
        return True
    # In prose a space follows the sign; a table with such spaces must show that it is one by its column names.
    spaced = sum(cell.startswith(" ") for row in cells for cell in row[1:])
    is_spaced = delimiter in ",;" and spaced > 0.2 * sum(len(row) - 1 for row in cells)
    return is_spaced and not has_column_names([[c.strip() for c in row] for row in cells], if_unclear=False)


def _extraction(text: str, start: int, shape: _Shape) -> Extraction:
    elements: list[Element] = []
    places: list[Place] = []
    is_table_begun = False
    for is_blank, group in groupby(_rows(text, start, shape.delimiter), lambda row: row.is_blank):
        if is_blank:
            continue
        head = list(islice(group, ROWS_COMPARED))
        titles = _titles(head, shape.width)
        cells = [_texts(text, row) for row in head[titles:]]
        has_names = has_column_names(cells, if_unclear=not is_table_begun)
        is_table_begun = is_table_begun or bool(cells)
        for at, row in enumerate(chain(head, group)):
            kind: ElementKind = "paragraph" if at < titles else "header row" if has_names and at == titles else "row"
            element = _element(kind, text, row, shape.width)
            if element.reading.runs:  # a row may consist of invisible characters
                elements.append(element)
                places.append(Place(row.start, "row", str(row.number)))
    dropped = (Dropped((0, start), "separator line"),) if start else ()
    return Extraction(text, "", tuple(elements), dropped, tuple(places))


def _titles(rows: Sequence[_Row], width: int) -> int:
    """How many of the first rows of a block are lines above a table: they have text in one field only."""
    return next((at for at, row in enumerate(rows) if width == 1 or row.filled > 1), len(rows))


def _texts(text: str, row: _Row) -> list[str]:
    reading, cells = _reading(text, row)
    return [reading.text[start:end] for start, end in cells]


def _element(kind: ElementKind, text: str, row: _Row, width: int) -> Element:
    reading, cells = _reading(text, row)
    if kind == "paragraph":
        return Element(kind, reading.slice(*max(cells, key=lambda cell: cell[1] - cell[0])))
    # A comment between rows stays a row, without cells: a paragraph would end the table.
    is_comment = len(cells) != width and reading.text.startswith("#")
    return Element(kind, reading, cells=() if is_comment else cells)


def _reading(text: str, row: _Row) -> tuple[ReadingText, tuple[Span, ...]]:
    """The row's cells as one reading text, and the span of each in it."""
    cells: list[str] = []
    runs: list[tuple[int, int, int]] = []
    spans: list[Span] = []
    written = "".join(row.fields)
    is_clean = written.isprintable() and "  " not in written  # of most rows the cells need no cleaning
    start, length = row.start, 0
    for field in row.fields:
        cell = field
        quotes = int(field[:1] == '"' == field[-1:] and len(field) > 1)
        if quotes:
            cell = field[1:-1]
        if is_clean and '"' not in cell and cell[:1] != " " != cell[-1:]:
            if cell:
                runs.append((length, start + quotes, len(cell)))
        else:
            reading = _cell(text, start, field)
            cell = reading.text
            runs += [(length + at, original, chars) for at, original, chars in reading.runs]
        cells.append(cell)
        spans.append((length, length + len(cell)))
        start += len(field) + 1
        length += len(cell) + len(CELL_SEPARATOR)
    return ReadingText(CELL_SEPARATOR.join(cells), tuple(runs)), tuple(spans)


def _cell(text: str, start: int, field: str) -> ReadingText:
    """A field without its quotes, and with one of each two quotes inside them."""
    match = _QUOTED.fullmatch(field)
    if not match:
        return reading_of(text, [(start, start + len(field))])
    first, last = match.span(1)
    pairs = [at.start() for at in re.finditer('""', match[1])]
    firsts = [start + first, *(start + first + at + 2 for at in pairs)]
    lasts = [*(start + first + at + 1 for at in pairs), start + last]
    return reading_of(text, zip(firsts, lasts, strict=True))
