"""`quoth chat` fed from a pipe: the index is refreshed first, and the networks are loaded before the first line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.terminal.rating import RATING_SAVED
from retrieval.library import Library
from tests.bot.conftest import Quoth
from tests.conftest import write_corpus

QUESTION = "When did the old mill burn down?"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is done to a Library, in order: the call, and the generation of the index that is open."""
    made: list[tuple[str, str]] = []
    for name in ("load", "close", "ask"):
        monkeypatch.setattr(Library, name, _recorded(name, made))
    return made


def _recorded(name: str, made: list[tuple[str, str]]):
    real = getattr(Library, name)

    def call(library: Library, *arguments: object):
        made.append((name, library.store.manifest.generation))
        return real(library, *arguments)

    return call


def generation(index: Path) -> str:
    (only,) = index.glob("generation-*")
    return only.name


def test_a_chat_answers_each_line_of_a_pipe_over_the_index_that_is_there(indexed: Quoth, calls: list[tuple[str, str]]):
    current = generation(Path(".quoth/index"))
    ran = indexed("chat", stdin=f"{QUESTION}\n/sources\n".encode())
    assert (ran.status, ran.messages) == (0, [])
    assert "embedding" not in ran.err
    assert [line for line in ran.out.splitlines() if line.startswith("> ")] == [f"> {QUESTION}", "> /sources"]
    assert "mill.txt, line" in ran.out
    assert calls[:2] == [("load", current), ("ask", current)]


def test_a_chat_over_a_changed_folder_refreshes_the_index_and_reopens_it(
    indexed: Quoth, docs: Path, calls: list[tuple[str, str]]
):
    before = generation(Path(".quoth/index"))
    write_corpus(docs, {"mill.txt": "The Old Mill\n\nThe old mill burned down in 2001.\n"})
    ran = indexed("chat", stdin=f"{QUESTION}\n".encode())
    after = generation(Path(".quoth/index"))
    assert ran.status == 0
    assert "embedding …" in ran.err
    assert "2001" in ran.out and "1999" not in ran.out
    assert before != after
    assert calls[:3] == [("close", before), ("load", after), ("ask", after)]
    assert "embedding" not in indexed("chat", stdin=b"/quit\n").err  # it is up to date now


def test_a_rating_in_a_chat_is_stored_beside_the_index_and_typed_lines_of_a_pipe_are_not(indexed: Quoth):
    ran = indexed("chat", stdin=f"{QUESTION}\n/wrong\n".encode())
    assert (ran.status, " ".join(ran.err.split())) == (0, RATING_SAVED)
    with closing(sqlite3.connect(".quoth/feedback.sqlite")) as database:
        assert database.execute("SELECT question, verdict FROM answers JOIN feedback ON id = answer_id").fetchall() == [
            (QUESTION, "wrong")
        ]
    assert not Path(".quoth/history").exists()


def test_forget_empties_the_file_of_typed_lines_also_where_nothing_is_kept_any_more(indexed: Quoth):
    Path(".quoth/history").write_text("+When was the mill built?\n")
    assert indexed("chat", "--no-log", stdin=b"/forget\n").status == 0
    assert Path(".quoth/history").read_text() == ""


def test_a_line_of_a_pipe_that_fails_is_reported_and_the_chat_goes_on_and_exits_1(indexed: Quoth):
    ran = indexed("chat", stdin=b"x" * 10_001 + b"\nhello\n")
    assert ran.status == 1
    assert ran.err == "the question has 10,001 characters; at most 10,000 can be searched\n"
    assert "> hello" in ran.out


def test_a_chat_with_closed_standard_input_ends_at_once(indexed: Quoth, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.commands.sys.stdin", None)
    assert indexed("chat").status == 0
