"""Updates made by hand, an inbox to put them in, and the work on everything queued."""

import asyncio

from telegram import Bot, Update

from bot.telegram.memory.inbox import Inbox
from bot.telegram.ops.locks import KeyedLocks
from bot.telegram.ops.metrics import Metrics
from bot.telegram.processor import Processor

BOT = Bot("99:" + "A" * 35)
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}


def body(number, chat=7, text="When?", **more):
    message = {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}, "from": ANN, "text": text}
    return {"update_id": number, **(more or {"message": message})}


def update(number, chat=7, **more):
    return Update.de_json(body(number, chat, **more), BOT)


def inline(number):
    return update(number, inline_query={"id": "1", "from": ANN, "query": "x", "offset": ""})


def inbox(memory, fail=lambda problem: None, max_waiting=100):
    return Inbox(memory, Metrics(), fail, max_waiting)


async def handle(queue, work, locks=None):
    """Handle everything that is queued, as the library does it."""
    processor = Processor(queue, locks or KeyedLocks())
    tasks = []
    while not queue.empty():
        item = queue.get_nowait()
        tasks.append(asyncio.create_task(processor.process_update(item, work(item))))
    await asyncio.gather(*tasks, return_exceptions=True)
