"""What an error of the Bot API means: worth another try, final, or unknown."""

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.api.errors import (
    Again,
    EditLost,
    Gone,
    Moved,
    NotDelivered,
    Refused,
    Uncertain,
    Unmodified,
    meaning,
)
from bot.telegram.api.request import ServerDown


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (ServerDown("the Bot API server answered 502"), Again),
        (caused(NetworkError("httpx.ConnectError: refused"), httpx.ConnectError("refused")), Again),
        (caused(TimedOut(), httpx.ConnectTimeout("")), Again),
        (caused(TimedOut("Pool timeout"), httpx.PoolTimeout("")), Again),
        (caused(TimedOut(), httpx.ReadTimeout("")), Uncertain),
        (caused(TimedOut(), httpx.WriteTimeout("")), Uncertain),
        (caused(NetworkError("httpx.ReadError: "), httpx.ReadError("")), Uncertain),
        (caused(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("")), Uncertain),
        (NetworkError("Gateway Timeout (504)"), Uncertain),
        (caused(NetworkError("Unknown error"), UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates")), Refused),
        (Forbidden("Forbidden: bot was blocked by the user"), Gone),
        (BadRequest("Bad Request: chat not found"), Gone),
        (BadRequest("Topic_closed"), Gone),
        (BadRequest("Message thread not found"), Gone),
        (BadRequest("Not enough rights to send text messages to the chat"), Gone),
        (ChatMigrated(-100123), Moved),
        (
            BadRequest("Message is not modified: specified new message content and reply markup are the same"),
            Unmodified,
        ),
        (BadRequest("Message to edit not found"), EditLost),
        (BadRequest("Message to delete not found"), EditLost),
        (BadRequest("Can't parse entities: unsupported start tag"), Refused),
        (BadRequest("Message is too long"), Refused),
        (InvalidToken(), NotDelivered),
        (TelegramError("Invalid server response"), Uncertain),
        (ValueError("year 58861 is out of range"), Uncertain),  # in an answer to a message that was sent
    ],
    ids=lambda value: f"{type(value).__name__} {value}"[:60] if isinstance(value, Exception) else value.__name__,
)
def test_an_error_means(error, means):
    assert type(meaning(error)) is means


def test_the_server_says_how_long_to_wait_and_where_a_group_went(monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # as the service sets it
    assert type(meaning(RetryAfter(7))) is Again
    assert meaning(RetryAfter(7)).after_s == 7.1
    assert meaning(ServerDown("down")).after_s is None
    assert meaning(ChatMigrated(-100123)).new_chat_id == -100123


def test_a_closed_topic_does_not_make_the_whole_chat_gone():
    assert not meaning(BadRequest("Topic_closed")).is_chat
    assert meaning(Forbidden("bot was kicked from the group chat")).is_chat
    assert meaning(BadRequest("Chat not found")).is_chat
