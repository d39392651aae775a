"""/right and /wrong: what a person thinks of the last answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feedback.store import REASONS, Reason, Verdict
from bot.language.wording import translatable
from bot.terminal.chat import TerminalChat

RATING_SAVED = translatable("Saved. `quoth eval adopt` can add this question to the evaluation set.")
UNKNOWN_REASON = translatable("/wrong takes no reason or one of these: {reasons}.")


def rate_right(chat: TerminalChat, _: Sequence[str]) -> None:
    """Rate the last answer as right."""
    _rate(chat, "right", None)


def rate_wrong(chat: TerminalChat, words: Sequence[str]) -> None:
    """Rate the last answer as wrong, for a reason of which the beginning is enough."""
    typed = " ".join(words).lower()
    reason = next((reason for reason in REASONS if typed and reason.startswith(typed)), None)
    if typed and reason is None:
        chat.say(UNKNOWN_REASON, reasons=", ".join(REASONS))
    else:
        _rate(chat, "wrong", reason)


def _rate(chat: TerminalChat, verdict: Verdict, reason: Reason | None) -> None:
    if chat.answered() is not None and chat.kept is not None:
        chat.log.rate(chat.kept, chat.session.turns[:-1], verdict, reason)
        chat.say(RATING_SAVED)
