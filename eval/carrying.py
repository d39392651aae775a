"""How well a follow-up is put back into its conversation, measured by rewrites made by hand: no index, no reader.

A rewrite adds to a question the words that let it stand alone. What we carry over is compared with these words, beside
carrying nothing and carrying every word of the conversation. CANARD (Elgohary, Peskov and Boyd-Graber, EMNLP 2019) and
TREC CAsT (Dalton, Xiong and Callan, 2020) give such rewrites.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.significance import Estimate, Statistic, estimate
from retrieval.conversation.follow_up import contextualise
from retrieval.errors import EvaluationError
from retrieval.schema import Turn
from retrieval.text import terms

_NOT_TOLD = "…"  # an answer that a data set does not give; "" would be a refusal
_NO_ANSWER = re.compile(r"\s*(?:I don[’']t know|CANNOTANSWER)\W*")  # how CANARD says that there was none

Carry = Callable[[str, Sequence[Turn]], str]
"""A question and the turns before it, oldest first -> the query."""


@dataclass(frozen=True, slots=True)
class RewrittenTurn:
    """A question of a dialogue, the turns before it, oldest first, and its rewrite by hand, which stands alone."""

    dialogue: str
    question: str
    history: tuple[Turn, ...]
    rewrite: str


RECOVERED, PRECISION, HARMED = "recovered", "added rightly", "harmed"
CARRY_MEASURES = (RECOVERED, PRECISION, HARMED)
"""What carrying words over does to the questions that have turns before them, 0 to 1.

Recovered is the mean share of the rewrite's added terms that the query has, over the questions whose rewrite adds any.
Added rightly is the share of all terms added that the rewrites have. Harmed is the share of the questions whose rewrite
adds nothing to which the query adds something.
"""

Counts = npt.NDArray[np.int64]
"""A row per question with turns before it: the terms its rewrite adds, those the query adds, and those in both."""


def nothing(question: str, history: Sequence[Turn]) -> str:
    """The question alone."""
    return question


def everything(question: str, history: Sequence[Turn]) -> str:
    """The question with every word of the turns before it."""
    return " ".join([question, *(f"{turn.question} {turn.answer}" for turn in history)])


QUOTH = "Quoth"
SYSTEMS: dict[str, Carry] = {"nothing": nothing, "everything": everything, QUOTH: contextualise}
"""The ways to carry words over that are compared, by name."""


def read_rewrites(path: Path) -> list[RewrittenTurn]:
    """The turns of a file of JSON lines (.jsonl or .jsonl.gz) in file order.

    A line has an id that ends in "_" or "-" and the turn's number, a question, its rewrite, and a history: questions
    and answers in turn (CANARD), or questions alone (CAsT, whose lines have a topic). Raises EvaluationError.
    """
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            return [_turn(json.loads(line)) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"can't read the rewrites in {path}: {error}; each line needs an id, a history, a question and a rewrite"
        ) from error


def _turn(line: dict[str, object]) -> RewrittenTurn:
    said = line["history"]
    if not isinstance(said, list):
        raise ValueError("the history is no list")
    has_answers = "topic" not in line
    pairs = zip_longest(said[::2], said[1::2], fillvalue="") if has_answers else ((one, _NOT_TOLD) for one in said)
    id_ = str(line["id"])
    return RewrittenTurn(
        dialogue=id_[: max(id_.rfind("_"), id_.rfind("-"))],
        question=str(line["question"]),
        history=tuple(Turn(question, "" if _NO_ANSWER.fullmatch(answer) else answer) for question, answer in pairs),
        rewrite=str(line["rewrite"]),
    )


def of_last_dialogues(turns: Sequence[RewrittenTurn], count: int) -> list[RewrittenTurn]:
    """The turns of the last `count` dialogues."""
    last = set(list(dict.fromkeys(turn.dialogue for turn in turns))[-count:])
    return [turn for turn in turns if turn.dialogue in last]


def counted(turns: Iterable[RewrittenTurn], carry: Carry) -> Counts:
    """The terms that the rewrites and this way to carry words over add; first questions are left out.

    Raises EvaluationError where nothing is left to score.
    """
    rows = []
    for turn in turns:
        if turn.history:
            own = set(terms(turn.question))
            wanted = set(terms(turn.rewrite)) - own
            added = set(terms(carry(turn.question, turn.history))) - own
            rows.append((len(wanted), len(added), len(wanted & added)))
    counts = np.array(rows, np.int64).reshape(-1, 3)
    if not counts[:, 0].any():
        raise EvaluationError("no question of the file has turns before it and a rewrite that adds words")
    return counts


def carry_values(counts: Counts) -> dict[str, float]:
    """The measures of these questions; NaN where none applies."""
    wanted, added, right = counts.T
    depends = wanted > 0
    return {
        RECOVERED: float((right[depends] / wanted[depends]).mean()) if depends.any() else math.nan,
        PRECISION: float(right.sum() / added.sum()) if added.any() else math.nan,
        HARMED: float((added[~depends] > 0).mean()) if not depends.all() else math.nan,
    }


def carry_rows(turns: Sequence[RewrittenTurn], seed: int = 0) -> dict[str, dict[str, Estimate]]:
    """The measures of every way to carry words over, with intervals over the questions. Raises EvaluationError."""
    return {name: _estimates(counted(turns, carry), seed) for name, carry in SYSTEMS.items()}


def _estimates(counts: Counts, seed: int) -> dict[str, Estimate]:
    """Each measure with the number of questions that it is of."""
    depends = int((counts[:, 0] > 0).sum())
    numbers = {RECOVERED: depends, PRECISION: len(counts), HARMED: len(counts) - depends}
    found = {name: estimate(_statistic(counts, name), len(counts), seed) for name in CARRY_MEASURES}
    return {name: replace(value, n=numbers[name]) for name, value in found.items() if value.n}


def _statistic(counts: Counts, name: str) -> Statistic:
    return lambda rows: carry_values(counts[rows])[name]
