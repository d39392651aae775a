"""Answers that say the same, and answers that contradict each other."""

import pytest

from retrieval.answer.agreement import contradicts, is_same, said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the Four Years", ("4", "years")),
        ("May 4, 1999", ("1999-05-04",)),
        ("on 4 May 1999.", ("on", "1999-05-04")),
        ("US$1,500", ("1500",)),
        ("$3.2 million", ("3200000",)),
        ("3,200,000", ("3200000",)),
        ("25 per cent", ("25", "percent")),
        ("25%", ("25", "percent")),
        ("two hundred and six", ("200", "and", "6")),
        ("Yáñez", ("yanez",)),
        ("the", ()),
        ("", ()),
    ],
)
def test_an_answer_is_compared_without_case_articles_and_ways_of_writing_numbers(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4 May 1999", "May 4, 1999"),
        ("in 1999", "May 1999"),
        ("Taro Kono", "Foreign Minister Taro Kono"),
        ("approximately 25 minutes", "25 minutes"),
        ("3.2 million dollars", "3,200,000 dollars"),
    ],
)
def test_these_say_the_same(one, other):
    assert is_same(said(one), said(other)) and is_same(said(other), said(one))
    assert not contradicts(said(one), said(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1999", "2000"),
        ("Peru", "Chile"),
        ("25 minutes", "125 minutes"),
        ("", "Peru"),
        ("Lund", "the ship that left Lund for Malmö"),
    ],
)
def test_these_do_not(one, other):
    assert not is_same(said(one), said(other))


def test_other_dates_and_numbers_contradict_and_other_names_do_not():
    assert contradicts(said("in 2019"), said("May 2021"))
    assert contradicts(said("14 piers"), said("15 piers"))
    assert contradicts(said("37,274,001 people"), said("37,274,004 people"))
    assert not contradicts(said("Peru"), said("Chile"))
    assert not contradicts(said("2019"), said("the summer"))
