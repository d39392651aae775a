"""Sending over the fake server: delivered, delivered as plain text, or given up, and never twice."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
from telegram.ext import ExtBot

import bot.telegram.api.sending
from bot.telegram.api.errors import EditLost, Gone, NotDelivered, Refused, Uncertain
from bot.telegram.api.pace import Delivery, RateLimiter
from bot.telegram.api.request import Request
from bot.telegram.api.sending import Destination, Sender
from bot.telegram.messages.message import Button, Entity, Message, Picture
from bot.telegram.ops.metrics import Metrics
from tests.telegram import faults
from tests.telegram.fake_server import FakeServer

BOLD = Message(
    "Since 1871.", (Entity("bold", 6, 4),), ((Button("Source 1", "v1:x:source:1"), Button("Copy", copy="1871")),)
)
DOWN, NO_FORM = faults.BAD_GATEWAY, faults.Fault("refuse", 400, "can't parse entities: no")


@pytest.fixture
def server():
    with FakeServer() as opened:
        yield opened


@pytest.fixture(autouse=True)
def service_environment(monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def started(server):
    """The chat of somebody who has written to the bot."""
    room = server.world.private()
    room.send_text("/start")
    return room


class Noted(Delivery):
    def __init__(self):
        self.events = []

    async def begin(self):
        self.events.append("begin")

    async def abort(self):
        self.events.append("abort")


class Told:
    def __init__(self):
        self.moved, self.gone, self.metrics = [], [], Metrics()


@asynccontextmanager
async def sending(server, told=None, **times):
    told = told or Told()

    async def on_moved(old, new):
        told.moved.append((old, new))

    async def on_gone(chat_id):
        told.gone.append(chat_id)

    bot = ExtBot(
        server.world.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=Request(read_timeout=times.get("read_s", 5.0), connect_timeout=1.0),
        rate_limiter=RateLimiter(max_retries=times.get("retries", 5)),
    )
    async with bot:
        yield Sender(bot, told.metrics, on_moved, on_gone)


def send(server, room, message=BOLD, delivery=None, told=None, thread=None, reply_to=None, **times):
    async def run():
        async with sending(server, told, **times) as sender:
            return await sender.send(Destination(room.id, thread, reply_to), message, delivery or Noted())

    return asyncio.run(run())


def test_text_entities_and_buttons_arrive_as_they_are(server):
    room = started(server)
    asked = room.send_text("When?")
    sent = send(server, room, reply_to=asked)
    (shown,) = room.replies()
    assert (shown.text, shown.message_id, shown.reply_to) == ("Since 1871.", sent.message_id, asked)
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in shown.entities] == [("bold", 6, 4)]
    assert shown.button("Source 1")["callback_data"] == "v1:x:source:1"
    assert shown.button("Copy")["copy_text"] == {"text": "1871"}
    (call,) = server.calls_of("sendMessage")
    assert "parse_mode" not in call.given
    assert call.given["link_preview_options"] == {"is_disabled": True}
    assert server.world.problems == []


def test_a_topic_is_kept_and_a_question_that_is_gone_is_answered_all_the_same(server):
    room = server.world.group(is_forum=True)
    thread = room.topic("Trade")
    send(server, room, thread=thread, reply_to=424242)
    (shown,) = room.replies()
    assert (shown.thread, shown.reply_to) == (thread, None)


def test_a_form_that_is_refused_is_sent_once_more_as_plain_text(server):
    room, delivery = started(server), Noted()
    server.fail("sendMessage", NO_FORM)
    send(server, room, delivery=delivery)
    (shown,) = room.replies()
    assert (shown.text, shown.entities, shown.buttons) == ("Since 1871.", (), ())
    assert delivery.events == ["begin", "abort", "begin"]


def test_a_server_that_is_down_is_tried_again(server, monkeypatch):
    monkeypatch.setattr(bot.telegram.api.sending.random, "uniform", lambda *_: 0.01)
    room, delivery = started(server), Noted()
    server.fail("sendMessage", DOWN, times=3)
    send(server, room, delivery=delivery)
    assert len(room.replies()) == 1
    assert delivery.events == ["begin", "abort"] * 3 + ["begin"]


def test_a_server_that_stays_down_is_given_up_with_the_message_surely_not_sent(server, monkeypatch):
    monkeypatch.setattr(bot.telegram.api.sending, "GIVE_UP_S", 0.5)
    room, delivery = started(server), Noted()
    server.fail("sendMessage", DOWN, times=99)
    with pytest.raises(NotDelivered):
        send(server, room, delivery=delivery)
    assert delivery.events[-1] == "abort"
    assert room.replies() == []


def test_after_too_many_requests_it_waits_as_long_as_the_server_says(server):
    room, delivery, since = started(server), Noted(), time.monotonic()
    server.fail("sendMessage", faults.too_many(1))
    send(server, room, delivery=delivery)
    assert time.monotonic() - since > 1
    assert len(room.replies()) == 1
    assert delivery.events == ["begin", "abort", "begin"]  # while it waits, it is known not to be out


def test_a_long_flood_wait_of_one_chat_keeps_back_no_other(server):
    flooded, other = started(server), started(server)
    server.fail("sendMessage", faults.too_many(300), chat_id=flooded.id)

    async def work():
        async with sending(server) as sender:
            waiting = asyncio.create_task(sender.send(Destination(flooded.id), BOLD))
            await asyncio.sleep(0.2)
            await asyncio.wait_for(sender.send(Destination(other.id), BOLD), 5)
            waiting.cancel()

    asyncio.run(work())
    assert (len(flooded.replies()), len(other.replies())) == (0, 1)


@pytest.mark.parametrize("fault", [faults.CUT, faults.CUT_AFTER, faults.hang(2.0)], ids=["cut", "cut after", "hang"])
def test_a_message_that_may_have_arrived_is_never_sent_again(server, fault):
    room, delivery, told = started(server), Noted(), Told()
    server.fail("sendMessage", fault)
    with pytest.raises(Uncertain):
        send(server, room, delivery=delivery, told=told, read_s=0.5)
    assert len(server.calls_of("sendMessage")) <= 1
    assert delivery.events == ["begin"]
    assert told.metrics.total("sends", "uncertain") == 1


def test_an_edit_that_may_have_arrived_is_repeated_because_that_does_no_harm(server, monkeypatch):
    monkeypatch.setattr(bot.telegram.api.sending.random, "uniform", lambda *_: 0.01)
    room = started(server)
    first = send(server, room)

    async def edit():
        async with sending(server) as sender:
            await sender.edit(room.id, first.message_id, Message("Since 1872."))

    server.fail("editMessageText", faults.CUT_AFTER)
    asyncio.run(edit())
    assert [message.text for message in room.replies()] == ["Since 1872."]


def test_who_blocked_the_bot_is_noted_and_not_tried_again(server):
    room, told = started(server), Told()
    room.block()
    with pytest.raises(Gone):
        send(server, room, told=told)
    assert told.gone == [room.id]
    assert len(server.calls_of("sendMessage")) == 1


def test_a_closed_topic_is_not_answered_elsewhere(server):
    room, told = server.world.group(is_forum=True), Told()
    thread = room.topic("Trade")
    room.topics[thread] = "closed"
    with pytest.raises(Gone):
        send(server, room, told=told, thread=thread)
    assert room.replies() == []
    assert told.gone == []


def test_a_group_that_moved_is_answered_where_it_is_now(server):
    room, told = server.world.group(), Told()
    new = room.migrate()
    sent = send(server, room, told=told, reply_to=1)
    assert sent.chat_id == new.id
    assert told.moved == [(room.id, new.id)]
    assert [message.text for message in new.replies()] == ["Since 1871."]


def test_edits_that_change_nothing_or_find_nothing(server):
    room = started(server)
    first = send(server, room)

    async def edit(message_id):
        async with sending(server) as sender:
            await sender.edit(room.id, message_id, BOLD)

    asyncio.run(edit(first.message_id))  # as it is already
    with pytest.raises(EditLost):
        asyncio.run(edit(424242))


def test_deleting_what_is_gone_is_no_error(server):
    room = started(server)
    first = send(server, room)

    async def delete():
        async with sending(server) as sender:
            await sender.delete(room.id, first.message_id)
            await sender.delete(room.id, first.message_id)

    asyncio.run(delete())
    assert room.replies() == []


def test_typing_is_shown_while_at_work_and_never_after_the_answer(server):
    room = started(server)

    async def work():
        async with sending(server) as sender:
            async with sender.typing(Destination(room.id)):
                await asyncio.sleep(0.01)
            await sender.send(Destination(room.id), BOLD)
            await asyncio.sleep(0.1)

    asyncio.run(work())
    assert [call.method for call in server.calls if call.method != "getMe"] == ["sendChatAction", "sendMessage"]


def test_typing_that_is_refused_hinders_nothing(server):
    room = started(server)
    server.fail("sendChatAction", DOWN)

    async def work():
        async with sending(server) as sender, sender.typing(Destination(room.id)):
            return True

    assert asyncio.run(work())


def test_a_press_that_is_too_old_is_no_error(server):
    room = started(server)
    query = room.press(send(server, room).message_id, {"callback_data": "x"})
    server.world.expire_queries()

    async def answer():
        async with sending(server) as sender:
            await sender.answer_press(query, "Thank you, noted.")

    asyncio.run(answer())
    assert "query is too old" in server.refusals[-1]


def test_what_is_no_message_is_not_held_up_by_the_limits_of_a_group(server):
    room = server.world.group()

    async def work():
        async with sending(server) as sender:
            for _ in range(30):  # 20 messages a minute go to a group
                async with sender.typing(Destination(room.id)):
                    pass

    started = time.monotonic()
    asyncio.run(work())
    assert time.monotonic() - started < 10


# Pictures and files


def picture(width=1240, height=1754, size=0):
    """A file that begins like a PNG picture of that size."""
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return Picture(header + bytes(size), "page-2.png", Message("Lund, page 2 of 9", (Entity("italic", 0, 4),)))


def sent_as(room):
    (message,) = [message for message in room.messages.values() if message["from"]["is_bot"]]
    return next(kind for kind in ("photo", "document") if kind in message)


def test_a_picture_arrives_as_a_photo_with_its_caption_as_a_reply(server):
    room = started(server)
    asked = room.send_text("When?")
    send(server, room, picture(), reply_to=asked)
    (shown,) = room.replies()
    assert (shown.text, shown.reply_to, sent_as(room)) == ("Lund, page 2 of 9", asked, "photo")
    assert [(entity["type"], entity["length"]) for entity in shown.entities] == [("italic", 4)]
    assert server.world.problems == []


@pytest.mark.parametrize(
    "large", [picture(8000, 2001), picture(100, 2001), picture(size=10_000_000)], ids=["pixels", "ratio", "bytes"]
)
def test_a_picture_over_a_limit_of_photos_arrives_as_a_file(server, large):
    room = started(server)
    send(server, room, large)
    assert sent_as(room) == "document"
    assert server.refusals == []


def test_a_photo_that_is_refused_arrives_as_a_file(server):
    room = started(server)
    server.fail("sendPhoto", faults.Fault("refuse", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    send(server, room, picture())
    assert sent_as(room) == "document"


def download(server, room, file_id):
    async def run():
        async with sending(server) as sender:
            return await sender.download(room.id, file_id)

    return asyncio.run(run())


def test_a_file_is_downloaded_and_tried_again_while_the_server_is_down(server, monkeypatch):
    monkeypatch.setattr(bot.telegram.api.sending.random, "uniform", lambda *_: 0.01)
    room = started(server)
    server.fail("getFile", DOWN, times=2)
    assert download(server, room, server.world.add_file(b"text")) == b"text"


def test_a_file_that_the_server_does_not_give_is_refused(server):
    with pytest.raises(Refused, match="rong file_id"):
        download(server, started(server), "none")
