"""Answers as terminal text. Pure: values in, Rich renderables out; see `citations` for hostile text and marks."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from bot.language.explanation import searched_line
from bot.language.language import ENGLISH, Language
from bot.language.wording import (
    ALSO_SAID_IN,
    CLOSEST_PASSAGE,
    NO_ANSWER,
    NOT_IN_ANY_DOCUMENT,
    NOT_SURE,
    RECEIPT,
    confidence_words,
    translatable,
    with_near_spelling,
)
from bot.plain_text import how_long, visible
from bot.terminal.citations import render_cited, render_places
from bot.terminal.together import render_together
from retrieval.answer.agreement import rivals_of_first
from retrieval.schema import Answer, AnswerText, Note

DISAGREES = translatable("Another document gives a different answer:")


def confidence_line(confidence: float, is_perhaps: bool = False, language: Language = ENGLISH) -> str:
    """A confidence (0 to 1) in words and per cent: "Very sure · 99%", or "Not sure · 42%" for a "perhaps"."""
    words = language.translate(confidence_words(confidence, is_perhaps))
    return words.format(percent=language.percent(confidence))


def note_line(note: Note, language: Language = ENGLISH) -> str:
    """One of our own lines with its values filled in."""
    return visible(language.translate(note.text).format(**note.values))


def render_answer(
    answer: Answer, is_plain: bool, top: int = 1, language: Language = ENGLISH, receipt: str | None = None
) -> RenderableType:
    """The reply to a question: small talk, a refusal, or the `top` best texts with confidence, time and receipt.

    Answers that contradict the best one are shown below it, and those that are shown together, all at once. A "perhaps"
    begins with a line that says that it is one.
    """
    if answer.status == "smalltalk":
        return Text(visible(language.translate(answer.reply)) if answer.reply else "")
    parts: list[RenderableType] = []
    if searched := searched_line(answer, language):
        parts.append(Text(searched, style="dim"))
    parts += [Text(note_line(note, language)) for note in answer.notes]
    if answer.status == "abstained":
        return Group(*parts, *_refusal(answer, is_plain, language, receipt))
    if answer.status == "perhaps":
        parts.append(Text(language.translate(NOT_SURE), style="bold"))
    if answer.heading:
        parts.append(Text(note_line(answer.heading, language), style="bold"))
    if answer.is_together:
        parts += [render_together(answer, is_plain, language), _last_line(answer, language, receipt)]
    else:
        parts += _one_by_one(answer, is_plain, top, language, receipt)
    return Group(*parts)


def _one_by_one(
    answer: Answer, is_plain: bool, top: int, language: Language, receipt: str | None
) -> Iterator[RenderableType]:
    is_perhaps = answer.status == "perhaps"
    for number, text in enumerate(answer.answers[:top]):
        if number:
            yield Text("")
        yield render_text(text, is_plain, is_perhaps, language, _last_line(answer, language, receipt, text))
    for text in rivals_of_first(answer.answers):
        if text not in answer.answers[:top]:
            yield Text("")
            yield Text(language.translate(DISAGREES), style="bold")
            yield render_text(text, is_plain, is_perhaps, language)


def render_text(
    text: AnswerText,
    is_plain: bool,
    is_perhaps: bool = False,
    language: Language = ENGLISH,
    last_line: Text | None = None,
) -> RenderableType:
    """One answer: its sentence with the answer marked, its citations, and a last line, which is its confidence."""
    if not text.citations:
        return Group(
            Text(visible(text.text)), last_line or Text(confidence_line(text.confidence, is_perhaps, language))
        )
    best, *others = text.citations
    parts = render_cited(best, is_plain, language)
    if others:
        parts += [Text(language.translate(ALSO_SAID_IN), style="dim"), render_places(others, language)]
    return Group(*parts, last_line or Text(confidence_line(text.confidence, is_perhaps, language)))


def _last_line(answer: Answer, language: Language, receipt: str | None, text: AnswerText | None = None) -> Text:
    """How sure an answer is, how long it took, and the receipt of what it cites.

    What is said of the collection itself is counted, not read, and has no confidence.
    """
    confidence = text.confidence if text else answer.confidence
    parts = [] if answer.kind == "collection" else [confidence_line(confidence, answer.status == "perhaps", language)]
    if (elapsed_ms := answer.elapsed_ms.get("total")) is not None:
        parts.append(how_long(elapsed_ms))
    line = Text(language.translate(", ").join(parts))
    if receipt and (text is None or text is answer.answers[0]):
        line.append(f" · {_receipt(receipt, language)}", style="dim")
    return line


def _receipt(id_: str, language: Language) -> str:
    return language.translate(RECEIPT).format(id=id_)


def _refusal(answer: Answer, is_plain: bool, language: Language, receipt: str | None) -> Iterator[RenderableType]:
    yield Text(language.translate(NO_ANSWER), style="bold")
    if answer.nearest:
        yield Text(language.translate(CLOSEST_PASSAGE), style="dim")
        yield from render_cited(answer.nearest, is_plain, language)
    if answer.unknown_words:
        words = [visible(with_near_spelling(word, answer.near_spellings)) for word in answer.unknown_words]
        listed = language.translate(", ").join(words)
        yield Text(language.translate(NOT_IN_ANY_DOCUMENT).format(words=listed))
    if receipt:
        yield Text(_receipt(receipt, language), style="dim")
