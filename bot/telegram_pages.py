"""What the bot says beside answers: the commands' pages, notices, inline results. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.kept import KeptAnswer
from bot.language import Language
from bot.telegram_message import Message
from retrieval.schema import Source

Notice = Literal[
    "busy",  # the queue is full
    "slow down",  # this person asks too fast: {seconds}
    "one at a time",  # a question of this person is being answered
    "too long",  # {limit} characters
    "empty",  # /ask without a question
    "only text",  # a photo, voice message, sticker ...
    "edited",  # an edit of a question whose answer is gone
    "expired",  # an alert: an old button, or one of another chat
    "not yours",  # an alert: another person's answer
    "document gone",  # an alert: /sources changed under the button
    "thanks",  # an alert: feedback kept
    "what is wrong",  # an alert after thumbs down
    "nothing more",  # an alert: no further answer or context
    "kept",  # /forget: no
    "failed",  # something broke here
    "index missing",  # documents can't be searched just now
    "unknown command",
    "not allowed",  # a stranger: {user_id}
    "interrupted",  # the bot was stopped while it sent this answer
    "stopping",  # the bot is about to stop
    "question was",  # above an answer whose question message is gone: {question}
]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the documents can answer, and its id in the store."""

    id: str
    question: str


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result of an inline query; `id` is at most 64 bytes."""

    id: str
    title: str
    description: str
    message: Message


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the menu."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is kept: days answers are kept (None: until they are deleted), and whether the log has question text."""

    retention_days: int | None
    logs_questions: bool


def notice(name: Notice, language: Language, values: Mapping[str, str | int] | None = None) -> Message:
    """One polite line. For an alert use its `text`: at most 200 characters."""
    raise NotImplementedError


def start_message(language: Language, documents: int, suggestions: Sequence[Suggestion]) -> Message:
    raise NotImplementedError


def help_message(language: Language, bot_name: str, is_group: bool = False, is_admin: bool = False) -> Message:
    raise NotImplementedError


def sources_message(language: Language, sources: Sequence[Source], page: int = 0) -> Message:
    """A page of the documents with their dates, a button for each, and buttons to turn the page."""
    raise NotImplementedError


def document_message(language: Language, sources: Sequence[Source], key: str, page: int = 0) -> Message | None:
    """The sections of the document with that key; None where it is no longer there."""
    raise NotImplementedError


def privacy_message(language: Language, privacy: Privacy) -> Message:
    raise NotImplementedError


def forget_message(language: Language) -> Message:
    """Asks whether to delete, with two buttons."""
    raise NotImplementedError


def forgotten_message(language: Language, answers: int, verdicts: int) -> Message:
    raise NotImplementedError


def status_message(language: Language, figures: Mapping[str, str | int | float]) -> Message:
    """For admins: each figure on its line, names as they are."""
    raise NotImplementedError


def inline_results(language: Language, answers: Sequence[KeptAnswer]) -> list[InlineResult]:
    """A result for each answer text; one that says there is none for an abstention; at most 50."""
    raise NotImplementedError


def commands(language: Language, is_admin: bool = False) -> list[Command]:
    raise NotImplementedError


def descriptions(language: Language, documents: int) -> tuple[str, str]:
    """The bot's description (at most 512 characters) and its short description (120)."""
    raise NotImplementedError


def document_key(doc_id: str) -> str:
    """What names a document in a button: short, and the same after the index was rebuilt."""
    raise NotImplementedError
