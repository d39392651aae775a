"""A question and its answer: limits, follow-ups, edits, and what is done about one that an earlier process began."""

import asyncio
import time
from contextlib import closing
from dataclasses import replace

import pytest

import bot.telegram.asking
from bot.language.language import language_of
from bot.telegram.api.errors import EditLost, Gone, NotDelivered, Uncertain
from bot.telegram.memory.inbox import MAX_ATTEMPTS
from bot.telegram.memory.records import Received
from bot.telegram.messages.buttons import read_press
from bot.telegram.messages.message import Message
from retrieval.schema import Turn
from tests.bot.telegram.harness import QUESTION, Harness
from tests.conftest import EMPEROR, PIERS


def past(state, attempts=1):
    return Received(1, "{}", state, 0, attempts)


def test_the_answer_is_a_reply_to_the_question_and_is_kept(harness):
    harness.ask()
    ((destination, message),) = harness.sender.sent
    assert (destination.chat_id, destination.reply_to) == (7, 1)
    assert "harbour of Lund" in message.text
    stored = harness.memory.answer_to(7, 1)
    assert (stored.answer.question, stored.message_ids) == (QUESTION, (1001,))
    assert harness.sender.typed == 1


def test_each_status_is_counted_and_a_perhaps_leads_a_follow_up_like_an_answer(told, tmp_path):
    with closing(Harness(told, tmp_path)) as harness:
        for number, question in enumerate((QUESTION, PIERS, EMPEROR), 1):
            harness.ask(question, number=number)
        assert [harness.metrics.total("answers", s) for s in ("answered", "perhaps", "abstained")] == [1, 1, 1]
        perhaps, refusal = (harness.memory.answer_to(7, number).answer.id for number in (2, 3))
        assert harness.memory.history(perhaps)[-1] == Turn(PIERS, "14", PIERS, ("harbour.txt",))
        assert harness.memory.history(refusal)[-1] == Turn(EMPEROR, "", EMPEROR, ())


def test_an_empty_and_an_overlong_question_get_a_notice(harness):
    harness.ask("  ", number=1)
    harness.ask("x" * 1001, number=2)
    assert "question" in harness.sender.texts[0]
    assert "1,000" in harness.sender.texts[1]
    assert harness.memory.answer_to(7, 1) is None


def test_who_asks_too_fast_is_told_once_and_then_not_answered(small, tmp_path):
    with closing(Harness(small, tmp_path, per_user=2)) as harness:
        for number in range(1, 6):
            harness.ask(number=number)
        assert len(harness.sender.sent) == 3  # two answers and one line
        assert harness.metrics.total("refusals", "slow down") == 1
        assert harness.metrics.total("refusals", "slow down, silently") == 2
        harness.ask(number=9, user=8, chat=8)
        assert len(harness.sender.sent) == 4


def test_a_chat_has_a_limit_of_its_own(small, tmp_path):
    with closing(Harness(small, tmp_path, per_chat=1)) as harness:
        harness.ask(number=1, user=7, chat=-5)
        harness.ask(number=2, user=8, chat=-5)
        assert len(harness.sender.sent) == 2  # an answer and one line


def test_a_full_queue_is_told_once_for_a_chat(harness, monkeypatch):
    monkeypatch.setattr(harness.inbox, "came_late", lambda number: True)
    harness.ask(number=1)
    harness.ask(number=2)
    assert len(harness.sender.sent) == 1
    assert harness.metrics.total("refusals", "busy") == 1


def test_a_question_that_was_taken_before_the_restart_meets_no_limit(small, tmp_path):
    with closing(Harness(small, tmp_path, per_user=1)) as harness:
        harness.ask(number=1)
        harness.ask(number=2, past=past("received"))
        assert [harness.memory.answer_to(7, number) is not None for number in (1, 2)] == [True, True]


def test_the_questions_of_one_person_wait_for_each_other_in_whatever_chats(harness, monkeypatch):
    at_work, most = 0, 0
    answered = harness.asking._answered

    async def slowly(task, question):
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.02)
        at_work -= 1
        return await answered(task, question)

    monkeypatch.setattr(harness.asking, "_answered", slowly)

    async def ask_in_three_chats():
        tasks = [harness.task(number, chat=chat) for number, chat in ((1, 7), (2, -5), (3, -6))]
        await asyncio.gather(*(harness.asking.ask(task, QUESTION) for task in tasks))

    asyncio.run(ask_in_three_chats())
    assert most == 1
    assert len(harness.sender.sent) == 3


