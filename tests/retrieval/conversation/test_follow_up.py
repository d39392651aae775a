"""Which words a follow-up takes along."""

import pytest

from retrieval.conversation.follow_up import CARRIED_TURNS, contextualise, follow_up, names
from retrieval.schema import Turn

GDP = Turn("What did the GDP grow by in 2020?", "2.1 per cent")


def test_a_question_that_stands_alone_is_searched_as_it_is():
    assert contextualise("  what is the capital of chile", [GDP]) == "  what is the capital of chile"


def test_the_first_question_has_no_context():
    assert contextualise("And in 2021?", []) == "And in 2021?"


def test_a_continuation_takes_the_topic_along_and_its_own_year_replaces_the_earlier_one():
    assert contextualise("And in 2021?", [GDP]) == "And in 2021? GDP grow"


def test_a_chain_of_continuations_reaches_the_question_that_opened_the_topic():
    assert contextualise("and in 2022?", [GDP, Turn("And in 2021?", "3 per cent")]) == "and in 2022? GDP grow"


def test_a_chain_ends_at_a_question_that_stands_alone():
    history = [GDP, Turn("Who signed the treaty?", ""), Turn("And when?", "")]
    assert contextualise("why?", history) == "why? signed treaty"


def test_a_chain_is_followed_back_a_limited_number_of_turns():
    history = [GDP, *[Turn("why?", "")] * CARRIED_TURNS]
    assert contextualise("why?", history) == "why?"


def test_what_about_takes_the_words_of_the_question_before():
    history = [Turn("How many members does the Pacific Alliance have?", "four")]
    assert contextualise("What about Mercosur?", history) == "What about Mercosur? members Pacific Alliance"


@pytest.mark.parametrize(
    ("question", "before", "searched"),
    [
        ("When did it join?", Turn("Where is Chile?", "in South America"), "When did it join? Chile South America"),
        ("What did he say?", Turn("Who met Kamikawa?", "Carlos França"), "What did he say? Kamikawa Carlos França"),
        ("When was it signed?", Turn("what did they sign", "a trade pact"), "When was it signed? sign trade pact"),
        ("Who lives there?", Turn("Where is Machu Picchu?", "Peru"), "Who lives there? Machu Picchu Peru"),
        ("Why those?", Turn("Which ports did they choose?", "Ilo, 3 others"), "Why those? ports choose"),
    ],
)
def test_a_pronoun_takes_names_and_a_short_answer_along(question, before, searched):
    assert contextualise(question, [before]) == searched


def test_only_the_first_name_of_a_long_answer_is_added_and_only_if_the_question_has_none():
    long = "After years of talks it was Singapore that signed with Chile and with Peru"
    assert contextualise("When did it sign?", [Turn("who signed first", long)]) == "When did it sign? Singapore"
    assert contextualise("When did it sign?", [Turn("Did Brazil sign first?", long)]) == "When did it sign? Brazil"


def test_no_word_is_added_twice():
    assert contextualise("Why did they leave the alliance?", [Turn("Who left the alliance?", "")]) == (
        "Why did they leave the alliance? left"
    )


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What did Japan say when it joined?", None),
        ("What did the minister say when he arrived?", None),
        ("Is there a treaty with Peru?", None),
        ("Did officials say that Chile signed?", None),
        ("Where there is smoke, is there fire?", None),
        ("Has that treaty been signed?", "pronoun"),
        ("And where did she go?", "pronoun"),
        ("or in Tokyo?", "ellipsis"),
        ("Android phones in Peru?", None),
        ("why?", "ellipsis"),
        ("???", "ellipsis"),
    ],
)
def test_a_follow_up_is_recognised_by_its_words(question, kind):
    assert follow_up(question) == kind


def test_names_are_sequences_of_capitalised_words_and_the_first_word_alone_is_not_one():
    assert names("Which members of the Bank of Japan met Foreign Minister Bárcena in México City?") == [
        "Bank of Japan",
        "Foreign Minister Bárcena",
        "México City",
    ]
    assert names("Exports fell") == []
    assert names("Costa Rica exports") == ["Costa Rica"]


def test_a_very_long_question_is_handled_quickly_and_completely():
    question = "it " * 30_000 + "fell"
    assert contextualise(question, [GDP]).endswith("fell GDP")
