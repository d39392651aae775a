"""Turns of a conversation: made of answers, and stored as JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from retrieval.schema import Answer, Kind, Turn

KINDS: tuple[Kind, ...] = get_args(Kind)
CARRIED_TURNS = 8
"""How many turns of a conversation are remembered."""


def turn_of(answer: Answer) -> Turn:
    """The turn that a question and its answer make; of several answers, the first one counts."""
    cited = (citation.document for text in answer.answers for citation in text.citations)
    return Turn(
        question=answer.question,
        answer=answer.answers[0].text if answer.answers else "",
        searched=answer.searched,
        documents=tuple(dict.fromkeys(cited)),
        kind=answer.kind,
    )


def turn_json(turn: Turn) -> dict[str, Any]:
    """The turn as an object of JSON, for `read_turn`."""
    return {
        "question": turn.question,
        "answer": turn.answer,
        "searched": turn.searched,
        "documents": list(turn.documents),
        "kind": turn.kind,
    }


def read_turn(stored: Any) -> Turn:
    """The turn in an object of JSON; only "question" is required. Raises ValueError."""
    if not isinstance(stored, dict):
        raise ValueError("each turn of the history must be an object")
    question, answer = stored.get("question"), stored.get("answer") or ""
    if not isinstance(question, str) or not isinstance(answer, str):
        raise ValueError("each turn of the history must have a question and may have an answer, both strings")
    searched, documents = stored.get("searched") or "", stored.get("documents") or []
    if not isinstance(searched, str) or not _are_strings(documents):
        raise ValueError("in a turn of the history, searched must be a string and documents a list of strings")
    kind = stored.get("kind") or "fact"
    if kind not in KINDS:
        raise ValueError(f"in a turn of the history, kind must be one of {', '.join(KINDS)}")
    return Turn(question, answer, searched, tuple(documents), kind)


def _are_strings(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def recent(turns: Iterable[Turn]) -> list[Turn]:
    """The last CARRIED_TURNS of the turns."""
    return list(turns)[-CARRIED_TURNS:]
