"""Corrections of the last question, and what only looks like one."""

from time import perf_counter

import pytest

from retrieval.conversation.correction import corrected, correction_in
from retrieval.schema import Turn

PEOPLE = Turn("How many people lived in Peru in 2021?", "33 million", documents=("people.txt",))
BRIDGE = Turn("When was the first bridge opened?", "1890")


@pytest.mark.parametrize(
    ("message", "new", "old"),
    [
        ("no, I meant Chile", "Chile", None),
        ("I mean 2019", "2019", None),
        ("wrong country, I meant Chile", "Chile", None),
        ("not Peru, Chile", "Chile", "Peru"),
        ("no, not Peru but Chile", "Chile", "Peru"),
        ("Chile, not Peru", "Chile", "Peru"),
        ("in 2020, not in 2021", "in 2020", "in 2021"),
        ("sorry, the second one", "the second one", None),
        ("no the second one", "the second one", None),
        ("oops Chile", "Chile", None),
        ("Chile instead", "Chile", None),
        ("actually I want Chile", "Chile", None),
        ("no the other one, Bolivia", "Bolivia", None),
        ("no, quise decir Chile", "Chile", None),
        ("no Perú, sino Chile", "Chile", "Perú"),
        ("perdón, Chile", "Chile", None),
        ("Chile, digo", "Chile", None),
        ("não, quis dizer Chile", "Chile", None),
        ("não o Peru, mas o Chile", "o Chile", "o Peru"),
        ("desculpa, Chile", "Chile", None),
        ("いや、チリです", "チリ", None),
        ("ペルーではなくてチリ", "チリ", "ペルー"),
        ("すみません、チリは？", "チリ", None),
        ("チリのことです", "チリ", None),
    ],
)
def test_a_correction_says_what_was_meant(message, new, old):
    found = correction_in(message)
    assert found is not None
    assert (found.new, found.old, found.question) == (new, old, "")


@pytest.mark.parametrize(
    "message",
    [
        "no", "nope.", "not sure", "no idea", "no one", "not yet", "not Peru", "no entry sign",
        "not only Peru, also Chile",
        "wrong", "sorry", "sorry?", "wait, what?", "no, why?", "I mean it", "I wanted a refund", "rather interesting",
        "sorry, what is the capital of Peru?",
        "I meant how many died", "no man is an island, who wrote that?",
        "no, " + "Peru and Chile and Lima " * 4, "is it allowed to park?",
        "Chile", "no sé", "no lo sé", "いいえ", "違う",
        "", " ", "\x00", "!?", "...",
    ],
)  # fmt: skip
def test_these_correct_nothing(message):
    assert correction_in(message) is None


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("no, I meant Chile", "How many people lived in Chile in 2021?"),
        ("sorry, in 2020", "How many people lived in Peru in 2020?"),
        ("no, in Chile in 2019", "How many people lived in Chile in 2019?"),
        ("not 2021, 2020", "How many people lived in Peru in 2020?"),
        ("no Perú, sino Chile", "How many people lived in Chile in 2021?"),
        ("não o Peru, mas o Chile", "How many people lived in Chile in 2021?"),
        ("いいえ、2019年", "How many people lived in Peru in 2019?"),
        ("No, Chile. How many?", "How many people lived in Chile in 2021?"),
        ("I was talking about Lima. Who founded it?", "Who founded it Lima"),
        ("no, the adults", "How many people lived in Peru in 2021 the adults?"),
    ],
)
def test_the_last_question_is_asked_again_with_the_part_replaced(message, meant):
    first, *_ = corrected(message, [PEOPLE])
    assert (first.query, first.form, first.documents) == (meant, "correction", ("people.txt",))


def test_the_second_one_takes_over_what_it_is_one_of():
    assert [reading.query for reading in corrected("sorry, the second one", [BRIDGE])] == [
        "When was the second bridge opened?"
    ]


def test_the_question_that_has_the_wrong_part_is_corrected_also_if_others_came_after_it():
    assert corrected("not Peru, Chile", [PEOPLE, BRIDGE])[0].query == "How many people lived in Chile in 2021?"


def test_a_question_that_had_no_answer_is_corrected_too():
    assert corrected("I meant Chile", [Turn("Where is Peru?", "")])[0].query == "Where is Chile?"


def test_without_a_question_before_there_is_nothing_to_correct():
    assert corrected("no, I meant Chile", []) == []


@pytest.mark.parametrize(
    "word", ["no", "sorry", "I mean", "not Peru,", "no,", "いいえ", "違う、", "a", "instead", "not"]
)
def test_a_very_long_message_is_no_correction_and_told_quickly(word):
    started = perf_counter()
    assert correction_in(f"{word} " * 30_000) is None
    correction_in(f"{word} " * (200 // (len(word) + 1)))  # the longest that is looked at
    corrected("no, I meant Chile", [Turn(f"{word} " * 30_000, "")])
    assert perf_counter() - started < 5
