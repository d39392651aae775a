import pytest

from retrieval.answer.evidence import (
    adds_modifier,
    is_wrong_kind,
    missing_names,
    missing_numbers,
    repeats_question,
    reverses_relation,
)


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("What did Lund export to Malmö?", "Lund exported herring to Malmö.", 0),
        ("What did Lund export to Visby?", "Lund exported herring to Malmö.", 1),
        ("What did Peru export in 2019?", "Peruvian exports of 2019 were mostly copper.", 0),
        ("What did Peru export in 2018?", "Peruvian exports of 2019 were mostly copper.", 1),
        ("Who leads the World Health Organization?", "The WHO is led by Dr. Berg.", 0),
        ("Who leads the WHO?", "The World Health Organization is led by Dr. Berg.", 0),
        ("Who paid the 12,500 crowns?", "The bridge cost 12500 crowns, paid by the guild.", 0),
        ("How long is the bridge?", "Nothing is said of it.", 0),
        ("Which of them is older?", "", 0),
    ],
)
def test_names_and_numbers_that_the_passage_lacks_are_counted(question, text, missing):
    assert missing_names(question, [text]) == missing


def test_a_name_in_small_letters_is_known_by_how_the_documents_write_it():
    read = ["The port of Visby is old.", "In Visby there is a wall."]
    assert missing_names("who built visby", ["The port of Lund is old."], read) == 1
    assert missing_names("who built the wall", ["The port of Lund is old."], read) == 0


def test_a_number_is_not_found_inside_a_longer_one():
    assert missing_numbers("What happened in 1922?", ["In 19220 cases nothing did."]) == 1
    assert missing_numbers("What happened in 1922?", ["FY1922 was a good year."]) == 0


@pytest.mark.parametrize(
    ("asked", "answer", "wrong"),
    [
        ("date", "April 2011", False),
        ("date", "in the 19th century", False),
        ("date", "14:30", False),
        ("date", "11th", True),
        ("date", "the harbour", True),
        ("amount", "12 crowns", False),
        ("amount", "two hundred", False),
        ("amount", "free", True),
        ("person", "Queen Astrid", False),
        ("person", "the queue", True),
        ("place", "in Lund", False),
        ("place", "at noon", True),
        ("person", "田中", False),
        ("other", "anything", False),
    ],
)
def test_an_answer_of_another_kind_than_asked_for_is_seen(asked, answer, wrong):
    assert is_wrong_kind(asked, answer) == wrong


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("Which is the largest port?", "Lund is the sixth-largest port.", True),
        ("Which is the sixth-largest port?", "Lund is the sixth-largest port.", False),
        ("Which is the second-largest port?", "Lund is the largest port.", True),
        ("Which is the largest port?", "Lund is the largest port.", False),
        ("Who was the president?", "Berg was the vice president.", True),
        ("What is the income?", "The income per capita is 5 crowns.", True),
        ("What is the income per capita?", "The income per capita is 5 crowns.", False),
        ("What is the average age?", "The average age is 30.", False),
    ],
)
def test_another_rank_office_or_rate_is_seen(question, sentence, other):
    assert adds_modifier(question, sentence) == other


@pytest.mark.parametrize(
    ("question", "sentence", "is_reversed"),
    [
        ("How much went from Lund to Visby?", "In May 12 tons went from Visby to Lund.", True),
        ("How much went from Lund to Visby?", "In May 12 tons went from Lund to Visby.", False),
        ("How much went from Lund to Visby?", "Much went from Malmö to Visby.", False),
        ("How much went from Lund?", "12 tons went to Lund.", False),
    ],
)
def test_names_that_exchanged_their_parts_are_seen(question, sentence, is_reversed):
    assert reverses_relation(question, sentence) == is_reversed


def test_a_sentence_that_only_asks_the_question_again_is_seen():
    assert repeats_question(0.8, "How many books may I borrow?")
    assert repeats_question(0.5, "**How many books?**")
    assert repeats_question(1.0, "何冊借りられますか？")
    assert not repeats_question(0.8, "You may borrow eight books.")
    assert not repeats_question(0.2, "Why not?")
