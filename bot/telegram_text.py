"""An answer as Telegram messages and buttons. Pure.

Text of documents and of people is laid out with entities over plain text, never with a parse mode, and stretches of it
that Telegram would make links, mentions, tags or commands of are covered by `code`, which nothing is found in.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.feedback import Verdict
from bot.kept import KeptAnswer
from bot.language import Language
from bot.telegram_message import Message, Rows


def answer_messages(kept: KeptAnswer, language: Language, position: int = 0) -> list[Message]:
    """The answer text at `position`, a refusal or small talk: one message, or several split between blocks.

    The buttons are on the last one. Raises IndexError where there is no answer text at `position`.
    """
    raise NotImplementedError


def answer_rows(kept: KeptAnswer, language: Language, position: int = 0, verdict: Verdict | None = None) -> Rows:
    """The buttons of an answer, with the person's verdict shown on them once there is one."""
    raise NotImplementedError


def reason_rows(kept: KeptAnswer, language: Language, position: int = 0) -> Rows:
    """The buttons that ask what is wrong, in place of the usual ones."""
    raise NotImplementedError


def source_message(kept: KeptAnswer, language: Language, n: int, sha256_now: str | None) -> Message | None:
    """A passage in its section, with buttons for more before and after; None where `n` names no citation of it.

    `n` is the press's. `sha256_now` is that of the document in the index now, None where it is gone; where it is not
    the one the passage was cut from, the message says so.
    """
    raise NotImplementedError


def combined(messages: Sequence[Message], language: Language) -> Message:
    """One message of several, for where only one can be (an edit in place, an inline result): the first, cut short
    with a line that says so, with the last one's buttons."""
    raise NotImplementedError
