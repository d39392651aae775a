"""A part of a question gives way to another of its kind."""

from time import perf_counter

import pytest

from retrieval.conversation.replacing import replaced


@pytest.mark.parametrize(
    ("question", "new", "options"),
    [
        ("How many people lived in Peru in 2021?", "in 2020", ["How many people lived in Peru in 2020?"]),
        ("How many people lived in Peru in 2021?", "2020", ["How many people lived in Peru in 2020?"]),
        ("How many people lived in Peru in 2021?", "in Chile", ["How many people lived in Chile in 2021?"]),
        ("How many people lived in Peru in 2021?", "peru", []),
        ("How many people lived in Peru in 2021?", "chile", ["How many people lived in chile in 2021?"]),
        ("How many people lived in Peru in 2021?", "in Chile in 2019", ["How many people lived in Chile in 2019?"]),
        ("When was the Old Bridge opened?", "the tunnel", ["When was the tunnel opened?"]),
        ("Who met Queen Astrid in Lund?", "King Olav", ["Who met King Olav in Lund?"]),
        ("How much was the service charge of 2021?", "the rent", ["How much was the rent of 2021?"]),
        ("Where may I park my car?", "for the shop", []),
        ("When was the first bridge opened?", "the second one", ["When was the second bridge opened?"]),
        ("is throat cancer treatable", "lung cancer", ["is lung cancer treatable"]),
        ("what causes throat cancer?", "lung cancer", ["what causes lung cancer?"]),
        ("Which countries border Chile?", "the south", []),
        ("¿Cuándo se inauguró el puente de Vizcaya?", "el túnel", ["¿Cuándo se inauguró el túnel de Vizcaya?"]),
        ("¿Cuántos habitantes tenía Lima en 2020?", "en 1990", ["¿Cuántos habitantes tenía Lima en 1990?"]),
        ("Quem fundou a cidade do Porto?", "a universidade", ["Quem fundou a universidade do Porto?"]),
        ("東京タワーはいつ完成しましたか？", "大阪城", ["大阪城はいつ完成しましたか？"]),
        ("why?", "Peru", []),
        ("", "Peru", []),
        ("Where is Lima?", "", []),
    ],
)
def test_the_new_part_takes_the_place_of_one_of_its_kind(question, new, options):
    assert replaced(question, new) == options


@pytest.mark.parametrize(
    ("old", "new", "option"),
    [
        ("Peru", "Chile", "Does Chile export copper to Japan?"),
        ("copper", "gold", "Does Peru export gold to Japan?"),
        ("COPPER", "gold", "Does Peru export gold to Japan?"),
        ("from Peru", "from Chile", "Does Chile export copper to Japan?"),
        ("Japan", "the one with Peru and Bolivia", "Does Peru export copper to Peru and Bolivia?"),
        ("Japan", "South Korea", "Does Peru export copper to South Korea?"),
    ],
)
def test_the_part_may_be_named(old, new, option):
    assert replaced("Does Peru export copper to Japan?", new, old) == [option]


def test_a_part_that_the_question_does_not_have_is_found_by_its_kind():
    assert replaced("Does Peru export copper?", "Chile", "Perú") == ["Does Chile export copper?"]


def test_at_most_three_options_are_offered():
    assert len(replaced("Did Ana meet Bob, Cid, Dan or Eve?", "Olav")) == 3


@pytest.mark.parametrize("word", ["Peru", "in Peru", "the cat", "cancer", "1", "2021", "one", "in 2021", "東京"])
def test_a_very_long_question_or_part_is_handled_quickly(word):
    long = f"{word} " * 30_000
    started = perf_counter()
    replaced(long, "in Chile")
    replaced(long, "lung cancer", "throat")
    replaced("How many people live in Peru?", long)
    assert perf_counter() - started < 8
