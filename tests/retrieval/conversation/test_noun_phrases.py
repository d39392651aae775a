"""The phrases of a question: where they begin and end, and what they are."""

from time import perf_counter

import pytest

from retrieval.conversation.noun_phrases import bare_phrases, groups, numbers, phrases


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How much was the service charge of 2023?", [("service charge", "noun")]),
        ("When did Ana meet the mayor of Lima?", [("Ana", "open"), ("mayor", "noun"), ("Lima", "open")]),
        ("Who chairs the Bank of Japan?", [("Bank of Japan", "thing")]),
        ("What is Kono’s plan for Peru?", [("Kono", "open"), ("plan", "noun"), ("Peru", "country")]),
        ("¿Quién dirige el museo de Lima?", [("museo", "noun"), ("Lima", "open")]),
        ("Quem governa a cidade do Porto?", [("cidade", "noun"), ("Porto", "open")]),
        ("東京タワーはいつ完成しましたか？", [("東京タワー", "open")]),
        ("how do bees find food?", []),
        ("Do bees dance?", []),
        ("no thanks", []),
        ("", []),
    ],
)
def test_phrases_are_names_and_what_an_article_stands_before(text, found):
    assert [(phrase.text, phrase.kind) for phrase in phrases(text)] == found
    assert all(text[slice(*phrase.span)] == phrase.text for phrase in phrases(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("When was the Old Bridge opened?", ["Old Bridge"]),
        ("When was the roof repaired", ["roof"]),
        ("When did the talks end?", ["talks"]),
        ("Where is the old town?", ["old town"]),
        ("Who repaired the roof?", ["roof"]),
    ],
)
def test_the_verb_that_ends_a_question_is_no_part_of_a_phrase(text, found):
    assert [phrase.text for phrase in phrases(text)] == found


def test_a_group_is_a_phrase_with_what_is_joined_to_it():
    assert [group.text for group in groups("When was Kono’s meeting with the ministers in Mexico City?")] == [
        "Kono’s meeting with the ministers in Mexico City"
    ]
    assert [(group.text, group.kind) for group in groups("who owns Ana’s house")] == [("Ana’s house", "noun")]
    assert [group.text for group in groups("When did the talks in Lima end?")] == ["talks in Lima"]
    assert groups("") == []


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("is there a lift?", ["the lift"]),
        ("my bike", ["the bike"]),
        ("did Ana win?", ["Ana"]),
        ("¿dónde está el puente?", ["el puente"]),
        ("quem fundou a cidade?", ["a cidade"]),
        ("os preços da cidade", ["os preços", "a cidade"]),
    ],
)
def test_a_thing_is_named_again_as_known_in_its_language(text, again):
    assert [phrase.named_again for phrase in phrases(text)] == again


def test_the_head_of_a_phrase_is_the_stem_of_its_last_word():
    first, second = phrases("the trade agreements and the agreement")
    assert first.head == second.head == "agreement"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("is throat cancer treatable", ["throat cancer"]),
        ("is coffee healthy?", ["coffee"]),
        ("what causes throat cancer?", ["causes throat cancer"]),
        ("who signed for Peru", ["signed"]),
        ("is tea", ["tea"]),
        ("", []),
    ],
)
def test_bare_phrases_are_the_words_that_name_something_outside_of_others(text, found):
    assert [phrase.text for phrase in bare_phrases(text)] == found
    assert all(text[slice(*phrase.span)] == phrase.text for phrase in bare_phrases(text))


def test_numbers_are_whole():
    assert [number.text for number in numbers("1,200.50 in 2021, not TPP11 or 2022年.")] == ["1,200.50", "2021", "2022"]


@pytest.mark.parametrize(
    "word", ["the", "the Peru", "Peru’s", "of the", "a b c", "1,", "東京", "のと", "’", "and the cat", "\n"]
)
def test_a_very_long_text_is_read_quickly(word):
    text = f"{word} " * 30_000
    started = perf_counter()
    for read in (phrases, groups, bare_phrases, numbers):
        read(text)
    assert perf_counter() - started < 8
