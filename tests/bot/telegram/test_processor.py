"""The order of updates: one at a time within a chat, different chats at once, and what a stop cuts off."""

import asyncio

from bot.telegram.ops.locks import KeyedLocks
from bot.telegram.processor import Processor, ordering_key
from tests.bot.telegram.made_updates import ANN, body, handle, inbox, inline, update


def test_updates_of_a_chat_are_handled_in_order_and_those_of_others_meanwhile(memory):
    events = []

    async def check():
        queue = inbox(memory)
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


def test_what_is_cut_off_stays_undone(memory):
    async def check():
        queue = inbox(memory)
        processor = Processor(queue, KeyedLocks())
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
        assert [received.update_id for received in memory.unfinished()] == [1, 2]
        assert queue.waiting == 0

    asyncio.run(check())


def test_a_press_waits_for_no_question_of_its_chat():
    message = body(1)["message"]
    query = {"id": "1", "from": ANN, "chat_instance": "1", "data": "x", "message": message}
    press = update(2, callback_query=query)
    assert ordering_key(press) == ("press", 7, 1)
    assert ordering_key(update(1)) == ("chat", 7)
    assert ordering_key(inline(3)) != ordering_key(inline(4))
