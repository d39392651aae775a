"""The inbox: on disk before it is confirmed, in order, once, and again only what was not done."""

import asyncio
import json
from contextlib import closing

import pytest
from telegram import Bot, Update

import bot.telegram.memory.inbox
from bot.telegram.memory.inbox import MOST_ATTEMPTS, Inbox, Lanes, Processor, kind, lane
from bot.telegram.memory.store import Store
from bot.telegram.ops.metrics import Figures
from retrieval.errors import StoreError

BOT = Bot("99:" + "A" * 35)
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}


def body(number, chat=7, text="When?", **more):
    message = {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}, "from": ANN, "text": text}
    return {"update_id": number, **(more or {"message": message})}


def update(number, chat=7, **more):
    return Update.de_json(body(number, chat, **more), BOT)


def inline(number):
    return update(number, inline_query={"id": "1", "from": ANN, "query": "x", "offset": ""})


@pytest.fixture
def store(tmp_path):
    with closing(Store(tmp_path / "feedback.sqlite")) as opened:
        yield opened


def inbox(store, fail=lambda problem: None, most=100):
    return Inbox(store, Figures(), fail, most)


async def handle(queue, work, lanes=None):
    """Work off all that is queued, as the library does it."""
    processor = Processor(queue, lanes or Lanes())
    tasks = []
    while not queue.empty():
        item = queue.get_nowait()
        tasks.append(asyncio.create_task(processor.process_update(item, work(item))))
    await asyncio.gather(*tasks, return_exceptions=True)


def test_an_update_is_on_disk_once_it_is_queued(store):
    async def check():
        queue = inbox(store)
        await queue.put(update(1))
        assert [received.update_id for received in store.unfinished()] == [1]
        assert json.loads(store.unfinished()[0].json)["message"]["text"] == "When?"

    asyncio.run(check())


def test_an_update_that_comes_again_is_not_queued_again(store):
    async def check():
        queue = inbox(store)
        for number in (1, 2, 1, 2, 2):
            await queue.put(update(number))
        assert queue.qsize() == 2

    asyncio.run(check())


def test_what_is_done_is_not_replayed_and_what_is_not_is(store):
    done = []

    async def first():
        queue = inbox(store)
        for number in (1, 2, 3):
            await queue.put(update(number))

        async def work(item):
            if item.update_id == 2:
                raise asyncio.CancelledError  # the deadline of a stop
            done.append(item.update_id)

        await handle(queue, work)

    async def second():
        queue = inbox(store)
        assert await queue.replay(BOT) == 1
        assert queue.past(2).state == "received"
        assert queue.past(9) is None

        async def work(item):
            done.append(item.update_id)

        await handle(queue, work)
        assert queue.past(2) is None
        assert store.unfinished() == []

    asyncio.run(first())
    asyncio.run(second())
    assert done == [1, 3, 2]


def test_what_a_handler_leaves_undone_stays(store):
    async def check():
        queue = inbox(store)
        await queue.put(update(1))

        async def work(item):
            queue.leave_undone(item.update_id)

        await handle(queue, work)
        assert [received.update_id for received in store.unfinished()] == [1]

    asyncio.run(check())


def test_what_is_left_undone_is_tried_again_later(store, monkeypatch):
    monkeypatch.setattr(bot.telegram.memory.inbox, "AGAIN_S", 0.05)
    seen = []

    async def check():
        queue = inbox(store)
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
    assert store.unfinished() == []


def test_a_flight_is_noted_and_taken_back(store):
    async def check():
        queue = inbox(store)
        await queue.put(update(1))
        flight = queue.flight(1)
        await flight.begin()
        assert store.unfinished()[0].state == "sending"
        await flight.abort()
        assert store.unfinished()[0].state == "received"

    asyncio.run(check())


def test_an_update_begun_too_often_is_given_up(store):
    store.receive(1, json.dumps(body(1)), 7, 7)
    for _ in range(MOST_ATTEMPTS + 1):
        store.start_update(1)
    assert asyncio.run(inbox(store).replay(BOT)) == 0
    assert store.unfinished() == []


def test_an_inline_query_is_not_replayed(store):
    async def check():
        await inbox(store).put(inline(1))
        assert await inbox(store).replay(BOT) == 0
        assert store.unfinished() == []

    asyncio.run(check())


