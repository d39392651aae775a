"""The buttons below an answer: its sources, what else there is, the rating, and the reasons for a bad one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.feedback.store import REASONS, Reason, Verdict
from bot.language.language import Language
from bot.language.wording import translatable
from bot.telegram.memory.kept import KeptAnswer
from bot.telegram.messages.blocks import copied
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.message import Button, ButtonRows
from bot.telegram.messages.source import source_press
from bot.telegram.messages.together import pages_of
from bot.telegram.messages.turning import turning
from retrieval.schema import Citation

MAX_CITATIONS = 8
"""How many citations of one answer are shown; each has a button."""
SOURCE = translatable("Source {number}")
NEXT_ANSWER = translatable("Next answer")
WHY = translatable("Why?")
COPY_CITATION = translatable("Copy citation")
PAGE = translatable("Page {number}")
BACK = translatable("Back")
REASON_LABELS: dict[Reason, str] = {
    "wrong answer": translatable("Wrong answer"),
    "wrong source": translatable("Wrong source"),
    "should have answered": translatable("The documents do answer this"),
    "should have refused": translatable("The documents don't answer this"),
}
_SOURCES_IN_ROW = 4  # with the buttons of their pages


def answer_rows(kept: KeptAnswer, language: Language, position: int = 0, verdict: Verdict | None = None) -> ButtonRows:
    """The buttons of an answer; they show the person's verdict if there is one.

    `position` is that of the answer text, or the page where all texts are shown together.
    """
    if kept.status == "smalltalk":
        return ()
    citations = _shown_citations(kept, position, language)
    sources = [button for citation in citations for button in _source_buttons(kept.id, citation, language)]
    rows = [tuple(sources[at : at + _SOURCES_IN_ROW]) for at in range(0, len(sources), _SOURCES_IN_ROW)]
    rating = (_rating("👍", kept, "right", position, verdict), _rating("👎", kept, "wrong", position, verdict))
    last = (*rating, Button(language.translate(WHY), Press(kept.id, "why").data()))
    if kept.is_together:
        return (*rows, *turning(kept.id, "turn", position, len(pages_of(kept, language))), last)
    further = [Button(language.translate(COPY_CITATION), copy=copied(best, language)) for best in citations[:1]]
    if position + 1 < len(kept.answers):
        further.insert(0, Button(language.translate(NEXT_ANSWER), Press(kept.id, "next", position + 1).data()))
    return (*rows, *([tuple(further)] if further else []), last)


def _shown_citations(kept: KeptAnswer, position: int, language: Language) -> Sequence[Citation]:
    """The citations that the message shows; a refusal's is its closest passage, if there is one."""
    if kept.is_together and kept.answers:
        here = pages_of(kept, language)[position : position + 1]
        return [text.citations[0].citation for page in here for text in page if text.citations]
    shown = kept.answers[position].citations[:MAX_CITATIONS] if kept.answers else ()
    return [one.citation for one in shown] or ([kept.closest.citation] if kept.closest else [])


def _source_buttons(answer_id: str, citation: Citation, language: Language) -> Iterator[Button]:
    """The button of a citation, and one of its page if the document has pages."""
    label = language.translate(SOURCE).format(number=citation.number)
    yield Button(label, source_press(answer_id, citation.number).data())
    if citation.page is not None:
        label = language.translate(PAGE).format(number=citation.page)
        yield Button(label, Press(answer_id, "picture", citation.number).data())


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


def _rating(face: str, kept: KeptAnswer, verdict: Verdict, position: int, given: Verdict | None) -> Button:
    return Button(f"{face} ✓" if verdict == given else face, Press(kept.id, verdict, position).data())
