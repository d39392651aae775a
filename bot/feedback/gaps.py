"""What the collection lacks: questions that were refused or whose answers were rated wrong, grouped by what they ask.

A gap says how often something was asked, never by whom. A question that the same words have had a good answer to since
is no gap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.feedback.database import Database
from bot.feedback.store import BATCH, read_turns
from retrieval.answer.answer_type import answer_type_of
from retrieval.encoder.encoder import Encoder
from retrieval.schema import Answer, Turn
from retrieval.text import words

# Pairs of the 502 dev questions of all folders, 46 of which ask the same: at .92 12 pairs are found and 8 are wrong, of
# some 35,000; at .90 14 and 29, at .94 9 and 2. Without the two rules of `_allowed`, at .92 17 and 33. Average
# linkage; complete linkage finds fewer (eval/LOG.md, 2026-11-28).
SAME_QUESTION = 0.92
_MOST_QUESTIONS = 2_000  # the newest ones: grouping compares each with each
_MOST_ASKED_AGAIN = 5  # wordings of one gap
_NUMBER = re.compile(r"\d+")
Similarities = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question as it was typed, the turns before it, what was searched for it, and how often it failed.

    `asked_at` is the last time, in Unix seconds. `refused` and `rated_wrong` count its answers; one may be both.
    `wrong_texts` are the answers that were rated wrong, `proposed` what people say the right one would have been.
    """

    question: str
    history: tuple[Turn, ...]
    searched: str
    times: int
    asked_at: int
    refused: int
    rated_wrong: int
    wrong_texts: frozenset[str] = frozenset()
    proposed: tuple[str, ...] = ()

    @property
    def wording(self) -> str:
        """The question; a follow-up as it was searched, unless only a topic was added to it."""
        asked, searched = ([word for word, _ in words(text)] for text in (self.question, self.searched))
        return self.searched if self.history and searched[: len(asked)] != asked else self.question


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask the same, the most typical first."""

    questions: tuple[Unanswered, ...]

    @property
    def wording(self) -> str:
        return self.questions[0].wording

    @property
    def count(self) -> int:
        """How often it was asked in vain."""
        return sum(question.times for question in self.questions)

    @property
    def last_asked(self) -> int:
        """Unix time in seconds."""
        return max(question.asked_at for question in self.questions)

    @property
    def refused(self) -> int:
        return sum(question.refused for question in self.questions)

    @property
    def rated_wrong(self) -> int:
        return sum(question.rated_wrong for question in self.questions)

    @property
    def proposed(self) -> tuple[str, ...]:
        """What people say the right answer would have been, each once."""
        return tuple(dict.fromkeys(text for question in self.questions for text in question.proposed))


class Asked(Protocol):
    """What asks a gap's questions again: a Library."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question, asked after these turns, oldest first."""


def gaps(database: Database, encoder: Encoder) -> list[Gap]:
    """What the collection lacks, the most asked first, then the last asked. Raises DatabaseError."""
    return grouped(unanswered(database), encoder)


def unanswered(database: Database) -> list[Unanswered]:
    """Each question that has had no good answer since it was refused or answered wrongly, the last asked first."""
    with database.reading() as connection:
        rows = connection.execute(
            "SELECT question, history, asked_at, json_extract(answer, '$.searched'), json_extract(answer, '$.status'), "
            "json_extract(answer, '$.answers[0].text'), "
            "(SELECT count(*) FROM feedback WHERE answer_id = id AND verdict = 'wrong'), "
            "(SELECT json_group_array(proposed) FROM feedback WHERE answer_id = id AND proposed IS NOT NULL) "
            "FROM answers WHERE surface <> ? ORDER BY asked_at, rowid",
            (BATCH,),
        ).fetchall()
    found: dict[str, Unanswered] = {}
    for question, history, asked_at, searched, status, text, wrong, proposed in rows:
        key = " ".join(str(searched).casefold().split())
        if status == "abstained" or wrong:
            failed = Unanswered(
                question=question,
                history=read_turns(history),
                searched=searched,
                times=1,
                asked_at=asked_at,
                refused=int(status == "abstained"),
                rated_wrong=int(wrong > 0),
                wrong_texts=frozenset([text] if wrong and text else []),
                proposed=tuple(json.loads(proposed)),
            )
            found[key] = _together(found.pop(key, None), failed)
        elif status == "answered" and key in found and text not in found[key].wrong_texts:
            del found[key]
    return sorted(found.values(), key=lambda question: -question.asked_at)


