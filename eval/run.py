"""A collection scored with a system: the outcome of every question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eval.collection import Collection, Qrels
from eval.outcome import Outcome, ask, find
from eval.relevance import judge
from eval.systems import System, open_system
from retrieval.index.build import OnProgress


@dataclass(frozen=True, slots=True)
class Scored:
    """A system's outcomes in the order of the collection, the qrels of its index, and the signature."""

    name: str
    outcomes: tuple[Outcome, ...]
    qrels: Qrels
    signature: dict[str, Any]


def score(collection: Collection, system: System, on_progress: OnProgress, search_only: bool = False) -> Scored:
    """Ask every question of the collection; with `search_only`, and where it has no answers, only search for the
    answerable ones. Progress goes to `on_progress`. Raises QuothError."""
    library = open_system(collection, system, on_progress)
    qrels = judge(collection, library.store)
    is_search = search_only or not collection.has_answers
    questions = [question for question in collection.questions if question.id in qrels or not is_search]
    outcomes = []
    for number, question in enumerate(questions):
        on_progress("searching" if is_search else "asking", number, len(questions))
        score_one = find if is_search else ask
        outcomes.append(score_one(question, library, collection, qrels.get(question.id)))
    signature = {
        "collection": collection.name,
        "questions": len(questions),
        "answerable": len(qrels),
        **system.signature(library),
    }
    return Scored(name=collection.name, outcomes=tuple(outcomes), qrels=qrels, signature=signature)
