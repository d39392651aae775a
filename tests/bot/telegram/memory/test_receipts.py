"""Receipts of answers in Telegram: stored with the answer, and deleted with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.telegram.memory.memory import Memory
from bot.telegram.memory.records import Origin

OPENED = "When was the harbour opened?"


@pytest.fixture
def memory(tmp_path):
    with closing(Memory(tmp_path / "feedback.sqlite")) as memory:
        yield memory


def keep(memory, told, question=OPENED, person=7):
    return memory.keep_answer(told.ask(question), Origin(person, person, None), (), told.document).answer


def receipts(tmp_path):
    with closing(sqlite3.connect(tmp_path / "feedback.sqlite")) as database:
        return database.execute("SELECT count(*) FROM receipts").fetchone()[0]


def test_a_stored_answer_has_a_receipt_and_small_talk_has_none(memory, told, tmp_path):
    kept = keep(memory, told)
    receipt = memory.receipt(kept.receipt)
    assert [cited.sha256 for cited in receipt.citations] == [told.document("harbour.txt").sha256]
    assert memory.answer(kept.id).answer.receipt == kept.receipt
    assert keep(memory, told, "Hello!").receipt is None
    assert receipts(tmp_path) == 1


def test_forgetting_a_person_deletes_their_receipts_and_what_they_proposed(memory, told, tmp_path):
    mine, theirs = keep(memory, told), keep(memory, told, person=8)
    memory.rate(theirs.id, 7, "wrong")
    memory._ratings.propose(theirs.id, 7, "in 1872")
    memory.forget(7)
    assert receipts(tmp_path) == 1
    assert memory.receipt(mine.receipt).id == theirs.receipt
    assert memory._ratings.ratings() == []
    memory.forget(8)
    assert memory.receipt(mine.receipt) is None


def test_receipts_expire_with_their_answers(memory, told, tmp_path, monkeypatch):
    keep(memory, told)
    memory.expire(90)
    assert receipts(tmp_path) == 1
    monkeypatch.setattr("bot.telegram.memory.memory.time.time", lambda: 4_000_000_000)
    memory.expire(90)
    assert receipts(tmp_path) == 0
