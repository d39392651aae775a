"""Buttons: who may press them, what comes of it, and that it is right where nobody knows what arrived."""

import asyncio
from contextlib import closing
from dataclasses import replace

import pytest
from telegram import Bot, CallbackQuery

from bot.language.language import language
from bot.telegram.api.errors import Uncertain
from bot.telegram.asking import Task
from bot.telegram.memory.store import Asked
from bot.telegram.messages.answers import reason_press
from bot.telegram.messages.buttons import NOBODY, Press, read_press
from bot.telegram.messages.source import source_press
from bot.telegram.presses import Presses
from retrieval.answer.answer import answer
from tests.bot.telegram.test_asking import QUESTION, Desk

BOT = Bot("99:" + "A" * 35)
ME = {"id": 99, "is_bot": True, "first_name": "Quoth"}
ENGLISH = language("en")
ANN, BO, GROUP, SHOWN = 7, 8, -5, 1001
EXPIRED, NOT_YOURS = "This answer has expired.", "Only the person who wrote /forget can press this."


@pytest.fixture
def desk(small, tmp_path, fake):
    with closing(Desk(tmp_path, fake, per_user=100, per_chat=100)) as opened:
        yield opened


def person(number):
    return {"id": number, "is_bot": False, "first_name": "Somebody"}


def message(chat, number=SHOWN, sender=ME, **more):
    kind = {"type": "private", "first_name": "Ann"} if chat > 0 else {"type": "supergroup", "title": "Readers"}
    return {"message_id": number, "date": 1, "chat": {"id": chat, **kind}, "from": sender, "text": "x", **more}


def press(desk, pressed, by=ANN, chat=ANN, presses=None, **more):
    body = {"id": "1", "from": person(by), "chat_instance": "1", "message": message(chat, **more)}
    query = CallbackQuery.de_json({**body, "data": pressed.data()}, BOT)
    asyncio.run((presses or Presses(desk.desk, desk.asking)).pressed(query, Task(1, Asked(chat, by, None), ENGLISH)))


def kept(desk, small, user=ANN, chat=ANN, texts=1):
    """An answer of so many texts that was sent, but of which nobody knows whether it arrived."""
    found = answer(QUESTION, small)
    found = replace(found, answers=found.answers[:1] * texts)
    return desk.store.keep_answer(found, Asked(chat, user, None), (), small.store.document_by_id).kept.id


def labels(rows):
    return [button.text for row in rows for button in row]


# /forget


@pytest.mark.parametrize("action", ["forget", "keep"])
def test_in_a_group_only_who_wrote_forget_may_press_its_buttons(desk, small, action):
    answers = [kept(desk, small, user, GROUP) for user in (ANN, BO)]
    asked = {"reply_to_message": message(GROUP, 1, person(ANN))}
    press(desk, Press(NOBODY, action), BO, GROUP, **asked)
    assert desk.sender.alerts[0].startswith(NOT_YOURS)
    assert desk.sender.edited == []
    assert [desk.store.answer(id_) is not None for id_ in answers] == [True, True]
    press(desk, Press(NOBODY, action), ANN, GROUP, **asked)
    assert [desk.store.answer(id_) is not None for id_ in answers] == [action == "keep", True]
    assert len(desk.sender.edited) == 1


TOPIC = message(GROUP, 1, person(ANN), forum_topic_created={"name": "Mills", "icon_color": 1})


@pytest.mark.parametrize(
    "more", [{}, {"reply_to_message": TOPIC}], ids=["nothing replied to", "the first message of a topic"]
)
def test_in_a_group_nobody_may_where_it_is_not_known_who_wrote_forget(desk, small, more):
    id_ = kept(desk, small, ANN, GROUP)
    press(desk, Press(NOBODY, "forget"), ANN, GROUP, **more)
    assert desk.sender.alerts[0].startswith(NOT_YOURS)
    assert desk.store.answer(id_) is not None


def test_in_private_forget_is_pressed_by_the_person_whose_chat_it_is(desk, small):
    id_ = kept(desk, small)
    press(desk, Press(NOBODY, "forget"))
    assert desk.store.answer(id_) is None


# Sources


def test_a_source_of_an_answer_whose_number_is_not_known_leaves_the_answer_as_it_is(desk, small):
    press(desk, source_press(kept(desk, small), 1))
    assert desk.sender.edited == []
    assert "harbour.txt" in desk.sender.texts[0]


def test_more_of_a_source_takes_the_place_of_its_view(desk, small):
    press(desk, source_press(kept(desk, small), 1, 1, 0))
    assert desk.sender.sent == []
    assert [number for number, _ in desk.sender.edited] == [SHOWN]


# Judging


def test_a_reason_brings_back_the_buttons_of_its_answer(desk, small):
    id_ = kept(desk, small, texts=2)
    for position in (0, 1):
        press(desk, reason_press(id_, position, "wrong source"))
    first, second = map(labels, desk.sender.rows)
    assert "Next answer" in first and "👎 ✓" in first
    assert second == ["Source 1", "Copy citation"]
    assert desk.store.verdict(id_, ANN) == "wrong"


def test_the_reasons_asked_for_stand_below_the_same_answer(desk, small):
    press(desk, Press(kept(desk, small, texts=2), "wrong", 1))
    (rows,) = desk.sender.rows
    assert {read_press(row[0].data).n // 4 for row in rows[:-1]} == {1}


@pytest.mark.parametrize("action", ["right", "wrong", "back", "reason"])
def test_a_button_of_an_answer_that_there_is_not_gets_an_alert(desk, small, action):
    id_ = kept(desk, small)
    press(desk, Press(id_, action, 99))
    assert desk.sender.alerts[0].startswith(EXPIRED)
    assert desk.store.verdict(id_, ANN) is None


# Suggestions


def test_a_suggestion_pressed_too_often_says_the_question_no_more(small, tmp_path, fake):
    with closing(Desk(tmp_path, fake, per_user=2)) as desk:
        (suggestion,) = desk.store.suggest([QUESTION])
        presses = Presses(desk.desk, desk.asking)
        for _ in range(4):
            press(desk, Press(suggestion.id, "ask"), presses=presses)
        assert [text.startswith("Your question was") for text in desk.sender.texts] == [True, False, True, False, False]
        assert "Please wait" in desk.sender.texts[-1]


def test_a_suggestion_is_answered_though_nobody_knows_whether_its_question_arrived(desk):
    (suggestion,) = desk.store.suggest([QUESTION])
    desk.sender.problems.append(Uncertain("timed out"))
    press(desk, Press(suggestion.id, "ask"))
    ((place, said),) = desk.sender.sent
    assert "harbour of Lund" in said.text
    assert place.reply_to is None
