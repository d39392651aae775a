"""`quoth index FOLDER`: the index inside the folder, found by every command, with its limits and its files not read."""

from __future__ import annotations

import io
import json
import shlex
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import ASK_THERE, NO_INDEX
from bot.language.wording import FOLDER
from bot.terminal.repl import greeting, run
from retrieval.index.manifest import build_command, read_manifest
from tests.bot.bad_days.commands import assert_one_clear_line, contents
from tests.bot.conftest import Quoth
from tests.conftest import write_corpus

INSIDE = Path("my notes/.quoth/index")


@pytest.fixture
def notes(fake_quoth: Quoth, docs: Path, tmp_path: Path) -> Path:
    """The small corpus in a folder with its index inside."""
    docs.rename(tmp_path / "my notes")
    assert fake_quoth("index", "my notes").status == 0
    return tmp_path / "my notes"


def test_the_index_of_a_folder_goes_inside_it_and_how_to_ask_is_said_once(
    fake_quoth: Quoth, docs: Path, tmp_path: Path
):
    docs.rename(tmp_path / "my notes")
    first = fake_quoth("index", "my notes")
    assert first.out.endswith("3 passages in my notes/.quoth/index\n")
    assert first.messages == [ASK_THERE.format(folder="my notes", index="'my notes/.quoth/index'")]
    assert (tmp_path / INSIDE / "manifest.json").is_file()
    second = fake_quoth("index", "my notes")
    assert second.out.startswith("0 added, 0 changed, 0 removed, 0 skipped, 3 unchanged")
    assert second.messages == []
    assert not (tmp_path / ".quoth").exists()


@pytest.mark.parametrize("place", [".", "news"])
@pytest.mark.parametrize("argv", [["search", "old mill"], ["sources"], ["verify"], ["ask", "hello"], ["chat"]])
def test_every_command_finds_the_index_inside_the_folder_and_below(
    fake_quoth: Quoth, notes: Path, monkeypatch: pytest.MonkeyPatch, place: str, argv: list[str]
):
    monkeypatch.chdir(notes / place)
    ran = fake_quoth(*argv)
    assert (ran.status, ran.messages) == (0, [])
    assert not (notes / "news/.quoth").exists()


def test_index_without_a_folder_refreshes_the_index_that_is_found(
    fake_quoth: Quoth, notes: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(notes / "news")
    write_corpus(notes, {"light.txt": "The lighthouse was built in 1931.\n"})
    assert fake_quoth("index").out.splitlines()[0] == "added: light.txt"


def test_the_command_that_refreshes_is_said_in_full(fake_quoth: Quoth, notes: Path):
    write_corpus(notes, {"light.txt": "The lighthouse was built in 1931.\n"})
    (message,) = fake_quoth("search", "mill", "--index", INSIDE).messages
    assert message.endswith("update it with `quoth index 'my notes'`")
    assert shlex.split(build_command(INSIDE)) == ["quoth", "index", "my notes"]


def test_a_folder_that_was_moved_with_its_index_goes_on(fake_quoth: Quoth, notes: Path, tmp_path: Path):
    notes.rename(tmp_path / "moved")
    index = tmp_path / "moved/.quoth/index"
    assert read_manifest(index).docs == str(tmp_path / "moved")
    assert fake_quoth("verify", "--index", index).status == 0
    assert fake_quoth("index", "moved").out.startswith("0 added, 0 changed, 0 removed, 0 skipped, 3 unchanged")


def test_a_folder_and_docs_at_once_are_wrong_usage(fake_quoth: Quoth, notes: Path):
    assert fake_quoth("index", "my notes", "--docs", "my notes").status == 2


@pytest.mark.parametrize(
    "argv",
    [["ask", "x"], ["ask", "hello"], ["chat"], ["search", "x"], ["sources"], ["verify"], ["index"], ["watch"],
     ["feedback"]],
)  # fmt: skip
@pytest.mark.parametrize("named_by", ["flag", "environment"])
def test_a_named_index_that_is_not_there_is_an_error_and_nothing_is_created(
    fake_quoth: Quoth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str], named_by: str
):
    write_corpus(tmp_path, {"pyproject.toml": '[project]\nname = "quoth"\n', "seeds/a.txt": "A seed stands here.\n"})
    before = contents(tmp_path)
    if named_by == "environment":
        monkeypatch.setenv("QUOTH_INDEX", "typo")
    else:
        argv = [*argv, "--index", "typo"]
    assert_one_clear_line(fake_quoth(*argv), "no index at typo", "`quoth index --docs DIR --index typo`")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("argv", [["ask", "x"], ["chat"], ["search", "x"], ["sources"], ["verify"], ["index"]])