def test_an_unreadable_update_is_kept_for_a_version_that_can_read_it_but_not_for_ever(store):
    async def check():
        await inbox(store).put_aside(1, '{"update_id": 1, "message": {"message_id": 4}}')
        for _ in range(MOST_ATTEMPTS + 1):
            assert await inbox(store).replay(BOT) == 0
            assert len(store.unfinished()) == 1
        await inbox(store).replay(BOT)
        assert store.unfinished() == []

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
def test_an_unreadable_update_is_kept_with_whom_it_names(store, update, person, chat):
    asyncio.run(inbox(store).put_aside(1, json.dumps({"update_id": 1} | update)))
    assert store._rows("SELECT user_id, chat_id FROM inbox") == [(person, chat)]


def test_an_unreadable_update_is_forgotten_with_the_person(store):
    asyncio.run(inbox(store).put_aside(1, json.dumps({"update_id": 1, "message": {"from": ANN, "text": "Zyxwvu?"}})))
    asyncio.run(inbox(store).put_aside(2, json.dumps({"update_id": 2, "message": {"chat": {"id": 7}, "text": "Zyx?"}})))
    store.forget(7)
    assert store.unfinished() == []
    assert store._rows("SELECT json, user_id, chat_id FROM inbox") == [("", None, None)] * 2


def test_an_update_that_can_not_be_kept_is_not_queued_and_ends_the_process(store):
    problems = []

    async def check():
        queue = inbox(store, problems.append)
        store.close()
        with pytest.raises(StoreError):
            await queue.put(update(1))
        assert queue.empty()

    asyncio.run(check())
    assert len(problems) == 1
    assert "feedback.sqlite" in problems[0]


def test_updates_of_a_chat_are_handled_in_order_and_those_of_others_meanwhile(store):
    events = []

    async def check():
        queue = inbox(store)
        for number, chat in ((1, 7), (2, 7), (3, 8)):
            await queue.put(update(number, chat))

        async def work(item):
            events.append(f"begin {item.update_id}")
            await asyncio.sleep(0.2 if item.update_id == 1 else 0)
            events.append(f"end {item.update_id}")

        await handle(queue, work)

    asyncio.run(check())
    assert events.index("end 1") < events.index("begin 2")
    assert events.index("end 3") < events.index("end 1")


def test_what_comes_while_too_many_wait_came_late(store):
    async def check():
        queue = inbox(store, most=2)
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


def test_no_more_is_taken_from_telegram_while_the_memory_is_full(store, monkeypatch):
    monkeypatch.setattr(bot.telegram.memory.inbox, "ROOM", 2)

    async def check():
        queue = inbox(store)
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


def test_what_is_cut_off_stays_undone(store):
    async def check():
        queue = inbox(store)
        processor = Processor(queue, Lanes())
        for number in (1, 2):  # one at work, one that waits for it
            await queue.put(update(number))
        swallowed = []

        async def work():
            try:
                await asyncio.sleep(30)
            except Exception as error:
                swallowed.append(error)

        tasks = [asyncio.create_task(processor.process_update(queue.get_nowait(), work())) for _ in range(2)]
        await asyncio.sleep(0.05)
        await processor.cut_off()
        assert all(task.cancelled() for task in tasks)
        assert swallowed == []
        assert [received.update_id for received in store.unfinished()] == [1, 2]
        assert queue.waiting == 0

    asyncio.run(check())


def test_a_lane_is_forgotten_once_nobody_is_in_it():
    async def check():
        lanes = Lanes()
        async with lanes.of("a"):
            assert lanes.waiting("a") == 1
        assert lanes.waiting("a") == 0
        assert lanes._locks == {}

    asyncio.run(check())


def test_a_press_waits_for_no_question_of_its_chat():
    message = body(1)["message"]
    query = {"id": "1", "from": ANN, "chat_instance": "1", "data": "x", "message": message}
    press = update(2, callback_query=query)
    assert lane(press) == ("press", 7, 1)
    assert lane(update(1)) == ("chat", 7)
    assert lane(inline(3)) != lane(inline(4))


def test_the_kind_of_an_update_is_the_field_that_is_filled():
    assert kind(update(1)) == "message"
    assert kind(inline(1)) == "inline_query"
    assert kind(Update(1)) == "empty"