def test_a_follow_up_continues_from_the_answer_replied_to_else_from_the_last_one(harness):
    harness.ask("When was the harbour of Lund opened?", number=1)
    harness.ask("What did the bridge cost?", number=2)
    harness.ask("And who opened it?", number=3)
    harness.ask("And who opened it?", number=4, replied=1001)
    first, second = (harness.memory.answer_to(7, number).origin.follows for number in (1, 2))
    assert harness.memory.answer_to(7, 3).origin.follows == harness.memory.answer_to(7, 2).answer.id
    assert harness.memory.answer_to(7, 4).origin.follows == harness.memory.answer_to(7, 1).answer.id
    assert "Lund" in harness.memory.answer_to(7, 4).answer.searched
    assert first is None
    assert second is not None


def test_a_reply_searches_the_documents_of_the_answer_first_and_any_other_question_all(harness, monkeypatch):
    searched_first, library = [], harness.answerer.current()
    ask = library.ask

    def watched(question, history=(), top=5, first_in=()):
        searched_first.append(first_in)
        return ask(question, history, top, first_in)

    monkeypatch.setattr(library, "ask", watched)
    harness.ask(QUESTION, number=1)
    harness.ask("And who opened it?", number=2)
    harness.ask("And who opened it?", number=3, replied=1001)
    asyncio.run(harness.asking.ask_again(harness.task(3, replied=1001), "How many piers?"))
    assert searched_first == [(), (), ("harbour.txt",), ("harbour.txt",)]
    assert harness.memory.answer_to(7, 3).answer.first_in == ("harbour.txt",)


@pytest.mark.parametrize(
    ("client", "question", "code"),
    [
        ("en", "¿Cuándo se abrió el puerto de Lund en la costa?", "es"),
        ("ja", "When was the harbour of Lund opened?", "en"),
        ("pt", "Lund", "pt"),
        ("en", "Wann wurde der Hafen von Lund eröffnet und von wem?", "en"),
    ],
)
def test_an_answer_speaks_the_language_of_its_question_if_that_is_clear_else_the_clients(
    harness, client, question, code
):
    task = replace(harness.task(1), language=language_of(client))
    asyncio.run(harness.asking.ask(task, question))
    assert harness.memory.answer_to(7, 1).origin.language == code


def test_no_question_follows_up_on_an_old_answer_or_another_persons(harness, monkeypatch):
    harness.ask(number=1)
    harness.ask("And who opened it?", number=2, user=8, chat=7)
    assert harness.memory.answer_to(7, 2).origin.follows is None
    later = time.time() + bot.telegram.asking.FOLLOWS_S + 1
    monkeypatch.setattr(bot.telegram.asking.time, "time", lambda: later)
    harness.ask("And who opened it?", number=3)
    assert harness.memory.answer_to(7, 3).origin.follows is None


def test_an_edited_question_changes_the_answer_that_is_there(harness):
    harness.ask(number=1)
    asyncio.run(harness.asking.ask_again(harness.task(1), "What did the bridge cost?"))
    ((message_id, text),) = harness.sender.edited
    assert message_id == 1001
    assert "3.2" in text
    assert len(harness.sender.sent) == 1
    assert harness.memory.answer_to(7, 1).answer.question == "What did the bridge cost?"


def test_an_edit_that_leaves_the_question_as_it_was_does_nothing(harness):
    harness.ask(number=1)
    asyncio.run(harness.asking.ask_again(harness.task(1), QUESTION))
    assert harness.sender.edited == []
    assert len(harness.sender.sent) == 1


def test_an_edit_whose_answer_was_deleted_in_the_chat_is_answered_anew(harness):
    harness.ask(number=1)
    harness.sender.problems.append(EditLost("message to edit not found"))
    asyncio.run(harness.asking.ask_again(harness.task(1), "What did the bridge cost?"))
    assert "3.2" in harness.sender.texts[-1]


def test_a_lost_answer_is_forgotten_so_that_a_second_edit_sends_none(harness):
    harness.ask(number=1)
    harness.sender.problems.append(EditLost("message to edit not found"))
    asyncio.run(harness.asking.ask_again(harness.task(1), "What did the bridge cost?"))
    assert harness.memory.answer_to(7, 1).message_ids == (1002,)
    asyncio.run(harness.asking.ask_again(harness.task(1), QUESTION))
    assert [message_id for message_id, _ in harness.sender.edited] == [1002]
    assert len(harness.sender.sent) == 2


def test_where_the_first_message_of_an_answer_is_lost_the_next_one_is_edited(harness):
    harness.ask(number=1)
    harness.memory.shown(harness.memory.answer_to(7, 1).answer.id, 7, [1500, 1501])
    harness.sender.problems.append(EditLost("message to edit not found"))
    asyncio.run(harness.asking.ask_again(harness.task(1), "What did the bridge cost?"))
    assert [message_id for message_id, _ in harness.sender.edited] == [1500]
    assert harness.sender.deleted == [1501]
    assert len(harness.sender.sent) == 1


