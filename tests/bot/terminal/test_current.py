"""The library of a chat goes on with the newest index that can be opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.terminal.current import CurrentLibrary
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.conftest import FakeEncoder, no_report, write_corpus


@pytest.fixture
def current(small: Library, tmp_path: Path) -> CurrentLibrary:
    return CurrentLibrary(small, tmp_path / "index", 0.9)


def names(current: CurrentLibrary) -> list[str]:
    return [source.document for source in current.sources()]


def test_a_newer_index_takes_the_place_of_the_open_one_with_the_same_networks(
    current: CurrentLibrary, small: Library, docs: Path, tmp_path: Path, fake: FakeEncoder
):
    before = small.doc_id_of(small.document("mill.txt").sha256)
    (docs / "mill.txt").rename(docs / "old.txt")
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)
    assert before == "mill.txt"
    assert names(current) == ["harbour.txt", "news/bridge.md", "old.txt"]
    assert current.document("old.txt").title == "The Old Mill"
    assert current.ask("When did the old mill burn down?").hits[0].document.doc_id == "old.txt"


@pytest.mark.parametrize("happened", ["rubbish", "gone"])
def test_an_index_that_can_not_be_opened_leaves_the_open_one(current: CurrentLibrary, tmp_path: Path, happened: str):
    manifest = tmp_path / "index/manifest.json"
    if happened == "rubbish":
        manifest.write_text("rubbish", encoding="utf-8")
    else:
        manifest.unlink()
    assert names(current) == ["harbour.txt", "mill.txt", "news/bridge.md"]
    assert current.ask("When did the old mill burn down?").hits[0].document.doc_id == "mill.txt"


def test_a_document_is_found_by_its_hash(current: CurrentLibrary, docs: Path, tmp_path: Path, fake: FakeEncoder):
    sha256 = current.document("mill.txt").sha256
    (docs / "mill.txt").rename(docs / "news/mill.txt")
    write_corpus(docs, {"copy.txt": (docs / "news/mill.txt").read_text(encoding="utf-8")})
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)
    assert current.doc_id_of(sha256) == "copy.txt"  # the first of two
    assert current.doc_id_of("0" * 64) is None
