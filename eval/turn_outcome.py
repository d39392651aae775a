"""One turn of a conversation, judged: what was shown, whether it is right, and what its stand-alone form gave. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.conversations import AskedTurn, Conversation
from eval.dataset import Evidence, Question, touches
from eval.measures import holds, utility
from eval.outcome import Judged, Stage, is_right_answer
from retrieval.schema import Answer, AnswerText, Citation

RIGHT, RIGHT_ANSWERED, WRONG_SHOWN, REFUSED, UTILITY = "right", "right answered", "wrong shown", "refused", "utility"
ENTRIES, RIGHT_ALONE = "places shown", "right alone"
KEPT, KEPT_ANSWERED = "right if right alone", "right if answered alone"
TURN_MEASURES = (RIGHT, RIGHT_ANSWERED, WRONG_SHOWN, REFUSED, UTILITY, ENTRIES, RIGHT_ALONE, KEPT, KEPT_ANSWERED)
"""The measures of a turn, each only where it applies: see `turn_values`."""


@dataclass(frozen=True, slots=True)
class TurnOutcome(Judged):
    """All that is known of a turn's outcome; `id` is the conversation's with the turn's number.

    `searched` is what was searched for it. `shown` is what was shown, a line for each text: its document and quotation.
    """

    folder: str
    question: str
    alone: str | None
    searched: str
    answer_kind: str
    shown: tuple[str, ...]


def turn_outcome(conversation: Conversation, number: int, answer: Answer, alone: Answer | None = None) -> TurnOutcome:
    """The outcome of turn `number`, from 1; `alone` is the answer to its stand-alone form, None where it has none."""
    turn = conversation.turns[number - 1]
    texts = shown_texts(answer)
    return TurnOutcome(
        id=f"{conversation.id}/{number}",
        split=conversation.split,
        kind=turn.kind,
        language=conversation.language,
        status=answer.status,
        confidence=answer.confidence,
        answer=texts[0].text if texts else None,
        stage=_stage(turn, answer),
        values=turn_values(turn, answer, alone),
        folder=conversation.folder,
        question=turn.question,
        alone=turn.alone,
        searched=answer.searched,
        answer_kind=answer.kind,
        shown=tuple(f"{text.citations[0].document}: {text.citations[0].quote}" for text in texts if text.citations),
    )


def turn_values(turn: AskedTurn, answer: Answer, alone: Answer | None = None) -> dict[str, float]:
    """The measures that apply to this turn.

    Small talk has no utility, and only a question that the documents answer can be answered rightly. The share of
    places shown is of a turn that needs all of them. What is right if its stand-alone form is right counts only turns
    where it is: the others are lost by search or reader, whatever the conversation.
    """
    is_right = is_right_turn(turn, answer)
    shown = bool(answer.answers)
    found = {
        RIGHT: float(is_right),
        WRONG_SHOWN: float(shown and not is_right),
        REFUSED: float(answer.status == "abstained"),
    }
    if turn.kind != "smalltalk":
        found[UTILITY] = utility(answer.status, is_right=is_right, is_answerable=turn.is_answerable)
    if turn.is_answerable:
        found[RIGHT_ANSWERED] = float(is_right and answer.status == "answered")
    if turn.is_all:
        found[ENTRIES] = places_shown(turn, answer)
    if turn.is_answerable and alone is not None:
        is_right_alone = is_right_turn(turn, alone)
        found[RIGHT_ALONE] = float(is_right_alone)
        if is_right_alone:
            found[KEPT] = float(is_right)
        if is_right_alone and alone.status == "answered":
            found[KEPT_ANSWERED] = float(is_right)
    return found


def is_right_turn(turn: AskedTurn, answer: Answer) -> bool:
    """Whether the person got what they should have: a right answer with its citation, a refusal, or small talk."""
    if turn.kind == "smalltalk":
        return answer.status == "smalltalk"
    if not turn.is_answerable:
        return answer.status == "abstained"
    if turn.is_about_documents:
        return _is_right_about_documents(turn, answer)
    if turn.is_all:
        return places_shown(turn, answer) == 1
    return any(is_right_answer(_as_question(turn), text) for text in shown_texts(answer) if text.citations)


def shown_texts(answer: Answer) -> Sequence[AnswerText]:
    """The texts that a person sees at once: all of a reply of several lines, else the first."""
    return answer.answers if answer.is_together else answer.answers[:1]


def places_shown(turn: AskedTurn, answer: Answer) -> float:
    """The share of the turn's places that some citation shown touches."""
    citations = _citations(answer)
    return sum(any(_is_at(one, place) for one in citations) for place in turn.evidence) / len(turn.evidence)


def _is_right_about_documents(turn: AskedTurn, answer: Answer) -> bool:
    """Whether an answer about the collection shows the places it should, in their order and alone where they must be.

    Where no place is wanted, such as for a number of documents, an accepted answer must stand in what is shown.
    """
    if answer.status != "answered" or answer.kind != "collection":
        return False
    citations = _citations(answer)
    if not turn.evidence:
        return holds(_words_shown(answer), turn.answers)
    first = [next((row for row, one in enumerate(citations) if _is_at(one, place)), None) for place in turn.evidence]
    rows = [row for row in first if row is not None]
    is_found = len(rows) == len(first) if turn.is_all else 0 in rows
    is_in_order = not turn.is_ordered or rows == sorted(rows)
    is_alone = not turn.is_only or all(any(_is_at(one, place) for place in turn.evidence) for one in citations)
    return is_found and is_in_order and is_alone


def _words_shown(answer: Answer) -> str:
    heading = [answer.heading.line()] if answer.heading else []
    return " ".join([*heading, *(text.text for text in shown_texts(answer))])


def _citations(answer: Answer) -> list[Citation]:
    return [citation for text in shown_texts(answer) for citation in text.citations]


def _is_at(citation: Citation, place: Evidence) -> bool:
    """Whether the quotation, or what it hangs on, such as the name of a column, shares a character with the place."""
    return touches(citation.document, (*citation.spans, *citation.lead_spans), (place,))


def _as_question(turn: AskedTurn) -> Question:
    """The turn as the judged question that it would be alone."""
    return Question("", "dev", "fact", "", turn.question, turn.answers, turn.evidence)


def _stage(turn: AskedTurn, answer: Answer) -> Stage:
    if is_right_turn(turn, answer):
        return "right"
    if answer.status == "smalltalk":
        return "taken for small talk"
    if turn.kind == "smalltalk":
        return "not taken for small talk"
    if answer.status == "abstained":
        return "refused wrongly"
    return "offered wrongly" if answer.status == "perhaps" else "answered wrongly"


def turn_json(outcome: TurnOutcome) -> dict[str, Any]:
    """The outcome as JSON holds it."""
    return asdict(outcome)


def turn_outcome_of(stored: Mapping[str, Any]) -> TurnOutcome:
    """The outcome that was stored. Raises KeyError or TypeError for another format."""
    return TurnOutcome(**{**stored, "shown": tuple(stored["shown"])})
