"""A new kind of file is one more module: its files are listed, read and verified by it."""

import sys
from importlib import import_module
from types import ModuleType

import pytest

from retrieval.documents import formats
from retrieval.documents.elements import Element, Extraction, ReadOptions
from retrieval.documents.files import list_files
from retrieval.documents.formats import SUFFIXES, is_read, reader_of
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import IndexSettings
from retrieval.spans import ReadingText
from tests.conftest import no_report


@pytest.mark.parametrize(
    ("name", "module"),
    [("a.txt", "plain_text"), ("a/b.TXT", "plain_text"), ("a.Markdown", "markdown"), ("a.PDF", "pdf")],
)
def test_a_format_is_told_by_the_suffix_in_any_case(name, module):
    assert reader_of(name).__module__.startswith(f"retrieval.documents.{module}")


@pytest.mark.parametrize("module", sorted(set(SUFFIXES.values())))
def test_every_format_has_its_reader(module):
    assert callable(import_module(f"retrieval.documents.{module}").read)


def test_a_new_format_is_listed_read_cited_and_verified(docs, tmp_path, fake, monkeypatch):
    def read(raw: bytes, options: ReadOptions) -> Extraction:
        text = raw.decode()[::-1]
        return Extraction(text, "backwards", (Element("paragraph", ReadingText(text, ((0, 0, len(text)),))),))

    module = ModuleType("retrieval.documents.reversed")
    module.read = read
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(formats.SUFFIXES, ".rev", "reversed")
    (docs / "light.rev").write_text("The lighthouse was painted by Olga Berg in 1931."[::-1])
    assert "light.rev" in [path.name for path in list_files(docs)]
    build_index(docs, tmp_path / "i", IndexSettings(), no_report, fake)
    with Library(tmp_path / "i", encoder=fake) as library:
        document = library.document("light.rev")
        assert (document.encoding, document.text[:14]) == ("backwards", "The lighthouse")
        assert library.search("Who painted the lighthouse?", 1)[0].document.doc_id == "light.rev"
        assert library.verify() == []


def test_files_of_other_kinds_are_left_alone(docs):
    (docs / "photo.jpg").write_bytes(b"\xff\xd8")
    assert all(is_read(path.name) for path in list_files(docs))
