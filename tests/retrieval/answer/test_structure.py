"""Where a passage's structure says that its answer stands."""

from dataclasses import replace

import pytest

from retrieval.answer.structure import (
    answers_same_question,
    cell_asked_for,
    continued,
    is_row,
    list_around,
    list_below,
    other_rows,
    without_label,
)
from retrieval.documents.passages import split_passages
from retrieval.documents.read import read_document
from retrieval.schema import Passage
from retrieval.settings import PassageSettings
from retrieval.text import terms
from tests.conftest import FakeEncoder

TABLE = "| Part | Weight | Price |\n|---|---|---|\n| bolt | 47 | 18 |\n| nut | 84 | 31 |\n"
TALK = (
    "**Mara Ives:** When you drew the map, who knew of it?\n\n**Tom Reed:** Nobody did. I drew it in 2012.\n\n"
    "**Mara Ives:** It was the first one of the ferry. The mayor praised it.\n"
)
FAQ = "**How long is the pool?**\n\nTwenty-five metres. It is warm.\n\n**What does a locker cost?**\n\nTwo euros.\n"


def passage_of(text: str) -> Passage:
    parsed = read_document("a.md", text.encode())
    (cut,) = split_passages(parsed, PassageSettings(), FakeEncoder().count_tokens, 500)
    return cut[0]


def said(passage: Passage, span) -> str | None:
    return passage.text[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("What is the price of a nut?", ["18", "31"]),
        ("How much does the bolt weigh, what is its weight?", ["47", "84"]),
        ("Which part has a weight of 84?", [None, "nut"]),
        ("What is the weight and the price of a nut?", [None, None]),
        ("Who made it?", [None, None]),
    ],
)
def test_the_cell_asked_for_stands_in_the_column_that_the_question_names(question, cells):
    passage = passage_of(TABLE)
    found = [said(passage, cell_asked_for(passage, row, terms(question))) for row in passage.sentences[1:]]
    assert found == cells


def test_rows_with_fewer_of_the_question_s_words_are_not_asked_for():
    passage = passage_of(TABLE)
    assert other_rows(passage, terms("What is the price of a nut?")) == {passage.sentences[1]}
    assert other_rows(passage, terms("What is the price of a washer?")) == set()


@pytest.mark.parametrize(
    ("question", "answer_type", "readable"),
    [
        ("Who drew the map?", "person", [False, True, False]),
        ("Who said that it was the first one?", "person", [True, True, True]),
        ("When was it drawn?", "date", [True, True, True]),
        ("What did the mayor praise?", "other", [False, False, False]),
    ],
)
def test_a_speaker_answers_who_only_of_themselves_or_of_what_was_said(question, answer_type, readable):
    passage = passage_of(TALK)
    turns = [without_label(passage, turn, question, answer_type) == turn for turn in passage.sentences]
    assert turns == readable


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long is the pool?", ["Twenty-five metres."]),
        ("what does the locker cost", ["Two euros."]),
        ("How long is the street?", []),
    ],
)
def test_a_sentence_below_the_same_question_answers_it(question, expected):
    passage, asked = passage_of(FAQ), set(terms(question))
    found = [
        said(passage, sentence)
        for sentence in passage.sentences
        if answers_same_question(passage, sentence, FAQ, lambda has: len(asked & set(has)) / len(asked), asked)
    ]
    assert found == expected


LIST = (
    "The meeting:\n\n- elects the committee and two auditors\n- sets the fee\n- buys ink, paper and pens\n\n"
    "It is in May.\n"
)


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        ("the fee", "elects the committee and two auditors\nsets the fee\nbuys ink, paper and pens"),
        (
            "the committee and two auditors",
            "elects the committee and two auditors\nsets the fee\nbuys ink, paper and pens",
        ),
        ("ink, paper and pens", None),
        ("May", None),
    ],
)
def test_an_item_stands_in_its_whole_list_unless_it_is_a_list_itself(answer, whole):
    passage = passage_of(LIST)
    start = passage.text.index(answer)
    assert said(passage, list_around(passage, (start, start + len(answer)))) == whole


def test_items_of_other_levels_and_of_other_parents_are_other_lists():
    passage = passage_of("- Heron\n  - one\n  - two\n- Plover\n  - three\n")
    assert [said(passage, span) for span in passage.lists] == ["Heron: one\nHeron: two"]


def test_a_step_that_enumerates_stands_in_its_list_of_steps():
    passage = passage_of("1. Add oil, salt and pepper.\n2. Stir.\n")
    (start, end) = passage.sentences[0]
    steps = "1. Add oil, salt and pepper.\n2. Stir."
    assert said(passage, list_around(passage, (start + 3, end - 1))) == steps
    assert said(passage, list_around(passage, (start + 7, end - 1))) is None  # oil, salt and pepper


def test_a_list_stands_below_its_heading_or_below_the_line_that_announces_it():
    passage = passage_of("# Steps\n\n- talk\n- warning\n\nYou may bring:\n\n- a friend\n- a paper\n\nGood luck.\n")
    found = {said(passage, line): said(passage, list_below(passage, line)) for line in passage.sentences}
    assert found["Steps"] == "talk\nwarning"
    assert found["You may bring:"] == "a friend\na paper"
    assert found["Good luck."] is found["talk"] is None


def test_an_enumeration_goes_on_where_a_line_ends_in_a_comma():
    passage = passage_of("Present: Ives (chair), Reed,\\\nPim.\n\nIt rained.\n")
    first = (0, passage.text.index("Reed,") + len("Reed,"))
    passage = replace(passage, sentences=(first, (first[1] + 1, first[1] + 5), passage.sentences[-1]))
    assert said(passage, continued(passage, first)) == passage.text[: first[1] + 5]
    assert continued(passage, passage.sentences[-1]) == passage.sentences[-1]


def test_a_row_has_the_names_of_its_columns():
    passage = passage_of(TABLE)
    assert [is_row(passage, sentence) for sentence in passage.sentences] == [False, True, True]
