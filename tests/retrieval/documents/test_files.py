"""Which files of a folder are read, which are named as not read, and which nobody meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.documents.files import LINKED_FOLDER, NOT_SUPPORTED, list_folder, read_file
from retrieval.errors import DocumentError
from tests.conftest import write_corpus


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in list_folder(folder).documents]


def test_every_visible_file_is_a_document_or_named_as_not_read(tmp_path: Path):
    write_corpus(tmp_path, dict.fromkeys(["a.txt", "b.MD", "sub/c.txt", "sub/clip.mp4", "photo.jpg", "noname"], "x"))
    assert names(tmp_path) == ["a.txt", "b.MD", "sub/c.txt"]
    assert list_folder(tmp_path).not_read == tuple(
        (name, NOT_SUPPORTED) for name in ("noname", "photo.jpg", "sub/clip.mp4")
    )


def test_what_systems_and_programs_leave_behind_is_ignored(tmp_path: Path):
    junk = [
        "~$report.docx",
        "~$notes.txt",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        ".hidden.txt",
        ".quoth/index/a.txt",
    ]
    write_corpus(tmp_path, dict.fromkeys([*junk, "SOURCES.toml", "a.txt"], ""))
    assert names(tmp_path) == ["a.txt"]
    assert list_folder(tmp_path).not_read == ()


def test_a_link_to_a_folder_is_named_and_not_followed_so_a_loop_ends(tmp_path: Path):
    write_corpus(tmp_path, {"sub/a.txt": "x"})
    (tmp_path / "sub/loop").symlink_to("..")
    (tmp_path / "linked.txt").symlink_to("sub/a.txt")
    assert names(tmp_path) == ["linked.txt", "sub/a.txt"]
    assert list_folder(tmp_path).not_read == (("sub/loop", LINKED_FOLDER),)


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path):
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(2_000_001)  # a file with a hole takes no room
    assert len(read_file(tmp_path / "big.txt")[0]) == 2_000_001
    with pytest.raises(DocumentError, match=r"it has 2 MB, and the limit is 2; raise it with --max-file-mb"):
        read_file(tmp_path / "big.txt", max_mb=2)