def _together(before: Unanswered | None, last: Unanswered) -> Unanswered:
    """The same question asked once more."""
    if before is None:
        return last
    return Unanswered(
        question=last.question,
        history=last.history,
        searched=last.searched,
        times=before.times + last.times,
        asked_at=last.asked_at,
        refused=before.refused + last.refused,
        rated_wrong=before.rated_wrong + last.rated_wrong,
        wrong_texts=before.wrong_texts | last.wrong_texts,
        proposed=tuple(dict.fromkeys(before.proposed + last.proposed)),
    )


def grouped(questions: Sequence[Unanswered], encoder: Encoder) -> list[Gap]:
    """The questions in groups that ask the same, the most asked group first, then the one asked last.

    Of very many questions only the first count.
    """
    questions = questions[:_MOST_QUESTIONS]
    if not questions:
        return []
    vectors = np.array([encoder.embed_query(question.wording) for question in questions], np.float64)
    cosines = vectors @ vectors.T
    labels = agglomerate(_allowed(questions, cosines), SAME_QUESTION)
    groups = [np.flatnonzero(labels == label) for label in dict.fromkeys(labels.tolist())]
    made = [Gap(tuple(questions[row] for row in _typical_first(rows, questions, cosines))) for rows in groups]
    return sorted(made, key=lambda gap: (-gap.count, -gap.last_asked))


def _allowed(questions: Sequence[Unanswered], cosines: Similarities) -> Similarities:
    """The cosines, -1 for pairs that ask for another type of answer or name other numbers."""
    kinds = [(answer_type_of(one.wording), frozenset(_NUMBER.findall(one.wording))) for one in questions]
    numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    rows = np.array([numbers[kind] for kind in kinds])
    return np.where(rows[:, None] == rows[None, :], cosines, -1.0)


def agglomerate(similarities: Similarities, cut: float) -> npt.NDArray[np.int64]:
    """The group of each row, numbered by its first row, where the most similar groups are merged down to the cut.

    Two groups are as similar as their members are on average.
    """
    close = similarities.copy()
    np.fill_diagonal(close, -np.inf)
    groups, sizes = np.arange(len(close)), np.ones(len(close))
    while True:
        one, other = sorted(divmod(int(close.argmax()), len(close)))
        if close[one, other] < cut:
            return groups
        merged = (close[one] * sizes[one] + close[other] * sizes[other]) / (sizes[one] + sizes[other])
        close[one], close[:, one] = merged, merged
        close[other], close[:, other] = -np.inf, -np.inf
        close[one, one] = -np.inf
        sizes[one] += sizes[other]
        groups[groups == other] = one


def _typical_first(rows: npt.NDArray[np.int64], questions: Sequence[Unanswered], cosines: Similarities) -> list[int]:
    """The rows of a group, the most frequent question first, then the one most like all others."""
    likeness = cosines[np.ix_(rows, rows)].sum(axis=1)
    ranked = sorted(zip(rows.tolist(), likeness.tolist(), strict=True), key=lambda one: -one[1])
    return sorted((row for row, _ in ranked), key=lambda row: -questions[row].times)


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A gap after its questions were asked again: how many of them have an answer now, and the first one that has.

    A question rated wrong has an answer only where it is another one than then.
    """

    gap: Gap
    asked: int
    answered: int
    answer: Answer | None

    @property
    def is_closed(self) -> bool:
        """Whether every question that was asked again has an answer now."""
        return self.asked == self.answered


def asked_again(found: Sequence[Gap], library: Asked) -> list[AskedAgain]:
    """Each gap with the answers that its most typical questions have now. May raise QuothError."""
    return [_asked_again(gap, library) for gap in found]


def _asked_again(gap: Gap, library: Asked) -> AskedAgain:
    asked = gap.questions[:_MOST_ASKED_AGAIN]
    answers = [(question, library.ask(question.question, question.history)) for question in asked]
    good = [answer for question, answer in answers if _is_good(question, answer)]
    return AskedAgain(gap, len(asked), len(good), good[0] if good else None)


def _is_good(question: Unanswered, answer: Answer) -> bool:
    return answer.status == "answered" and answer.answers[0].text not in question.wrong_texts
