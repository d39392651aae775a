"""An answer as Telegram messages and buttons. Pure.

Text of documents and people is formatted with entities over plain text, never with a parse mode; see `message` for how
it is kept from linking to anything, and `cleaning` for what is changed in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.feedback.store import REASONS, Reason, Verdict
from bot.language.language import Language
from bot.language.wording import (
    ALSO_SAID_IN,
    CLOSEST_PASSAGE,
    NO_ANSWER,
    NOT_IN_ANY_DOCUMENT,
    NOT_SURE,
    SEARCHED,
    confidence_words,
    translatable,
    with_near_spelling,
)
from bot.telegram.memory.kept import KeptAnswer, KeptCitation, KeptText
from bot.telegram.messages.blocks import copied, fill, led, numbered, quotation
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Block, Button, ButtonRows, Message, foreign, own, pack, with_rows
from bot.telegram.messages.source import source_press
from retrieval.schema import Citation, Note

MAX_CITATIONS = 8
"""How many citations of one answer are shown; each has a button."""
SOURCE = translatable("Source {number}")
NEXT_ANSWER = translatable("Next answer")
COPY_CITATION = translatable("Copy citation")
PAGE = translatable("Page {number}")
BACK = translatable("Back")
REASON_LABELS: dict[Reason, str] = {
    "wrong answer": translatable("Wrong answer"),
    "wrong source": translatable("Wrong source"),
    "should have answered": translatable("The documents do answer this"),
    "should have refused": translatable("The documents don't answer this"),
}
ANSWER_OF = translatable("Answer {number} of {total}")
SHORTENED_EDIT = translatable("(Shortened. The buttons show all sources.)")
_SOURCES_IN_ROW = 4  # with the buttons of their pages
_UNKNOWN_WORDS, _WORD_CHARS = 12, 40
_SEARCHED_CHARS = 300


def answer_messages(kept: KeptAnswer, language: Language, position: int = 0) -> list[Message]:
    """The answer text at `position`, a refusal, or small talk: one message, or several, split between blocks.

    The buttons are below the last one. Raises IndexError if there is no answer text at `position`.
    """
    if kept.status == "smalltalk":
        return pack([(own(language.translate(kept.reply)),)]) if kept.reply else []
    if kept.status == "abstained":
        blocks = [*_searched(kept, language), *_refusal(kept, language)]
    else:
        blocks = [*_searched(kept, language), *_answer(kept, position, language)]
    return with_rows(pack(blocks), answer_rows(kept, language, position))


def answer_rows(kept: KeptAnswer, language: Language, position: int = 0, verdict: Verdict | None = None) -> ButtonRows:
    """The buttons of an answer; they show the person's verdict if there is one.

    A verdict is on the answer as a whole, so only its first text has buttons for it.
    """
    if kept.status == "smalltalk":
        return ()
    rating = [] if position else [_rating("👍", kept, "right", verdict), _rating("👎", kept, "wrong", verdict)]
    citations = [one.citation for one in _shown_citations(kept, position)]
    sources = [button for citation in citations for button in _source_buttons(kept.id, citation, language)]
    rows = [tuple(sources[at : at + _SOURCES_IN_ROW]) for at in range(0, len(sources), _SOURCES_IN_ROW)]
    if position + 1 < len(kept.answers):
        rows.append((Button(language.translate(NEXT_ANSWER), Press(kept.id, "next", position + 1).data()),))
    copying = [Button(language.translate(COPY_CITATION), copy=copied(best, language)) for best in citations[:1]]
    return (*rows, (*rating, *copying))


def _source_buttons(answer_id: str, citation: Citation, language: Language) -> Iterator[Button]:
    """The button of a citation, and one of its page if the document has pages."""
    label = language.translate(SOURCE).format(number=citation.number)
    yield Button(label, source_press(answer_id, citation.number).data())
    if citation.page is not None:
        label = language.translate(PAGE).format(number=citation.page)
        yield Button(label, Press(answer_id, "picture", citation.number).data())


def _shown_citations(kept: KeptAnswer, position: int) -> Sequence[KeptCitation]:
    """The citations that the message shows; a refusal's is its closest passage, if there is one."""
    if kept.status == "abstained":
        return [kept.closest] if kept.closest else []
    return kept.answers[position].citations[:MAX_CITATIONS]


