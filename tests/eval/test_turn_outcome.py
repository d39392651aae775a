"""A turn of a conversation, judged by what a person saw."""

import json
from dataclasses import replace

import pytest

from eval.conversations import AskedTurn, Conversation
from eval.dataset import Evidence
from eval.turn_outcome import is_right_turn, places_shown, turn_json, turn_outcome, turn_outcome_of, turn_values
from retrieval import Answer
from retrieval.schema import Note
from tests.eval.test_outcome import given as answered
from tests.eval.test_outcome import said

FIRST, SECOND = Evidence("a.txt", ((0, 20),)), Evidence("b.txt", ((0, 20),))
COST = AskedTurn("and how much was it?", "follow-up", "how much was the bridge?", ("$3 million",), (FIRST,))
BOTH = AskedTurn("which is older?", "comparison", evidence=(FIRST, SECOND), answers=("1871",), is_all=True)
NEWS = AskedTurn("list the news", "collection", evidence=(FIRST, SECOND), is_all=True)


def at(document: str, start: int = 5, text: str = "It cost $3 million.", lead=()):
    found = said(text=text, document=document, spans=((start, start + 5),), quote=text)
    return replace(found, citations=(replace(found.citations[0], lead_spans=lead),))


def together(*texts, kind="list", **changes) -> Answer:
    return replace(answered(*texts), kind=kind, is_together=True, **changes)


REFUSED = answered(status="abstained")
SMALL_TALK = replace(answered(status="smalltalk"), reply="Hello!")


def test_a_turn_is_right_where_the_right_words_are_cited_from_the_right_place():
    assert is_right_turn(COST, answered(at("a.txt")))
    assert is_right_turn(COST, answered(at("a.txt"), status="perhaps"))
    assert not is_right_turn(COST, answered(at("b.txt")))
    assert not is_right_turn(COST, answered(at("a.txt", start=20)))
    assert not is_right_turn(COST, answered(at("a.txt", text="It cost $4 million.")))
    assert not is_right_turn(COST, REFUSED)


def test_only_what_is_seen_at_once_counts():
    wrong, right = at("b.txt"), at("a.txt")
    assert not is_right_turn(COST, answered(wrong, right))  # the second waits behind "more"
    assert is_right_turn(COST, together(wrong, right))


def test_all_places_must_be_shown_where_all_are_wanted():
    assert is_right_turn(BOTH, together(at("a.txt"), at("b.txt")))
    assert not is_right_turn(BOTH, together(at("a.txt"), at("c.txt")))
    assert not is_right_turn(BOTH, answered(at("a.txt"), at("b.txt")))
    assert places_shown(BOTH, together(at("a.txt"), at("c.txt"))) == 0.5
    assert places_shown(BOTH, REFUSED) == 0


def test_one_answer_may_show_all_places_with_its_citations():
    citations = (*at("a.txt").citations, *at("b.txt").citations)
    assert is_right_turn(BOTH, answered(replace(at("a.txt"), citations=citations)))


def test_what_a_quotation_hangs_on_is_shown_too():
    assert is_right_turn(BOTH, together(at("a.txt"), at("b.txt", start=30, lead=((0, 8),))))
    assert not is_right_turn(COST, answered(at("a.txt", start=30, lead=((0, 8),))))  # but it is no answer


def test_a_question_about_the_documents_must_be_answered_as_one():
    texts = (at("a.txt"), at("b.txt"))
    assert is_right_turn(NEWS, together(*texts, kind="collection"))
    assert not is_right_turn(NEWS, together(*texts, kind="list"))
    assert not is_right_turn(NEWS, replace(together(*texts, kind="collection"), status="perhaps"))
    assert not is_right_turn(NEWS, together(at("a.txt"), kind="collection"))


def test_the_newest_document_must_come_first():
    newest = AskedTurn("what's the latest?", "collection", evidence=(FIRST,))
    assert is_right_turn(newest, together(at("a.txt"), at("b.txt"), kind="collection"))
    assert not is_right_turn(newest, together(at("b.txt"), at("a.txt"), kind="collection"))
    assert not is_right_turn(newest, together(kind="collection"))


def test_an_order_is_kept_and_nothing_else_shown_where_that_is_asked_for():
    in_order, alone = replace(NEWS, is_ordered=True), replace(NEWS, is_only=True)
    forwards = together(at("a.txt"), at("b.txt"), kind="collection")
    backwards = together(at("b.txt"), at("a.txt"), kind="collection")
    assert (is_right_turn(in_order, forwards), is_right_turn(in_order, backwards)) == (True, False)
    assert (is_right_turn(NEWS, backwards), is_right_turn(alone, backwards)) == (True, True)
    with_another = together(at("a.txt"), at("c.txt"), at("b.txt"), kind="collection")
    assert (is_right_turn(in_order, with_another), is_right_turn(alone, with_another)) == (True, False)


