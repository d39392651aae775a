"""`quoth gaps`: from questions asked in a terminal to what the collection lacks."""

from __future__ import annotations

from pathlib import Path

from bot.feedback.gap_report import NO_GAPS
from tests.bot.conftest import Quoth
from tests.conftest import EMPEROR

FERRY = "Does a ferry go to the harbour?"


def test_questions_refused_in_a_terminal_are_gaps_until_the_documents_answer_them(told_quoth: Quoth):
    told_quoth("ask", "When was the harbour opened?")
    told_quoth("ask", EMPEROR)
    told_quoth("chat", stdin=f"{FERRY}\n{FERRY}\n".encode())
    ran = told_quoth("gaps")
    assert (ran.status, ran.err) == (0, "")
    head, ferry, emperor = ran.out.splitlines()
    assert head.split() == ["asked", "question", "last", "asked", "why"]
    assert ferry.split()[0] == "2"
    assert FERRY in ferry
    assert emperor.split()[0] == "1"
    assert [row["asked"] for row in told_quoth("gaps", "--json").lines()] == [2, 1]


def test_asking_again_keeps_nothing_in_the_log(told_quoth: Quoth):
    told_quoth("ask", EMPEROR)
    before = told_quoth("gaps").out
    assert "0 of 1 gap answered now" in told_quoth("gaps", "--ask").out
    assert told_quoth("gaps").out == before
    (row,) = told_quoth("gaps", "--ask", "--json").lines()
    assert row["answered_now"] is False


def test_the_first_twenty_are_listed_unless_all_are_wanted(told_quoth: Quoth, tmp_path: Path):
    names = [f"Who is {chr(65 + number)}{'xyz'[number % 3]}lo{number}?" for number in range(22)]
    told_quoth("ask", "-", stdin="\n".join(names).encode())
    assert "2 more gaps; `quoth gaps --all` lists every one.\n" in told_quoth("gaps").out
    assert len(told_quoth("gaps", "--json").lines()) == 20
    assert len(told_quoth("gaps", "--json", "--all").lines()) == 22


def test_without_a_log_there_is_no_gap_and_no_file_is_made(told_quoth: Quoth):
    ran = told_quoth("gaps")
    assert (ran.status, ran.out) == (0, f"{NO_GAPS}\n")
    assert not Path(".quoth/feedback.sqlite").exists()