def test_where_there_is_no_index_the_command_that_builds_one_is_said(
    fake_quoth: Quoth, tmp_path: Path, argv: list[str]
):
    write_corpus(tmp_path, {"seeds/a.txt": "A seed stands here.\n"})  # a folder of that name is no clone of Quoth
    before = contents(tmp_path)
    assert_one_clear_line(fake_quoth(*argv), NO_INDEX)
    assert contents(tmp_path) == before


def test_an_answer_names_the_folder_and_never_its_path(told_quoth: Quoth, docs: Path):
    assert told_quoth("ask", "When was the harbour of Lund opened?").out.endswith(f"{FOLDER.format(name='docs')}\n")
    assert str(docs) not in told_quoth("ask", "When was the harbour of Lund opened?").out
    assert "Folder" not in told_quoth("ask", "hello").out


def test_the_greeting_of_a_chat_names_the_folder(
    indexed: Quoth, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    greeted: list[object] = []
    monkeypatch.setattr("bot.terminal.repl.run", lambda **given: greeted.append(given["folder"]) or 0)
    assert indexed("chat").status == 0
    assert greeted == ["docs"]
    assert greeting(3, 3, "docs").startswith("docs: 3 documents")


def test_a_chat_that_watches_answers_over_the_index_it_has_refreshed(
    indexed: Quoth, docs: Path, monkeypatch: pytest.MonkeyPatch
):
    said, lines = threading.Event(), []

    class Typed(io.StringIO):
        """A person who adds a file, and asks when its change was said."""

        def __iter__(self) -> Iterator[str]:
            write_corpus(docs, {"light.txt": "The lighthouse of Rusk was built in 1931.\n"})
            assert said.wait(timeout=30)
            yield "/sources\n"

    def talk(line: str) -> None:
        lines.append(line)
        said.set()

    monkeypatch.setattr("bot.commands.talk", talk)
    monkeypatch.setattr("bot.terminal.repl.run", lambda **given: run(**(given | {"stdin": Typed()})))
    ran = indexed("chat", "--watch")
    assert ran.status == 0
    assert "light.txt" in ran.out
    assert lines == ["1 file changed: 1 added; 4 passages"]


def test_files_that_are_not_read_are_named_at_the_end_and_the_index_is_up_to_date(fake_quoth: Quoth, notes: Path):
    write_corpus(notes, {"photo.jpg": "x", "clip.mp4": "x", "~$a.docx": "x", "Thumbs.db": "x"})
    ran = fake_quoth("index", "my notes")
    assert ran.out.splitlines()[-1] == "Not read: 2 files: clip.mp4, photo.jpg (format not supported)"
    assert fake_quoth("search", "mill", "--index", INSIDE).messages == []
    assert fake_quoth("verify", "--index", INSIDE).status == 0


def test_a_folder_without_a_file_that_is_read_says_what_it_has(fake_quoth: Quoth, tmp_path: Path):
    write_corpus(tmp_path / "pictures", {"photo.jpg": "x"})
    assert_one_clear_line(fake_quoth("index", "pictures"), "(it has photo.jpg: format not supported)")


def test_the_limits_are_kept_by_a_refresh_and_named_where_a_file_is_too_large(fake_quoth: Quoth, notes: Path):
    (notes / "big.txt").write_text("The pier of Rusk is long." + "\n" * 1_300_000, encoding="utf-8")
    ran = fake_quoth("index", "my notes", "--max-file-mb", "1", "--max-pages", "7")
    assert "skipped: big.txt: it has 1 MB, and the limit is 1; raise it with --max-file-mb" in ran.out
    assert "skipped: big.txt" in fake_quoth("index", "my notes").out
    assert json.loads((INSIDE / "manifest.json").read_text(encoding="utf-8"))["limits"] == {"file_mb": 1, "pages": 7}
    ran = fake_quoth("index", "my notes", "--max-file-mb", "2")
    assert "added: big.txt" in ran.out
    assert read_manifest(INSIDE).settings.limits == {"file_mb": 2, "pages": 7}


@pytest.mark.parametrize("flag", ["--max-file-mb", "--max-unpacked-mb", "--max-pages"])
def test_a_limit_is_a_number_of_at_least_1(fake_quoth: Quoth, notes: Path, flag: str):
    assert fake_quoth("index", "my notes", flag, "0").status == 2
