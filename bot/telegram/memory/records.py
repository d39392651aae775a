"""What memory returns: updates received, answers with their origin, chats, and suggested questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.telegram.memory.kept import KeptAnswer

InboxState = Literal["received", "sending", "done"]


@dataclass(frozen=True, slots=True)
class Received:
    """An update in the inbox, as JSON; `received_at` is Unix time in seconds.

    `attempts` counts `start_update` calls, so that an update that crashes the process can be given up.
    """

    update_id: int
    json: str
    state: InboxState
    received_at: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asked, in which chat and message; `follows` is the id of the answer that the question follows up on.

    `user_id` is None for an anonymous admin, `message_id` for an update that is no message.
    """

    chat_id: int
    user_id: int | None
    message_id: int | None
    thread_id: int | None = None
    follows: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer with its origin and the ids of the bot's messages that show it, oldest first."""

    answer: KeptAnswer
    origin: Origin
    message_ids: tuple[int, ...]
    asked_at: int


@dataclass(frozen=True, slots=True)
class ChatRecord:
    """A chat the bot has been in; `is_active` is False after the bot was blocked or removed.

    `language` is None if unknown; `migrated_to` is the supergroup that a group has become.
    """

    chat_id: int
    is_active: bool
    language: str | None
    migrated_to: int | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the documents can answer, and the id that its button carries."""

    id: str
    question: str
