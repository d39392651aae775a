"""Questions and passages changed so that the passage no longer answers the question."""

import random

import pytest

from retrieval.training.changes import (
    Neighbours,
    another_name,
    names,
    negated,
    opposite,
    qualified,
    renamed,
    reversed_relation,
)

SEEDS = range(20)


def test_names_and_numbers_are_found_except_a_sentence_s_first_word():
    text = "Ann met Queen Victoria's son in 1,923. Bob and Brian O'Brien left with Jean-Luc, Eve and 7 others."
    assert names(text) == ["Queen Victoria", "1,923", "Brian O'Brien", "Jean-Luc", "Eve", "7"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_name_replaces_a_name_and_a_number_a_number(seed):
    asked = "When did the Astrid sail to Lund in 1871?"
    changed = another_name(asked, ["Bella", "1902", "Lund"], random.Random(seed))
    assert changed in (
        "When did the Bella sail to Lund in 1871?",
        "When did the Astrid sail to Bella in 1871?",
        "When did the Astrid sail to Lund in 1902?",
    )


def test_a_question_without_names_or_replacements_is_not_changed():
    assert another_name("When did it sail?", ["Bella"], random.Random(0)) is None
    assert another_name("When did the Astrid sail?", ["Astrid", "1871"], random.Random(0)) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_an_antonym_or_a_negation_changes_one_word(seed):
    assert opposite("What was the largest northern port?", random.Random(seed)) in (
        "What was the smallest northern port?",
        "What was the largest southern port?",
    )
    assert negated("Where did the Astrid sail?", random.Random(seed)) in (
        "Where didn't the Astrid sail?",
        "Where did never the Astrid sail?",
    )
    assert opposite("Where did it sail?", random.Random(seed)) is None
    assert negated("Name the port.", random.Random(seed)) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_another_rank_or_office_is_asked_for(seed):
    changed = qualified("Which was the largest port of the mayor?", random.Random(seed))
    ordinals, offices = "second third fourth fifth sixth".split(), "vice deputy former acting".split()
    assert changed in {f"Which was the {ordinal} largest port of the mayor?" for ordinal in ordinals} | {
        f"Which was the largest port of the {office} mayor?" for office in offices
    }
    assert qualified("Who gave the most of it to the guest?", random.Random(seed)) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_two_names_exchange_their_parts(seed):
    changed = reversed_relation("How much herring went from Lund to Visby?", random.Random(seed))
    assert changed == "How much herring went from Visby to Lund?"
    for question in (
        "What did the treaty between Lund and Visby say?",
        "How far is it to Lund and to Visby?",
        "What went to the Port of Lund?",
        "How much went from Lund?",
    ):
        assert reversed_relation(question, random.Random(seed)) is None


ASKED = ["Which town built the red ship?", "Which town built the fast ship?", *["Which of the towns is it?"] * 98]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_word_is_replaced_by_one_used_in_the_same_context(seed):
    neighbours = Neighbours(ASKED, ["Lund paid the broken ship.", "The town built the wooden ship."])
    changed = neighbours.another_word("Which town built the red ship?", frozenset(), random.Random(seed))
    assert changed in {f"Which town built the {word} ship?" for word in ("fast", "broken", "wooden")}
    near = neighbours.another_word("Which town built the red ship?", frozenset({"wooden"}), random.Random(seed))
    assert near == "Which town built the wooden ship?"


def test_stop_words_are_not_replaced_and_other_forms_of_a_word_are_not_used():
    neighbours = Neighbours(ASKED, ["It built the redder ship.", "It built the which ship."])
    assert neighbours.another_word("Which of the towns is it?", frozenset(), random.Random(0)) is None
    for seed in SEEDS:
        changed = neighbours.another_word("They built the fast ship", frozenset({"which"}), random.Random(seed))
        assert changed in ("They built the red ship", "They built the redder ship")


def test_a_name_is_replaced_in_question_and_text_and_the_answer_moves_along():
    text = "In May the Astrid left. The crew of the Astrid painted it red in Lund."
    changed = renamed("What colour is the Astrid?", text, ("red", text.index("red")), ["Kristina"], random.Random(0))
    assert changed is not None
    question, passage, (words, start) = changed
    assert question == "What colour is the Kristina?"
    assert passage == "In May the Kristina left. The crew of the Kristina painted it red in Lund."
    assert passage[start : start + 3] == words == "red"


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Who sailed the Astrid?", "Ann sailed it.", "Ann"),
        ("What did they name the Astrid?", "They sailed the Astrid.", "the Astrid"),
        ("Who built the Astrid Lund?", "Ann built the Astrid Lund. The port of Lund is near.", "Ann"),
    ],
)
def test_a_name_is_not_replaced_if_it_is_not_shared_or_is_the_answer_or_partly_occurs_elsewhere(question, text, answer):
    assert renamed(question, text, (answer, text.index(answer)), ["Kristina"], random.Random(0)) is None
