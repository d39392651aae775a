"""What admins see of questions without a good answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feedback.gaps import AskedAgain, Gap
from bot.language.language import Language
from bot.language.wording import translatable
from bot.telegram.messages.about import UNANSWERED
from bot.telegram.messages.blocks import FILE_CHARS, fill
from bot.telegram.messages.buttons import NO_ID, Press
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Block, Button, ButtonRows, Message, foreign, lay_out, own

SHOWN = 10
"""How many gaps are shown, and asked again."""
NO_GAPS = translatable("Every question has a good answer.")
ASK_AGAIN = translatable("Ask again")
ASK_GAPS_AGAIN = translatable("Ask the unanswered questions again")
REFUSED, RATED_WRONG = translatable("{number} refused"), translatable("{number} rated wrong")
MORE = translatable("And {number} more.")
ANSWERED_NOW = translatable("Answered now: {answered} of {asked}")
_QUESTION_CHARS, _ANSWER_CHARS = 160, 120


def gaps_message(language: Language, gaps: Sequence[Gap]) -> Message:
    """The questions that ask the same as one line each, the most asked first, with a button that asks them again."""
    if not gaps:
        return lay_out([(own(language.translate(NO_GAPS)),)])
    blocks: list[Block] = [(own(language.translate(UNANSWERED), "bold"),)]
    blocks += [_gap(number, gap, language) for number, gap in enumerate(gaps[:SHOWN], 1)]
    return _with_button(blocks, gaps, language)


def again_message(language: Language, gaps: Sequence[Gap], again: Sequence[AskedAgain]) -> Message:
    """Which of the questions have an answer now, in the order of the gaps."""
    if not gaps:
        return lay_out([(own(language.translate(NO_GAPS)),)])
    counts = {"answered": sum(one.is_closed for one in again), "asked": len(again)}
    said = language.translate(ANSWERED_NOW).format(**{name: language.number(count) for name, count in counts.items()})
    blocks: list[Block] = [(own(said, "bold"),)]
    blocks += [(*_gap(number, one.gap, language), *_now(one)) for number, one in enumerate(again, 1)]
    return _with_button(blocks, gaps, language)


def ask_gaps_again(language: Language) -> ButtonRows:
    """The button that asks the questions again and shows the outcome below its message."""
    return ((Button(language.translate(ASK_GAPS_AGAIN), Press(NO_ID, "again", 1).data()),),)


def _with_button(blocks: list[Block], gaps: Sequence[Gap], language: Language) -> Message:
    if len(gaps) > SHOWN:
        blocks.append((own(language.translate(MORE).format(number=language.number(len(gaps) - SHOWN))),))
    shown = lay_out(blocks)
    rows: ButtonRows = ((Button(language.translate(ASK_AGAIN), Press(NO_ID, "again").data()),),)
    return Message(shown.text, shown.entities, rows)


def _gap(number: int, gap: Gap, language: Language) -> Block:
    reasons = {REFUSED: gap.refused, RATED_WRONG: gap.rated_wrong}
    counts = [
        language.plural("asked {number} time", "asked {number} times", gap.count),
        *(language.translate(text).format(number=language.number(count)) for text, count in reasons.items() if count),
    ]
    asked = foreign(line(gap.wording, _QUESTION_CHARS))
    return (own(f"{number}. "), asked, own("\n" + language.translate(", ").join(counts)))


def _now(again: AskedAgain) -> Block:
    """The answer that a gap has now, and its document; () if it has none."""
    if again.answer is None:
        return ()
    first = again.answer.answers[0]
    file = [citation.document for citation in first.citations[:1]]
    said = foreign(line(first.text, _ANSWER_CHARS), "bold")
    where = fill(" ({file})", file=foreign(line(file[0], FILE_CHARS), "code")) if file else ()
    return (own("\n✓ " if again.is_closed else "\n~ "), said, *where)
