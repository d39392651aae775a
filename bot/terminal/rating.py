"""/right, /wrong and /answer: what a person thinks of the last answer; and /forget, which deletes all of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feedback.store import REASONS, Reason, Verdict
from bot.language.language import ENGLISH, Language
from bot.language.wording import translatable
from bot.terminal.chat import TerminalChat

RATING_SAVED = translatable("Saved. `quoth eval adopt` can add this question to the evaluation set.")
NO_WORDS = translatable("/answer takes the words of the right answer, for example: /answer in May 2019")
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


def propose_answer(chat: TerminalChat, words: Sequence[str]) -> None:
    """Store what the right answer to the last question would have been; the last answer then counts as wrong."""
    if chat.answered() is None or chat.kept is None:
        return
    if not words:
        chat.say(NO_WORDS)
        return
    chat.log.propose(chat.kept, chat.session.turns[:-1], " ".join(words))
    chat.say(RATING_SAVED)


def forget_everything(chat: TerminalChat, _: Sequence[str]) -> None:
    """Delete what the log has kept of this terminal, and the conversation."""
    count = chat.log.forget()
    chat.session.forget()
    chat.kept = None
    chat.notify(forgotten(count, chat.language))


def forgotten(count: int, language: Language = ENGLISH) -> str:
    """What is said after `count` questions were deleted."""
    return language.plural(
        "Deleted: {number} question of this terminal, with its answer, receipt and rating.",
        "Deleted: {number} questions of this terminal, with their answers, receipts and ratings.",
        count,
    )


def _rate(chat: TerminalChat, verdict: Verdict, reason: Reason | None) -> None:
    if chat.answered() is not None and chat.kept is not None:
        chat.log.rate(chat.kept, chat.session.turns[:-1], verdict, reason)
        chat.say(RATING_SAVED)
