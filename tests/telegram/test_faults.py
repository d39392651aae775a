"""Faults between the bot and Telegram: no answer is lost or sent twice, and nobody sees a stack trace."""

import re
import time

import pytest

from bot.language.wording import NO_ANSWER
from bot.telegram.messages.notices import NOTICES, SHOW_ANSWER
from tests.telegram import faults
from tests.telegram.backends import replies, until
from tests.telegram.bot_process import BotProcess, told_telegram
from tests.telegram.document_folder import BRIDGE, MILL
from tests.telegram.playing import ask, edited, start_of, stays

pytestmark = [pytest.mark.model, pytest.mark.needs("faults")]


@pytest.fixture(scope="module")
def bot(backend, built_folder, tmp_path_factory):
    folder = built_folder.copy_to(tmp_path_factory.mktemp("bot") / "folder")
    with BotProcess(told_telegram(folder.index, "--public"), backend, folder.docs.parent / "log") as bot:
        yield bot


@pytest.fixture(autouse=True)
def nothing_unforeseen(bot):
    """Whatever went wrong was foreseen: no traceback, and the process lives."""
    yield
    assert not bot.has_ended()
    assert not re.findall(r'"event": "(?:failed|traceback)".*', bot.output())


def fail(backend, room, fault, method="sendMessage", times=1):
    backend.server.fail(method, fault, times, room.id if room else None)


def answers(room, holds="Anders Holm"):
    return [message for message in room.replies() if holds in message.text]


# Sending


def test_a_flood_wait_is_waited_for_and_the_answer_sent_once(backend, bot):
    room, started = backend.private(), time.monotonic()
    fail(backend, room, faults.too_many(1))
    ask(room, MILL)
    assert time.monotonic() - started >= 1
    stays(room, 1)


def test_a_server_that_is_down_is_tried_again(backend, bot):
    room = backend.private()
    fail(backend, room, faults.BAD_GATEWAY)
    ask(room, MILL)
    stays(room, 1)


@pytest.mark.parametrize(
    "fault",
    [faults.CUT_AFTER, faults.CUT, faults.GARBAGE_AFTER, faults.GARBAGE],
    ids=lambda fault: f"{fault.kind}{' after' * fault.is_done}",
)
def test_an_answer_that_may_have_arrived_is_not_sent_again(backend, bot, fault):
    room = backend.private()
    fail(backend, room, fault)
    room.send_text(MILL)
    line = until(
        lambda: next((m for m in room.replies() if m.text == NOTICES["interrupted"]), None), "a line that says so"
    )
    there = int(fault.is_done)
    assert len(answers(room)) == there
    room.press(line.message_id, line.button(SHOW_ANSWER))
    until(lambda: len(answers(room)) == 1 + there, "the answer that was asked for")


def test_a_person_who_blocked_the_bot_is_answered_again_after_unblocking(backend, bot):
    room = backend.private()
    ask(room, MILL)
    room.block()
    room.send({"text": BRIDGE})
    until(lambda: any(r.startswith("sendMessage: Forbidden") for r in backend.server.refusals), "a refusal")
    room.unblock()
    assert "840" in ask(room, BRIDGE).text


def test_an_answer_follows_its_group_to_the_new_id(backend, bot):
    group = backend.group()
    moved = backend.world.group("Readers, moved", is_forum=True)
    parameters = {"migrate_to_chat_id": moved.id}
    fail(backend, group, faults.Fault("refuse", 400, "group chat was upgraded to a supergroup chat", parameters))
    group.send_text(f"/ask {MILL}")
    assert "Anders Holm" in replies(moved, 1)[0].text


def test_a_group_that_says_it_moved_is_followed(backend, bot):
    group = backend.group()
    moved = group.migrate()
    assert "Anders Holm" in ask(moved, f"/ask {MILL}").text


def test_a_closed_topic_harms_nobody_else(backend, bot):
    forum = backend.group(is_forum=True)
    closed, other = forum.topic("closed"), forum.topic("open")
    forum.topics[closed] = "closed"
    forum.send_text(f"/ask {MILL}", thread=closed)
    assert "840" in ask(forum, f"/ask {BRIDGE}", thread=other).text
    assert [reply.thread for reply in forum.replies()] == [other]


