"""Which index the working folder means, and what its folder is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.folders import find_index, folder_name, is_own_clone, seeds_folder
from tests.conftest import write_corpus

ROOT = Path(__file__).parents[2]
HERE = Path(".quoth/index")


def indexed(folder: Path) -> Path:
    write_corpus(folder, {".quoth/index/manifest.json": "{}"})
    return folder / HERE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / "notes/2026/may").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    return home


def found_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return find_index()


def test_the_index_of_the_nearest_folder_is_found(home: Path, monkeypatch: pytest.MonkeyPatch):
    upper = indexed(home / "notes")
    assert found_from(home / "notes", monkeypatch) == HERE
    assert found_from(home / "notes/2026/may", monkeypatch) == upper
    assert found_from(home / "notes/2026/may", monkeypatch) != indexed(home)
    nearer = indexed(home / "notes/2026")
    assert found_from(home / "notes/2026/may", monkeypatch) == nearer


def test_the_home_folder_is_the_last_one_looked_into(home: Path, monkeypatch: pytest.MonkeyPatch):
    indexed(home.parent)
    assert found_from(home / "notes", monkeypatch) == HERE
    at_home = indexed(home)
    assert found_from(home / "notes", monkeypatch) == at_home


def test_no_index_is_taken_from_a_folder_that_everyone_can_write_to(home: Path, monkeypatch: pytest.MonkeyPatch):
    indexed(home / "notes")
    (home / "notes").chmod(0o777)
    assert found_from(home / "notes/2026", monkeypatch) == HERE


def test_a_working_folder_that_is_gone_has_no_index(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(home / "notes/2026/may")
    (home / "notes/2026/may").rmdir()
    assert find_index() == HERE


def test_only_a_clone_of_quoth_has_samples_to_index(tmp_path: Path):
    assert is_own_clone(ROOT)
    assert not is_own_clone(tmp_path)
    write_corpus(tmp_path, {"pyproject.toml": '[project]\nname = "other"\n', "seeds/a.txt": "x"})
    assert not is_own_clone(tmp_path)
    write_corpus(tmp_path, {"pyproject.toml": "rubbish"})
    assert not is_own_clone(tmp_path)


def test_a_folder_is_called_by_its_name_and_the_samples_need_none(monkeypatch: pytest.MonkeyPatch):
    assert folder_name("/srv/private/my-notes") == "my-notes"
    assert folder_name("/") == "/"
    monkeypatch.chdir(ROOT)
    assert folder_name(str(seeds_folder())) is None
