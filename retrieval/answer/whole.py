"""The whole of what an answer is part of, wherever passages divide it: a list, a table, or a table's column. Pure.

`structure` completes an answer within its passage; here are the passages of the whole document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.answer.structure import cells_of
from retrieval.citing import cite_again
from retrieval.schema import AnswerText, Citation, Document, Passage
from retrieval.spans import Span, quote_spans
from retrieval.text import terms

MAX_WHOLE_CHARS = 1500
"""What is quoted of a list or a column at most; the rest is counted. A table that is longer is not quoted whole."""
_LEAST_ROWS = 2
_BELOW = 4  # lines below a heading among which its list or table begins


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence, item or row: its spans in the document's text, what it hangs on, and the cells of a row by column.

    `group` is the number of the list that it is an item of, None for none.
    """

    section: int
    spans: tuple[Span, ...]
    is_heading: bool
    lead: tuple[Span, ...]
    cells: tuple[tuple[str, tuple[Span, ...]], ...]
    group: int | None

    @property
    def start(self) -> int:
        return self.spans[0][0]


def with_whole(
    text: AnswerText, document: Document, passages: Sequence[Passage], query: str
) -> tuple[AnswerText, int] | None:
    """The answer with all of the list, table or column that it stands in or announces, and how much of it is left out.

    `passages` are those of the document around the answer, in reading order, and `query` is what was asked. None where
    there is no more than the answer quotes already.
    """
    citation = text.citations[0]
    lines = list(_lines(document, passages))
    at = _place_of(citation, lines)
    if at is None:
        return None
    line = lines[at]
    lead = line.lead
    if line.cells:
        rows = [row for row in lines if _is_same_table(row, line)]
        found, column = _of_table(rows, _above(lines, at, document), query, document.text)
        lead = _name_in_header(document.text, lead, column) if column else lead
    else:
        found = [item.spans for item in lines if item.group == line.group]
    if len(found) < _LEAST_ROWS or (not line.cells and _size(found) <= _size([citation.spans])):
        return None
    shown = _first_of(found)
    whole = cite_again(citation, document, tuple(span for spans in shown for span in spans), lead)
    others = (other for other in text.citations[1:] if not is_within(other, whole))
    return replace(text, text=whole.quote, citations=(whole, *others)), len(found) - len(shown)


def is_within(citation: Citation, whole: Citation) -> bool:
    """Whether the whole quotes what the citation does."""
    inside = (any(start <= a and b <= end for start, end in whole.spans) for a, b in citation.spans)
    return citation.document == whole.document and all(inside)


def _lines(document: Document, passages: Sequence[Passage]) -> Iterator[_Line]:
    """The document's lines in order, each once; the parts of a list in neighbouring passages share an item."""
    seen: dict[int, _Line] = {}
    groups = 0
    for passage in passages:
        inside: dict[Span, int] = {}
        for start, end in passage.lists:
            own = [span for span in passage.sentences if start <= span[0] and span[1] <= end]
            known = (seen[offset] for span in own if (offset := _offset(document, passage, span)) in seen)
            group = next((line.group for line in known if line.group is not None), None)
            groups += group is None
            inside |= dict.fromkeys(own, groups if group is None else group)
        for number, sentence in enumerate(passage.sentences):
            spans = passage.reading.spans(*sentence, document.text)
            if not spans or spans[0][0] in seen:
                continue
            line = _Line(
                section=passage.section,
                spans=spans,
                is_heading=number < passage.headings,
                lead=passage.leads[number] if number < len(passage.leads) else (),
                cells=_cells(document, passage, sentence),
                group=inside.get(sentence),
            )
            seen[line.start] = line
            yield line


def _offset(document: Document, passage: Passage, sentence: Span) -> int | None:
    spans = passage.reading.spans(*sentence, document.text)
    return spans[0][0] if spans else None


