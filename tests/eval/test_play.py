"""A conversation played: what each turn is asked with."""

import pytest

from eval.conversations import AskedTurn, Conversation
from eval.dataset import Evidence
from eval.play import play
from retrieval.errors import EvaluationError, QuestionError
from retrieval.schema import Turn
from tests.eval.test_turn_outcome import REFUSED, SMALL_TALK, answered, at, replace

PLACE = Evidence("a.txt", ((0, 20),))
TALK = Conversation(
    "c1",
    "news",
    "dev",
    "en",
    (
        AskedTurn("hi", "smalltalk"),
        AskedTurn("what did the bridge cost?", "fact", answers=("$3 million",), evidence=(PLACE,)),
        AskedTurn("who paid for it?", "unanswerable"),
        AskedTurn("and the mill?", "follow-up", "what did the mill cost?", ("$3 million",), (PLACE,)),
    ),
)


class Recording:
    """A library that answers from a table, and writes down what it was asked."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []

    def ask(self, question, history=()):
        self.asked.append((question, tuple(history)))
        return replace(self.answers[question, bool(history)], question=question, searched=f"searched {question}")


def test_a_turn_is_asked_after_the_answers_that_the_turns_before_it_got():
    right, wrong = answered(at("a.txt")), answered(at("b.txt"))
    library = Recording(
        {
            ("hi", False): SMALL_TALK,
            ("what did the bridge cost?", False): wrong,
            ("who paid for it?", True): REFUSED,
            ("who paid for it?", False): REFUSED,
            ("and the mill?", True): right,
            ("and the mill?", False): REFUSED,
            ("what did the mill cost?", False): right,
        }
    )
    played = play(TALK, library.ask)
    cost = Turn("what did the bridge cost?", "It cost $3 million.", "searched what did the bridge cost?", ("b.txt",))
    paid = Turn("who paid for it?", "", "searched who paid for it?", ())
    assert library.asked == [
        ("hi", ()),
        ("what did the bridge cost?", ()),  # small talk is no turn
        ("who paid for it?", (cost,)),
        ("who paid for it?", ()),
        ("and the mill?", (cost, paid)),
        ("and the mill?", ()),
        ("what did the mill cost?", ()),
    ]
    assert [outcome.stage for outcome, _ in played] == ["right", "answered wrongly", "right", "right"]
    assert [outcome.stage for _, outcome in played] == ["right", "answered wrongly", "right", "refused wrongly"]
    follow_up, without = played[3]
    assert follow_up.values["right if answered alone"] == 1
    assert without.values["right if answered alone"] == 0


def test_a_turn_that_can_not_be_asked_is_named():
    def ask(question, history):
        raise QuestionError("the question is empty; type one")

    with pytest.raises(EvaluationError, match="turn 1 of conversation c1 can't be asked: the question is empty"):
        play(TALK, ask)
