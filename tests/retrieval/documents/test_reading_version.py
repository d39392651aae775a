"""An index keeps what was read from each file, so a changed rule of reading must be noticed by every index.

Indexes compare READING_VERSION, not the rules. This test ties the two together: what is read from the sample files is
hashed, and the hash belongs to one version.
"""

import hashlib
import json

from retrieval.documents.passages import split_passages
from retrieval.documents.read import READING_VERSION, read_document
from retrieval.settings import PassageSettings
from tests.conftest import SEED_FILES, FakeEncoder

SAMPLES = {
    **{path.name: path.read_bytes() for path in SEED_FILES},
    "list.md": b"# A list\n\nIntro:\n\n1. First *item*\n2. Second item\n\n```\ncode()\n```\n\n| a | b |\n|---|---|\n",
    "latin.txt": "Über den Flüssen liegt Köln – „schön“.\n".encode("cp1252"),
    "pages.txt": b"\f THE REPORT | 2021\n\nSome text goes on and\n\f on over the page.1\n\n1 A note.\n",
    "table.csv": b"name,room\nAnn,A12\nBob,B07\n",
    "page.html": b"<h1>Lund</h1><ul><li>Ships<ul><li>two</li></ul></li></ul><p>Ann: No.</p><p>Bob: Yes.</p>",
    "news.txt": "A Bridge\n\nLund, May 4, 1999 – The bridge opened. It cost $3.2 million.\n".encode(),
}
SETTINGS = PassageSettings(size_tokens=60, overlap_sentences=1, with_header=True)
HASHES = {3: "d154c17b47b4ffd1649d9757c393d1b80776a4533c3d232754afddda7f8dcb75"}
"""The hash of what is read from the samples, by READING_VERSION. The newest entry is the one in force."""


def what_is_read() -> str:
    """A hash of texts, maps, sentences, headings, titles and dates, whatever classes and fields are called."""
    digest = hashlib.sha256()
    for name, raw in SAMPLES.items():
        parsed = read_document(name, raw)
        document = parsed.document
        read = [document.text, document.encoding, document.title, document.date, document.publisher]
        read += [[section.heading, section.date, section.is_article] for section in document.sections]
        for passage, indexed in split_passages(parsed, SETTINGS, FakeEncoder().count_tokens, limit_tokens=60):
            read.append([passage.section, passage.text, passage.reading.runs, passage.sentences, indexed])
            read.append([passage.headings, passage.leads, passage.labels])
        digest.update(json.dumps(read).encode())
    return digest.hexdigest()


def test_the_version_of_reading_says_what_is_read():
    advice = "reading has changed: raise READING_VERSION in retrieval/documents/read.py and add its hash here"
    assert what_is_read() == HASHES[READING_VERSION], advice
    assert max(HASHES) == READING_VERSION
