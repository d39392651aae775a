"""What counts as a gap, how gaps are grouped, and what asking again finds."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from bot.feedback.database import Database
from bot.feedback.gap_report import NO_GAPS, gap_json, render_gaps, why
from bot.feedback.gaps import Gap, Unanswered, agglomerate, asked_again, gaps, grouped, unanswered
from bot.feedback.store import RatingStore
from bot.terminal.console import console
from retrieval.schema import Turn
from tests.conftest import EMPEROR

OPENED = "When was the harbour opened?"


@pytest.fixture
def database(tmp_path):
    with closing(Database(tmp_path / "feedback.sqlite")) as database:
        yield database


@pytest.fixture
def clock(monkeypatch):
    """Each answer is stored a day after the one before, from 1 January 2026 on."""
    days = iter(range(100))
    monkeypatch.setattr("time.time", lambda: 1_767_225_600 + 86_400 * next(days))


@pytest.fixture
def add(database, told, clock):
    """Stores the answer to a question, and its rating if one is given; as refused where it says so."""
    store = RatingStore(database)

    def add(question, verdict=None, history=(), refused=False, surface="telegram", **changed):
        answer = replace(told.ask(question, history), **changed)
        if refused:
            answer = replace(answer, status="abstained", answers=())
        id_ = store.add_answer(answer, history, surface, user_id=7, chat_id=7)
        if verdict:
            store.rate(id_, 7, verdict)
        return id_

    return add


def asked(database):
    return [(one.question, one.times, one.refused, one.rated_wrong) for one in unanswered(database)]


def test_refusals_and_wrong_answers_are_gaps_and_other_answers_are_not(database, add):
    add(EMPEROR)
    add(OPENED, "wrong")
    add("When was the harbour opened again?", "right")
    add("Hello!")
    assert asked(database) == [(OPENED, 1, 0, 1), (EMPEROR, 1, 1, 0)]


def test_the_same_words_are_counted_together(database, add):
    add(EMPEROR)
    add(EMPEROR, "wrong")
    add(f"  {EMPEROR.upper()}")
    ((_, times, refused, wrong),) = asked(database)
    assert (times, refused, wrong) == (3, 3, 1)


def test_a_question_that_was_answered_since_is_no_gap(database, add):
    add(OPENED, refused=True)
    assert asked(database) == [(OPENED, 1, 1, 0)]
    add(OPENED)
    assert asked(database) == []


def test_the_same_wrong_answer_given_again_closes_no_gap(database, add):
    add(OPENED, "wrong")
    add(OPENED)
    assert asked(database) == [(OPENED, 1, 0, 1)]


def test_questions_of_a_batch_are_not_counted(database, add):
    add(EMPEROR, surface="batch")
    assert asked(database) == []


def test_a_follow_up_is_shown_as_it_was_searched(database, add):
    turns = (Turn("Who is the emperor of Lund?", ""),)
    add("And of Malmö?", history=turns, refused=True, searched="Who is the emperor of Malmö?")
    (one,) = unanswered(database)
    assert (one.question, one.history, one.wording) == ("And of Malmö?", turns, "Who is the emperor of Malmö?")


def test_a_question_that_only_got_a_topic_added_is_shown_as_it_was_typed():
    turns = (Turn("What is JALAC?", "a forum"),)
    one = Unanswered("Who cooks there, and when?", turns, "Who cooks there, and when JALAC?", 1, 0, 1, 0)
    assert one.wording == "Who cooks there, and when?"


def test_what_people_proposed_is_kept_with_the_gap_and_no_id_of_theirs(database, add, fake):
    RatingStore(database).propose(add(OPENED), 4711, "in 1872")
    (gap,) = gaps(database, fake)
    assert gap.proposed == ("in 1872",)
    assert "4711" not in gap_json(gap)
    assert "4711" not in repr(gap)


def question(text, times=1, asked_at=0, **changed):
    return replace(Unanswered(text, (), text, times, asked_at, times, 0), **changed)


def wordings(found):
    return [[one.wording for one in gap.questions] for gap in found]


def test_questions_that_ask_the_same_are_one_gap_the_most_frequent_wording_first(fake):
    found = grouped(
        [
            question("Is there a canteen in the harbour"),
            question("Is there in the harbour a canteen?", times=3),
            question("Is there a lift in the mill?"),
        ],
        fake,
    )
    assert wordings(found) == [
        ["Is there in the harbour a canteen?", "Is there a canteen in the harbour"],
        ["Is there a lift in the mill?"],
    ]
    assert [(gap.count, gap.refused, gap.rated_wrong) for gap in found] == [(4, 4, 0), (1, 1, 0)]


def test_another_year_or_another_kind_of_question_is_another_gap(fake):
    texts = ["When did the mill burn in 2021?", "When did the mill burn in 2022?", "Why did the mill burn in 2022?"]
    assert len(grouped([question(text) for text in texts], fake)) == 3


def test_gaps_asked_most_often_come_first_then_those_asked_last(fake):
    found = grouped(
        [question("Where are lifts?", 1, 30), question("Who sells boats?", 2, 10), question("Is it free?", 1, 40)], fake
    )
    assert [gap.wording for gap in found] == ["Who sells boats?", "Is it free?", "Where are lifts?"]


def test_groups_are_merged_while_their_members_are_alike_on_average():
    similar = np.array(
        [
            [1.0, 0.9, 0.8, 0.1],
            [0.9, 1.0, 0.6, 0.1],
            [0.8, 0.6, 1.0, 0.1],
            [0.1, 0.1, 0.1, 1.0],
        ]
    )
    assert agglomerate(similar, 0.85).tolist() == [0, 0, 2, 3]
    assert agglomerate(similar, 0.70).tolist() == [0, 0, 0, 3]  # (0.8 + 0.6) / 2
    assert agglomerate(similar, 0.71).tolist() == [0, 0, 2, 3]


def test_no_question_makes_no_gap(database, fake):
    assert gaps(database, fake) == []


def test_asked_again_a_question_may_have_an_answer_now(told):
    closed, open_ = Gap((question(OPENED),)), Gap((question(EMPEROR),))
    first, second = asked_again([closed, open_], told)
    assert (first.is_closed, first.answer.answers[0].text) == (True, "1871")
    assert (second.is_closed, second.answer) == (False, None)


def test_a_wrong_answer_that_comes_again_is_no_answer(told):
    wrong = question(OPENED, refused=0, rated_wrong=1, wrong_texts=frozenset(["1871"]))
    (again,) = asked_again([Gap((wrong,))], told)
    assert (again.is_closed, again.answer) == (False, None)


def test_a_gap_is_closed_when_each_of_its_wordings_has_an_answer(told):
    (again,) = asked_again([Gap((question(OPENED), question(EMPEROR)))], told)
    assert (again.asked, again.answered, again.is_closed) == (2, 1, False)


def shown(renderable, capsys):
    import sys

    console(sys.stdout).print(renderable)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_the_table_says_how_often_when_and_why(told, capsys):
    found = [
        Gap((question(OPENED, 2, 1_767_225_600, rated_wrong=1, proposed=("in 1872",)),)),
        Gap((question(EMPEROR, 1, 1_767_312_000),)),
    ]
    assert shown(render_gaps(found, asked_again(found, told), left=3), capsys) == [
        "asked  question                      last asked      why",
        "    2  When was the harbour opened?  1 January 2026  2 refused, 1 rated wrong",
        "       proposed: in 1872",
        "       now: 1871 (harbour.txt)",
        "    1  Who is the emperor of Lund?   2 January 2026  refused",
        "3 more gaps; `quoth gaps --all` lists every one.",
        "1 of 2 gaps answered now",
    ]


def test_without_gaps_the_table_says_so(capsys):
    assert shown(render_gaps([]), capsys) == [NO_GAPS]


def test_one_reason_alone_needs_no_number():
    assert why(Gap((question("x?", 3),))) == "refused"
    assert why(Gap((question("x?", 3, refused=0, rated_wrong=3),))) == "rated wrong"


def test_json_has_every_wording_and_whether_it_is_answered_now(told):
    gap = Gap((question(OPENED, 2, 1_767_225_600), question("harbour opened when")))
    row = {
        "question": OPENED,
        "asked": 3,
        "last_asked": "2026-01-01T00:00:00+00:00",
        "refused": 3,
        "rated_wrong": 0,
        "wordings": [OPENED, "harbour opened when"],
        "proposed": [],
        "answered_now": None,
        "answer_now": None,
    }
    assert json.loads(gap_json(gap)) == row
    (again,) = asked_again([gap], told)
    assert json.loads(gap_json(gap, again)) == row | {"answered_now": True, "answer_now": "1871"}


def test_a_hostile_question_stays_on_its_line(capsys):
    (_, line) = shown(render_gaps([Gap((question("a\x1b[31m\nb"),))]), capsys)
    assert "\x1b" not in line
    assert "a" in line
