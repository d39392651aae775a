"""An answer as Telegram messages and buttons. Pure.

Words of documents and people are laid out with entities over plain text, never with a parse mode; see
`message` for what keeps them from linking to anything, `cleaning` for what is changed in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.feedback.store import REASONS, Reason, Verdict
from bot.language.language import Language
from bot.telegram.memory.kept import CLOSEST_NUMBER, KeptAnswer, KeptText
from bot.telegram.messages.blocks import copied, fill, numbered, place, quotation
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.cleaning import line
from bot.telegram.messages.message import Block, Button, Message, Rows, foreign, own, pack, with_rows
from bot.telegram.messages.source import source_press
from retrieval.schema import times_in_ten, with_near

MOST_CITATIONS = 8
"""How many places of one answer are shown; each has a button."""
_SOURCES_IN_ROW = 4
_UNKNOWN_WORDS, _WORD_CHARS = 12, 40
_SEARCHED_CHARS = 300
_VERY_SURE, _FAIRLY_SURE = 0.9, 0.7  # the same words as in the terminal


def answer_messages(kept: KeptAnswer, language: Language, position: int = 0) -> list[Message]:
    """The answer text at `position`, a refusal or small talk: one message, or several split between blocks.

    The buttons are on the last one. Raises IndexError where there is no answer text at `position`.
    """
    if kept.status == "smalltalk":
        return pack([(own(language.say(kept.reply)),)]) if kept.reply else []
    if kept.status == "abstained":
        blocks = [*_searched(kept, language), *_refusal(kept, language)]
    else:
        blocks = [*_searched(kept, language), *_answer(kept, position, language)]
    return with_rows(pack(blocks), answer_rows(kept, language, position))


def answer_rows(kept: KeptAnswer, language: Language, position: int = 0, verdict: Verdict | None = None) -> Rows:
    """The buttons of an answer, with the person's verdict shown on them once there is one. A verdict is on the answer
    as a whole, so that only its first text can be judged."""
    if kept.status == "smalltalk":
        return ()
    judging = [] if position else [_judge("👍", kept, "right", verdict), _judge("👎", kept, "wrong", verdict)]
    if kept.status == "abstained":
        context = Button(language.say("Closest passage"), source_press(kept.id, CLOSEST_NUMBER).data())
        return (*([(context,)] if kept.closest else []), tuple(judging))
    citations = [one.citation for one in kept.answers[position].citations[:MOST_CITATIONS]]
    sources = [
        Button(
            language.say("Source {number}").format(number=citation.number),
            source_press(kept.id, citation.number).data(),
        )
        for citation in citations
    ]
    rows = [tuple(sources[at : at + _SOURCES_IN_ROW]) for at in range(0, len(sources), _SOURCES_IN_ROW)]
    if position + 1 < len(kept.answers):
        rows.append((Button(language.say("Next answer"), Press(kept.id, "next", position + 1).data()),))
    copying = Button(language.say("Copy citation"), copy=copied(citations[0], language))
    return (*rows, (*judging, copying))


def reason_rows(kept: KeptAnswer, language: Language, position: int = 0) -> Rows:
    """The buttons that ask what is wrong, in place of the usual ones: the reasons that fit an answer or a refusal."""
    said: dict[Reason, str] = {
        "wrong answer": language.say("Wrong answer"),
        "wrong source": language.say("Wrong source"),
        "should have answered": language.say("The documents do answer this"),
        "should have refused": language.say("The documents don't answer this"),
    }
    left_out: Reason = "should have answered" if kept.status == "answered" else "should have refused"
    rows = [
        (Button(said[reason], reason_press(kept.id, position, reason).data()),)
        for reason in REASONS
        if reason != left_out
    ]
    return (*rows, (Button(language.say("Back"), Press(kept.id, "back", position).data()),))


def reason_press(answer_id: str, position: int, reason: Reason) -> Press:
    """The press that says what is wrong, below the answer text at that position."""
    return Press(answer_id, "reason", position * len(REASONS) + REASONS.index(reason))


def reason_of(n: int) -> tuple[int, Reason]:
    """The position and the reason that a reason press with this n stands for."""
    position, number = divmod(n, len(REASONS))
    return position, REASONS[number]


def combined(messages: Sequence[Message], note: str) -> Message:
    """One message of several, for where only one can be (an edit in place, an inline result): the first with the note,
    which says so, and the last one's buttons."""
    if len(messages) == 1:
        return messages[0]
    return replace(messages[0], text=f"{messages[0].text}\n\n{note}", rows=messages[-1].rows)


def _searched(kept: KeptAnswer, language: Language) -> list[Block]:
    searched, asked = line(kept.searched, _SEARCHED_CHARS), line(kept.question, _SEARCHED_CHARS)
    if searched == asked:
        return []
    return [fill(language.say("(Searched: {searched})"), searched=foreign(searched, "italic"))]


def _answer(kept: KeptAnswer, position: int, language: Language) -> list[Block]:
    text = kept.answers[position]
    best = text.citations[0].citation
    blocks: list[Block] = []
    if position:
        heading = language.say("Answer {number} of {total}")
        blocks.append((own(heading.format(number=position + 1, total=len(kept.answers))),))
    if quoted := quotation(best.quote, "blockquote", best.mark):
        blocks.append(quoted)
    return [*blocks, *_citations(text, language), _sure(kept, text, position, language)]


def _citations(text: KeptText, language: Language) -> list[Block]:
    blocks = [numbered(citation, language) for citation in text.citations[:MOST_CITATIONS]]
    if len(blocks) > 1:
        blocks[1] = (own(language.say("Also said by:") + "\n"), *blocks[1])
    left = len(text.citations) - len(blocks)
    if left:
        more = language.plural("And by one more place.", "And by {number} more places.", left)
        blocks.append((own(more),))
    return blocks


def _sure(kept: KeptAnswer, text: KeptText, position: int, language: Language) -> Block:
    sure = (
        language.say("Very sure ({percent}): answers this sure were right {times} times in 10")
        if text.confidence >= _VERY_SURE
        else language.say("Fairly sure ({percent}): answers this sure were right {times} times in 10")
        if text.confidence >= _FAIRLY_SURE
        else language.say("Not very sure ({percent}): answers this sure were right {times} times in 10")
    ).format(percent=language.percent(text.confidence), times=times_in_ten(text.confidence))
    left = len(kept.answers) - position - 1
    if not left:
        return (own(sure),)
    differing = language.plural(
        "The documents also give another answer.",
        "The documents also give {number} other answers.",
        left,
    )
    return (own(f"{sure}\n{differing}"),)


def _refusal(kept: KeptAnswer, language: Language) -> list[Block]:
    blocks: list[Block] = [(own(language.say("No sure answer in the documents."), "bold"),)]
    if kept.unknown_words:
        near = kept.near_spellings
        words = [line(with_near(word, near), _WORD_CHARS) for word in kept.unknown_words[:_UNKNOWN_WORDS]]
        said = language.say(", ").join(words) + ("…" if len(kept.unknown_words) > _UNKNOWN_WORDS else "")
        blocks.append(fill(language.say("In no document: {words}"), words=foreign(said)))
    if kept.closest:
        quoted = quotation(kept.closest.passage.text, "expandable_blockquote")
        head = (own(language.say("Closest passage (not an answer):") + "\n"), *quoted, own("\n"))
        blocks.append((*head, *place(kept.closest.citation, language)))
    return blocks


def _judge(face: str, kept: KeptAnswer, verdict: Verdict, given: Verdict | None) -> Button:
    return Button(f"{face} ✓" if verdict == given else face, Press(kept.id, verdict).data())
