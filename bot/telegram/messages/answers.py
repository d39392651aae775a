"""An answer as Telegram messages. Pure.

Text of documents and people is formatted with entities over plain text, never with a parse mode; see `message` for how
it is kept from linking to anything, and `cleaning` for what is changed in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.feedback.store import Verdict
from bot.language.language import Language
from bot.language.wording import (
    ALSO_SAID_IN,
    CLOSEST_PASSAGE,
    NO_ANSWER,
    NOT_IN_ANY_DOCUMENT,
    NOT_SURE,
    RECEIPT,
    SEARCHED,
    confidence_words,
    translatable,
    with_near_spelling,
)
from bot.telegram.memory.kept import KeptAnswer, KeptText
from bot.telegram.messages.blocks import fill, is_nothing_but, led, noted, numbered, quotation
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Block, Message, foreign, own, pack, with_rows
from bot.telegram.messages.rows import MAX_CITATIONS, answer_rows
from bot.telegram.messages.together import lines, pages_of
from retrieval.schema import Citation

ANSWER_OF = translatable("Answer {number} of {total}")
SHORTENED_EDIT = translatable("(Shortened. The buttons show all sources.)")
_ANSWER_UNITS = 800
_UNKNOWN_WORDS, _WORD_CHARS = 12, 40
_SEARCHED_CHARS = 300


def answer_messages(
    kept: KeptAnswer, language: Language, position: int = 0, verdict: Verdict | None = None
) -> list[Message]:
    """The answer text at `position`, a refusal, or small talk: one message, or several, split between blocks.

    Where all texts are shown together, `position` is the page. The buttons are below the last message; they show the
    person's verdict if there is one. Raises IndexError if there is nothing at `position`.
    """
    if kept.status == "smalltalk":
        return pack([(own(language.translate(kept.reply)),)]) if kept.reply else []
    if kept.status == "abstained":
        shown = _refusal(kept, language)
    elif kept.is_together or not kept.answers:
        shown = _together(kept, position, language)
    else:
        shown = _answer(kept, position, language)
    return with_rows(pack([*_searched(kept, language), *shown]), answer_rows(kept, language, position, verdict))


def combined(messages: Sequence[Message], note: str) -> Message:
    """One message for several, for an edit or an inline result: the first, `note`, and the buttons of the last."""
    if len(messages) == 1:
        return messages[0]
    return replace(messages[0], text=f"{messages[0].text}\n\n{note}", rows=messages[-1].rows)


def _searched(kept: KeptAnswer, language: Language) -> list[Block]:
    """What was searched and where, unless that is the question itself, everywhere; then the notes."""
    searched, question = line(kept.searched, _SEARCHED_CHARS), line(kept.question, _SEARCHED_CHARS)
    notes = [noted(note, language) for note in kept.notes]
    if kept.restrictions:
        searched = f"{searched} [{line(kept.restrictions, _SEARCHED_CHARS)}]"
    if searched == question:
        return notes
    return [fill(language.translate(SEARCHED), searched=foreign(searched, "italic")), *notes]


def _answer(kept: KeptAnswer, position: int, language: Language) -> list[Block]:
    text = kept.answers[position]
    blocks: list[Block] = []
    if position:
        heading = language.translate(ANSWER_OF).format(number=position + 1, total=len(kept.answers))
        blocks.append((own(heading),))
    blocks += _opening(kept, language)
    if text.citations:
        cited = _citations(text, language)
        blocks += _stated(text.text, text.citations[0].citation)
        blocks += cited if position else _with_receipt(cited, kept, language)
    elif said := quotation(text.text, "bold"):
        blocks.append(said)
    return [*blocks, _confidence(kept, position, language)]


def _together(kept: KeptAnswer, page: int, language: Language) -> list[Block]:
    """The page of numbered lines; how sure we are of them, unless they are counted rather than read."""
    texts = pages_of(kept, language)[page] if kept.answers else []
    blocks = [*_opening(kept, language), *_with_receipt(lines(kept.kind, texts, language), kept, language)]
    return blocks if kept.kind == "collection" else [*blocks, (own(_sure(kept, kept.confidence, language)),)]


def _opening(kept: KeptAnswer, language: Language) -> list[Block]:
    """Our own lines above the answer: that it is not sure, and the heading."""
    unsure: list[Block] = [(own(language.translate(NOT_SURE)),)] if kept.status == "perhaps" else []
    return [*unsure, *([noted(kept.heading, language)] if kept.heading else [])]


def _stated(answer: str, citation: Citation) -> list[Block]:
    """The answer in bold, then its quotation with the answer in bold; only that if it is nothing but the answer."""
    if citation.mark:
        answer = citation.quote[slice(*citation.mark)]
    if is_nothing_but(answer, citation.quote):
        blocks = [led(citation, quotation(citation.quote, "blockquote", (0, len(citation.quote))))]
    else:
        said = quotation(answer, "bold", None, _ANSWER_UNITS)
        blocks = [said, led(citation, quotation(citation.quote, "blockquote", citation.mark))]
    return [block for block in blocks if block]


def _citations(text: KeptText, language: Language) -> list[Block]:
    """Where the answer stands: the best place, and others with what they say, if that differs."""
    best, *others = (one.citation for one in text.citations[:MAX_CITATIONS])
    blocks = [numbered(best, language)]
    for other in others:
        quoted = quotation(other.quote, "expandable_blockquote", other.mark)
        is_repeated = any(is_nothing_but(said, other.quote) for said in (best.quote, text.text))
        head = numbered(other, language)
        blocks.append(head if is_repeated or not quoted else (*head, own("\n"), *led(other, quoted)))
    if others:
        blocks[1] = (own(language.translate(ALSO_SAID_IN) + "\n"), *blocks[1])
    left = len(text.citations) - len(blocks)
    if left:
        more = language.plural("And in {number} more passage.", "And in {number} more passages.", left)
        blocks.append((own(more),))
    return blocks


def _with_receipt(cited: Sequence[Block], kept: KeptAnswer, language: Language) -> list[Block]:
    """The citations, and below the last one the id by which they can be checked later; a tap copies it."""
    if not kept.receipt or not cited:
        return list(cited)
    receipt = fill(language.translate(RECEIPT), id=own(kept.receipt, "code"))
    return [*cited[:-1], (*cited[-1], own("\n"), *receipt)]


def _confidence(kept: KeptAnswer, position: int, language: Language) -> Block:
    sure = _sure(kept, kept.answers[position].confidence, language)
    left = len(kept.answers) - position - 1
    if not left:
        return (own(sure),)
    others = language.plural(
        "The documents also give another answer.",
        "The documents also give {number} other answers.",
        left,
    )
    return (own(f"{sure}\n{others}"),)


def _sure(kept: KeptAnswer, confidence: float, language: Language) -> str:
    words = confidence_words(confidence, kept.status == "perhaps")
    return language.translate(words).format(percent=language.percent(confidence))


def _refusal(kept: KeptAnswer, language: Language) -> list[Block]:
    """That there is no answer, the closest passage with its likeliest words underlined, and words not found."""
    blocks: list[Block] = [(own(language.translate(NO_ANSWER), "bold"),)]
    if kept.closest:
        citation = kept.closest.citation
        quoted = led(citation, quotation(citation.quote, "blockquote", citation.likeliest, mark_style="underline"))
        blocks.append((own(language.translate(CLOSEST_PASSAGE) + "\n"), *quoted))
        blocks += _with_receipt([numbered(citation, language)], kept, language)
    if kept.unknown_words:
        near = kept.near_spellings
        words = [line(with_near_spelling(word, near), _WORD_CHARS) for word in kept.unknown_words[:_UNKNOWN_WORDS]]
        more = "…" if len(kept.unknown_words) > _UNKNOWN_WORDS else ""
        listed = foreign(language.translate(", ").join(words) + more)
        blocks.append(fill(language.translate(NOT_IN_ANY_DOCUMENT), words=listed))
    return blocks
