"""The lines that the bot says when it does not answer, each in one sentence or two. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.language.language import Language, later
from bot.telegram.messages.blocks import fill
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Message, foreign, lay_out

Notice = Literal[
    "busy",
    "slow down",
    "one at a time",
    "too long",
    "empty",
    "only text",
    "edited",
    "expired",
    "document gone",
    "thanks",
    "what is wrong",
    "nothing more",
    "kept",
    "not yours",
    "failed",
    "index missing",
    "unknown command",
    "not allowed",
    "interrupted",
    "question was",
]
_VALUE_CHARS = 200

NOTICES: dict[Notice, str] = {
    "busy": later("Many people are asking just now. Please ask again in a minute."),
    "slow down": later("That was a lot of questions. Please wait {seconds} s and ask again."),
    "one at a time": later("I am still looking for your last question. Please wait for its answer."),
    "too long": later("That is longer than I can search. Please ask in at most {limit} characters."),
    "empty": later("Please write your question after the command, like this: /ask When was it founded?"),
    "only text": later("I can read text only. Please write your question."),
    "edited": later("I no longer have the answer to that message. Please send the question as a new one."),
    "expired": later("This answer has expired. Please ask again."),
    "document gone": later("This document is no longer among those searched."),
    "thanks": later("Thank you, noted."),
    "what is wrong": later("What is wrong with it?"),
    "nothing more": later("There is nothing more to show."),
    "kept": later("Nothing was deleted."),
    "not yours": later(
        "Only the person who wrote /forget can press this. To delete what is kept about you, write /forget yourself."
    ),
    "failed": later("Something went wrong here, and it has been noted. Please ask again later."),
    "index missing": later("The documents can't be searched just now. Please ask again later."),
    "unknown command": later("I don't know that command. /help shows what I can do."),
    "not allowed": later(
        "This bot is not open to everyone. Your Telegram id is {user_id}: give it to whoever runs it."
    ),
    "interrupted": later("I was interrupted while I answered this. If no answer arrived, please ask again."),
    "question was": later("Your question was: {question}"),
}
"""An alert shows at most 200 characters of them."""


def notice(name: Notice, language: Language, values: Mapping[str, str | int] | None = None) -> Message:
    """One polite line, with the values that its {names} stand for. For an alert use its `text`."""
    shown = {
        key: foreign(language.number(value) if isinstance(value, int) and key != "user_id" else _line(value))
        for key, value in (values or {}).items()
    }
    return lay_out([fill(language.say(NOTICES[name]), **shown)])


def _line(value: str | int) -> str:
    return line(str(value), _VALUE_CHARS)
