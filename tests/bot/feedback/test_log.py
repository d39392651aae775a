"""The log of a terminal: what it keeps, for how long, and what is left after /forget."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.feedback.log import TerminalLog, find_in_file
from bot.feedback.store import RatingStore
from retrieval.schema import Turn
from tests.conftest import EMPEROR

OPENED = "When was the harbour opened?"
TURNS = (Turn("Where is Lund?", ""),)
DAY_S = 86400


@pytest.fixture
def file(tmp_path):
    return tmp_path / "feedback.sqlite"


@pytest.fixture
def log(file):
    with closing(log_of(file)) as log:
        yield log


def log_of(file, days=365, notify=pytest.fail):
    return TerminalLog(file, days, str, notify)


def kept(file):
    """The questions in the log, in the order asked."""
    with closing(sqlite3.connect(file)) as database:
        return [question for (question,) in database.execute("SELECT question FROM answers ORDER BY rowid")]


def ratings(file):
    with closing(RatingStore(file)) as store:
        return [(one.question, one.verdict, one.reason, one.proposed, one.history) for one in store.ratings()]


def test_an_answer_is_kept_with_its_receipt(log, file, told):
    receipt = log.keep(told.ask(OPENED))
    assert kept(file) == [OPENED]
    assert find_in_file(file, receipt.id) == receipt
    assert [cited.citation.quote for cited in receipt.citations] == [
        "The harbour of Lund was opened in 1871 by Queen Astrid."
    ]


def test_a_refusal_is_kept_and_small_talk_is_not(log, file, told):
    assert log.keep(told.ask(EMPEROR)).citations[0].citation == told.ask(EMPEROR).nearest
    assert log.keep(told.ask("Hello!")) is None
    assert kept(file) == [EMPEROR]


def test_the_file_is_readable_by_its_owner_alone(log, file, told):
    log.keep(told.ask(OPENED))
    assert file.stat().st_mode & 0o077 == 0


def test_a_log_that_is_off_keeps_nothing_but_gives_receipts(file, told):
    log = log_of(file, days=0)
    receipt = log.keep(told.ask(OPENED))
    assert log.find(receipt.id) == log.last_receipt() == receipt
    assert log.find("00000000") is None
    assert not file.exists()


def test_a_rating_is_kept_also_while_the_log_is_off(file, told):
    with closing(log_of(file, days=0)) as log:
        log.rate(told.ask(OPENED), TURNS, "right", None)
    assert ratings(file) == [(OPENED, "right", None, None, TURNS)]


def test_the_last_receipt_stays_after_small_talk(log, told):
    receipt = log.keep(told.ask(OPENED))
    log.keep(told.ask("Hello!"))
    assert log.last_receipt() == receipt


def test_a_second_rating_of_the_last_answer_replaces_the_first(log, file, told):
    answer = told.ask(OPENED)
    log.keep(answer, TURNS)
    log.rate(answer, TURNS, "right", None)
    log.rate(answer, TURNS, "wrong", "wrong source")
    again = replace(answer)  # the same question asked again is another answer
    log.rate(again, (), "right", None)
    assert ratings(file) == [(OPENED, "wrong", "wrong source", None, TURNS), (OPENED, "right", None, None, ())]
    assert kept(file) == [OPENED, OPENED]


def test_a_proposed_answer_is_kept_with_the_rating(log, file, told):
    answer = told.ask(OPENED)
    log.keep(answer)
    log.rate(answer, (), "wrong", "wrong answer")
    log.propose(answer, (), "in 1872")
    assert ratings(file) == [(OPENED, "wrong", "wrong answer", "in 1872", ())]


def test_old_answers_are_deleted_with_their_receipts_unless_they_were_rated(file, told, monkeypatch):
    now = 1_800_000_000
    monkeypatch.setattr("time.time", lambda: now - 31 * DAY_S)
    old, rated = told.ask(EMPEROR), told.ask(OPENED)
    with closing(log_of(file)) as log:
        old_receipt = log.keep(old)
        log.keep(rated)
        log.rate(rated, (), "right", None)
    monkeypatch.setattr("time.time", lambda: now)
    with closing(log_of(file, days=30)) as log:
        log.keep(told.ask("What did the bridge cost?"))
    assert kept(file) == [OPENED, "What did the bridge cost?"]
    assert find_in_file(file, old_receipt.id) is None


def test_forget_leaves_nothing_that_was_asked_in_a_terminal(log, file, told):
    answer = told.ask(OPENED)
    receipt = log.keep(answer)
    log.propose(answer, (), "in 1872")
    with closing(RatingStore(file)) as store:
        store.add_answer(told.ask(EMPEROR), (), "telegram", user_id=7, chat_id=7)
    assert log.forget() == 1
    assert (kept(file), ratings(file)) == ([EMPEROR], [])
    assert (log.find(receipt.id), log.last_receipt()) == (None, None)
    stored = b"".join(path.read_bytes() for path in file.parent.glob("feedback.sqlite*"))
    assert b"harbour opened" not in stored
    assert b"in 1872" not in stored


def test_forget_empties_the_file_of_typed_lines(file, tmp_path):
    lines = tmp_path / "history"
    lines.write_text("+How long?\n", encoding="utf-8")
    lines.chmod(0o600)
    assert TerminalLog(file, 365, str, pytest.fail, lines).forget() == 0
    assert lines.read_bytes() == b""
    assert lines.stat().st_mode & 0o077 == 0


def test_forget_without_a_log_deletes_nothing_and_makes_no_file(log, file):
    assert log.forget() == 0
    assert not file.exists()


def test_a_log_that_cannot_be_written_says_so_once_and_answers_go_on(tmp_path, told):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    said = []
    log = log_of(tmp_path / "file" / "feedback.sqlite", notify=said.append)
    assert log.keep(told.ask(OPENED)).id == log.keep(told.ask(OPENED)).id
    assert len(said) == 1
    assert said[0].startswith("this answer is not kept in the log: can't use the database")
    assert said[0].endswith("To keep none, add --no-log or set QUOTH_LOG=0")


def test_an_id_that_several_answers_share_gives_the_last_question_asked_in_a_terminal(log, file, told):
    receipt = log.keep(told.ask(OPENED))
    later = replace(told.ask("so when was the harbour opened"), question="Since when?")
    log.keep(later)
    with closing(RatingStore(file)) as store:
        store.add_answer(told.ask(OPENED), (), "telegram", user_id=7, chat_id=7, receipt=receipt)
    assert find_in_file(file, receipt.id).question == "Since when?"
