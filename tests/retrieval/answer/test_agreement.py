"""Answers that say the same, and answers that contradict each other."""

import pytest

from retrieval.answer.agreement import Claim, contradicts, is_rival, is_same, normalise


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
    assert normalise(text) == words


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
def test_these_agree(one, other):
    assert is_same(normalise(one), normalise(other)) and is_same(normalise(other), normalise(one))
    assert not contradicts(normalise(one), normalise(other))


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
def test_these_do_not_agree(one, other):
    assert not is_same(normalise(one), normalise(other))


def test_other_dates_and_numbers_contradict_and_other_names_do_not():
    assert contradicts(normalise("in 2019"), normalise("May 2021"))
    assert contradicts(normalise("14 piers"), normalise("15 piers"))
    assert not contradicts(normalise("April 2011"), normalise("the 11th anniversary"))
    assert not contradicts(
        normalise("61 states"),
        normalise("a group of 4 states, founded in 2011, that meets in May every two years or so"),
    )
    assert contradicts(normalise("37,274,001 people"), normalise("37,274,004 people"))
    assert not contradicts(normalise("Peru"), normalise("Chile"))
    assert not contradicts(normalise("2019"), normalise("the summer"))


def test_another_number_elsewhere_is_a_rival_if_it_is_at_least_half_as_sure():
    """A person who sees only the best answer would take it for the only one, so a rival is always shown with it."""
    best = Claim(normalise("1871"), ("harbour.txt", "guide.txt"), 0.8)
    assert is_rival(Claim(normalise("1872"), ("news.txt",), 0.4), best)
    assert not is_rival(Claim(normalise("1872"), ("news.txt",), 0.39), best)  # far less sure: probably misread
    assert not is_rival(Claim(normalise("1872"), ("guide.txt",), 0.8), best)  # the same document knows both
    assert not is_rival(Claim(normalise("in 1871"), ("news.txt",), 0.8), best)  # says the same
    assert is_rival(Claim(normalise("1872"), ("news.txt", "guide.txt"), 0.8), best)  # cited first from elsewhere
    assert not is_rival(Claim(normalise("1872"), ("guide.txt", "news.txt"), 0.8), best)
    assert not is_rival(Claim(normalise("Queen Astrid"), ("news.txt",), 0.8), best)  # has no number to differ in
