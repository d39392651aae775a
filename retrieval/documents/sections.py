"""A layout -> a Document: its sections and articles, title, date and publisher.

SOURCES.toml comes first; what it does not state comes from headings, datelines and running heads. Nothing is invented:
a document that states no date has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.documents.dates import dateline, find_dates, whole_date
from retrieval.documents.layout import Layout, Paragraph
from retrieval.schema import Document, ReadingText, Section

_TITLE_CHARS = 100
_COPYRIGHT = re.compile(
    r"(?:\(c\)|©|copyright)[\s(c)©\d,–-]*([^\W\d_].{2,60}?)(?:\.|,|\s+all rights|\]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SectionText:
    """The paragraphs of document.sections[section], in reading order."""

    section: int
    paragraphs: tuple[ReadingText, ...]


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document just read from its file, and its reading text by section."""

    document: Document
    texts: tuple[SectionText, ...]


def parse_sections(
    doc_id: str, text: str, encoding: str, sha256: str, layout: Layout, stated: Mapping[str, str]
) -> ParsedDocument:
    """The document with its sections, title, date and publisher. `stated` is its entry in SOURCES.toml, which wins."""
    groups = _by_heading(layout.paragraphs)
    dates = [_section_date(paragraphs) for _, paragraphs in groups]
    headings = [_section_heading(layout, groups, number) for number in range(len(groups))]
    is_collection = sum(bool(date and heading) for date, heading in zip(dates, headings, strict=True)) >= 2
    title_parts, first_date = _lead(layout, groups)
    furniture = [" ".join(text[slice(*drop.span)].split()) for drop in layout.dropped if drop.kind == "furniture"]
    if not is_collection and headings and groups[0][0] is not None and title_parts:
        headings[0] = ": ".join(title_parts[1:]) or None
    title = stated.get("title") or _title(headings, title_parts, is_collection, furniture, layout)
    date = stated.get("date") or first_date or _running_date(furniture)
    if not date and not is_collection:
        date = next((found for found in dates if found), None)
    sections = tuple(
        Section(heading, found, is_article=is_collection and heading is not None)
        for heading, found in zip(headings, dates, strict=True)
    )
    document = Document(
        doc_id=doc_id,
        text=text,
        sha256=sha256,
        encoding=encoding,
        title=title,
        date=date,
        publisher=stated.get("publisher") or _publisher(furniture),
        sections=sections,
    )
    texts = (SectionText(number, tuple(p.reading for p in paragraphs)) for number, (_, paragraphs) in enumerate(groups))
    return ParsedDocument(document, tuple(texts))


def _by_heading(paragraphs: Sequence[Paragraph]) -> list[tuple[int | None, list[Paragraph]]]:
    groups: list[tuple[int | None, list[Paragraph]]] = []
    for paragraph in paragraphs:
        if not groups or groups[-1][0] != paragraph.heading:
            groups.append((paragraph.heading, []))
        groups[-1][1].append(paragraph)
    return groups


def _headings_above(layout: Layout, groups: Sequence[tuple[int | None, list[Paragraph]]], number: int) -> list[str]:
    """The headings directly above a group, without those that are only a date."""
    last = groups[number][0]
    if last is None:
        return []
    before = groups[number - 1][0] if number else None
    first = 0 if before is None else before + 1
    return [reading.text for reading in layout.headings[first : last + 1] if not whole_date(reading.text)]


def _section_heading(layout: Layout, groups: Sequence[tuple[int | None, list[Paragraph]]], number: int) -> str | None:
    return ": ".join(_headings_above(layout, groups, number)) or None


def _lead(layout: Layout, groups: Sequence[tuple[int | None, list[Paragraph]]]) -> tuple[list[str], str | None]:
    """The headings at the top of the document, and the date among them, if any."""
    if not groups:
        return [reading.text for reading in layout.headings], None
    last = groups[0][0]
    above = [] if last is None else [reading.text for reading in layout.headings[: last + 1]]
    return _headings_above(layout, groups, 0), next((date for date in map(whole_date, above) if date), None)


def _section_date(paragraphs: Sequence[Paragraph]) -> str | None:
    """The date of a dateline, or of a line that is only a date, among a section's first two paragraphs."""
    for paragraph in paragraphs[:2]:
        found = dateline(paragraph.reading.text)
        if found:
            return found[0]
        alone = whole_date(paragraph.reading.text)
        if alone:
            return alone
    return None


def _title(
    headings: Sequence[str | None],
    title_parts: Sequence[str],
    is_collection: bool,
    furniture: Sequence[str],
    layout: Layout,
) -> str:
    named = [heading for heading in headings if heading]
    if is_collection:
        return f"{named[0]} (and {len(named) - 1} more)"
    if title_parts:
        return title_parts[0]
    head = next((match[1] for line in furniture if (match := re.fullmatch(r"([^|]*[^\W\d])\s+\d{1,4}", line))), None)
    return head or _first_words(layout.paragraphs[0].reading.text)


def _first_words(text: str) -> str:
    """The beginning of the text, cut between words."""
    if len(text) <= _TITLE_CHARS:
        return text
    return text[:_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _running_date(furniture: Sequence[str]) -> str | None:
    return next((iso for line in furniture if "|" in line for _, iso in find_dates(line)), None)


def _publisher(furniture: Sequence[str]) -> str | None:
    return next((match[1].strip() for line in furniture if (match := _COPYRIGHT.search(line))), None)
