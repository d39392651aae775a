"""What a question about the collection may list: documents, the articles in them, and their dated sections. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from retrieval.documents.dates import date_in_name
from retrieval.documents.sections import PATH_SEPARATOR
from retrieval.index.selection import is_between
from retrieval.schema import Section, Source

_FEW_DOCUMENTS = 3  # their sections are listed where somebody asks what there is to ask about
_MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Item:
    """A document, or one section of it; `date` is ISO 8601, None where none is known."""

    document: str
    section: int | None = None
    date: str | None = None


def documents(sources: Iterable[Source]) -> list[Item]:
    """Every document, in the order of the sources."""
    return [document_item(source) for source in sources]


def document_item(source: Source) -> Item:
    """The document with its date: what it states, else one in its file's name, else the newest of its sections."""
    of_sections = max((section.date for section in source.sections if section.date), default=None)
    return Item(source.document, None, source.date or date_in_name(source.document) or of_sections)


def articles(sources: Iterable[Source]) -> list[Item]:
    """Every article of the documents that hold several, and every other document."""
    return [item for source in sources for item in (_articles_of(source) or [document_item(source)])]


def contents(sources: Sequence[Source]) -> list[Item]:
    """What there is to ask about: articles, and of a few documents their sections, while the list stays short."""
    if len(sources) <= _FEW_DOCUMENTS:
        parts = [part for source in sources for part in _sections_of(source)]
        if len(sources) < len(parts) <= _MOST_PARTS:
            return parts
    found = articles(sources)
    return found if len(found) <= _MOST_PARTS else documents(sources)


def news(sources: Iterable[Source]) -> list[Item]:
    """Every part with a date of its own, such as an article or a release in a change log, else the whole document."""
    return [item for source in sources for item in (_articles_of(source) or _dated_parts(source))]


def by_date(items: Iterable[Item], is_oldest_first: bool = False) -> list[Item]:
    """The items, newest first or oldest first; those without a date come last, all ties in their order."""
    listed = list(items)
    dated = [item for item in listed if item.date]
    dated.sort(key=lambda item: item.date or "", reverse=not is_oldest_first)
    return dated + [item for item in listed if not item.date]


def within(items: Iterable[Item], after: str | None, before: str | None) -> list[Item]:
    """The items whose date is, or may be, from `after` on and before `before`."""
    return [item for item in items if item.date and is_between(item.date, after, before)]


def _articles_of(source: Source) -> list[Item]:
    """The articles of a document; none where it is not a file of several articles."""
    return [
        Item(source.document, number, section.date)
        for number, section in enumerate(source.sections)
        if section.is_article
    ]


def _sections_of(source: Source) -> list[Item]:
    """The highest sections with a heading, in order; the document where it has none."""
    headed = [(number, section) for number, section in enumerate(source.sections) if section.heading]
    first_of_each = [
        next(group) for _, group in groupby(headed, key=lambda pair: (pair[1].heading or "").split(PATH_SEPARATOR)[0])
    ]
    return [Item(source.document, number, section.date) for number, section in first_of_each] or [document_item(source)]


def _dated_parts(source: Source) -> list[Item]:
    """The first section of each date under headings of its own; the document itself unless all of it is dated so."""
    parts: list[Item] = []
    previous = None
    for number, section in enumerate(source.sections):
        if _is_dated_part(section) and section.date != previous:
            parts.append(Item(source.document, number, section.date))
        previous = section.date if _is_dated_part(section) else None
    whole = document_item(source)
    is_covered = parts and all(_is_dated_part(section) for section in source.sections)
    return parts if is_covered or (parts and not _own_date(source)) else [whole, *parts]


def _own_date(source: Source) -> str | None:
    return source.date or date_in_name(source.document)


def _is_dated_part(section: Section) -> bool:
    return bool(section.heading and section.date)
