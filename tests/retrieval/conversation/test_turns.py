"""Turns of a conversation: made of answers, stored and read."""

import json
from dataclasses import replace

import pytest

from retrieval.conversation.turns import CARRIED_TURNS, read_turn, recent, turn_json, turn_of
from retrieval.schema import Turn
from tests.conftest import EMPEROR

FULL = Turn("and there?", "Lund", "Where is the mill?", ("a.txt", "b.txt"), "list")


def test_a_turn_has_the_first_answer_and_every_document_once(told):
    found = told.ask("When was the harbour opened?")
    both = replace(found, answers=(*found.answers, *found.answers))
    assert turn_of(both) == Turn(found.question, "1871", found.searched, ("harbour.txt",), "fact")


def test_a_refusal_makes_a_turn_without_an_answer(told):
    turn = turn_of(told.ask(EMPEROR))
    assert (turn.question, turn.answer, turn.documents) == (EMPEROR, "", ())


def test_a_turn_is_the_same_after_it_was_stored():
    assert read_turn(json.loads(json.dumps(turn_json(FULL)))) == FULL


def test_only_the_question_of_a_stored_turn_is_required():
    assert read_turn({"question": "why?", "answer": None}) == Turn("why?", "")


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ("why?", "must be an object"),
        ({}, "must have a question"),
        ({"question": 1}, "both strings"),
        ({"question": "why?", "answer": 3}, "both strings"),
        ({"question": "why?", "searched": 3}, "searched must be a string"),
        ({"question": "why?", "documents": "a.txt"}, "documents a list of strings"),
        ({"question": "why?", "documents": [1]}, "documents a list of strings"),
        ({"question": "why?", "kind": "joke"}, "kind must be one of fact, list"),
    ],
)
def test_a_stored_turn_of_another_shape_is_refused(stored, message):
    with pytest.raises(ValueError, match=message):
        read_turn(stored)


def test_the_last_turns_are_remembered_in_order():
    turns = [Turn(str(number), "") for number in range(CARRIED_TURNS + 2)]
    assert recent(turns) == turns[2:]
    assert recent(iter(turns[:1])) == turns[:1]
    assert recent([]) == []
