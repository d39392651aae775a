"""Citations, cut from a document at the spans that they name. Pure."""

from __future__ import annotations

from dataclasses import replace

from retrieval.schema import Citation, Document, Hit, Passage
from retrieval.spans import Span, line_range, quote_spans


def cite(number: int, hit: Hit, start: int, end: int, answer: Span | None = None) -> Citation:
    """The citation of [start, end) of a hit's passage; `answer` is the span of the passage to mark inside it."""
    return cite_in(number, hit.document, hit.passage, start, end, answer)


def cite_in(
    number: int, document: Document, passage: Passage, start: int, end: int, answer: Span | None = None
) -> Citation:
    """The citation of [start, end) of a document's passage, as `cite` makes it of a hit's."""
    reading, section = passage.reading, document.sections[passage.section]
    spans = reading.spans(start, end, document.text)
    quote = quote_spans(document.text, spans)
    lead_spans = _lead_spans(passage, start, end)
    mark = None
    if answer:
        marked = quote_spans(document.text, reading.spans(*answer, document.text))
        before = quote_spans(document.text, reading.spans(start, answer[0], document.text))
        found = quote.find(marked, max(len(before) - 1, 0))
        mark = (found, found + len(marked)) if marked and found >= 0 else None
    return Citation(
        number=number,
        document=document.doc_id,
        title=document.title_of(section),
        date=document.date_of(section),
        section=section.heading,
        spans=spans,
        lines=line_range(document.text, spans),
        quote=quote,
        mark=mark,
        lead=quote_spans(document.text, lead_spans),
        lead_spans=lead_spans,
        place=document.place_of(spans[0][0]),
    )


def cite_again(
    citation: Citation, document: Document, spans: tuple[Span, ...], lead_spans: tuple[Span, ...]
) -> Citation:
    """The citation with other slices of the same document, all of them marked as the answer."""
    quote = quote_spans(document.text, spans)
    return replace(
        citation,
        spans=spans,
        lines=line_range(document.text, spans),
        quote=quote,
        mark=(0, len(quote)),
        lead=quote_spans(document.text, lead_spans),
        lead_spans=lead_spans,
        place=document.place_of(spans[0][0]),
    )


def _lead_spans(passage: Passage, start: int, end: int) -> tuple[Span, ...]:
    """What the first sentence of [start, end) hangs on, without what is quoted itself."""
    quoted = passage.reading.slice(start, end).runs
    for sentence, lead in zip(passage.sentences, passage.leads, strict=False):
        if start < sentence[1]:
            return tuple(
                span
                for span in lead
                if not any(span[0] < first + length and first < span[1] for _, first, length in quoted)
            )
    return ()
