"""Ratings of answers as a table, as lines of JSON and as CSV."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.cli import main
from bot.feedback.report import NOTHING_TO_REVIEW, rating_json, write_csv
from bot.feedback.store import Rating, RatingStore
from bot.log_commands import NO_RATINGS
from retrieval.index.build import build_index
from retrieval.schema import AnswerText, Turn
from retrieval.settings import IndexSettings
from tests.conftest import no_report


@pytest.fixture
def index(tmp_path, small):
    """A folder for an index, beside which two users rated two answers; another rating was reviewed."""
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        opened = small.ask("When was the harbour of Lund opened?")
        first = store.add_answer(opened, [Turn("Where is Lund?", "")], "telegram", user_id=7, chat_id=5)
        store.rate(first, 7, "right")
        store.rate(first, 8, "wrong", "wrong source")
        refused = store.add_answer(small.ask('=HYPERLINK("x")?'), (), "telegram", user_id=7, chat_id=5)
        store.rate(refused, 7, "wrong", "should have answered")
        reviewed = store.add_answer(opened, (), "terminal")
        store.rate(reviewed, 0, "right")
        store.review(reviewed)
    return tmp_path / "index"


def feedback(index, capsys, *flags):
    assert main(["feedback", "--index", str(index), *flags]) == 0
    return capsys.readouterr().out


def test_the_list_shows_question_answer_and_rating(index, capsys):
    shown = feedback(index, capsys)
    assert "When was the harbour of Lund opened?" in shown
    assert "1871 (harbour.txt)" in shown
    assert "wrong: wrong source" in shown
    assert "no answer" in shown
    assert shown.endswith("3 ratings, 2 wrong\n")


def test_json_lines_hold_the_answer_as_ask_gives_it(index, capsys):
    rows = [json.loads(line) for line in feedback(index, capsys, "--json").splitlines()]
    assert len(rows) == 3
    (right,) = [row for row in rows if row["verdict"] == "right"]
    assert right["answer"]["answers"][0]["text"] == "1871"
    assert right["history"] == [{"question": "Where is Lund?", "answer": ""}]
    assert (right["user_id"], right["reason"]) == (7, None)


def test_reviewed_ratings_are_listed_only_with_all(index, capsys):
    assert len(feedback(index, capsys, "--json", "--all").splitlines()) == 4


def test_csv_is_read_back_and_holds_no_formula(index, capsys):
    head, *rows = csv.reader(io.StringIO(feedback(index, capsys, "--csv")))
    assert head == [
        "said_at",
        "verdict",
        "reason",
        "question",
        "answer",
        "document",
        "answer_id",
        "user_id",
        "proposed",
    ]
    assert [row[3:6] for row in rows] == [
        ["When was the harbour of Lund opened?", "1871", "harbour.txt"],
        ["When was the harbour of Lund opened?", "1871", "harbour.txt"],
        ['\'=HYPERLINK("x")?', "", ""],
    ]


def test_an_id_that_begins_like_a_formula_is_not_a_formula_either():
    rating = Rating(
        answer_id="-abc",
        user_id=7,
        verdict="right",
        reason=None,
        rated_at=0,
        question="@x\u202e",
        history=(),
        answer='{"answers": []}',
    )
    stream = io.StringIO()
    write_csv([rating], stream)
    assert "'-abc" in stream.getvalue()
    assert "'@x" in stream.getvalue()
    assert rating_json(rating).isascii()


def test_a_proposed_answer_is_listed_with_its_rating(index, tmp_path, small, capsys):
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        answered = store.add_answer(small.ask("When was the harbour of Lund opened?"), (), "telegram", user_id=9)
        store.propose(answered, 9, "=it was\n1872")
    assert "proposed: =it was 1872\n" in "\n".join(map(str.strip, feedback(index, capsys).splitlines()))
    assert json.loads(feedback(index, capsys, "--json").splitlines()[-1])["proposed"] == "=it was\n1872"
    assert list(csv.reader(io.StringIO(feedback(index, capsys, "--csv"))))[-1][-1] == "'=it was\n1872"


def test_an_answer_without_a_citation_is_listed_without_a_document(index, tmp_path, small, capsys):
    answer = small.ask("When was the harbour of Lund opened?")
    counted = replace(answer, kind="collection", answers=(AnswerText("There are 3 documents.", 1.0, ()),))
    with closing(RatingStore(tmp_path / "feedback.sqlite")) as store:
        store.rate(store.add_answer(counted, (), "terminal"), 0, "right")
    assert "There are 3 documents.\n" in "\n".join(map(str.strip, feedback(index, capsys).splitlines()))


def test_without_any_rating_no_file_is_created(tmp_path, small, capsys):
    before = sorted(tmp_path.iterdir())
    assert main(["feedback", "--index", str(tmp_path / "index")]) == 0
    assert capsys.readouterr().err == f"{NO_RATINGS}\n"
    assert sorted(tmp_path.iterdir()) == before


def test_a_document_that_was_renamed_since_is_listed_with_both_names(index, tmp_path, docs, fake, capsys):
    (docs / "harbour.txt").rename(docs / "news/port.txt")
    build_index(docs, index, IndexSettings(), no_report, fake)
    assert "1871 (harbour.txt, now called news/port.txt)" in " ".join(feedback(index, capsys).split())


def test_ratings_stored_before_documents_had_hashes_are_listed_as_before(index, tmp_path, capsys):
    with closing(sqlite3.connect(tmp_path / "feedback.sqlite")) as database, database:
        for undone in (
            "ALTER TABLE feedback DROP COLUMN proposed",
            "DROP TABLE receipts",
            "DROP TABLE cited_documents",
        ):
            database.execute(undone)
        database.execute("PRAGMA user_version = 2")
    assert "1871 (harbour.txt)" in feedback(index, capsys)
    assert [json.loads(row)["documents"] for row in feedback(index, capsys, "--json").splitlines()] == [{}, {}, {}]


def test_where_every_rating_was_reviewed_the_list_says_so(tmp_path, capsys):
    RatingStore(tmp_path / "feedback.sqlite").close()
    assert feedback(tmp_path / "index", capsys) == f"{NOTHING_TO_REVIEW}\n"


def test_two_forms_at_once_are_wrong_usage(tmp_path):
    assert main(["feedback", "--json", "--csv"]) == 2
