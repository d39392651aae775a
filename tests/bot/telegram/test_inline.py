"""Inline queries: only a person's newest is answered, nothing is stored, and asking too fast gives no results."""

import asyncio
from contextlib import closing

import pytest
from telegram import InlineQuery

import bot.telegram.inline
from bot.language.language import Language
from bot.language.wording import NO_ANSWER, NOT_SURE
from bot.telegram.inline import Inline
from tests.bot.telegram.harness import QUESTION, Harness
from tests.bot.telegram.made_updates import ANN, BOT
from tests.conftest import PIERS

BO = {**ANN, "id": 8}


@pytest.fixture
def harness(told, tmp_path, monkeypatch):
    monkeypatch.setattr(bot.telegram.inline, "STILL_S", 0.02)
    with closing(Harness(told, tmp_path, has_inline=True, per_user=2, longest_chars=100)) as opened:
        yield opened


def query(number, text=QUESTION, person=ANN):
    return InlineQuery.de_json({"id": str(number), "from": person, "query": text, "offset": ""}, BOT)


def answer(harness, *queries):
    """The titles of the results of each query that was answered, if all of them arrive at once."""
    inline = Inline(harness.components)

    async def together():
        await asyncio.gather(*(inline.answer(one) for one in queries))

    asyncio.run(together())
    return {query_id: [result.title for result in results] for query_id, results in harness.sender.inline.items()}


def test_a_query_is_answered_and_not_stored(harness):
    assert answer(harness, query(1)) == {"1": ["1871"]}
    assert harness.metrics.total("answers", "inline answered") == 1
    assert harness.memory.counts()["answers"] == 0


def test_a_perhaps_is_offered_with_its_words_and_counted_as_one(told, tmp_path, monkeypatch):
    monkeypatch.setattr(bot.telegram.inline, "STILL_S", 0.02)
    with closing(Harness(told, tmp_path, has_inline=True)) as harness:
        assert answer(harness, query(1, PIERS)) == {"1": ["14"]}
        (result,) = harness.sender.inline["1"]
        assert result.description.startswith(NOT_SURE) and result.message.text.startswith(NOT_SURE)
        assert harness.metrics.total("answers", "inline perhaps") == 1


def test_a_result_speaks_the_language_of_its_question(harness):
    answer(harness, query(1, "¿Quién es el emperador de la ciudad de Lund?"))
    (result,) = harness.sender.inline["1"]
    assert result.title == Language("es").translate(NO_ANSWER) != NO_ANSWER


def test_a_query_overtaken_by_a_newer_one_is_not_answered(harness):
    assert answer(harness, query(1, "When was"), query(2), query(3, person=BO)) == {"2": ["1871"], "3": ["1871"]}
    assert harness.metrics.total("refusals", "overtaken") == 1


def test_who_asks_too_fast_gets_no_results(harness):
    inline = Inline(harness.components)
    for number in range(3):
        asyncio.run(inline.answer(query(number)))
    assert [bool(results) for results in harness.sender.inline.values()] == [True, True, False]
    assert harness.metrics.total("refusals", "slow down") == 1


@pytest.mark.parametrize("text", ["", "  ", "x" * 101])
def test_an_empty_or_overlong_query_gets_no_results_at_once(harness, text):
    assert answer(harness, query(1, text)) == {"1": []}


def test_where_inline_mode_is_off_no_query_gets_results(told, tmp_path):
    with closing(Harness(told, tmp_path)) as harness:
        assert answer(harness, query(1)) == {"1": []}
