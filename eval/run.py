"""A collection scored with a system: the outcome of every question. Several collections scored as one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eval.collection import Collection, Qrels
from eval.outcome import Outcome, ask_and_judge, search_and_judge
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


def score_collection(
    collection: Collection, system: System, on_progress: OnProgress, *, search_only: bool = False
) -> Scored:
    """The outcome of every question of the collection, asked and judged. Raises QuothError.

    With `search_only`, and where the collection has no answers, the answerable questions are only searched for.
    """
    library = open_system(collection, system, on_progress)
    library.load()  # else the time of the first question would include it
    qrels = judge(collection, library.store)
    is_search = search_only or not collection.has_answers
    questions = [question for question in collection.questions if question.id in qrels or not is_search]
    outcomes = []
    for number, question in enumerate(questions):
        on_progress("searching" if is_search else "asking", number, len(questions))
        score_one = search_and_judge if is_search else ask_and_judge
        outcomes.append(score_one(question, library, collection, qrels.get(question.id)))
    signature = {
        "collection": collection.name,
        "questions": len(questions),
        "answerable": len(qrels),
        **system.signature(library),
    }
    return Scored(name=collection.name, outcomes=tuple(outcomes), qrels=qrels, signature=signature)


def pool(name: str, parts: Sequence[Scored]) -> Scored:
    """The outcomes of several collections as one result; ids and documents begin with their collection's name."""
    outcomes = [
        replace(
            outcome,
            id=f"{part.name}/{outcome.id}",
            document=outcome.document and f"{part.name}/{outcome.document}",
        )
        for part in parts
        for outcome in part.outcomes
    ]
    qrels = {f"{part.name}/{query}": row for part in parts for query, row in part.qrels.items()}
    return Scored(
        name=name,
        outcomes=tuple(outcomes),
        qrels=qrels,
        signature=pooled_signature(name, [part.signature for part in parts]),
    )


def pooled_signature(name: str, signatures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The signature of several collections as one: what they share, their questions and passages counted together."""
    passages = sum(signature["passages"]["number"] for signature in signatures)
    corpora = " ".join(signature["corpus"] for signature in signatures)
    return {
        **signatures[0],
        "collection": name,
        "questions": sum(signature["questions"] for signature in signatures),
        "answerable": sum(signature["answerable"] for signature in signatures),
        "passages": {**signatures[0]["passages"], "number": passages},
        "corpus": hashlib.sha256(corpora.encode()).hexdigest()[:12],
    }
