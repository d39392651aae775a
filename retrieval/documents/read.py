"""A folder of .txt and .md files -> Documents: encodings, titles, dates, sections, articles.

What the text itself says comes first from a SOURCES.toml beside the files, if there is one, then from headings,
datelines and running heads. Nothing is invented: a document that states no date has none.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from retrieval.documents.dates import dateline, find_dates, whole_date
from retrieval.documents.files import SOURCES_NAME
from retrieval.documents.layout import Layout, Paragraph, read_layout
from retrieval.errors import DocumentError
from retrieval.schema import Document, ReadingText, Section

_TITLE_CHARS = 100
_TYPOGRAPHIC = frozenset("‘’“”–—…•€£©®°§\xa0".encode("cp1252"))
_COPYRIGHT = re.compile(
    r"(?:\(c\)|©|copyright)[\s(c)©\d,–-]*([^\W\d_].{2,60}?)(?:\.|,|\s+all rights|\]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SectionText:
    """The paragraphs of document.sections[section], in reading order."""

    section: int
    paragraphs: tuple[ReadingText, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it was just read: the document, and its reading text by section."""

    document: Document
    texts: tuple[SectionText, ...]


def read_sources(folder: Path) -> dict[str, dict[str, str]]:
    """title, publisher and date by file, from the folder's SOURCES.toml; empty where there is none."""
    path = folder / SOURCES_NAME
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DocumentError(f"can't read {path}: {error}; mend the file or move it away") from error
    wrong = [
        f"{name}.{key}" if isinstance(entry, dict) else name
        for name, entry in stated.items()
        for key, value in (entry.items() if isinstance(entry, dict) else [("", None)])
        if key not in ("title", "publisher", "date") or not isinstance(value, str)
    ]
    if wrong:
        raise DocumentError(
            f"{path}: {', '.join(wrong)}: each file is a table of title, publisher and date, all strings"
        )
    return stated


def read_document(doc_id: str, raw: bytes, stated: Mapping[str, str] | None = None) -> Reading:
    """A file's bytes, decoded and sorted out; `stated` is what SOURCES.toml says of it. Raises DocumentError."""
    text, encoding = decode(raw)
    layout = read_layout(text, is_markdown=doc_id.lower().endswith((".md", ".markdown")))
    if not layout.paragraphs and not layout.headings:
        raise DocumentError("no text in it")
    return _describe(doc_id, text, encoding, raw, layout, dict(stated or {}))


def decode(raw: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; a byte order mark is no part of the text. Raises DocumentError.

    UTF-8, UTF-16 and UTF-32 by their marks, then strict UTF-8, then charset_normalizer for legacy encodings.
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
    raise DocumentError("not text: no encoding fits; convert it to UTF-8 or move it away")


def _decode_as(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(f"begins as {encoding} but byte {error.start} is not; convert it to UTF-8") from error


def _guesses(raw: bytes) -> Iterator[str]:
    if b"\0" in raw:  # no text but UTF-16 and UTF-32 holds zero bytes; of mostly Latin text every second one is zero
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
        yield "cp1252"  # too few of them for the detector
    matches = list(from_bytes(raw))
    western = next((match for match in matches if match.encoding == "cp1252"), None)
    # The detector tries cp1250 first; where the Western code page fits the language as well, it is far the commoner.
    if western and western.coherence >= matches[0].coherence - 0.01 and western.chaos <= matches[0].chaos + 0.1:
        yield western.encoding
    yield from (match.encoding for match in matches[:1])


def _describe(doc_id: str, text: str, encoding: str, raw: bytes, layout: Layout, stated: dict[str, str]) -> Reading:
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
        sha256=hashlib.sha256(raw).hexdigest(),
        encoding=encoding,
        title=title,
        date=date,
        publisher=stated.get("publisher") or _publisher(furniture),
        sections=sections,
    )
    texts = (SectionText(number, tuple(p.reading for p in paragraphs)) for number, (_, paragraphs) in enumerate(groups))
    return Reading(document, tuple(texts))


def _by_heading(paragraphs: Sequence[Paragraph]) -> list[tuple[int | None, list[Paragraph]]]:
    groups: list[tuple[int | None, list[Paragraph]]] = []
    for paragraph in paragraphs:
        if not groups or groups[-1][0] != paragraph.heading:
            groups.append((paragraph.heading, []))
        groups[-1][1].append(paragraph)
    return groups


def _headings_above(layout: Layout, groups: Sequence[tuple[int | None, list[Paragraph]]], number: int) -> list[str]:
    """The headings that stand together on top of a group, those that are only a date left out."""
    last = groups[number][0]
    if last is None:
        return []
    before = groups[number - 1][0] if number else None
    first = 0 if before is None else before + 1
    return [reading.text for reading in layout.headings[first : last + 1] if not whole_date(reading.text)]


def _section_heading(layout: Layout, groups: Sequence[tuple[int | None, list[Paragraph]]], number: int) -> str | None:
    return ": ".join(_headings_above(layout, groups, number)) or None


def _lead(layout: Layout, groups: Sequence[tuple[int | None, list[Paragraph]]]) -> tuple[list[str], str | None]:
    """The headings on top of the document, and the date that stands among them."""
    if not groups:
        return [reading.text for reading in layout.headings], None
    last = groups[0][0]
    above = [] if last is None else [reading.text for reading in layout.headings[: last + 1]]
    return _headings_above(layout, groups, 0), next((date for date in map(whole_date, above) if date), None)


def _section_date(paragraphs: Sequence[Paragraph]) -> str | None:
    """The date of the dateline or date line among a section's first two paragraphs."""
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
