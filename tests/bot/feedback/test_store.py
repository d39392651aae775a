"""What people said is kept, read back whole, and told when it can't be."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.feedback.store import FeedbackStore, Judge
from retrieval.answer.answer import answer
from retrieval.errors import StoreError
from retrieval.schema import Turn

TURNS = (Turn("Who built the mill?", "Ada Holm"),)


@pytest.fixture
def given(small):
    return answer("When was the harbour of Lund opened?", small)


def test_a_verdict_comes_back_with_its_question_turns_and_answer(tmp_path, given):
    with closing(FeedbackStore(tmp_path / "feedback.sqlite")) as store:
        store.say(store.keep(given, TURNS, "terminal"), 0, "wrong", "wrong source")
    with closing(FeedbackStore(tmp_path / "feedback.sqlite")) as store:
        (said,) = store.verdicts()
    assert (said.verdict, said.reason, said.question, said.history) == ("wrong", "wrong source", given.question, TURNS)
    assert json.loads(said.answer)["id"] == said.answer_id
    assert json.loads(said.answer)["status"] == given.status


def test_a_person_has_one_verdict_on_an_answer_and_the_last_one_counts(tmp_path, given):
    with closing(FeedbackStore(tmp_path / "feedback.sqlite")) as store:
        id_ = store.keep(given, (), "telegram", 7, 8)
        store.say(id_, 7, "wrong", "wrong answer")
        store.say(id_, 7, "right")
        store.say(id_, 9, "wrong")
        assert sorted((said.user_id, said.verdict, said.reason) for said in store.verdicts()) == [
            (7, "right", None),
            (9, "wrong", None),
        ]


def test_in_the_terminal_a_second_verdict_on_the_last_answer_takes_the_place_of_the_first(tmp_path, given):
    judge = Judge(tmp_path / "feedback.sqlite")
    judge.say(given, TURNS, "right", None)
    judge.say(given, TURNS, "wrong", "wrong source")
    again = replace(given)  # the same question asked again is another answer
    judge.say(again, (), "right", None)
    with closing(FeedbackStore(tmp_path / "feedback.sqlite")) as store:
        said = [(one.verdict, one.reason, one.history) for one in store.verdicts()]
    assert said == [("wrong", "wrong source", TURNS), ("right", None, ())]


def test_what_was_reviewed_is_not_listed_again(tmp_path, given):
    with closing(FeedbackStore(tmp_path / "feedback.sqlite")) as store:
        id_ = store.keep(given, (), "terminal")
        store.say(id_, 0, "right")
        store.review(id_)
        assert store.verdicts() == []
        assert [said.answer_id for said in store.verdicts(reviewed=True)] == [id_]


def test_a_verdict_on_an_unknown_answer_is_refused(tmp_path):
    with (
        closing(FeedbackStore(tmp_path / "feedback.sqlite")) as store,
        pytest.raises(StoreError, match="FOREIGN KEY"),
    ):
        store.say("nobody", 0, "right")


def test_a_file_that_is_no_database_or_of_a_newer_version_is_told(tmp_path):
    (tmp_path / "text").write_text("this is a text and no database, for sure" * 40, encoding="utf-8")
    with pytest.raises(StoreError, match="not a database; it is damaged; move the file away"):
        FeedbackStore(tmp_path / "text")
    newer = sqlite3.connect(tmp_path / "newer")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(StoreError, match="newer version"):
        FeedbackStore(tmp_path / "newer")


def test_the_file_is_readable_by_its_owner_alone(tmp_path):
    FeedbackStore(tmp_path / "feedback.sqlite").close()
    assert (tmp_path / "feedback.sqlite").stat().st_mode & 0o077 == 0
