"""The results of an inline query. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.language.language import Language
from bot.language.wording import NO_ANSWER, NOT_SURE, translatable
from bot.telegram.memory.kept import KeptAnswer, KeptText
from bot.telegram.messages.answers import answer_messages, combined
from bot.telegram.messages.blocks import TITLE_CHARS
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import BUTTON_CHARS, Message
from bot.telegram.messages.together import pages_of

SHORTENED = translatable("(Shortened.)")


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result of an inline query; `id` is at most 64 bytes."""

    id: str
    title: str
    description: str
    message: Message


def inline_results(language: Language, kept: KeptAnswer) -> list[InlineResult]:
    """One result for each answer text, or page of them; one for a refusal, none for small talk.

    They have no buttons, because the bot can't edit a message that a person sent in another chat.
    """
    if kept.status == "smalltalk":
        return []
    results, note = [], language.translate(SHORTENED)
    shown = len(pages_of(kept, language) if kept.is_together else kept.answers) or 1
    for position in range(shown):
        message = replace(combined(answer_messages(kept, language, position), note), rows=())
        title, description = _inline_lines(kept, position, language)
        results.append(InlineResult(f"{kept.id}:{position}", title, description, message))
    return results


def _inline_lines(kept: KeptAnswer, position: int, language: Language) -> tuple[str, str]:
    """Title and description of a result: the answer and its document, or the heading and the first of its lines."""
    heading = language.translate(kept.heading.text).format(**kept.heading.values) if kept.heading else ""
    if not kept.answers:
        return line(heading, BUTTON_CHARS) or language.translate(NO_ANSWER), line(kept.question, BUTTON_CHARS)
    text = pages_of(kept, language)[position][0] if kept.is_together else kept.answers[position]
    if kept.is_together and heading:
        return line(heading, BUTTON_CHARS), line(text.text, BUTTON_CHARS)
    perhaps = f"{language.translate(NOT_SURE)} " if kept.status == "perhaps" else ""
    return line(text.text, BUTTON_CHARS), perhaps + _source(text, language)


def _source(text: KeptText, language: Language) -> str:
    if not text.citations:
        return ""
    citation = text.citations[0].citation
    date = line(language.date(citation.date or ""), TITLE_CHARS)
    return line(citation.title, TITLE_CHARS) + (f"{language.translate(', ')}{date}" if date else "")
