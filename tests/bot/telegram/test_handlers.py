"""Who has access and who does not, whatever goes wrong on the way, and which messages are not answered."""

import asyncio

import pytest
from telegram import Bot, Update, User
from telegram import Message as TelegramMessage
from telegram.ext import ApplicationHandlerStop

from bot.telegram.api.errors import Gone, NotDelivered, Refused, Uncertain
from bot.telegram.handlers import Handlers
from bot.telegram.ops.access import Access
from retrieval.errors import DatabaseError

BOT = Bot("99:" + "A" * 35)
BOT._bot_user = User(99, "Quoth", is_bot=True, username="quoth_bot")
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}
PROBLEMS = [
    Uncertain("timed out"),
    NotDelivered("down"),
    Gone("blocked", is_chat=True),
    Refused("not in this form"),
    DatabaseError("the disk is full"),
    RuntimeError("unforeseen"),
]


def handlers(harness, allowed=(), fail=lambda problem: None):
    return Handlers(
        components=harness.components,
        access=Access(frozenset(allowed), frozenset(), False),
        asking=harness.asking,
        fail=fail,
    )


def body(**more):
    return {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": ANN, **more}


def update(**more):
    return Update.de_json({"update_id": 1, "message": body(text="When?", **more)}, BOT)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: type(problem).__name__)
def test_a_stranger_gets_no_further_though_the_refusal_fails(harness, problem):
    harness.sender.problems.append(problem)
    with pytest.raises(ApplicationHandlerStop):
        asyncio.run(handlers(harness)._admit(update(), None))


def test_whoever_may_ask_gets_further_without_a_word(harness):
    asyncio.run(handlers(harness, allowed=[7])._admit(update(), None))
    assert harness.sender.sent == []


def test_a_database_error_while_a_group_moves_ends_the_process_and_gives_nobody_access(harness):
    problems = []
    harness.memory.close()
    moved = update(chat={"id": -5, "type": "group", "title": "Readers"}, migrate_to_chat_id=-1005)
    with pytest.raises(ApplicationHandlerStop):
        asyncio.run(handlers(harness, fail=problems.append)._admit(moved, None))
    assert len(problems) == 1


def test_an_inline_result_of_ours_in_our_own_chat_gets_no_line(harness):
    ours = {"id": 99, "is_bot": True, "first_name": "Quoth"}
    made = handlers(harness, allowed=[7])
    assert not made._is_unreadable(TelegramMessage.de_json(body(text="1871", via_bot=ours), BOT))
    assert made._is_unreadable(TelegramMessage.de_json(body(dice={"emoji": "🎲", "value": 3}), BOT))
