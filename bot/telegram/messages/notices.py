"""Short messages of the bot other than answers: limits, errors, confirmations. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.language.language import Language
from bot.language.wording import translatable
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
    "only files",
    "format not read",
    "file too large",
    "download failed",
    "file unreadable",
    "file known",
    "disk full",
    "no such upload",
    "last document",
    "removed",
    "edited",
    "expired",
    "document gone",
    "no page",
    "no section",
    "page sent",
    "thanks",
    "noted",
    "what is wrong",
    "what is right",
    "nothing more",
    "kept",
    "not yours",
    "failed",
    "index missing",
    "unknown command",
    "nothing asked",
    "no receipt",
    "not allowed",
    "interrupted",
    "question was",
]
SHOW_ANSWER = translatable("Show the answer")
"""The button below the notice "interrupted"."""
_VALUE_CHARS = 200

NOTICES: dict[Notice, str] = {
    "busy": translatable("A lot of people are asking right now. Please try again in a minute."),
    "slow down": translatable("That was a bit fast. Please wait {seconds} s and try again."),
    "one at a time": translatable("I'm still working on your last question. Please wait for the answer."),
    "too long": translatable("Your question is too long. Please use at most {limit} characters."),
    "empty": translatable("Please write your question after the command, for example: /ask When was it founded?"),
    "only text": translatable("I can only read text. Please type your question."),
    "only files": translatable("I can't read this. Please send documents as files, and questions as text."),
    "format not read": translatable("I can't read files of this kind. I can read these: {suffixes}"),
    "file too large": translatable("This file is too large for me. Please send at most {limit} MB."),
    "download failed": translatable("I could not download {file}. Please send it again."),
    "file unreadable": translatable("I can't read {file}: {reason}."),
    "file known": translatable("This file is in the collection already: {file}"),
    "disk full": translatable("There is no space left for this file."),
    "no such upload": translatable("No document of that name was added here. Send /remove to see them all."),
    "last document": translatable("{file} is the only document, so it can't be removed."),
    "removed": translatable("Removed: {file}"),
    "edited": translatable("I no longer have my answer to that message. Please send your question again."),
    "expired": translatable("This answer has expired. Please ask again."),
    "document gone": translatable("This document is no longer in the collection."),
    "no page": translatable("I can't show this page because the file has changed or is gone."),
    "no section": translatable("I can't show the section because the file has changed or is gone."),
    "page sent": translatable("I have just sent this page."),
    "thanks": translatable("Thank you for your feedback."),
    "noted": translatable("Thank you, noted."),
    "what is right": translatable("What would be right? Reply to this message, or ignore it."),
    "what is wrong": translatable("What is wrong with it?"),
    "nothing more": translatable("There is nothing more to show."),
    "kept": translatable("Nothing was deleted."),
    "not yours": translatable(
        "Only the person who sent /forget can use these buttons. To delete your own data, send /forget yourself."
    ),
    "failed": translatable("Something went wrong, and the error has been logged. Please try again later."),
    "index missing": translatable("I can't search the documents right now. Please try again later."),
    "unknown command": translatable("I don't know that command. Send /help to see what I can do."),
    "nothing asked": translatable("There is no answer yet. Ask me something first."),
    "no receipt": translatable("There is no receipt {id}. The end of each answer shows its own."),
    "not allowed": translatable(
        "This bot is private. Your Telegram ID is {user_id}. To get access, give it to whoever runs the bot."
    ),
    "interrupted": translatable("I was interrupted while answering this. If you got no answer, please ask again."),
    "question was": translatable("You asked: {question}"),
}
"""At most 200 characters each: the limit of an alert."""


def notice(name: Notice, language: Language, values: Mapping[str, str | int] | None = None) -> Message:
    """The notice with its placeholders filled from `values`. For an alert, use its `text`."""
    shown = {
        key: foreign(language.number(value) if isinstance(value, int) and key != "user_id" else _line(value))
        for key, value in (values or {}).items()
    }
    return lay_out([fill(language.translate(NOTICES[name]), **shown)])


def _line(value: str | int) -> str:
    return line(str(value), _VALUE_CHARS)