def reason_rows(kept: KeptAnswer, language: Language, position: int = 0) -> ButtonRows:
    """The buttons that ask what is wrong, which replace the usual ones: the reasons that fit an answer or a refusal."""
    left_out: Reason = "should have refused" if kept.status == "abstained" else "should have answered"
    rows = [
        (Button(language.translate(REASON_LABELS[reason]), reason_press(kept.id, position, reason).data()),)
        for reason in REASONS
        if reason != left_out
    ]
    return (*rows, (Button(language.translate(BACK), Press(kept.id, "back", position).data()),))


def reason_press(answer_id: str, position: int, reason: Reason) -> Press:
    """The press that gives a reason, below the answer text at that position."""
    return Press(answer_id, "reason", position * len(REASONS) + REASONS.index(reason))


def reason_of(n: int) -> tuple[int, Reason]:
    """The position and the reason encoded in the n of a reason press."""
    position, number = divmod(n, len(REASONS))
    return position, REASONS[number]


def combined(messages: Sequence[Message], note: str) -> Message:
    """One message for several, for an edit or an inline result: the first, `note`, and the buttons of the last."""
    if len(messages) == 1:
        return messages[0]
    return replace(messages[0], text=f"{messages[0].text}\n\n{note}", rows=messages[-1].rows)


def _searched(kept: KeptAnswer, language: Language) -> list[Block]:
    """What was searched and where, unless that is the question itself, everywhere; then the notes."""
    searched, question = line(kept.searched, _SEARCHED_CHARS), line(kept.question, _SEARCHED_CHARS)
    notes = [_note(note, language) for note in kept.notes]
    if kept.restrictions:
        searched = f"{searched} [{line(kept.restrictions, _SEARCHED_CHARS)}]"
    if searched == question:
        return notes
    return [fill(language.translate(SEARCHED), searched=foreign(searched, "italic")), *notes]


def _note(note: Note, language: Language) -> Block:
    values = {name: foreign(line(value, _SEARCHED_CHARS)) for name, value in note.values.items()}
    return fill(language.translate(note.text), **values)


def _answer(kept: KeptAnswer, position: int, language: Language) -> list[Block]:
    text = kept.answers[position]
    best = text.citations[0].citation
    blocks: list[Block] = []
    if position:
        heading = language.translate(ANSWER_OF).format(number=position + 1, total=len(kept.answers))
        blocks.append((own(heading),))
    if kept.status == "perhaps":
        blocks.append((own(language.translate(NOT_SURE), "bold"),))
    if quoted := led(best, quotation(best.quote, "blockquote", best.mark)):
        blocks.append(quoted)
    return [*blocks, *_citations(text, language), _confidence(kept, position, language)]


def _citations(text: KeptText, language: Language) -> list[Block]:
    blocks = [numbered(citation, language) for citation in text.citations[:MAX_CITATIONS]]
    if len(blocks) > 1:
        blocks[1] = (own(language.translate(ALSO_SAID_IN) + "\n"), *blocks[1])
    left = len(text.citations) - len(blocks)
    if left:
        more = language.plural("And in {number} more passage.", "And in {number} more passages.", left)
        blocks.append((own(more),))
    return blocks


def _confidence(kept: KeptAnswer, position: int, language: Language) -> Block:
    confidence = kept.answers[position].confidence
    words = confidence_words(confidence, kept.status == "perhaps")
    sure = language.translate(words).format(percent=language.percent(confidence))
    left = len(kept.answers) - position - 1
    if not left:
        return (own(sure),)
    others = language.plural(
        "The documents also give another answer.",
        "The documents also give {number} other answers.",
        left,
    )
    return (own(f"{sure}\n{others}"),)


def _refusal(kept: KeptAnswer, language: Language) -> list[Block]:
    blocks: list[Block] = [(own(language.translate(NO_ANSWER), "bold"),)]
    if kept.closest:
        quoted = led(kept.closest.citation, quotation(kept.closest.citation.quote, "blockquote"))
        blocks.append((own(language.translate(CLOSEST_PASSAGE) + "\n"), *quoted))
        blocks.append(numbered(kept.closest, language))
    if kept.unknown_words:
        near = kept.near_spellings
        words = [line(with_near_spelling(word, near), _WORD_CHARS) for word in kept.unknown_words[:_UNKNOWN_WORDS]]
        more = "…" if len(kept.unknown_words) > _UNKNOWN_WORDS else ""
        listed = foreign(language.translate(", ").join(words) + more)
        blocks.append(fill(language.translate(NOT_IN_ANY_DOCUMENT), words=listed))
    return blocks


def _rating(face: str, kept: KeptAnswer, verdict: Verdict, given: Verdict | None) -> Button:
    return Button(f"{face} ✓" if verdict == given else face, Press(kept.id, verdict).data())
