"""A new kind of file is one more Format: it is listed, read and verified by it."""

import pytest

from retrieval.documents import formats
from retrieval.documents.encodings import Decoded
from retrieval.documents.files import list_files
from retrieval.documents.formats import FORMATS, MARKDOWN, PLAIN_TEXT, Format, format_of
from retrieval.documents.layout import read_layout
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.conftest import no_report


@pytest.mark.parametrize(
    ("doc_id", "expected"),
    [
        ("a.txt", PLAIN_TEXT),
        ("a/b.TXT", PLAIN_TEXT),
        ("a.text", PLAIN_TEXT),
        ("a.md", MARKDOWN),
        ("a.Markdown", MARKDOWN),
    ],
)
def test_a_format_is_told_by_the_suffix_in_any_case(doc_id, expected):
    assert format_of(doc_id) == expected


def test_a_new_format_is_listed_read_cited_and_verified(docs, tmp_path, fake, monkeypatch):
    backwards = Format(lambda raw, _: Decoded(raw.decode()[::-1], "backwards"), read_layout)
    monkeypatch.setitem(formats.FORMATS, ".rev", backwards)
    (docs / "light.rev").write_text("The Lighthouse\n\nThe lighthouse was painted by Olga Berg in 1931.\n"[::-1])
    assert "light.rev" in [path.name for path in list_files(docs)]
    build_index(docs, tmp_path / "i", IndexSettings(), no_report, fake)
    with Library(tmp_path / "i", encoder=fake) as library:
        document = library.document("light.rev")
        assert (document.encoding, document.text[:14]) == ("backwards", "The Lighthouse")
        assert library.search("Who painted the lighthouse?", 1)[0].document.doc_id == "light.rev"
        assert library.verify() == []


def test_files_of_other_kinds_are_left_alone(docs):
    (docs / "photo.jpg").write_bytes(b"\xff\xd8")
    assert {path.suffix for path in list_files(docs)} <= set(FORMATS)
