"""A question and its answer: limits, follow-ups, edits, and what is done about one that a process before began."""

import asyncio
import time
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import pytest

import bot.telegram.asking
from bot.language.language import language
from bot.telegram import parts as telegram_parts
from bot.telegram.answering import Answerer
from bot.telegram.api.errors import EditLost, Gone, NotDelivered, Uncertain
from bot.telegram.api.pace import UNNOTED
from bot.telegram.api.sending import Sent
from bot.telegram.asking import Asking, Task
from bot.telegram.memory.inbox import MOST_ATTEMPTS, Inbox, Lanes
from bot.telegram.memory.store import Asked, Received, Store
from bot.telegram.messages.buttons import read_press
from bot.telegram.messages.message import Message
from bot.telegram.ops.metrics import Figures
from bot.telegram.settings import Secret, TelegramConfig

QUESTION = "When was the harbour of Lund opened?"
ENGLISH = language("en")


class StubSender:
    """Keeps what is sent; raises what it is told to."""

    def __init__(self):
        self.sent, self.edited, self.deleted, self.problems, self.typed = [], [], [], [], 0
        self.rows, self.alerts = [], []

    async def send(self, place, message, flight=UNNOTED):
        await flight.begin()
        if self.problems:
            raise self.problems.pop(0)
        self.sent.append((place, message))
        return Sent(place.chat_id, 1000 + len(self.sent))

    async def edit(self, chat_id, message_id, message):
        if self.problems:
            raise self.problems.pop(0)
        self.edited.append((message_id, message.text))

    async def edit_rows(self, chat_id, message_id, rows):
        self.rows.append(rows)

    async def answer_press(self, query_id, text=None, is_alert=False):
        self.alerts.append(text)

    async def delete(self, chat_id, message_id):
        self.deleted.append(message_id)

    @asynccontextmanager
    async def typing(self, place):
        self.typed += 1
        yield

    @property
    def texts(self):
        return [message.text for _, message in self.sent]


class Desk:
    """The parts that answer, over the small corpus."""

    def __init__(self, tmp_path, fake, **config):
        self.config = TelegramConfig(Secret("x"), **config)
        self.store = Store(tmp_path / "feedback.sqlite")
        self.answerer = Answerer(tmp_path / "index", 2, fake)
        self.answerer.current()
        self.sender, self.figures, self.lanes = StubSender(), Figures(), Lanes()
        self.inbox = Inbox(self.store, self.figures, lambda problem: None, self.config.queue)
        parts = (self.config, self.store, self.answerer, self.sender, self.inbox, self.figures)
        self.desk = telegram_parts.Desk(*parts)
        self.asking = Asking(self.desk, self.lanes)

    def close(self):
        self.store.close()
        self.answerer.close()

    def task(self, number=1, user=7, chat=7, replied=None, past=None):
        self.store.receive(number, "{}", user, chat)
        return Task(number, Asked(chat, user, number), ENGLISH, replied, past)

    def ask(self, question=QUESTION, **task):
        asyncio.run(self.asking.ask(self.task(**task), question))


@pytest.fixture
def desk(small, tmp_path, fake):
    with closing(Desk(tmp_path, fake)) as opened:
        yield opened


def past(state, attempts=1):
    return Received(1, "{}", state, 0, attempts)


def test_the_answer_is_a_reply_to_the_question_and_is_kept(desk):
    desk.ask()
    ((place, message),) = desk.sender.sent
    assert (place.chat_id, place.reply_to) == (7, 1)
    assert "harbour of Lund" in message.text
    stored = desk.store.answer_to(7, 1)
    assert (stored.kept.question, stored.message_ids) == (QUESTION, (1001,))
    assert desk.sender.typed == 1


def test_nothing_to_ask_and_too_much_are_told(desk):
    desk.ask("  ", number=1)
    desk.ask("x" * 1001, number=2)
    desk.ask(" \u200b ?", number=3)
    assert "question" in desk.sender.texts[0]
    assert "1,000" in desk.sender.texts[1]
    assert desk.sender.texts[2] == desk.sender.texts[0]
    assert desk.store.answer_to(7, 1) is None


def test_who_asks_too_fast_is_told_once_and_then_not_answered(small, tmp_path, fake):
    with closing(Desk(tmp_path, fake, per_user=2)) as desk:
        for number in range(1, 6):
            desk.ask(number=number)
        assert len(desk.sender.sent) == 3  # two answers and one line
        assert desk.figures.total("refusals", "slow down") == 1
        assert desk.figures.total("refusals", "slow down, silently") == 2
        desk.ask(number=9, user=8, chat=8)
        assert len(desk.sender.sent) == 4


