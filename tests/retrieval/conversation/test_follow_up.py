"""What a follow-up means after the turns before it: a question that stands alone."""

from time import perf_counter

import pytest

from retrieval.conversation.follow_up import answered, contextualise, in_topic, readings, standing_alone, with_topic
from retrieval.conversation.turns import CARRIED_TURNS
from retrieval.schema import Turn

BRIDGE = Turn("When was the Old Bridge opened?", "in July 2000", documents=("bridges.txt",))
PAINTER = Turn("Who painted the Mona Lisa?", "Leonardo da Vinci")
NEIGHBOURS = Turn("Which countries border Chile?", "Peru, Bolivia and Argentina")
CANCER = Turn("is throat cancer treatable", "Yes, by surgery or radiation where it is found early enough by a doctor")
CHARGE = Turn("How much was the service charge of 2021?", "€1,200")
CHAIR = Turn("Who chairs the committee?", "Ms Lee")
PUENTE = Turn("¿Cuándo se inauguró el puente de Vizcaya?", "en 1893")
CIDADE = Turn("Quem fundou a cidade do Porto?", "os romanos")
TOWER = Turn("東京タワーはいつ完成しましたか？", "1958年")


def queries(question, *history):
    return [reading.query for reading in readings(question, history)]


def test_a_question_that_stands_alone_is_searched_as_it_is():
    assert contextualise("  what is the capital of chile", [BRIDGE]) == "  what is the capital of chile"
    assert contextualise("is it allowed to fish in Lund?", [BRIDGE]) == "is it allowed to fish in Lund?"
    assert contextualise("did Chile open its ports?", [BRIDGE]) == "did Chile open its ports?"


def test_the_first_question_has_no_context():
    assert contextualise("And in 2021?", []) == "And in 2021?"
    assert queries("and when did it open?") == []


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("how long is it?", BRIDGE, "how long is the Old Bridge?"),
        ("what does it cost to cross it?", BRIDGE, "what does it cost to cross the Old Bridge?"),
        ("what is its length?", BRIDGE, "what is the Old Bridge’s length?"),
        ("who owns this?", BRIDGE, "who owns the Old Bridge?"),
        ("has that bridge been repaired?", BRIDGE, "has that Old Bridge been repaired?"),
        ("when was he born?", PAINTER, "when was Leonardo da Vinci born?"),
        ("when did he paint it?", PAINTER, "when did Leonardo da Vinci paint Mona Lisa?"),
        ("where is it now?", PAINTER, "where is Mona Lisa now?"),
        ("how large are they?", NEIGHBOURS, "how large are Peru, Bolivia and Argentina?"),
        ("how is it found?", CANCER, "how is throat cancer found?"),
        ("who pays it?", CHARGE, "who pays the service charge?"),
        ("what is her email?", CHAIR, "what is Ms Lee’s email?"),
        ("¿quién lo construyó?", PUENTE, "quién construyó el puente de Vizcaya?"),
        ("¿cuál es su longitud?", PUENTE, "cuál es longitud del puente de Vizcaya?"),
        ("quem a fundou?", CIDADE, "quem fundou a cidade do Porto?"),
        ("qual é a sua área?", CIDADE, "qual é a área da cidade do Porto?"),
        ("それは誰が設計しましたか？", TOWER, "東京タワーは誰が設計しましたか？"),
        ("その高さは？", TOWER, "東京タワーの高さは？"),
    ],
)
def test_a_pronoun_gives_way_to_what_it_means(question, before, meant):
    assert queries(question, before)[0] == meant


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("And in 2022?", CHARGE, "How much was the service charge of 2022?"),
        ("and the rent?", CHARGE, "How much was the rent of 2021?"),
        ("and for the shop?", CHARGE, "How much was the service charge of 2021 for the shop?"),
        ("What about the tunnel?", BRIDGE, "When was the tunnel opened?"),
        ("and Brazil?", NEIGHBOURS, "Which countries border Brazil?"),
        ("and lung cancer?", CANCER, "is lung cancer treatable"),
        ("why?", BRIDGE, "why was the Old Bridge opened?"),
        ("since when?", CHAIR, "since when Ms Lee chairs the committee"),
        ("who else?", CHAIR, "who else chairs the committee?"),
        ("tell me more", CHAIR, "tell me more the committee"),
        ("???", CHAIR, "Who chairs the committee?"),
        ("the second one", Turn("When was the first bridge opened?", "1890"), "When was the second bridge opened?"),
        ("¿y el túnel?", PUENTE, "¿Cuándo se inauguró el túnel de Vizcaya?"),
        ("¿dónde está?", PUENTE, "dónde está el puente de Vizcaya?"),
        ("e a universidade?", CIDADE, "Quem fundou a universidade do Porto?"),
        ("大阪城は？", TOWER, "大阪城はいつ完成しましたか？"),
        ("高さは？", TOWER, "東京タワーの高さは？"),
        ("なぜですか？", TOWER, "東京タワーはなぜ完成しましたか？"),
    ],
)
def test_a_continuation_becomes_a_whole_question(question, before, meant):
    assert queries(question, before)[0] == meant