def _cells(document: Document, passage: Passage, sentence: Span) -> tuple[tuple[str, tuple[Span, ...]], ...]:
    """The cells of a row with the names of their columns; none for what is no row."""
    cells = cells_of(passage, sentence)
    found = [(name, passage.reading.spans(*cell, document.text)) for name, cell in cells]
    return tuple((name, spans) for name, spans in found if spans) if len(cells) > 1 else ()


def _place_of(citation: Citation, lines: Sequence[_Line]) -> int | None:
    """The number of the first line of the list or table that is cited, or that begins below a cited heading or lead."""
    at = next((n for n, line in enumerate(lines) if _overlap(line.spans, citation.spans)), None)
    if at is None:
        return None
    for number in range(at, min(at + _BELOW, len(lines))):
        line = lines[number]
        if line.cells or line.group is not None:
            return number
        below = lines[number + 1 : number + 2]
        leads_on = line.is_heading or any(_overlap(line.spans, next_line.lead) for next_line in below)
        if not leads_on:
            return None
    return None


def _is_same_table(row: _Line, other: _Line) -> bool:
    return bool(row.cells) and row.section == other.section and row.lead == other.lead


def _above(lines: Sequence[_Line], at: int, document: Document) -> set[str]:
    """The terms of the headings above a line, of its document's title and of what it hangs on."""
    own = lines[at]
    headings = [line.spans for line in lines[:at] if line.is_heading and line.section == own.section]
    return set(
        terms(" ".join([document.title, *(quote_spans(document.text, spans) for spans in (*headings, own.lead))]))
    )


def _of_table(
    rows: Sequence[_Line], above: Collection[str], query: str, text: str
) -> tuple[list[tuple[Span, ...]], str | None]:
    """What is asked for of a table, in parts: a column's cells and its name, or whole rows and None; else nothing.

    A column stands alone where the query names it and it says what the rows are about, or the rows are too long. Where
    the query has words that only some rows have, only those rows count.
    """
    asked = set(terms(query))
    names = list(dict.fromkeys(name for row in rows for name, _ in row.cells))
    wanted = asked - set(above) - {term for name in names for term in terms(name)}
    counts = [len({*terms(quote_spans(text, row.spans))} & wanted) for row in rows]
    kept = [row for row, count in zip(rows, counts, strict=True) if count == max(counts)]
    whole = [row.spans for row in kept]
    is_short = _size(whole) <= MAX_WHOLE_CHARS
    of_names = Counter({name: len({*terms(name)} & asked) for name in names})
    (best, most), *others = of_names.most_common()
    if not most or any(count == most for _, count in others):
        return (whole, None) if is_short else ([], None)
    before = names[: names.index(best)]
    is_subject = all(_is_number(text, spans) for row in kept for name, spans in row.cells if name in before)
    if is_subject or not is_short:
        return [spans for row in kept for name, spans in row.cells if name == best], best
    return whole, None


def _is_number(text: str, spans: Sequence[Span]) -> bool:
    return not any(char.isalpha() for char in quote_spans(text, spans))


def _name_in_header(text: str, lead: Sequence[Span], column: str) -> tuple[Span, ...]:
    """Where the row with the columns' names has this one; all that the rows hang on where it is not found."""
    for start, end in reversed(lead):
        at = text.find(column, start, end)
        if at >= 0:
            return ((at, at + len(column)),)
    return tuple(lead)


def _first_of(parts: Sequence[tuple[Span, ...]]) -> list[tuple[Span, ...]]:
    """As many of the parts as may be quoted, at least one."""
    shown: list[tuple[Span, ...]] = []
    left = MAX_WHOLE_CHARS
    for spans in parts:
        left -= _size([spans])
        if left < 0 and shown:
            break
        shown.append(spans)
    return shown


def _size(parts: Sequence[Sequence[Span]]) -> int:
    return sum(end - start for spans in parts for start, end in spans)


def _overlap(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    return any(start < last and first < end for start, end in spans for first, last in others)
