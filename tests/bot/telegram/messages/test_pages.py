"""The pages behind the commands: what they say, how they turn, and that no title or name breaks one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.language import CODES, Language
from bot.language.wording import NO_ANSWER, NOT_SURE
from bot.telegram.memory.records import Suggestion
from bot.telegram.messages.about import (
    NOTHING_STORED,
    TRY_ONE,
    commands,
    forget_message,
    forgotten_message,
    help_message,
    start_message,
)
from bot.telegram.messages.buttons import NO_ID, Press, read_press
from bot.telegram.messages.notices import NOTICES, notice
from bot.telegram.messages.pages import (
    ALL_DOCUMENTS,
    NO_DOCUMENTS,
    NO_SECTIONS,
    SECTIONS_ON_PAGE,
    SOURCES_ON_PAGE,
    document_key,
    document_message,
    sources_message,
)
from bot.telegram.messages.results import SHORTENED, inline_results
from retrieval.schema import Section, Source
from tests.bot.telegram.messages.made import WORDS, check, entities, kept_answer, kept_citation
from tests.telegram import tdlib

EN = Language("en")


def source(number, sections=0, **changes):
    listed = tuple(Section(f"Section {section}", "2022-05", True) for section in range(sections))
    given = {"document": f"{number}.txt", "title": f"Title {number}", "date": "2022-05-16", "publisher": "The Press"}
    return Source(**given | {"sections": listed, "passages": 1200} | changes)


SOURCES = [source(number) for number in range(1, 15)]


def pressed(message):
    return [read_press(button.data) for row in message.rows for button in row]


def texts(message):
    return [[button.text for button in row] for row in message.rows]


def test_the_welcome_suggests_questions_as_buttons():
    message = start_message(EN, 5, [Suggestion("AbCd1234", "When was JALAC founded?")])
    check(message)
    assert "I search 5 documents." in message.text
    assert texts(message) == [["When was JALAC founded?"]]
    assert pressed(message) == [Press("AbCd1234", "ask")]
    assert TRY_ONE in message.text
    assert start_message(EN, 1, []).rows == ()
    assert TRY_ONE not in start_message(EN, 1, []).text


def test_the_welcome_names_the_folder_in_which_nothing_becomes_a_link():
    message = start_message(EN, 5, [], "notes of @ann")
    check(message)
    assert "I search 5 documents in “notes of @ann”." in message.text


@pytest.mark.parametrize("code", CODES)
def test_help_names_every_command_and_they_can_be_tapped(code):
    message = help_message(Language(code), "quoth_bot", is_admin=True)
    linked = [f"/{command.name}" for command in commands(Language(code), is_admin=True)]
    check(message, linked)


def test_help_in_a_group_says_how_to_ask_there():
    assert "mention @quoth_bot" in help_message(EN, "quoth_bot", is_group=True).text
    assert "/status" not in help_message(EN, "quoth_bot", is_group=True).text


def test_the_documents_are_listed_by_pages():
    first, last = sources_message(EN, SOURCES), sources_message(EN, SOURCES, 2)
    for message in (first, last):
        check(message)
    assert first.text.startswith(
        "14 documents. Tap a number to see the sections.\n\n1. Title 1\n16 May 2022, The Press"
    )
    assert texts(first) == [["1", "2", "3", "4", "5", "6"], ["1/3", "▶"]]
    assert texts(last) == [["13", "14"], ["◀", "3/3"]]
    assert pressed(first)[-1] == Press(NO_ID, "page", 1)
    assert sources_message(EN, SOURCES, 99) == last
    assert sources_message(EN, []).text == NO_DOCUMENTS


def test_a_document_shows_its_sections_by_pages_and_the_way_back():
    sources = [*SOURCES[:SOURCES_ON_PAGE], source("long", SECTIONS_ON_PAGE + 1)]
    key = document_key("long.txt")
    first, second = document_message(EN, sources, key), document_message(EN, sources, key, 1)
    for message in (first, second):
        check(message)
    assert first.text.startswith("Title long\n16 May 2022, The Press\nlong.txt\n\n• Section 0, May 2022\n")
    assert texts(first) == [["1/2", "▶"], [ALL_DOCUMENTS]]
    assert second.text.endswith(f"• Section {SECTIONS_ON_PAGE}, May 2022")
    assert pressed(second)[-1] == Press(NO_ID, "page", 1)
    assert NO_SECTIONS in document_message(EN, SOURCES, document_key("1.txt")).text


def test_a_document_that_is_gone_is_none():
    assert document_message(EN, SOURCES, "nobody") is None


def test_a_document_is_named_the_same_by_every_index():
    assert document_key("1.txt") == document_key("1.txt") != document_key("2.txt")
    assert read_press(Press(document_key("a" * 5000), "document").data()) is not None


def test_forgetting_needs_a_confirmation_and_is_confirmed():
    assert pressed(forget_message(EN)) == [Press(NO_ID, "forget"), Press(NO_ID, "keep")]
    assert forgotten_message(EN, 1, 2).text == "Deleted: 1 question with its answer.\nDeleted: 2 ratings."
    assert forgotten_message(EN, 0, 0).text == NOTHING_STORED


def test_a_notice_has_its_values():
    waiting, refused = notice("slow down", EN, {"seconds": 1200}), notice("not allowed", EN, {"user_id": 7_000_000_000})
    assert waiting.text == NOTICES["slow down"].format(seconds="1,200")
    assert refused.text == NOTICES["not allowed"].format(user_id="7000000000")


def test_inline_results_are_one_for_each_answer_without_buttons():
    kept = kept_answer(kept_citation(date="2022", title="Lund"))
    (result,) = inline_results(EN, kept)
    assert (result.id, result.title, result.description) == ("AbCd1234:0", "1871", "Lund, 2022")
    assert result.message.rows == ()
    (perhaps,) = inline_results(EN, replace(kept, status="perhaps"))
    assert (perhaps.title, perhaps.description) == ("1871", f"{NOT_SURE} Lund, 2022")
    assert perhaps.message.text.startswith(f"{NOT_SURE}\n")
    (refused,) = inline_results(EN, kept_answer(status="abstained", question="Who?"))
    assert (refused.title, refused.description) == (NO_ANSWER, "Who?")
    assert inline_results(EN, kept_answer(status="smalltalk", reply="Hello!")) == []


def test_a_shortened_inline_result_speaks_of_no_buttons():
    kept = kept_answer(*(kept_citation(number, quote=f"{number} {'word ' * 250}") for number in range(1, 6)))
    (result,) = inline_results(EN, kept)
    assert result.message.text.endswith(f"\n\n{SHORTENED}")
    assert "button" not in result.message.text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=SOURCES_ON_PAGE), st.sampled_from(CODES))
def test_no_title_or_name_breaks_a_page(named, code):
    sources = [
        Source(name, title, publisher, publisher, (Section(title, name, False),), 3) for name, title, publisher in named
    ]
    spoken = Language(code)
    check(sources_message(spoken, sources))
    check(document_message(spoken, sources, document_key(named[0][0])))


@settings(max_examples=200, deadline=None)
@given(WORDS, st.sampled_from(CODES))
def test_no_question_breaks_a_notice_or_a_button(question, code):
    spoken = Language(code)
    check(notice("question was", spoken, {"question": question}))
    message = start_message(spoken, 5, [Suggestion("AbCd1234", question or "?")])
    assert tdlib.pings(tdlib.parse(message.text, None, entities(message))) == []