def test_a_number_of_documents_stands_in_the_heading_or_the_answers():
    how_many = AskedTurn("how many documents?", "collection", answers=("5", "five"))
    heading = Note("{number} documents", {"number": "5"})
    assert is_right_turn(how_many, together(at("a.txt"), kind="collection", heading=heading))
    assert is_right_turn(how_many, together(at("a.txt", text="five documents"), kind="collection"))
    assert not is_right_turn(how_many, together(at("a.txt"), kind="collection", heading=Note("15 documents")))


def test_small_talk_and_refusals_are_right_where_they_are_wanted():
    hello, unknown = AskedTurn("hi", "smalltalk"), AskedTurn("who paid?", "unanswerable")
    assert [is_right_turn(hello, one) for one in (SMALL_TALK, REFUSED)] == [True, False]
    assert [is_right_turn(unknown, one) for one in (SMALL_TALK, REFUSED, answered(at("a.txt")))] == [False, True, False]


@pytest.mark.parametrize(
    ("turn", "answer", "values"),
    [
        (COST, answered(at("a.txt")),
         {"right": 1, "right answered": 1, "wrong shown": 0, "refused": 0, "utility": 1}),
        (COST, answered(at("a.txt"), status="perhaps"),
         {"right": 1, "right answered": 0, "wrong shown": 0, "refused": 0, "utility": 0.7}),
        (COST, answered(at("b.txt"), status="perhaps"),
         {"right": 0, "right answered": 0, "wrong shown": 1, "refused": 0, "utility": 0}),
        (COST, answered(at("b.txt")),
         {"right": 0, "right answered": 0, "wrong shown": 1, "refused": 0, "utility": -1}),
        (COST, SMALL_TALK,
         {"right": 0, "right answered": 0, "wrong shown": 0, "refused": 0, "utility": 0}),
        (BOTH, together(at("a.txt")),
         {"right": 0, "right answered": 0, "wrong shown": 1, "refused": 0, "utility": -1, "places shown": 0.5}),
        (AskedTurn("who paid?", "unanswerable"), REFUSED,
         {"right": 1, "wrong shown": 0, "refused": 1, "utility": 1}),
        (AskedTurn("who paid?", "unanswerable"), answered(at("a.txt"), status="perhaps"),
         {"right": 0, "wrong shown": 1, "refused": 0, "utility": 0.4}),
        (AskedTurn("hi", "smalltalk"), SMALL_TALK,
         {"right": 1, "wrong shown": 0, "refused": 0}),
    ],
)  # fmt: skip
def test_a_turn_has_the_measures_that_apply_to_it(turn, answer, values):
    assert turn_values(turn, answer) == values


def kept(answer, alone):
    names = ("right alone", "right if right alone", "right if answered alone")
    return [turn_values(COST, answer, alone).get(name) for name in names]


def test_a_follow_up_is_measured_by_what_its_stand_alone_form_gave():
    right, offered = answered(at("a.txt")), answered(at("a.txt"), status="perhaps")
    assert kept(right, right) == [1, 1, 1]
    assert kept(REFUSED, right) == [1, 0, 0]
    assert kept(right, offered) == [1, 1, None]  # it was no answer, so it can't have been lost
    assert kept(right, REFUSED) == [0, None, None]
    assert kept(right, None) == [None, None, None]
    unknown = AskedTurn("who paid for it?", "unanswerable", alone="who paid for the bridge?")
    assert "right alone" not in turn_values(unknown, REFUSED, REFUSED)


def test_an_outcome_tells_what_was_shown_and_what_went_wrong_and_reads_back():
    talk = Conversation("c1", "news", "dev", "en", (AskedTurn("hi", "smalltalk"), COST))
    found = turn_outcome(talk, 2, answered(at("b.txt"), status="perhaps"), REFUSED)
    assert (found.id, found.folder, found.split, found.kind) == ("c1/2", "news", "dev", "follow-up")
    assert (found.stage, found.is_right, found.shown) == ("offered wrongly", False, ("b.txt: It cost $3 million.",))
    assert turn_outcome_of(json.loads(json.dumps(turn_json(found)))) == found
    stages = [turn_outcome(talk, 2, one).stage for one in (answered(at("a.txt")), answered(at("b.txt")), REFUSED)]
    assert stages == ["right", "answered wrongly", "refused wrongly"]
    assert turn_outcome(talk, 2, SMALL_TALK).stage == "taken for small talk"
    assert turn_outcome(talk, 1, REFUSED).stage == "not taken for small talk"
