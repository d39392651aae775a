"""The tables of an index's SQLite file, which the writer fills and the store reads.

A passage's id is the row of its vector. Texts are stored as UTF-8 blobs; runs, places and other lists as JSON.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.encoder.vectors import Vectors
from retrieval.schema import Document, Passage, Place, Section
from retrieval.spans import ReadingText, Span
from retrieval.text import STOP_WORDS, words

DATABASE = "passages.sqlite"
TABLES = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, doc_id TEXT UNIQUE, key TEXT, sha256 TEXT, encoding TEXT,
                        title TEXT, date TEXT, publisher TEXT, text BLOB, size INTEGER, mtime_ns INTEGER,
                        language TEXT, tags TEXT, aliases TEXT, places TEXT);
CREATE TABLE sections (document INTEGER, number INTEGER, heading TEXT, date TEXT, is_article INTEGER,
                       PRIMARY KEY (document, number));
CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER, section INTEGER, text BLOB, runs TEXT, sentences TEXT,
                       headings INTEGER, leads TEXT, labels TEXT, lists TEXT, indexed BLOB);
CREATE INDEX passages_of ON passages (document);
CREATE TABLE words (folded TEXT PRIMARY KEY, written TEXT, times INTEGER) WITHOUT ROWID;
CREATE TABLE forms (stem TEXT PRIMARY KEY) WITHOUT ROWID;
"""
DOCUMENT_COLUMNS = "doc_id, sha256, encoding, title, date, publisher, language, text, tags, aliases, places"
SECTION_COLUMNS = "heading, date, is_article"
PASSAGE_COLUMNS = "section, text, runs, sentences, headings, leads, labels, lists"


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything an index stores of one document: `indexed` are the texts embedded, `vectors` has a row per passage.

    `key` changes with anything that would change the passages or their vectors. `size` is in bytes, `mtime_ns` is the
    file's modification time.
    """

    document: Document
    key: str
    size: int
    mtime_ns: int
    passages: Sequence[Passage]
    indexed: Sequence[str]
    vectors: Vectors


def insert_entry(connection: sqlite3.Connection, number: int, entry: Entry, first_id: int) -> None:
    """Add a document with its sections and passages; the passages' ids count up from `first_id`."""
    document = entry.document
    row = {
        "number": number,
        "doc_id": document.doc_id,
        "key": entry.key,
        "sha256": document.sha256,
        "encoding": document.encoding,
        "title": document.title,
        "date": document.date,
        "publisher": document.publisher,
        "language": document.language,
        "text": document.text.encode(),
        "tags": json.dumps(document.tags),
        "aliases": json.dumps(document.aliases),
        "places": json.dumps([(place.start, place.kind, place.label) for place in document.places]),
        "size": entry.size,
        "mtime_ns": entry.mtime_ns,
    }
    connection.execute(
        f"INSERT INTO documents ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})", row
    )
    connection.executemany(
        "INSERT INTO sections (document, number, heading, date, is_article) VALUES (?, ?, ?, ?, ?)",
        [
            (number, position, section.heading, section.date, section.is_article)
            for position, section in enumerate(document.sections)
        ],
    )
    connection.executemany(
        f"INSERT INTO passages (id, document, {PASSAGE_COLUMNS}, indexed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                passage_id,
                number,
                passage.section,
                passage.text.encode(),
                json.dumps(passage.reading.runs),
                json.dumps(passage.sentences),
                passage.headings,
                json.dumps(passage.leads),
                json.dumps(passage.labels),
                json.dumps(passage.lists),
                indexed.encode(),
            )
            for passage_id, (passage, indexed) in enumerate(zip(entry.passages, entry.indexed, strict=True), first_id)
        ],
    )


def insert_words(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Add every word of the passages except stop words: folded, in its most frequent spelling, with its count.

    Words of titles and headings, which have capitals of their own, count where the text below does not have them.
    """
    spellings: dict[str, Counter[str]] = {}
    for entry in entries:
        for passage in entry.passages:
            below = passage.sentences[passage.headings :]
            _count(spellings, passage.text[below[0][0] :] if below else "")
    above: dict[str, Counter[str]] = {}
    for entry in entries:
        for text in entry.indexed:
            _count(above, text)
    spellings |= {folded: forms for folded, forms in above.items() if folded not in spellings}
    connection.executemany(
        "INSERT INTO words (folded, written, times) VALUES (?, ?, ?)",
        (
            (folded, max(forms, key=lambda form: (forms[form], form)), forms.total())
            for folded, forms in spellings.items()
            if folded not in STOP_WORDS
        ),
    )


def _count(spellings: dict[str, Counter[str]], text: str) -> None:
    for folded, (start, end) in words(text):
        spellings.setdefault(folded, Counter())[text[start:end]] += 1


def insert_forms(connection: sqlite3.Connection, stems: Iterable[str]) -> None:
    """Add the stems of other forms of the passages' words, such as that of "wrote" where a passage has "written"."""
    connection.executemany("INSERT OR IGNORE INTO forms (stem) VALUES (?)", ((stem,) for stem in stems))


def document_from_row(row: Sequence[Any], sections: tuple[Section, ...]) -> Document:
    """The document of a row of DOCUMENT_COLUMNS."""
    doc_id, sha256, encoding, title, date, publisher, language, text, tags, aliases, places = row
    return Document(
        doc_id=doc_id,
        text=text.decode(),
        sha256=sha256,
        encoding=encoding,
        title=title,
        date=date,
        publisher=publisher,
        sections=sections,
        language=language,
        places=tuple(Place(start, kind, label) for start, kind, label in json.loads(places)),
        tags=tuple(json.loads(tags)),
        aliases=tuple(json.loads(aliases)),
    )


def section_from_row(row: Sequence[Any]) -> Section:
    """The section of a row of SECTION_COLUMNS."""
    heading, date, is_article = row
    return Section(heading, date, bool(is_article))


def passage_from_row(doc_id: str, row: Sequence[Any]) -> Passage:
    """The passage of a row of PASSAGE_COLUMNS."""
    section, text, runs, sentences, headings, leads, labels, lists = row
    return Passage(
        doc_id=doc_id,
        section=section,
        reading=ReadingText(text.decode(), tuple((a, b, c) for a, b, c in json.loads(runs))),
        sentences=_spans(sentences),
        headings=headings,
        leads=tuple(tuple((start, end) for start, end in lead) for lead in json.loads(leads)),
        labels=_spans(labels),
        lists=_spans(lists),
    )


def _spans(stored: str) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in json.loads(stored))