def test_a_chat_has_a_limit_of_its_own(small, tmp_path, fake):
    with closing(Desk(tmp_path, fake, per_chat=1)) as desk:
        desk.ask(number=1, user=7, chat=-5)
        desk.ask(number=2, user=8, chat=-5)
        assert desk.figures.total("answers", "answered") + desk.figures.total("answers", "abstained") == 1


def test_a_full_queue_is_told_once_for_a_chat(desk, monkeypatch):
    monkeypatch.setattr(desk.inbox, "came_late", lambda number: True)
    desk.ask(number=1)
    desk.ask(number=2)
    assert len(desk.sender.sent) == 1
    assert desk.figures.total("refusals", "busy") == 1


def test_a_question_that_was_taken_before_the_restart_meets_no_limit(small, tmp_path, fake):
    with closing(Desk(tmp_path, fake, per_user=1)) as desk:
        desk.ask(number=1)
        desk.ask(number=2, past=past("received"))
        assert [desk.store.answer_to(7, number) is not None for number in (1, 2)] == [True, True]


def test_the_questions_of_one_person_wait_for_each_other_in_whatever_chats(desk, monkeypatch):
    at_work, most = 0, 0
    answered = desk.asking._answered

    async def slowly(task, question):
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.02)
        at_work -= 1
        return await answered(task, question)

    monkeypatch.setattr(desk.asking, "_answered", slowly)

    async def ask_in_three_chats():
        tasks = [desk.task(number, chat=chat) for number, chat in ((1, 7), (2, -5), (3, -6))]
        await asyncio.gather(*(desk.asking.ask(task, QUESTION) for task in tasks))

    asyncio.run(ask_in_three_chats())
    assert most == 1
    assert len(desk.sender.sent) == 3


def test_a_follow_up_leans_on_the_answer_replied_to_else_on_the_last_one(desk):
    desk.ask("When was the harbour of Lund opened?", number=1)
    desk.ask("What did the bridge cost?", number=2)
    desk.ask("And who opened it?", number=3)
    desk.ask("And who opened it?", number=4, replied=1001)
    first, second = (desk.store.answer_to(7, number).asked.follows for number in (1, 2))
    assert desk.store.answer_to(7, 3).asked.follows == desk.store.answer_to(7, 2).kept.id
    assert desk.store.answer_to(7, 4).asked.follows == desk.store.answer_to(7, 1).kept.id
    assert "Lund" in desk.store.answer_to(7, 4).kept.searched
    assert first is None
    assert second is not None


def test_what_was_asked_long_ago_or_by_others_is_not_leant_on(desk, monkeypatch):
    desk.ask(number=1)
    desk.ask("And who opened it?", number=2, user=8, chat=7)
    assert desk.store.answer_to(7, 2).asked.follows is None
    later = time.time() + bot.telegram.asking.FOLLOWS_S + 1
    monkeypatch.setattr(bot.telegram.asking.time, "time", lambda: later)
    desk.ask("And who opened it?", number=3)
    assert desk.store.answer_to(7, 3).asked.follows is None


def test_an_edited_question_changes_the_answer_that_is_there(desk):
    desk.ask(number=1)
    asyncio.run(desk.asking.ask_again(desk.task(1), "What did the bridge cost?"))
    ((message_id, text),) = desk.sender.edited
    assert message_id == 1001
    assert "3.2" in text
    assert len(desk.sender.sent) == 1
    assert desk.store.answer_to(7, 1).kept.question == "What did the bridge cost?"


def test_an_edit_that_leaves_the_question_as_it_was_does_nothing(desk):
    desk.ask(number=1)
    asyncio.run(desk.asking.ask_again(desk.task(1), QUESTION))
    assert desk.sender.edited == []
    assert len(desk.sender.sent) == 1


def test_an_edit_whose_answer_was_deleted_in_the_chat_is_answered_anew(desk):
    desk.ask(number=1)
    desk.sender.problems.append(EditLost("message to edit not found"))
    asyncio.run(desk.asking.ask_again(desk.task(1), "What did the bridge cost?"))
    assert "3.2" in desk.sender.texts[-1]


def test_a_lost_answer_is_forgotten_so_that_a_second_edit_sends_none(desk):
    desk.ask(number=1)
    desk.sender.problems.append(EditLost("message to edit not found"))
    asyncio.run(desk.asking.ask_again(desk.task(1), "What did the bridge cost?"))
    assert desk.store.answer_to(7, 1).message_ids == (1002,)
    asyncio.run(desk.asking.ask_again(desk.task(1), QUESTION))
    assert [message_id for message_id, _ in desk.sender.edited] == [1002]
    assert len(desk.sender.sent) == 2