def test_a_thing_that_was_named_before_is_told_in_full():
    before = Turn("When was the trade agreement signed?", "in 2012")
    assert queries("who signed the agreement?", before)[0] == "who signed the trade agreement?"


def test_a_short_question_without_a_name_may_have_the_topic_of_the_last_one():
    assert [reading.query for reading in in_topic("how many people died?", [BRIDGE])] == [
        "how many people died the Old Bridge?"
    ]
    assert in_topic("how many people died in Lima?", [BRIDGE]) == []
    assert in_topic("how many people died?", []) == []


def test_a_reading_says_which_documents_the_turn_it_refers_to_cited():
    reading = readings("how long is it?", [BRIDGE])[0]
    assert (reading.form, reading.documents) == ("pronoun", ("bridges.txt",))


def test_a_turn_without_an_answer_carries_nothing():
    refused = [Turn("Who signed the treaty?", ""), Turn("Who signed it?", " ")]
    assert queries("and when?", *refused) == []
    assert queries("how long is it?", BRIDGE, *refused)[0] == "how long is the Old Bridge?"


def test_a_question_about_the_collection_is_no_topic():
    listing = Turn("which documents do you have?", "bridges.txt", kind="collection")
    assert answered([BRIDGE, listing]) == [BRIDGE]
    assert queries("how long is it?", BRIDGE, listing)[0] == "how long is the Old Bridge?"


def test_what_was_searched_counts_and_is_worked_out_where_it_is_not_known():
    known = Turn("and the ferry?", "in 1901", searched="When was the ferry opened?")
    assert queries("and the tunnel?", BRIDGE, known)[0] == "When was the tunnel opened?"
    assert [turn.searched for turn in standing_alone([CHARGE, Turn("and in 2022?", "€1,300")])] == [
        "How much was the service charge of 2021?",
        "How much was the service charge of 2022?",
    ]


def test_a_chain_of_continuations_reaches_the_question_that_opened_the_topic():
    history = [CHARGE, Turn("and in 2022?", "€1,300"), Turn("and in 2023?", "€1,400")]
    assert queries("and the rent?", *history)[0] == "How much was the rent of 2023?"


def test_a_new_question_that_stands_alone_ends_what_came_before():
    history = [CHARGE, Turn("When was Lund founded?", "around 990")]
    assert "service charge" not in queries("why?", *history)[0]


def test_turns_of_long_ago_are_forgotten():
    assert queries("how long is it?", BRIDGE, *[Turn("who won?", "")] * CARRIED_TURNS) == []


def test_a_topic_stands_before_the_question_mark():
    assert with_topic("how long?", "the bridge") == "how long the bridge?"
    assert with_topic("how long", "") == "how long"


@pytest.mark.parametrize("question", ["", "  ", "\x00\x07", "¿?", "\u200b"])
def test_nothing_typed_repeats_the_question_before(question):
    assert queries(question, BRIDGE) == ["When was the Old Bridge opened?"]


@pytest.mark.parametrize("strange", ["it \x00 is\x07 where?", "and \udcff?", "and \\1 (?", "그것은?", "and %s {0}?"])
def test_strange_characters_are_no_pattern_and_no_error(strange):
    assert all(query for query in queries(strange, BRIDGE))
    assert all(query for query in queries("how long is it?", Turn(strange, strange)))


@pytest.mark.parametrize("word", ["it", "the", "and", "its", "Peru", "not Peru,", "a.", "1", "東京", "the Peru of"])
def test_a_very_long_question_stands_alone_and_no_later_one_refers_to_it(word):
    long = f"{word} " * 30_000
    started = perf_counter()
    assert queries(long, BRIDGE) == []
    assert queries("how long is it?", Turn(long, "yes")) == []
    assert all(len(query) < 2_500 for query in queries("how long is it?", Turn("where is Lund?", long)))
    assert perf_counter() - started < 5
