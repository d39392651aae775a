"""Restrictions typed in a question, in every interface: help, answers, JSON, Telegram messages."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer_json import answer_json, hits_json
from bot.language.explanation import searched_line
from bot.language.language import CODES, Language
from bot.language.wording import EXAMPLE, NO_ANSWER, OPERATORS, SEARCHED
from bot.telegram.memory.kept import keep, kept_json, read_kept
from bot.telegram.messages.about import help_message
from bot.telegram.messages.answers import answer_messages
from bot.telegram.messages.results import inline_results
from bot.terminal.figures import render_figures
from bot.terminal.render import render_answer
from retrieval.restrictions import NOTES, read_restrictions
from retrieval.schema import Note, Restrictions
from tests.bot.telegram.messages.made import WORDS, check, kept_answer
from tests.bot.terminal.sessions import piped, plain_console, text_of

OPENED = "When was the harbour of Lund opened?"
EN = Language("en")


def shown(renderable):
    console = plain_console()
    console.print(renderable, soft_wrap=True)
    return text_of(console)


def test_every_operator_of_the_help_is_one_and_alone():
    read = [read_restrictions(f"x {typed}").restrictions for typed in OPERATORS]
    assert read == [
        Restrictions(names=("news",)),
        Restrictions(after="2019-05"),
        Restrictions(before="2021"),
        Restrictions(phrases=("trade deal",)),
        Restrictions(excluded=("draft",)),
    ]


def test_help_in_the_terminal_explains_every_operator():
    words = " ".join(piped("/help\n")[1].split())
    for typed, meaning in OPERATORS.items():
        assert typed in words
        assert all(word in words for word in meaning.split())
    assert EXAMPLE in words


@pytest.mark.parametrize("code", CODES)
def test_help_in_telegram_explains_every_operator_in_each_language(code):
    spoken = Language(code)
    text = help_message(spoken, "quoth_bot").text
    assert all(f"• {typed} – {spoken.translate(meaning)}\n" in text for typed, meaning in OPERATORS.items())
    assert spoken.translate(EXAMPLE) in text
    assert read_restrictions(spoken.translate(EXAMPLE)).restrictions == read_restrictions(EXAMPLE).restrictions


def test_an_answer_says_first_what_it_is_restricted_to(told):
    found = told.ask(f"{OPENED} in:harbour -mill")
    line = SEARCHED.format(searched=f"{OPENED} [in:harbour -mill]")
    assert searched_line(found) == line
    assert shown(render_answer(found, True)).startswith(f"{line}\n“")
    assert "Restrictions: in:harbour -mill" in shown(render_figures(found))
    assert "Restrictions" not in shown(render_figures(told.ask(OPENED)))


def test_a_refusal_says_that_no_document_has_the_name(told):
    text = shown(render_answer(told.ask(f"{OPENED} in:harbor"), True))
    note = "No document matches in:harbor. The nearest names: harbour.txt, The Harbour of Lund"
    assert text.splitlines()[1:3] == [note, NO_ANSWER]


def test_a_note_stands_above_the_answer(told):
    text = shown(render_answer(told.ask('When was the "harbour of Malmö" opened?'), True))
    note = "No passage contains “harbour of Malmö” exactly; searched without it."
    assert text.startswith(f"{note}\n“")


def test_json_has_the_restrictions_in_force_and_the_notes(told):
    line = json.loads(answer_json("q1", told.ask(f'{OPENED} in:harbour after:1990 "of Malmö"')))
    assert line["question"] == f'{OPENED} in:harbour after:1990 "of Malmö"'
    assert line["searched"] == f"{OPENED} of Malmö"
    assert line["restrictions"] == {
        "names": ["harbour"], "after": "1990", "before": None, "phrases": [], "excluded": [],
    }  # fmt: skip
    assert line["notes"] == [
        "Documents left out because they have no date: 1",
        "No passage fits these restrictions: in:harbour after:1990",
    ]
    plain = json.loads(answer_json("q1", told.ask(OPENED)))
    assert (plain["restrictions"], plain["notes"]) == (None, [])


def test_json_of_a_search_has_them_too(told):
    found = told.find("Lund in:news")
    line = json.loads(hits_json("Lund in:news", found.hits, found.restrictions, found.notes))
    assert (line["restrictions"]["names"], line["notes"]) == (["news"], [])
    assert [hit["document"] for hit in line["hits"]] == ["news/bridge.md"]
    assert json.loads(hits_json("Lund", []))["restrictions"] is None


@pytest.mark.parametrize("code", CODES)
def test_telegram_shows_restrictions_and_notes_in_each_language(told, code):
    spoken = Language(code)
    kept = keep("AbCd1234", told.ask(f'{OPENED} in:harbour "of Malmö"'), told.document)
    (message,) = answer_messages(kept, spoken)
    check(message)
    assert message.text.split("\n\n")[:2] == [
        spoken.translate(SEARCHED).format(searched=f"{OPENED} of Malmö [in:harbour]"),
        spoken.translate("No passage contains “{phrase}” exactly; searched without it.").format(phrase="of Malmö"),
    ]


def test_telegram_keeps_restrictions_and_notes_and_reads_answers_without_them(told):
    kept = keep("AbCd1234", told.ask(f"{OPENED} in:harbor"), told.document)
    assert read_kept(kept_json(kept)) == kept
    assert kept.restrictions == "in:harbor"
    stored = json.loads(kept_json(kept))
    del stored["restrictions"], stored["notes"]
    assert read_kept(json.dumps(stored)) == replace(kept, restrictions=None, notes=())


def test_an_inline_refusal_says_why(told):
    kept = keep("AbCd1234", told.ask(f"{OPENED} in:harbor"), told.document)
    (result,) = inline_results(EN, kept)
    assert "No document matches in:harbor." in result.message.text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NOTES), WORDS, WORDS, st.sampled_from(CODES))
def test_no_name_or_phrase_breaks_a_message(text, value, restrictions, code):
    names = ("name", "nearest", "count", "restrictions", "phrase", "others")
    kept = kept_answer(
        status="abstained", restrictions=restrictions, notes=(Note(text, dict.fromkeys(names, f"x{value}")),)
    )  # fmt: skip
    for message in answer_messages(kept, Language(code)):
        check(message)


def test_the_line_of_a_follow_up_is_as_before(told):
    found = replace(told.ask(OPENED), searched="x")
    assert searched_line(found) == SEARCHED.format(searched="x")
