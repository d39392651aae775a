"""What a history does to questions that don't depend on it: each is asked after two turns about another document."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from eval.collection import Collection
from eval.dataset import Question
from retrieval.errors import EvaluationError
from retrieval.schema import Turn

UNRELATED = "-unrelated-history"
"""The ending of the results of questions asked after unrelated turns."""
_TURNS = 2


def after_unrelated_turns(collection: Collection, seed: int = 0) -> Collection:
    """The test questions that stand alone, each after two questions about another document and their accepted answers.

    These are drawn for each question by its id, from those in its language where another document has two of them, else
    from all. Small talk is left out. Raises EvaluationError where there is no other document.
    """
    single = [
        question
        for question in collection.questions
        if question.split == "test" and question.kind != "smalltalk" and not question.history
    ]
    asked = tuple(replace(question, history=_drawn(question, single, seed)) for question in single)
    kept = tuple(question for question in asked if question.history)
    if not kept:
        raise EvaluationError(
            f"{collection.name} has no test question with two others about another document, so there is no unrelated "
            "conversation; use the seeds, with `quoth eval --history unrelated`"
        )
    return replace(collection, questions=kept)


def without_history(collection: Collection) -> Collection:
    """The same questions, without the turns before them."""
    return replace(collection, questions=tuple(replace(question, history=()) for question in collection.questions))


def _drawn(question: Question, single: Sequence[Question], seed: int) -> tuple[Turn, ...]:
    """Two turns about another document; none where no other document has two questions."""
    own_language = [one for one in single if one.language == question.language]
    others = _by_document(own_language, question) or _by_document(single, question)
    if not others:
        return ()
    chance = random.Random(f"{seed} {question.id}")  # by its id, so that other questions don't change what is drawn
    return tuple(_turn(one) for one in chance.sample(others[chance.choice(sorted(others))], _TURNS))


def _by_document(questions: Sequence[Question], question: Question) -> Mapping[str, list[Question]]:
    """By document, the questions that it answers, where it has two of them and is no evidence of this question."""
    own = {place.document for place in question.evidence}
    found: dict[str, list[Question]] = {}
    for one in questions:
        if one.document and own.isdisjoint(place.document for place in one.evidence):
            found.setdefault(one.document, []).append(one)
    return {document: rows for document, rows in found.items() if len(rows) >= _TURNS}


def _turn(question: Question) -> Turn:
    documents = tuple(dict.fromkeys(place.document for place in question.evidence))
    return Turn(question.question, question.answers[0] if question.answers else "", question.question, documents)
