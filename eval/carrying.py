"""How well a follow-up is put back into its conversation, measured by rewrites made by hand: no index, no reader.

A rewrite adds to a question the words that let it stand alone. What we carry over is compared with these words, beside
carrying nothing and carrying every word of the conversation. CANARD (Elgohary, Peskov and Boyd-Graber, EMNLP 2019) and
TREC CAsT (Dalton, Xiong and Callan, 2020) give such rewrites.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from statistics import fmean

from retrieval.conversation.follow_up import contextualise
from retrieval.errors import EvaluationError
from retrieval.schema import Turn
from retrieval.text import terms

Carry = Callable[[str, Sequence[Turn]], str]
"""A question and the turns before it, oldest first -> the query."""


@dataclass(frozen=True, slots=True)
class RewrittenTurn:
    """A question of a dialogue, the turns before it, oldest first, and its rewrite by hand, which stands alone."""

    dialogue: str
    question: str
    history: tuple[Turn, ...]
    rewrite: str


@dataclass(frozen=True, slots=True)
class CarryScores:
    """What carrying words over does to `turns` questions that have turns before them, 0 to 1.

    `recovered` is the mean share of the rewrite's added terms that the query has, over the questions whose rewrite adds
    any; `precision` the share of all terms added that the rewrites have. `harmed` is the share of the questions whose
    rewrite adds nothing to which the query adds something.
    """

    turns: int
    recovered: float
    precision: float
    harmed: float


def nothing(question: str, history: Sequence[Turn]) -> str:
    """The question alone."""
    return question


def everything(question: str, history: Sequence[Turn]) -> str:
    """The question with every word of the turns before it."""
    return " ".join([question, *(f"{turn.question} {turn.answer}" for turn in history)])


SYSTEMS: dict[str, Carry] = {"nothing": nothing, "everything": everything, "Quoth": contextualise}
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
    pairs = zip_longest(said[::2], said[1::2], fillvalue="") if has_answers else ((one, "") for one in said)
    id_ = str(line["id"])
    return RewrittenTurn(
        dialogue=id_[: max(id_.rfind("_"), id_.rfind("-"))],
        question=str(line["question"]),
        history=tuple(Turn(question, answer) for question, answer in pairs),
        rewrite=str(line["rewrite"]),
    )


def of_last_dialogues(turns: Sequence[RewrittenTurn], count: int) -> list[RewrittenTurn]:
    """The turns of the last `count` dialogues."""
    last = set(list(dict.fromkeys(turn.dialogue for turn in turns))[-count:])
    return [turn for turn in turns if turn.dialogue in last]


def carry_scores(turns: Iterable[RewrittenTurn], carry: Carry) -> CarryScores:
    """What this way to carry words over scores; first questions are left out. Raises EvaluationError for no turns."""
    recovered, harmed = [], []
    right = added = 0
    for turn in turns:
        if not turn.history:
            continue
        own = set(terms(turn.question))
        wanted = set(terms(turn.rewrite)) - own
        carried = set(terms(carry(turn.question, turn.history))) - own
        right += len(wanted & carried)
        added += len(carried)
        if wanted:
            recovered.append(len(wanted & carried) / len(wanted))
        else:
            harmed.append(float(bool(carried)))
    if not recovered or not harmed:
        raise EvaluationError("the rewrites have no follow-up, or no question that stands alone, to score")
    return CarryScores(len(recovered) + len(harmed), fmean(recovered), right / added if added else 0.0, fmean(harmed))
