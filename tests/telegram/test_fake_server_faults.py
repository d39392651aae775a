"""Faults of Telegram and of the network, as the fake server plays them."""

import asyncio
import time

import pytest
from telegram.error import (
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.warnings import PTBDeprecationWarning

from tests.telegram import faults
from tests.telegram.calling import do, refused


@pytest.mark.filterwarnings(f"ignore::{PTBDeprecationWarning.__module__}.{PTBDeprecationWarning.__name__}")
@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (faults.too_many(7), RetryAfter, "Flood control exceeded. Retry in 7 seconds"),
        (faults.BAD_GATEWAY, NetworkError, "Bad Gateway"),
        (faults.CUT, NetworkError, "disconnected"),
        (faults.GARBAGE, TelegramError, "Invalid server response"),
        (faults.BLOCKED, Forbidden, "blocked by the user"),
        (faults.hang(1.0), TimedOut, "Timed out"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_fault_is_played_once(server, ann, fault, kind, words):
    server.fail("sendMessage", fault)
    assert words in refused(server, lambda bot: bot.send_message(ann.id, "a"), kind, read_timeout=0.5)
    assert ann.replies() == []
    do(server, lambda bot: bot.send_message(ann.id, "a"))
    assert len(ann.replies()) == 1


def test_a_connection_cut_after_sending_leaves_the_message_there(server, ann):
    server.fail("sendMessage", faults.CUT_AFTER)
    refused(server, lambda bot: bot.send_message(ann.id, "a"), NetworkError)
    assert [reply.text for reply in ann.replies()] == ["a"]


def test_a_fault_of_one_chat_leaves_the_others_alone(server, ann):
    other = server.world.private(server.world.user("Bo"))
    other.send_text("hi")
    server.fail("sendMessage", faults.BLOCKED, chat_id=ann.id)
    do(server, lambda bot: bot.send_message(other.id, "a"))
    refused(server, lambda bot: bot.send_message(ann.id, "a"), Forbidden)


def test_a_second_poll_ends_the_first(server):
    async def poll(bot):
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.2)
        await bot.get_updates(timeout=0)
        return await first

    words = refused(server, poll, Conflict)
    assert words.startswith("Conflict: terminated by other getUpdates request")


def test_a_revoked_token_is_refused_in_the_middle_of_a_poll(server):
    async def poll(bot):
        waiting = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.2)
        server.revoke_token()
        return await waiting

    started = time.monotonic()
    assert "Unauthorized" in refused(server, poll, InvalidToken)
    assert time.monotonic() - started < 3
