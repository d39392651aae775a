"""Words carried over to follow-ups, counted by hand."""

import gzip
import json
import math

import numpy as np
import pytest

from eval.carrying import (
    RewrittenTurn,
    carry_rows,
    carry_values,
    counted,
    everything,
    nothing,
    of_last_dialogues,
    read_rewrites,
)
from retrieval.errors import EvaluationError
from retrieval.schema import Turn

BUILT = Turn("Who built the harbour?", "Queen Astrid")
TURNS = [
    RewrittenTurn("d1", "Who built the harbour?", (), "Who built the harbour?"),  # a first question is left out
    RewrittenTurn("d1", "Where was she born?", (BUILT,), "Where was Queen Astrid born?"),  # adds queen, astrid
    RewrittenTurn("d1", "How deep is it?", (BUILT,), "How deep is the harbour of Lund?"),  # adds harbour, lund
    RewrittenTurn("d2", "Who burned the mill?", (BUILT,), "Who burned the mill?"),  # adds nothing
]


def fixed(question, history):
    """The first answer for "she", one right and one wrong word for "it", and a word that is not wanted for the mill."""
    return {
        "Where was she born?": "Where was she born? Queen Astrid",
        "How deep is it?": "How deep is it? harbour built",
        "Who burned the mill?": "Who burned the mill? harbour",
    }[question]


def test_the_terms_of_a_rewrite_are_recovered_added_rightly_or_do_harm():
    counts = counted(TURNS, fixed)
    assert counts.tolist() == [[2, 2, 2], [2, 2, 1], [0, 1, 0]]  # wanted, added, both
    assert carry_values(counts) == {"recovered": (1 + 0.5) / 2, "added rightly": 3 / 5, "harmed": 1.0}


def test_carrying_nothing_recovers_nothing_and_everything_brings_much_that_is_not_wanted():
    none = carry_values(counted(TURNS, nothing))
    assert (none["recovered"], none["harmed"], math.isnan(none["added rightly"])) == (0.0, 0.0, True)
    # built, harbour, queen and astrid are added to each of the three questions
    assert carry_values(counted(TURNS, everything)) == {
        "recovered": (1 + 0.5) / 2,
        "added rightly": 3 / 12,
        "harmed": 1.0,
    }


def test_a_measure_without_questions_is_not_shown():
    assert math.isnan(carry_values(np.array([[2, 2, 2]]))["harmed"])
    rows = carry_rows(TURNS)
    assert list(rows) == ["nothing", "everything", "Quoth"]
    assert rows["nothing"].keys() == {"recovered", "harmed"}
    assert {name: value.n for name, value in rows["everything"].items()} == {
        "recovered": 2,
        "added rightly": 3,
        "harmed": 1,
    }


def test_a_file_without_follow_ups_can_not_be_scored():
    with pytest.raises(EvaluationError, match="no question of the file has turns before it and a rewrite"):
        counted(TURNS[:1], nothing)


LINES = [
    {"id": "C_a_0", "history": [], "question": "Who?", "rewrite": "Who?"},
    {"id": "C_a_1", "history": ["Who?", "Ada", "Why?", "For fun"], "question": "When?", "rewrite": "When did Ada?"},
    {"id": "31-2", "topic": 31, "history": ["What is it?"], "question": "Why?", "rewrite": "Why is it?"},
]


def test_a_history_has_questions_and_answers_or_questions_alone(tmp_path):
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, LINES)).encode()))
    first, second, third = read_rewrites(path)
    assert (first.history, first.dialogue) == ((), "C_a")
    assert second.history == (Turn("Who?", "Ada"), Turn("Why?", "For fun"))
    assert (second.dialogue, third.dialogue) == ("C_a", "31")
    assert [(turn.question, bool(turn.answer)) for turn in third.history] == [("What is it?", True)]


def test_the_last_dialogues_are_those_that_begin_last():
    assert of_last_dialogues(TURNS, 1) == TURNS[3:]
    assert of_last_dialogues(TURNS, 9) == TURNS


def test_a_bad_line_is_an_error(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"id": "a_1", "question": "Who?"}), encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"can't read the rewrites in .*set\.jsonl: 'history'"):
        read_rewrites(path)
