"""An Extraction -> a Document and its text by section: section paths, title, date and publisher.

SOURCES.toml comes first, then what the file states of itself; what neither states comes from headings, datelines and
the file's name. Nothing is invented: a document that states no date has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.documents.dates import date_in_name, dateline, find_dates, whole_date
from retrieval.documents.elements import Element, Extraction
from retrieval.language import language_of
from retrieval.schema import Document, Section
from retrieval.spans import ReadingText

PATH_SEPARATOR = " > "
CUT = " …"
"""What a title ends in that is the beginning of a text."""
_TITLE_CHARS = 100
_COPYRIGHT = re.compile(
    r"(?:\(c\)|©|copyright)(?:\(c\)|[\s©\d,–-])*([^\W\d_].{2,60}?)(?:\.|,|\s+all rights|\]|$)", re.IGNORECASE
)
_COPYRIGHT_CHARS = 160  # a longer paragraph only mentions a copyright


@dataclass(frozen=True, slots=True)
class SectionText:
    """What stands in document.sections[section]: the headings that it stands under, and its elements, in reading order.

    The document's title is among the headings of the first section only.
    """

    section: int
    headings: tuple[ReadingText, ...]
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document just read from its file, its reading text by section, and remarks for the person who indexes it."""

    document: Document
    texts: tuple[SectionText, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """A section while it is put together: its headings with their levels, the highest first, and its elements."""

    path: tuple[Element, ...]
    elements: list[Element]


def parse_sections(doc_id: str, extraction: Extraction, sha256: str, stated: Mapping[str, str]) -> ParsedDocument:
    """The document with its sections, title, date and publisher. `stated` is its entry in SOURCES.toml, which wins."""
    groups = _by_path(extraction.elements)
    stated_title = stated.get("title") or extraction.metadata.title
    title_heading = _title_heading(groups, stated_title)
    paths = [_path_below(group, title_heading) for group in groups]
    datelines = [_dateline(group.elements) for group in groups]
    is_collection = sum(bool(date and path) for date, path in zip(datelines, paths, strict=True)) >= 2
    if is_collection:
        title_heading, paths = None, [list(group.path) for group in groups]
    sections = tuple(
        Section(
            heading=PATH_SEPARATOR.join(heading.reading.text for heading in path) or None,
            date=date or _date_of(path),
            is_article=is_collection and bool(path),
        )
        for path, date in zip(paths, datelines, strict=True)
    )
    language = language_of("\n".join(element.reading.text for element in extraction.elements))
    document = Document(
        doc_id=doc_id,
        text=extraction.text,
        sha256=sha256,
        encoding=extraction.encoding,
        title=stated_title or _title(sections, title_heading, groups),
        date=stated.get("date") or extraction.metadata.date or _document_date(doc_id, sections, groups, title_heading),
        publisher=stated.get("publisher") or extraction.metadata.publisher or _publisher(extraction.elements),
        sections=sections,
        language=language,
        places=extraction.places,
        tags=extraction.metadata.tags,
        aliases=extraction.metadata.aliases,
    )
    texts = tuple(
        SectionText(
            number,
            tuple(heading.reading for heading in (path if number else groups[0].path)),
            tuple(group.elements),
        )
        for number, (group, path) in enumerate(zip(groups, paths, strict=True))
    )
    return ParsedDocument(document, texts, extraction.remarks)


def _by_path(elements: Sequence[Element]) -> list[_Group]:
    """The elements in groups under their headings; a heading with nothing below it makes a group of its own."""
    groups: list[_Group] = []
    path: list[Element] = []
    is_open = False  # whether the last heading waits for its first element
    for element in elements:
        if element.kind != "heading":
            if not groups or is_open:
                groups.append(_Group(tuple(path), []))
            groups[-1].elements.append(element)
            is_open = False
            continue
        if is_open and path[-1].level >= element.level:
            groups.append(_Group(tuple(path), []))
        path = [*(above for above in path if above.level < element.level), element]
        is_open = True
    if is_open:
        groups.append(_Group(tuple(path), []))
    return groups


def _title_heading(groups: Sequence[_Group], stated: str | None) -> Element | None:
    """The heading that is the document's title: the one that says what is stated, or the highest above the first text.

    A date is no title.
    """
    headings = [heading for group in groups for heading in group.path]
    same = (heading for heading in headings if stated and heading.reading.text.casefold() == stated.casefold())
    above = (heading for heading in groups[0].path if not whole_date(heading.reading.text))
    return next(same, None) or next(above, None)


def _path_below(group: _Group, title: Element | None) -> list[Element]:
    return [heading for heading in group.path if heading is not title]


def _dateline(elements: Sequence[Element]) -> str | None:
    """The date of a dateline, or of a line that is only a date, among the first two elements."""
    for element in elements[:2]:
        found = dateline(element.reading.text)
        if found:
            return found[0]
        alone = whole_date(element.reading.text)
        if alone:
            return alone
    return None


def _date_of(path: Sequence[Element]) -> str | None:
    """The date in the lowest heading that has one, such as "2.1.0 (2024-05-02)"."""
    for heading in reversed(path):
        for _, iso in find_dates(heading.reading.text):
            return iso
    return None


def _title(sections: Sequence[Section], title_heading: Element | None, groups: Sequence[_Group]) -> str:
    if title_heading:
        return title_heading.reading.text
    articles = [section.heading for section in sections if section.is_article]
    if articles:
        return f"{articles[0]} (and {len(articles) - 1} more)"
    return _first_words(next(element for group in groups for element in (*group.path, *group.elements)).reading.text)


def _first_words(text: str) -> str:
    """The beginning of the text, cut between words."""
    text = " ".join(text.split())
    if len(text) <= _TITLE_CHARS:
        return text
    return text[:_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:") + CUT


def _document_date(
    doc_id: str, sections: Sequence[Section], groups: Sequence[_Group], title_heading: Element | None
) -> str | None:
    """The date above the first text, in the title, of a dateline, or in the file's name."""
    above = [heading.reading.text for heading in groups[0].path]
    alone = next((date for date in map(whole_date, above) if date), None)
    in_title = _date_of([title_heading]) if title_heading else None
    if alone or in_title:
        return alone or in_title
    if any(section.is_article for section in sections):
        return date_in_name(doc_id)
    return next((date for group in groups if (date := _dateline(group.elements))), None) or date_in_name(doc_id)


def _publisher(elements: Sequence[Element]) -> str | None:
    """The name in a copyright line."""
    lines = (element.reading.text for element in elements if len(element.reading.text) <= _COPYRIGHT_CHARS)
    return next((match[1].strip() for line in lines if (match := _COPYRIGHT.search(line))), None)
