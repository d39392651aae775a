"""The folder of uploads: files are there whole or not at all."""

import os

import pytest

from bot.telegram.files.folder import UploadFolder


@pytest.fixture
def folder(tmp_path):
    return UploadFolder(tmp_path)


def left(tmp_path):
    return sorted(os.listdir(tmp_path / "uploads"))


def test_a_file_is_stored_and_listed(folder, tmp_path):
    assert folder.names() == []
    folder.write("b.txt", b"two")
    folder.write("a.txt", b"one")
    assert folder.names() == ["a.txt", "b.txt"] == left(tmp_path)
    assert folder.has("a.txt", b"one") and not folder.has("a.txt", b"two") and not folder.has("c.txt", b"one")


def test_nothing_is_left_where_writing_fails(folder, tmp_path, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.write("a.txt", b"one")
    assert left(tmp_path) == []


def test_half_files_of_an_earlier_process_are_deleted_and_nothing_else(folder, tmp_path):
    folder.clear()  # there is no folder yet
    folder.write("a.txt", b"one")
    (tmp_path / "uploads" / ".quoth-x1").write_bytes(b"half")
    (tmp_path / "uploads" / ".git").write_bytes(b"not ours")
    folder.clear()
    assert left(tmp_path) == [".git", "a.txt"]


def test_only_files_that_can_be_documents_are_listed(folder, tmp_path):
    folder.write("a.txt", b"one")
    folder.write("a.exe", b"program")
    (tmp_path / "uploads" / "folder.txt").mkdir()
    (tmp_path / "uploads" / "link.txt").symlink_to(tmp_path / "uploads" / "a.txt")
    assert folder.names() == ["a.txt"]
    assert folder.holds("link.txt") and not folder.has("link.txt", b"one")


def test_a_file_that_is_set_aside_can_be_put_back(folder, tmp_path):
    folder.write("a.txt", b"one")
    aside = folder.set_aside("a.txt")
    assert folder.names() == []
    folder.put_back(aside)
    assert folder.names() == ["a.txt"]
