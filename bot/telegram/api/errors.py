"""What an error of the Bot API means for a message: try again, leave it, or nobody knows.

DeliveryError
  Again         surely without effect, and worth another try
  Moved         the group has another id
  Gone          nobody can be written to there
  Unmodified    the message is already as it is to be
  EditLost      the message to edit or delete is no longer there
  Refused       the message is not taken in this form
  NotDelivered  surely without effect, and not worth another try now
  Uncertain     perhaps done: a request was sent and no answer came back
"""

from __future__ import annotations

from typing import ClassVar

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.telegram.api.request import ServerDown

# As the official server words its refusals (tdlib/telegram-bot-api, Client.cpp), and Telegram's own names of errors.
_GONE = (
    "chat not found",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "user_is_blocked",
    "peer_id_invalid",
    "input_user_deactivated",
    "group chat was deactivated",
)
_LOST = ("message to edit not found", "message can't be edited", "message to delete not found", "message_id_invalid")
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class DeliveryError(Exception):
    """A message did not get through as it was; `kind` names it in logs and figures."""

    kind: ClassVar[str]


class Again(DeliveryError):
    """To be tried again, after `after_s` seconds where the server said so."""

    kind = "put off"

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


class Flooded(TelegramError):
    """Telegram wants no message there for `after_s` seconds, longer than all others should wait for it."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"Flood control exceeded. Retry in {after_s:.0f} seconds")
        self.after_s = after_s


class Moved(DeliveryError):
    """A group became a supergroup."""

    kind = "moved"

    def __init__(self, new_chat_id: int) -> None:
        super().__init__(f"the group is now {new_chat_id}")
        self.new_chat_id = new_chat_id


class Gone(DeliveryError):
    """Blocked, removed, closed, or no such place. `is_chat`: the whole chat is, not only a topic of it."""

    kind = "gone"

    def __init__(self, reason: str, is_chat: bool) -> None:
        super().__init__(reason)
        self.is_chat = is_chat


class Unmodified(DeliveryError):
    """The message is as it is to be."""

    kind = "unmodified"


class EditLost(DeliveryError):
    """The message to edit or delete is no longer there."""

    kind = "edit lost"


class Refused(DeliveryError):
    """Telegram does not take the message in this form."""

    kind = "refused"


class NotDelivered(DeliveryError):
    """Surely not sent: the question is to be answered at the next start."""

    kind = "not delivered"


class Uncertain(DeliveryError):
    """Perhaps sent, so never sent again."""

    kind = "uncertain"


def meaning(error: Exception) -> DeliveryError:
    """What the error says of the request that raised it. One of another kind: of the answer, which could not be read.

    A request may be repeated where nothing was sent, or where the server itself says that it is down. Of a connection
    that broke later nobody knows, nor of one that timed out while waiting for the answer.
    """
    words = str(error)
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    if isinstance(error, Flooded):
        return Again(words, error.after_s)
    if isinstance(error, RetryAfter):
        # The public property gives int or timedelta by an environment variable, and warns of it.
        return Again(words, error._retry_after.total_seconds() + 0.1)
    if isinstance(error, Forbidden):
        return Gone(words, is_chat=True)
    if isinstance(error, InvalidToken):
        return NotDelivered(words)
    if isinstance(error, BadRequest):
        return _of_bad_request(words)
    if isinstance(error, ServerDown) or isinstance(error.__cause__, _NEVER_SENT):
        return Again(words)
    if isinstance(error.__cause__, UnicodeError):  # the request itself could not be written
        return Refused(words)
    return Uncertain(words)


def _of_bad_request(words: str) -> DeliveryError:
    said = words.lower()
    if "message is not modified" in said:
        return Unmodified(words)
    if any(part in said for part in _LOST):
        return EditLost(words)
    if any(part in said for part in _GONE):
        return Gone(words, is_chat="chat not found" in said or "deactivated" in said)
    return Refused(words)
