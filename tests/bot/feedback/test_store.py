"""Ratings are stored and read back whole, and errors of the database say what to do."""

import json
import sqlite3
from contextlib import closing

import pytest

from bot.feedback.database import DAMAGED, NEWER_VERSION
from bot.feedback.store import RatingStore
from retrieval.errors import DatabaseError
from retrieval.schema import Turn

TURNS = (Turn("Who built the mill?", "Ada Holm"),)


@pytest.fixture
def answer(small):
    return small.ask("When was the harbour of Lund opened?")


def test_a_rating_comes_back_with_its_question_turns_and_answer(tmp_path, answer):
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        store.rate(store.add_answer(answer, TURNS, "terminal"), 0, "wrong", "wrong source")
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        (rating,) = store.ratings()
    assert (rating.verdict, rating.reason) == ("wrong", "wrong source")
    assert (rating.question, rating.history) == (answer.question, TURNS)
    assert json.loads(rating.answer)["id"] == rating.answer_id
    assert json.loads(rating.answer)["status"] == answer.status


def test_a_user_has_one_rating_of_an_answer_and_the_last_one_counts(tmp_path, answer):
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        id_ = store.add_answer(answer, (), "telegram", user_id=7, chat_id=8)
        store.rate(id_, 7, "wrong", "wrong answer")
        store.rate(id_, 7, "right")
        store.rate(id_, 9, "wrong")
        assert sorted((rating.user_id, rating.verdict, rating.reason) for rating in store.ratings()) == [
            (7, "right", None),
            (9, "wrong", None),
        ]


def test_a_proposed_answer_makes_the_answer_wrong_and_stays_with_the_reason(tmp_path, answer):
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        id_ = store.add_answer(answer, (), "telegram", user_id=7, chat_id=8)
        store.rate(id_, 7, "wrong", "wrong source")
        store.propose(id_, 7, "in 1872")
        store.propose(id_, 9, "in 1873")
        store.rate(id_, 7, "wrong", "wrong answer")
        rated = [(rating.user_id, rating.verdict, rating.reason, rating.proposed) for rating in store.ratings()]
        assert sorted(rated) == [(7, "wrong", "wrong answer", "in 1872"), (9, "wrong", None, "in 1873")]


def test_a_proposed_answer_is_gone_when_its_answer_is_rated_right(tmp_path, answer):
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        id_ = store.add_answer(answer, (), "telegram", user_id=7, chat_id=8)
        store.propose(id_, 7, "in 1872")
        store.rate(id_, 7, "right")
        assert [(rating.verdict, rating.proposed) for rating in store.ratings()] == [("right", None)]


def test_a_proposal_brings_a_reviewed_answer_back_to_review(tmp_path, answer):
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        id_ = store.add_answer(answer, (), "terminal")
        store.rate(id_, 0, "wrong")
        store.review(id_)
        store.propose(id_, 0, "in 1872")
        assert [rating.proposed for rating in store.ratings()] == ["in 1872"]


def test_a_reviewed_rating_is_not_listed_again(tmp_path, answer):
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        id_ = store.add_answer(answer, (), "terminal")
        store.rate(id_, 0, "right")
        store.review(id_)
        assert store.ratings() == []
        assert [rating.answer_id for rating in store.ratings(reviewed=True)] == [id_]


def test_a_rating_of_an_unknown_answer_is_an_error(tmp_path):
    with (
        closing(RatingStore(tmp_path / "feedback.sqlite")) as store,
        pytest.raises(DatabaseError, match="FOREIGN KEY"),
    ):
        store.rate("unknown", 0, "right")


def test_a_file_that_is_not_a_database_or_of_a_newer_version_is_an_error(tmp_path):
    (tmp_path / "text").write_text("this is a text and no database, for sure" * 40, encoding="utf-8")
    with pytest.raises(DatabaseError, match=f"not a database; {DAMAGED}"):
        RatingStore(tmp_path / "text")
    newer = sqlite3.connect(tmp_path / "newer")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(DatabaseError, match=NEWER_VERSION.format(path=tmp_path / "newer")):
        RatingStore(tmp_path / "newer")


def test_the_file_is_readable_by_its_owner_alone(tmp_path):
    RatingStore(tmp_path / "feedback.sqlite").close()
    assert (tmp_path / "feedback.sqlite").stat().st_mode & 0o077 == 0