def test_where_the_first_message_of_an_answer_is_lost_the_next_one_is_edited(desk):
    desk.ask(number=1)
    desk.store.shown(desk.store.answer_to(7, 1).kept.id, 7, [1500, 1501])
    desk.sender.problems.append(EditLost("message to edit not found"))
    asyncio.run(desk.asking.ask_again(desk.task(1), "What did the bridge cost?"))
    assert [message_id for message_id, _ in desk.sender.edited] == [1500]
    assert desk.sender.deleted == [1501]
    assert len(desk.sender.sent) == 1


def test_an_edit_of_a_question_that_is_no_longer_kept_is_told(desk):
    asyncio.run(desk.asking.ask_again(desk.task(1), QUESTION))
    assert len(desk.sender.sent) == 1
    assert desk.store.answer_to(7, 1) is None


def test_a_message_of_a_group_that_became_a_question_by_an_edit_is_answered(desk):
    asyncio.run(desk.asking.ask_again(desk.task(1, chat=-5), QUESTION))
    assert "harbour" in desk.sender.texts[0]


def test_what_was_received_before_the_crash_is_answered(desk):
    desk.ask(past=past("received"))
    assert "harbour" in desk.sender.texts[0]


def test_what_was_sent_and_noted_before_the_crash_is_not_sent_again(desk):
    desk.ask(number=1)
    desk.ask(number=1, past=past("sending"))
    assert len(desk.sender.sent) == 1


def test_what_may_have_been_sent_before_the_crash_is_not_sent_again_but_offered(desk):
    desk.ask(number=1)
    desk.store._run("DELETE FROM messages")  # the process ended before it could note the message
    desk.ask(number=1, past=past("sending"))
    line = desk.sender.sent[-1][1]
    press = read_press(line.rows[0][0].data)
    assert (press.action, press.n, press.id) == ("next", 0, desk.store.answer_to(7, 1).kept.id)
    assert "harbour" not in line.text


def test_the_rest_of_an_answer_of_two_messages_is_sent_after_the_crash(desk, monkeypatch):
    parts = [Message("first"), Message("second")]
    monkeypatch.setattr(bot.telegram.asking, "answer_messages", lambda kept, language: parts)
    desk.ask(number=1)
    assert desk.sender.texts == ["first", "second"]
    desk.store._run("DELETE FROM messages WHERE message_id = 1002")
    desk.ask(number=1, past=past("received"))
    assert desk.sender.texts == ["first", "second", "second"]
    desk.store._run("DELETE FROM messages WHERE message_id <> 1001")
    desk.ask(number=1, past=past("sending"))
    assert desk.sender.texts[3:] not in (["first", "second"], ["second"])


def test_a_question_begun_too_often_is_told_to_have_failed(desk):
    desk.ask(past=past("received", MOST_ATTEMPTS))
    assert len(desk.sender.sent) == 1
    assert desk.store.answer_to(7, 1) is None


def test_an_answer_of_which_nobody_knows_is_offered_not_repeated(desk):
    desk.sender.problems.append(Uncertain("timed out"))
    desk.ask()
    ((_, line),) = desk.sender.sent
    assert read_press(line.rows[0][0].data).action == "next"


def test_an_answer_that_can_not_be_delivered_is_an_error_and_one_that_nobody_reads_is_none(desk):
    desk.sender.problems.append(Gone("blocked", is_chat=True))
    desk.ask(number=1)
    desk.sender.problems.append(NotDelivered("down"))
    with pytest.raises(NotDelivered):
        desk.ask(number=2)


def test_an_anonymous_admin_is_limited_as_the_group_and_leans_on_nobody(desk):
    task = desk.task(1, user=None, chat=-5)
    assert task.person == -5
    asyncio.run(desk.asking.ask(task, QUESTION))
    asyncio.run(desk.asking.ask(replace(desk.task(2, user=None, chat=-5)), "And who opened it?"))
    assert desk.store.answer_to(-5, 2).asked.follows is None


def test_questions_are_in_the_log_only_where_the_operator_wants_them(small, tmp_path, fake, caplog):
    caplog.set_level("INFO", "quoth")
    with closing(Desk(tmp_path, fake)) as desk:
        desk.ask(number=1)
    with closing(Desk(tmp_path, fake, logs_questions=True)) as desk:
        desk.ask(number=2)
    fields = [record.fields for record in caplog.records if record.getMessage() == "answered"]
    assert [said.get("question") for said in fields] == [None, QUESTION]
    assert {"update_id", "chat_id", "user_id", "answer_id", "status", "ms"} <= fields[0].keys()
