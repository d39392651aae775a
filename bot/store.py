"""What the bot remembers, in the one SQLite file: the inbox, answers and where they were shown, chats, settings.

Safe across threads, durable once a call returned. Every call may raise StoreError, which says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.feedback import Reason, Verdict
from bot.kept import KeptAnswer
from bot.telegram_pages import Suggestion
from retrieval.schema import Answer, Document, Turn

InboxState = Literal["received", "sending", "done"]


@dataclass(frozen=True, slots=True)
class Received:
    """An update of the inbox, as JSON; `received_at` is Unix time in seconds. `attempts` counts `start_update` calls,
    so that an update that kills the process can be given up."""

    update_id: int
    json: str
    state: InboxState
    received_at: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked what where. `user_id` and `message_id` are None for an inline query or an anonymous admin."""

    chat_id: int
    user_id: int | None
    message_id: int | None
    thread_id: int | None = None
    follows: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer with where it was asked and the bot's messages that show it, oldest first."""

    kept: KeptAnswer
    asked: Asked
    message_ids: tuple[int, ...]
    asked_at: int


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat the bot has been in; `is_active` is False once it was blocked or removed. `language` None: never said."""

    chat_id: int
    is_active: bool
    language: str | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of a person were deleted."""

    answers: int
    verdicts: int


class Store:
    """An open file."""

    def __init__(self, path: Path) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    # The inbox

    def receive(self, update_id: int, update_json: str, user_id: int | None, chat_id: int | None) -> bool:
        """Keep an update; False where it was there already. On disk once it returns."""
        raise NotImplementedError

    def start_update(self, update_id: int) -> int:
        """Note that the update is being handled; how often it was before."""
        raise NotImplementedError

    def start_sending(self, update_id: int) -> None:
        """Note that an answer is about to be sent: after a crash nobody knows whether it was."""
        raise NotImplementedError

    def finish_update(self, update_id: int) -> None:
        """Done: its JSON is deleted, its id kept against a second delivery."""
        raise NotImplementedError

    def unfinished(self) -> list[Received]:
        """Updates that are not done, in order of their ids."""
        raise NotImplementedError

    # Answers

    def keep_answer(
        self, answer: Answer, asked: Asked, history: Sequence[Turn], document: Callable[[str], Document]
    ) -> StoredAnswer:
        """Store an answer under a new id. An edited question: the answer of the same message is replaced, its messages
        stay."""
        raise NotImplementedError

    def shown(self, answer_id: str, chat_id: int, message_ids: Sequence[int]) -> None:
        """Note which messages of the bot show the answer."""
        raise NotImplementedError

    def answer(self, answer_id: str, chat_id: int | None = None) -> StoredAnswer | None:
        """The answer; None where there is none, or where `chat_id` is given and it was asked in another chat."""
        raise NotImplementedError

    def answer_to(self, chat_id: int, message_id: int) -> StoredAnswer | None:
        """The answer to the question in that message."""
        raise NotImplementedError

    def answer_in(self, chat_id: int, message_id: int) -> StoredAnswer | None:
        """The answer that a message of the bot shows."""
        raise NotImplementedError

    def last_answer(self, chat_id: int, thread_id: int | None, user_id: int | None) -> StoredAnswer | None:
        """The person's last answer in the chat and topic."""
        raise NotImplementedError

    def history(self, answer_id: str | None) -> tuple[Turn, ...]:
        """The conversation up to and with that answer, oldest first: what a question that follows it leans on."""
        raise NotImplementedError

    def say(self, answer_id: str, user_id: int, verdict: Verdict, reason: Reason | None = None) -> None:
        """A person's verdict; it takes the place of an earlier one by the same person."""
        raise NotImplementedError

    def verdict(self, answer_id: str, user_id: int) -> Verdict | None:
        raise NotImplementedError

    # Suggestions, chats, settings

    def suggest(self, questions: Sequence[str]) -> list[Suggestion]:
        """The questions with ids that stay the same from run to run."""
        raise NotImplementedError

    def suggestion(self, id_: str) -> str | None:
        raise NotImplementedError

    def see_chat(self, chat_id: int, language: str | None = None, is_active: bool = True) -> None:
        raise NotImplementedError

    def chat(self, chat_id: int) -> Chat | None:
        raise NotImplementedError

    def migrate_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: all rows of the old id get the new one."""
        raise NotImplementedError

    def setting(self, name: str) -> str | None:
        raise NotImplementedError

    def set(self, name: str, value: str) -> None:
        raise NotImplementedError

    # Keeping and forgetting

    def forget(self, user_id: int) -> Forgotten:
        """Delete all rows of a person, so that no file holds their text any more."""
        raise NotImplementedError

    def expire(self, older_than_days: int) -> int:
        """Delete answers and inbox ids older than that; how many answers."""
        raise NotImplementedError

    def counts(self) -> dict[str, int]:
        """For /status: answers, verdicts, chats, unfinished updates, bytes of the file."""
        raise NotImplementedError
