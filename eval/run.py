"""A collection asked of a system: every question's outcome, and the run as TREC files hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eval.collection import Collection, Qrels
from eval.outcome import Outcome, ask, find
from eval.relevance import judge
from eval.systems import System, open_system
from retrieval.index.build import Report


@dataclass(frozen=True, slots=True)
class Scored:
    """What a system made of a collection: outcomes in the set's order, the qrels of its index, and the signature."""

    name: str
    outcomes: tuple[Outcome, ...]
    qrels: Qrels
    signature: dict[str, Any]


def score(collection: Collection, system: System, report: Report, search_only: bool = False) -> Scored:
    """Ask every question of the collection, or, with `search_only` and where it has no answers, search for those that
    can be answered. `report` is told how far it is. Raises QuothError."""
    retriever = open_system(collection, system, report)
    qrels = judge(collection, retriever.store)
    is_search = search_only or not collection.has_answers
    questions = [question for question in collection.questions if question.id in qrels or not is_search]
    outcomes = []
    for number, question in enumerate(questions):
        report("searching" if is_search else "asking", number, len(questions))
        put = find if is_search else ask
        outcomes.append(put(question, retriever, collection, qrels.get(question.id)))
    signature = {
        "collection": collection.name,
        "questions": len(questions),
        "answerable": len(qrels),
        **system.signature(retriever),
    }
    return Scored(collection.name, tuple(outcomes), qrels, signature)
