"""What an error of the Bot API means for a message: retry, give up, or unknown.

DeliveryError
  Again         certainly had no effect; worth a retry
  Moved         the group has a new id
  Gone          the chat or topic can't be written to
  Unmodified    the message already has the new content
  EditLost      the message to edit or delete no longer exists
  Refused       Telegram rejects the message in this form
  NotDelivered  certainly had no effect; not worth a retry now
  Uncertain     may have had an effect: the request was sent, and no answer came back
"""

from __future__ import annotations

from typing import ClassVar

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.telegram.api.request import ServerDown

# Wordings of the official server's refusals (tdlib/telegram-bot-api, Client.cpp), and Telegram's own error names.
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
    """A message was not delivered as it was; `kind` names the problem in logs and metrics."""

    kind: ClassVar[str]


class Again(DeliveryError):
    """Worth a retry, after `after_s` seconds if the server gave a time."""

    kind = "will retry"

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


class Flooded(TelegramError):
    """Telegram accepts no message in this chat for `after_s` seconds: too long for all other chats to wait as well."""

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
    """The bot is blocked or removed, or the chat or topic is closed or gone. `is_chat`: not just one topic of it."""

    kind = "gone"

    def __init__(self, reason: str, is_chat: bool) -> None:
        super().__init__(reason)
        self.is_chat = is_chat


class Unmodified(DeliveryError):
    """The message already has the new content."""

    kind = "unmodified"


class EditLost(DeliveryError):
    """The message to edit or delete no longer exists."""

    kind = "edit lost"


class Refused(DeliveryError):
    """Telegram rejects the message in this form."""

    kind = "refused"


class NotDelivered(DeliveryError):
    """Certainly not sent: the question is answered later, at the latest after the next start."""

    kind = "not delivered"


class Uncertain(DeliveryError):
    """May have been sent, so it is never sent again."""

    kind = "uncertain"


def meaning(error: Exception) -> DeliveryError:
    """What the error means for the request that raised it.

    A request can be repeated if nothing was sent, or if the server itself says that it is down. If the connection broke
    later, timed out while waiting for the answer, or the answer could not be parsed, the outcome is unknown.
    """
    words = str(error)
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    if isinstance(error, Flooded):
        return Again(words, error.after_s)
    if isinstance(error, RetryAfter):
        return Again(words, retry_after_s(error) + 0.1)
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


def retry_after_s(error: RetryAfter) -> float:
    """How many seconds Telegram asks to wait."""
    # The type of the public property depends on an environment variable, and reading it warns.
    return error._retry_after.total_seconds()


def _of_bad_request(words: str) -> DeliveryError:
    lowered = words.lower()
    if "message is not modified" in lowered:
        return Unmodified(words)
    if any(part in lowered for part in _LOST):
        return EditLost(words)
    if any(part in lowered for part in _GONE):
        return Gone(words, is_chat="chat not found" in lowered or "deactivated" in lowered)
    return Refused(words)
