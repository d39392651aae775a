"""Conversations played through the library as the terminal would, and the same questions without what came before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.terminal.session import Session
from eval.conversations import Conversation, documents_of
from eval.run import pooled_signature
from eval.systems import System, open_system
from eval.turn_outcome import TurnOutcome, turn_outcome
from retrieval import Answer, Library
from retrieval.errors import EvaluationError, QuestionError
from retrieval.index.build import OnProgress
from retrieval.schema import Turn

IN_CONVERSATION, NO_HISTORY = "in conversation", "no history"

Ask = Callable[[str, Sequence[Turn]], Answer]


@dataclass(frozen=True, slots=True)
class Played:
    """The outcomes of all turns, and of the same turns asked without history, which is the baseline; the signature."""

    outcomes: tuple[TurnOutcome, ...]
    without_history: tuple[TurnOutcome, ...]
    signature: dict[str, Any]

    @property
    def systems(self) -> dict[str, tuple[TurnOutcome, ...]]:
        return {IN_CONVERSATION: self.outcomes, NO_HISTORY: self.without_history}


def play_all(name: str, conversations: Sequence[Conversation], system: System, on_progress: OnProgress) -> Played:
    """Every conversation played over its folder's documents; `name` is the signature's. Raises QuothError."""
    played: list[tuple[TurnOutcome, TurnOutcome]] = []
    signatures = []
    for folder in dict.fromkeys(conversation.folder for conversation in conversations):
        own = [conversation for conversation in conversations if conversation.folder == folder]
        library = open_system(documents_of(folder), system, on_progress)
        library.load()
        for number, conversation in enumerate(own):
            on_progress(f"talking about {folder}", number, len(own))
            played += play(conversation, library.ask)
        signatures.append(_signature(folder, own, system, library))
    return Played(
        outcomes=tuple(outcome for outcome, _ in played),
        without_history=tuple(outcome for _, outcome in played),
        signature={**pooled_signature(name, signatures), "conversations": len(conversations)},
    )


def play(conversation: Conversation, ask: Ask) -> list[tuple[TurnOutcome, TurnOutcome]]:
    """The outcome of each turn, asked after the answers that the turns before it got, and without history.

    Raises EvaluationError for a question that can't be asked.
    """
    session = Session()
    played = []
    for number, turn in enumerate(conversation.turns, 1):
        try:
            history = list(session.turns)
            answer = ask(turn.question, history)
            without = ask(turn.question, ()) if history else answer
            alone = ask(turn.alone, ()) if turn.alone else None
        except QuestionError as error:
            raise EvaluationError(f"turn {number} of conversation {conversation.id} can't be asked: {error}") from error
        session.remember(answer)
        played.append(
            (turn_outcome(conversation, number, answer, alone), turn_outcome(conversation, number, without, alone))
        )
    return played


def _signature(folder: str, own: Sequence[Conversation], system: System, library: Library) -> dict[str, Any]:
    turns = [turn for conversation in own for turn in conversation.turns]
    return {
        "collection": folder,
        "questions": len(turns),
        "answerable": sum(turn.is_answerable for turn in turns),
        **system.signature(library),
    }
