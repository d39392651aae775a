"""The inbox: on disk before it is confirmed, in order, once, and again only what was not done."""

import asyncio
import json

import pytest
from telegram import Update

import bot.telegram.memory.inbox
from bot.telegram.memory.inbox import MAX_ATTEMPTS, kind
from retrieval.errors import DatabaseError
from tests.bot.telegram.made_updates import ANN, BOT, body, handle, inbox, inline, update


def test_an_update_is_on_disk_once_it_is_queued(memory):
    async def check():
        queue = inbox(memory)
        await queue.put(update(1))
        assert [received.update_id for received in memory.unfinished()] == [1]
        assert json.loads(memory.unfinished()[0].json)["message"]["text"] == "When?"

    asyncio.run(check())


def test_an_update_that_comes_again_is_not_queued_again(memory):
    async def check():
        queue = inbox(memory)
        for number in (1, 2, 1, 2, 2):
            await queue.put(update(number))
        assert queue.qsize() == 2

    asyncio.run(check())


def test_what_is_done_is_not_replayed_and_what_is_not_is(memory):
    done = []

    async def first():
        queue = inbox(memory)
        for number in (1, 2, 3):
            await queue.put(update(number))

        async def work(item):
            if item.update_id == 2:
                raise asyncio.CancelledError  # the deadline of a stop
            done.append(item.update_id)

        await handle(queue, work)

    async def second():
        queue = inbox(memory)
        assert await queue.replay(BOT) == 1
        assert queue.past(2).state == "received"
        assert queue.past(9) is None

        async def work(item):
            done.append(item.update_id)

        await handle(queue, work)
        assert queue.past(2) is None
        assert memory.unfinished() == []

    asyncio.run(first())
    asyncio.run(second())
    assert done == [1, 3, 2]


def test_what_a_handler_leaves_undone_stays(memory):
    async def check():
        queue = inbox(memory)
        await queue.put(update(1))

        async def work(item):
            queue.leave_undone(item.update_id)

        await handle(queue, work)
        assert [received.update_id for received in memory.unfinished()] == [1]

    asyncio.run(check())


def test_what_is_left_undone_is_tried_again_later(memory, monkeypatch):
    monkeypatch.setattr(bot.telegram.memory.inbox, "RETRY_S", 0.05)
    seen = []

    async def check():
        queue = inbox(memory)
        await queue.put(update(1))

        async def work(item):
            seen.append(queue.past(item.update_id))
            if len(seen) == 1:
                queue.leave_undone(item.update_id)

        await handle(queue, work)
        assert queue.empty()
        await asyncio.sleep(0.3)
        await handle(queue, work)

    asyncio.run(check())
    assert seen[0] is None
    assert seen[1].state == "received"
    assert memory.unfinished() == []


def test_a_delivery_is_recorded_and_taken_back(memory):
    async def check():
        queue = inbox(memory)
        await queue.put(update(1))
        delivery = queue.delivery(1)
        await delivery.begin()
        assert memory.unfinished()[0].state == "sending"
        await delivery.abort()
        assert memory.unfinished()[0].state == "received"

    asyncio.run(check())


def test_an_update_begun_too_often_is_given_up(memory):
    memory.receive(1, json.dumps(body(1)), 7, 7)
    for _ in range(MAX_ATTEMPTS + 1):
        memory.start_update(1)
    assert asyncio.run(inbox(memory).replay(BOT)) == 0
    assert memory.unfinished() == []


def test_an_inline_query_is_not_replayed(memory):
    async def check():
        await inbox(memory).put(inline(1))
        assert await inbox(memory).replay(BOT) == 0
        assert memory.unfinished() == []

    asyncio.run(check())


def test_an_unreadable_update_is_kept_for_a_version_that_can_read_it_but_not_for_ever(memory):
    async def check():
        await inbox(memory).put_aside(1, '{"update_id": 1, "message": {"message_id": 4}}')
        for _ in range(MAX_ATTEMPTS + 1):
            assert await inbox(memory).replay(BOT) == 0
            assert len(memory.unfinished()) == 1
        await inbox(memory).replay(BOT)
        assert memory.unfinished() == []

    asyncio.run(check())


@pytest.mark.parametrize(
    ("update", "person", "chat"),
    [
        ({"message": {"message_id": "x", "from": ANN, "chat": {"id": -5}}}, 7, -5),
        ({"callback_query": {"from": ANN, "message": {"from": {"id": 99}, "chat": {"id": -5}}}}, 7, -5),
        ({"poll_answer": {"user": ANN}}, 7, None),
        ({"message": {"from": {"id": "7"}, "chat": []}}, None, None),
        ({"message": {"from": {"id": 2**63}, "chat": {"id": -(2**70)}}}, None, None),
        ({"message": []}, None, None),
    ],
)
def test_an_unreadable_update_is_kept_with_whom_it_names(memory, update, person, chat):
    asyncio.run(inbox(memory).put_aside(1, json.dumps({"update_id": 1} | update)))
    assert memory._rows("SELECT user_id, chat_id FROM inbox") == [(person, chat)]


def test_an_unreadable_update_is_forgotten_with_the_person(memory):
    asyncio.run(inbox(memory).put_aside(1, json.dumps({"update_id": 1, "message": {"from": ANN, "text": "Zyxwvu?"}})))
    asyncio.run(
        inbox(memory).put_aside(2, json.dumps({"update_id": 2, "message": {"chat": {"id": 7}, "text": "Zyx?"}}))
    )
    memory.forget(7)
    assert memory.unfinished() == []
    assert memory._rows("SELECT json, user_id, chat_id FROM inbox") == [("", None, None)] * 2


def test_an_update_that_can_not_be_kept_is_not_queued_and_ends_the_process(memory):
    problems = []

    async def check():
        queue = inbox(memory, problems.append)
        memory.close()
        with pytest.raises(DatabaseError):
            await queue.put(update(1))
        assert queue.empty()

    asyncio.run(check())
    assert len(problems) == 1
    assert "feedback.sqlite" in problems[0]


def test_what_comes_while_too_many_wait_came_late(memory):
    async def check():
        queue = inbox(memory, max_waiting=2)
        for number in (1, 2, 3):
            await queue.put(update(number))
        assert [queue.came_late(number) for number in (1, 2, 3)] == [False, False, True]
        assert queue.waiting == 3

        async def work(item):
            return

        await handle(queue, work)
        assert queue.waiting == 0
        assert not queue.came_late(3)

    asyncio.run(check())


def test_no_more_is_taken_from_telegram_while_the_memory_is_full(memory, monkeypatch):
    monkeypatch.setattr(bot.telegram.memory.inbox, "MAX_IN_MEMORY", 2)

    async def check():
        queue = inbox(memory)
        await queue.put(update(1))
        await queue.put(update(2))
        third = asyncio.create_task(queue.put(update(3)))
        await asyncio.sleep(0.1)
        assert not third.done()

        async def work(item):
            return

        await handle(queue, work)
        await asyncio.wait_for(third, 5)
        assert queue.qsize() == 1

    asyncio.run(check())


def test_the_kind_of_an_update_is_the_field_that_is_filled():
    assert kind(update(1)) == "message"
    assert kind(inline(1)) == "inline_query"
    assert kind(Update(1)) == "empty"