def test_a_message_that_is_refused_as_it_is_goes_out_as_plain_text(backend, bot):
    room = backend.private()
    fail(backend, room, faults.Fault("refuse", 400, "can't parse entities: there is nothing to parse"))
    answer = ask(room, MILL)
    assert "Anders Holm" in answer.text
    assert not {"bold", "blockquote", "expandable_blockquote"} & {entity["type"] for entity in answer.entities}
    stays(room, 1)


def test_a_question_deleted_meanwhile_is_answered_without_a_reply(backend, bot):
    room = backend.private()
    ask(room, "thanks")
    backend.server.fail("sendChatAction", faults.hang(0.3), 1, room.id)
    asked = room.send_text(MILL)
    del room.messages[asked]
    assert replies(room, 2)[1].reply_to is None


def test_an_edit_that_changes_nothing_is_no_failure(backend, bot):
    room = backend.private()
    answer = ask(room, MILL)
    room.press(answer.message_id, answer.button("👍"))
    edited(room, answer.message_id, "👍 ✓")
    room.press(answer.message_id, answer.button("👍"))
    until(lambda: any("message is not modified" in r for r in backend.server.refusals), "a refusal")
    stays(room, 1)


def test_an_edit_of_a_message_that_is_gone_sends_the_answer_anew(backend, bot):
    room = backend.private()
    asked = room.send_text(MILL)
    (answer,) = replies(room, 1)
    del room.messages[answer.message_id]
    room.edit_text(asked, BRIDGE)
    assert "840" in replies(room, 1)[0].text


def test_a_press_too_old_to_be_answered_still_does_its_work(backend, bot):
    room = backend.private()
    answer = ask(room, MILL)
    backend.server.fail(
        "answerCallbackQuery", faults.Fault("refuse", 400, "query is too old and response timeout expired")
    )
    room.press(answer.message_id, answer.button("👍"))
    edited(room, answer.message_id, "👍 ✓")


def test_typing_that_fails_or_hangs_keeps_no_answer_back(backend, bot):
    for fault in (faults.BAD_GATEWAY, faults.CUT, faults.GARBAGE, faults.too_many(30), faults.hang(1.0)):
        room = backend.private()
        fail(backend, room, fault, "sendChatAction")
        assert "Anders Holm" in ask(room, MILL).text


# Receiving


@pytest.mark.parametrize(
    "fault",
    [faults.BAD_GATEWAY, faults.CUT, faults.GARBAGE, faults.too_many(1), faults.CONFLICT, faults.hang(0.5)],
    ids=lambda fault: fault.kind + str(fault.code),
)
def test_a_poll_that_fails_is_followed_by_another(backend, bot, fault):
    backend.server.fail("getUpdates", fault)
    room = backend.private()
    assert "Anders Holm" in ask(room, MILL).text


def test_an_answer_to_a_poll_that_is_lost_is_taken_once(backend, bot):
    backend.server.fail("getUpdates", faults.CUT_AFTER, 2)
    room = backend.private()
    ask(room, MILL)
    stays(room, 1)


BROKEN = [
    {"message": {"message_id": 1}},
    {"message": {"message_id": "x", "date": "yesterday", "chat": {"id": 5, "type": "private"}}},
    {"callback_query": {"id": "1", "from": {"id": 1}}},
    {"message": []},
    {"inline_query": None},
    {},
    {"a_kind_of_tomorrow": {"id": 1}},
]


@pytest.mark.parametrize("update", BROKEN, ids=str)
def test_a_malformed_update_delays_nobody(backend, bot, update):
    backend.world.push_raw(update)
    room = backend.private()
    assert "Anders Holm" in ask(room, MILL).text