def test_an_edit_of_a_question_that_is_no_longer_stored_gets_a_notice(harness):
    asyncio.run(harness.asking.ask_again(harness.task(1), QUESTION))
    assert len(harness.sender.sent) == 1
    assert harness.memory.answer_to(7, 1) is None


def test_a_message_of_a_group_that_became_a_question_by_an_edit_is_answered(harness):
    asyncio.run(harness.asking.ask_again(harness.task(1, chat=-5), QUESTION))
    assert "harbour" in harness.sender.texts[0]


def test_what_was_received_before_the_crash_is_answered(harness):
    harness.ask(past=past("received"))
    assert "harbour" in harness.sender.texts[0]


def test_what_was_sent_and_noted_before_the_crash_is_not_sent_again(harness):
    harness.ask(number=1)
    harness.ask(number=1, past=past("sending"))
    assert len(harness.sender.sent) == 1


def test_what_may_have_been_sent_before_the_crash_is_not_sent_again_but_offered(harness):
    harness.ask(number=1)
    harness.memory._run("DELETE FROM messages")  # the process ended before it could note the message
    harness.ask(number=1, past=past("sending"))
    line = harness.sender.sent[-1][1]
    press = read_press(line.rows[0][0].data)
    assert (press.action, press.n, press.id) == ("next", 0, harness.memory.answer_to(7, 1).answer.id)
    assert "harbour" not in line.text


def test_the_rest_of_an_answer_of_two_messages_is_sent_after_the_crash(harness, monkeypatch):
    parts = [Message("first"), Message("second")]
    monkeypatch.setattr(bot.telegram.asking, "answer_messages", lambda kept, language: parts)
    harness.ask(number=1)
    assert harness.sender.texts == ["first", "second"]
    harness.memory._run("DELETE FROM messages WHERE message_id = 1002")
    harness.ask(number=1, past=past("received"))
    assert harness.sender.texts == ["first", "second", "second"]
    harness.memory._run("DELETE FROM messages WHERE message_id <> 1001")
    harness.ask(number=1, past=past("sending"))
    assert harness.sender.texts[3:] not in (["first", "second"], ["second"])


def test_between_two_parts_of_an_answer_nothing_counts_as_being_sent(harness, monkeypatch):
    parts, states, send = [Message("first"), Message("second")], [], harness.sender.send
    monkeypatch.setattr(bot.telegram.asking, "answer_messages", lambda kept, language: parts)

    async def watched(destination, message, delivery):
        states.append(harness.memory.unfinished()[0].state)
        sent = await send(destination, message, delivery)
        states.append(harness.memory.unfinished()[0].state)
        return sent

    monkeypatch.setattr(harness.sender, "send", watched)
    harness.ask()
    assert states == ["received", "sending", "received", "sending"]
    assert harness.memory.answer_to(7, 1).message_ids == (1001, 1002)


def test_a_question_begun_too_often_gets_a_notice_of_failure(harness):
    harness.ask(past=past("received", MAX_ATTEMPTS))
    assert len(harness.sender.sent) == 1
    assert harness.memory.answer_to(7, 1) is None


def test_an_answer_that_may_have_arrived_is_offered_not_repeated(harness):
    harness.sender.problems.append(Uncertain("timed out"))
    harness.ask()
    ((_, line),) = harness.sender.sent
    assert read_press(line.rows[0][0].data).action == "next"


def test_an_undeliverable_answer_is_an_error_but_a_blocked_bot_is_not(harness):
    harness.sender.problems.append(Gone("blocked", is_chat=True))
    harness.ask(number=1)
    harness.sender.problems.append(NotDelivered("down"))
    with pytest.raises(NotDelivered):
        harness.ask(number=2)


def test_an_anonymous_admin_shares_the_groups_limit_and_has_no_follow_ups(harness):
    task = harness.task(1, user=None, chat=-5)
    assert task.person == -5
    asyncio.run(harness.asking.ask(task, QUESTION))
    asyncio.run(harness.asking.ask(replace(harness.task(2, user=None, chat=-5)), "And who opened it?"))
    assert harness.memory.answer_to(-5, 2).origin.follows is None


def test_questions_are_in_the_log_only_where_the_operator_wants_them(small, tmp_path, caplog):
    caplog.set_level("INFO", "quoth")
    with closing(Harness(small, tmp_path)) as harness:
        harness.ask(number=1)
    with closing(Harness(small, tmp_path, logs_questions=True)) as harness:
        harness.ask(number=2)
    fields = [record.fields for record in caplog.records if record.getMessage() == "answered"]
    assert [said.get("question") for said in fields] == [None, QUESTION]
    assert {"update_id", "chat_id", "user_id", "answer_id", "status", "ms"} <= fields[0].keys()
