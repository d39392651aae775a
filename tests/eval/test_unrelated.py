"""Questions asked after turns about another document."""

import pytest

from eval.dataset import Evidence, Question
from eval.unrelated import after_unrelated_turns, without_history
from retrieval.errors import EvaluationError
from retrieval.schema import Turn
from tests.eval.test_relevance import collection


def asked(number, document, language="en", split="test", **changes):
    given = {"kind": "fact", "answers": (f"answer {number}",), "evidence": (Evidence(document, ((0, 9),)),)}
    return Question(f"q{number}", split, language=language, question=f"question {number}?", **{**given, **changes})


def unanswerable(number):
    return asked(number, "", kind="unanswerable", answers=(), evidence=())


HARBOUR = [asked(number, "harbour.txt") for number in (1, 2, 3)]
MILL = [asked(number, "mill.txt") for number in (4, 5)]
LONE = asked(6, "bridge.md")


def drawn(docs, *questions, seed=0):
    found = after_unrelated_turns(collection(docs, *questions), seed)
    return {question.id: question.history for question in found.questions}


def test_a_question_gets_two_turns_about_one_other_document(docs):
    found = drawn(docs, *HARBOUR, *MILL, LONE, unanswerable(7))
    assert found.keys() == {"q1", "q2", "q3", "q4", "q5", "q6", "q7"}
    for id_, history in found.items():
        (document,) = {turn.documents for turn in history}
        own = {"q6": None, "q7": None}.get(id_, "harbour.txt" if id_ < "q4" else "mill.txt")
        assert document in {("harbour.txt",), ("mill.txt",)} - {(own,)}  # the bridge has a single question
        assert len(set(history)) == 2
    mill = {Turn(f"question {number}?", f"answer {number}", f"question {number}?", ("mill.txt",)) for number in (4, 5)}
    assert set(found["q1"]) == mill


def test_the_same_seed_draws_the_same_turns_whatever_else_is_asked(docs):
    questions = [*HARBOUR, *MILL, LONE]
    found = drawn(docs, *questions)
    assert drawn(docs, *questions) == found
    with_another = drawn(docs, *questions, unanswerable(7))
    assert with_another == found | {"q7": with_another["q7"]}
    assert any(drawn(docs, *questions, seed=seed) != found for seed in range(1, 5))


def test_turns_are_in_the_language_of_the_question_where_there_are_any(docs):
    spanish = [asked(11, "mill.txt", "es"), asked(12, "mill.txt", "es"), asked(13, "harbour.txt", "es")]
    found = drawn(docs, *HARBOUR, *MILL, *spanish)
    assert {turn.question for turn in found["q13"]} == {"question 11?", "question 12?"}
    assert {turn.question for turn in found["q11"]} <= {"question 1?", "question 2?", "question 3?", "question 13?"}


def test_only_test_questions_that_stand_alone_are_asked(docs):
    follow_up = asked(8, "mill.txt", kind="follow-up", history=(Turn("When?", "1871"),))
    hello = asked(9, "", kind="smalltalk", answers=(), evidence=())
    found = drawn(docs, *HARBOUR, *MILL, follow_up, hello, asked(10, "mill.txt", split="dev"))
    assert found.keys() == {"q1", "q2", "q3", "q4", "q5"}


def test_the_same_questions_are_asked_without_the_turns(docs):
    found = after_unrelated_turns(collection(docs, *HARBOUR, *MILL))
    assert without_history(found).questions == (*HARBOUR, *MILL)


def test_a_single_document_has_no_unrelated_conversation(docs):
    with pytest.raises(EvaluationError, match="small has no test question with two others about another document"):
        drawn(docs, *HARBOUR)