PERSON = {"id": 77, "is_bot": False, "first_name": "Bo"}
CHANNEL = {"id": -1001000099999, "type": "channel", "title": "News"}
FILE = {"file_id": "f", "file_unique_id": "f"}
STICKER = {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}
TEXT_ONLY, EMPTY, TOO_LONG = (start_of(name) for name in ("only text", "empty", "too long"))
ANSWER = "Anders Holm\n\nThe miller was called Anders Holm."
ODD = {
    "voice": ({"voice": {**FILE, "duration": 1}}, TEXT_ONLY),
    "sticker": ({"sticker": STICKER}, TEXT_ONLY),
    "location": ({"location": {"latitude": 1.0, "longitude": 2.0}}, TEXT_ONLY),
    "dice": ({"dice": {"emoji": "🎲", "value": 3}}, TEXT_ONLY),
    "document": ({"document": {**FILE, "file_name": "../../\u202etxt.exe"}}, TEXT_ONLY),
    "document with a caption": ({"document": {**FILE, "file_name": "../../\u202etxt.exe"}, "caption": MILL}, ANSWER),
    "contact": ({"contact": {"phone_number": "1", "first_name": "Bo"}}, TEXT_ONLY),
    "joined": ({"new_chat_members": [PERSON]}, None),
    "left": ({"left_chat_member": PERSON}, None),
    "new title": ({"new_chat_title": "Another"}, None),
    "via another bot": ({"text": MILL, "via_bot": {"id": 9, "is_bot": True, "first_name": "other"}}, ANSWER),
    "forwarded": (
        {"text": MILL, "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}},
        ANSWER,
    ),
    "nothing": ({"text": " \u200b "}, EMPTY),
    "half a character": ({"text": "Who was \ud83d the miller?"}, ANSWER),
    "a mention past the end": ({"text": MILL, "entities": [{"type": "mention", "offset": 15, "length": 50}]}, ANSWER),
    "a very long one": ({"text": "word " * 800}, TOO_LONG),
    "controls": ({"text": "\x00\x01\u202e\u2066who\r\n"}, NO_ANSWER),
}


@pytest.mark.parametrize(("body", "said"), ODD.values(), ids=ODD)
def test_an_odd_message_in_private_gets_one_line_and_holds_nobody_up(telegram_message, backend, bot, body, said):
    room = backend.private()
    ask(room, "thanks")
    telegram_message(room, body)
    if said:
        assert replies(room, 2)[1].text.startswith(said)
    assert "840" in ask(room, BRIDGE).text
    assert len(room.replies()) == 2 + bool(said)


@pytest.mark.parametrize("body", [body for body, _ in ODD.values()], ids=ODD)
def test_an_odd_message_in_a_group_gets_no_line_and_holds_nobody_up(telegram_message, backend, bot, body):
    group = backend.group()
    telegram_message(group, body)
    assert "840" in ask(group, f"/ask {BRIDGE}").text
    assert len(group.replies()) == 1


@pytest.fixture
def telegram_message(backend):
    """Delivers a message as it is, which no client would send."""

    def deliver(room, body):
        sent = {"message_id": 900_000, "from": PERSON, "chat": room.info, "date": backend.world.now(), **body}
        backend.world.push_raw({"message": sent})

    return deliver


@pytest.mark.parametrize("sender", ["anonymous admin", "channel", "bot", "nobody"])
def test_an_odd_sender_in_a_group_holds_nobody_up(backend, bot, sender):
    group = backend.group()
    message = {"message_id": 900001, "chat": group.info, "date": backend.world.now(), "text": f"/ask {BRIDGE}"}
    message |= {
        "anonymous admin": {
            "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
            "sender_chat": group.info,
        },
        "channel": {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "sender_chat": CHANNEL},
        "bot": {"from": {"id": 99, "is_bot": True, "first_name": "another bot"}},
        "nobody": {},
    }[sender]
    backend.world.push_raw({"message": message})
    group.send_text(f"/ask {MILL}")
    until(lambda: any("Anders Holm" in reply.text for reply in group.replies()), "an answer to the next question")
    assert len(group.replies()) == (2 if sender == "anonymous admin" else 1)


def test_a_press_below_a_message_that_is_out_of_reach_gets_an_alert(backend, bot):
    room = backend.private()
    ask(room, MILL)
    query = {"id": backend.world.new_query(room), "from": backend.world.owner_of(room), "chat_instance": "1"}
    gone = {"chat": room.info, "message_id": 5, "date": 0}
    backend.world.push({"callback_query": {**query, "message": gone, "data": "v1:abc:source:1"}})
    assert "expired" in backend.callback_answer(query["id"])["text"]


def test_nothing_of_the_questions_is_in_the_log(backend, bot):
    room = backend.private()
    ask(room, "When was Xylophonia founded?")
    assert not re.search("Xylophonia|Anders Holm|harbour", bot.output())
