"""What the writer puts into an index comes out of the store unchanged."""

import shlex
from pathlib import Path

import numpy as np

from retrieval.encoder.vectors import unit_rows
from retrieval.index.manifest import build_command, read_manifest
from retrieval.index.store import open_store
from retrieval.index.tables import Entry
from retrieval.index.writer import building, save_generation
from retrieval.schema import Document, Passage, Section
from retrieval.spans import ReadingText

DOCUMENT = Document(
    doc_id="notes/über.md",
    text="The Harbour\n\nIt opened in 1871. 😀 It has 14 piers.\n",
    sha256="a" * 64,
    encoding="utf-8",
    title="The Harbour",
    date="2020-05-04",
    publisher="Port of Lund",
    sections=(Section("The Harbour", "1999-01", True), Section(None, None, False)),
)
PASSAGES = [
    Passage("notes/über.md", 0, ReadingText("It opened in 1871.", ((0, 13, 18),)), ((0, 18),)),
    Passage("notes/über.md", 1, ReadingText("😀 It has 14 piers.", ((0, 32, 19),)), ((0, 1), (2, 19))),
]


def test_an_entry_is_read_back_as_it_was_written(small, tmp_path):
    entry = Entry(
        document=DOCUMENT,
        key="key",
        size=61,
        mtime_ns=1_700_000_000_123_456_789,
        passages=PASSAGES,
        indexed=["The Harbour. It opened in 1871.", "😀 It has 14 piers."],
        vectors=unit_rows(np.array([[1, 2, 3, 4], [4, 3, 2, 1]], np.float32)),
    )
    index = tmp_path / "other"
    with building(index, lambda: None):
        save_generation(index, [entry], read_manifest(tmp_path / "index"))
    store = open_store(index)
    found = store.entry("notes/über.md")
    assert (found.document, found.key, found.size, found.mtime_ns) == (DOCUMENT, "key", 61, 1_700_000_000_123_456_789)
    assert (found.passages, found.indexed) == (PASSAGES, entry.indexed)
    assert np.array_equal(found.vectors, entry.vectors)
    assert store.words_like("har", 3, 9) == {"harbour": ("Harbour", 1)}
    (source,) = store.sources()
    assert (source.title, source.date, source.publisher, source.passages) == (
        "The Harbour", "2020-05-04", "Port of Lund", 2
    )  # fmt: skip


def test_the_command_that_builds_an_index_can_be_typed_as_it_is():
    index = Path("/home/ann/my notes/.quoth")
    assert shlex.split(build_command(index)) == ["quoth", "index", "--index", str(index)]
    assert build_command(index, "DIR") == "quoth index --docs DIR --index '/home/ann/my notes/.quoth'"
