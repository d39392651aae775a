"""What people said of answers, as a table, JSON lines and CSV."""

import csv
import io
import json
from contextlib import closing

import pytest

from bot.cli import main
from bot.feedback.report import feedback_json, write_csv
from bot.feedback.store import Feedback, FeedbackStore
from retrieval.answer.answer import answer
from retrieval.schema import Turn


@pytest.fixture
def index(tmp_path, small):
    """A folder for an index, beside which two people judged two answers; a third verdict was reviewed."""
    with closing(FeedbackStore(tmp_path / "feedback.sqlite")) as store:
        asked = answer("When was the harbour of Lund opened?", small)
        first = store.keep(asked, [Turn("Where is Lund?", "")], "telegram", 7, 5)
        store.say(first, 7, "right")
        store.say(first, 8, "wrong", "wrong source")
        refused = store.keep(answer('=HYPERLINK("x")?', small), (), "telegram", 7, 5)
        store.say(refused, 7, "wrong", "should have answered")
        reviewed = store.keep(asked, (), "terminal")
        store.say(reviewed, 0, "right")
        store.review(reviewed)
    return tmp_path / "index"


def feedback(index, capsys, *flags):
    assert main(["feedback", "--index", str(index), *flags]) == 0
    return capsys.readouterr().out


def test_the_list_shows_question_answer_and_verdict(index, capsys):
    shown = feedback(index, capsys)
    assert "When was the harbour of Lund opened?" in shown
    assert "1871 (harbour.txt)" in shown
    assert "wrong: wrong source" in shown
    assert "no answer" in shown
    assert shown.endswith("3 verdicts, 2 wrong\n")


def test_json_lines_hold_the_answer_as_ask_gives_it(index, capsys):
    rows = [json.loads(line) for line in feedback(index, capsys, "--json").splitlines()]
    assert len(rows) == 3
    (right,) = [row for row in rows if row["verdict"] == "right"]
    assert right["answer"]["answers"][0]["text"] == "1871"
    assert right["history"] == [{"question": "Where is Lund?", "answer": ""}]
    assert (right["user_id"], right["reason"]) == (7, None)


def test_reviewed_verdicts_come_only_when_asked_for(index, capsys):
    assert len(feedback(index, capsys, "--json", "--all").splitlines()) == 4


def test_csv_is_read_back_and_holds_no_formula(index, capsys):
    head, *rows = csv.reader(io.StringIO(feedback(index, capsys, "--csv")))
    assert head == ["said_at", "verdict", "reason", "question", "answer", "document", "answer_id", "user_id"]
    assert [row[3:6] for row in rows] == [
        ["When was the harbour of Lund opened?", "1871", "harbour.txt"],
        ["When was the harbour of Lund opened?", "1871", "harbour.txt"],
        ['\'=HYPERLINK("x")?', "", ""],
    ]


def test_an_id_that_begins_like_a_formula_is_no_formula_either():
    said = Feedback("-abc", 7, "right", None, 0, "@x\u202e", (), '{"answers": []}')
    stream = io.StringIO()
    write_csv([said], stream)
    assert "'-abc" in stream.getvalue()
    assert "'@x" in stream.getvalue()
    assert feedback_json(said).isascii()


def test_where_nobody_judged_anything_no_file_is_made(tmp_path, capsys):
    assert main(["feedback", "--index", str(tmp_path / "index")]) == 0
    assert capsys.readouterr().err.startswith("nobody has judged an answer yet;")
    assert list(tmp_path.iterdir()) == []


def test_two_forms_at_once_are_wrong_usage(tmp_path):
    assert main(["feedback", "--json", "--csv"]) == 2
