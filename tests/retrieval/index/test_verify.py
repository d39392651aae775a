"""What became of each document since it was indexed."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.index.verify import Check, changed_files, check_documents
from retrieval.library import Library
from tests.conftest import write_corpus


def checks(library: Library) -> dict[str, Check]:
    return {check.document: check for check in check_documents(library.store)}


def statuses(library: Library) -> dict[str, str]:
    return {name: check.status for name, check in checks(library).items()}


def test_untouched_documents_are_unchanged(small: Library):
    assert statuses(small) == dict.fromkeys(("harbour.txt", "mill.txt", "news/bridge.md"), "unchanged")


def test_a_renamed_document_has_moved_and_its_new_name_is_not_news(small: Library, docs: Path):
    (docs / "mill.txt").rename(docs / "news/old-mill.txt")
    found = checks(small)
    assert set(found) == {"harbour.txt", "mill.txt", "news/bridge.md"}
    assert (found["mill.txt"].status, found["mill.txt"].detail) == (
        "moved",
        "moved: the same content is now in news/old-mill.txt",
    )


def test_a_removed_document_is_gone_and_an_added_file_new(small: Library, docs: Path):
    (docs / "mill.txt").unlink()
    write_corpus(docs, {"light.txt": "The lighthouse was built in 1931.\n"})
    assert statuses(small) == {
        "harbour.txt": "unchanged",
        "mill.txt": "gone",
        "news/bridge.md": "unchanged",
        "light.txt": "new",
    }


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("The Old Mill\n\nMay 4, 1999 – The old mill\nburned down. Nobody was hurt.\n\nIt was rebuilt.\n", (True,)),
        ("The Old Mill\n\nMay 4, 1999 – The new mill burned down. Nobody was hurt.\n", (False,)),
    ],
    ids=["wrapped elsewhere", "another word"],
)
def test_of_a_changed_document_each_passage_is_looked_for(
    small: Library, docs: Path, text: str, standing: tuple[bool, ...]
):
    write_corpus(docs, {"mill.txt": text})
    check = checks(small)["mill.txt"]
    assert (check.status, check.standing) == ("changed", standing)
    assert check.detail.endswith(f"passages that still stand in it: {sum(standing)} of 1")


def test_a_document_that_can_not_be_read_any_more_says_why(small: Library, docs: Path):
    (docs / "mill.txt").unlink()
    (docs / "mill.txt").mkdir()
    assert checks(small)["mill.txt"].detail == "the file can't be read now: it is not a regular file"


def test_a_file_of_another_format_makes_no_index_out_of_date(small: Library, docs: Path):
    write_corpus(docs, {"photo.jpg": "x"})
    assert changed_files(small.store) == []
    assert set(statuses(small).values()) == {"unchanged"}
