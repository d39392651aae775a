"""Outcomes of turns -> measures by kind, folder and language; two systems compared; stored and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from eval.measures import Values, weighted_mean
from eval.outcome import Judged
from eval.play import Played
from eval.results import CONVERSATIONS, SCORES, dumps, read_json, rounded, write_text
from eval.scores import paired
from eval.significance import (
    Difference,
    Estimate,
    Statistic,
    difference,
    estimate,
    mean_difference,
    mean_estimate,
)
from eval.turn_outcome import RIGHT_ANSWERED, TURN_MEASURES, UTILITY, TurnOutcome, turn_json, turn_outcome_of
from retrieval.errors import EvaluationError

ALL = "all"

Key = Callable[[TurnOutcome], str]
GROUPINGS: dict[str, Key] = {
    "by kind": lambda outcome: outcome.kind,
    "by folder": lambda outcome: outcome.folder,
    "by language": lambda outcome: outcome.language,
}


def conversation_summary(played: Played, seed: int = 0) -> dict[str, Any]:
    """Measures with intervals by split, system, grouping and group; the group "all" of "by kind" has every turn."""
    return {
        split: {
            system: _of_system([outcome for outcome in outcomes if outcome.split == split], seed)
            for system, outcomes in played.systems.items()
        }
        for split in dict.fromkeys(outcome.split for outcome in played.outcomes)
    }


def _of_system(outcomes: Sequence[TurnOutcome], seed: int) -> dict[str, Any]:
    groups = {name: _grouped(outcomes, key) for name, key in GROUPINGS.items()}
    groups["by kind"][ALL] = list(outcomes)
    return {
        name: {
            group: {measure: asdict(value) for measure, value in turn_estimates(own, seed).items()}
            for group, own in rows.items()
        }
        for name, rows in groups.items()
    }


def _grouped(outcomes: Sequence[TurnOutcome], key: Key) -> dict[str, list[TurnOutcome]]:
    groups: dict[str, list[TurnOutcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome), []).append(outcome)
    return dict(sorted(groups.items()))


def turn_estimates(outcomes: Sequence[TurnOutcome], seed: int = 0) -> dict[str, Estimate]:
    """Every measure that applies to any of these turns, with its interval over the turns."""
    found = {name: mean_estimate(_column(outcomes, name), seed) for name in TURN_MEASURES if name != UTILITY}
    asked = _with_utility(outcomes)
    found[UTILITY] = estimate(_utility(asked), len(asked), seed)
    return {name: found[name] for name in TURN_MEASURES if found[name].n}


def turn_differences(first: Sequence[Judged], second: Sequence[Judged], seed: int = 0) -> dict[str, Difference]:
    """Second minus first for each measure that both have. Raises EvaluationError where the turns differ."""
    before, after = paired(first, second)
    found = {
        name: mean_difference(_column(before, name), _column(after, name), seed)
        for name in TURN_MEASURES
        if name != UTILITY
    }
    rows = [row for row, outcome in enumerate(before) if UTILITY in outcome.values]
    statistic = _utility([before[row] for row in rows] + [after[row] for row in rows])
    found[UTILITY] = difference(statistic, statistic, n=len(rows), seed=seed)
    return {name: found[name] for name in TURN_MEASURES if found[name].n and not np.isnan(found[name].value)}


def _column(outcomes: Sequence[Judged], name: str) -> Values:
    return np.array([outcome.values.get(name, np.nan) for outcome in outcomes], np.float64)


def _with_utility(outcomes: Sequence[Judged]) -> list[Judged]:
    return [outcome for outcome in outcomes if UTILITY in outcome.values]


def _utility(outcomes: Sequence[Judged]) -> Statistic:
    """The utility of the turns in some rows, three unanswerable ones in ten."""
    utilities = _column(outcomes, UTILITY)
    answerable = np.array([RIGHT_ANSWERED in outcome.values for outcome in outcomes], np.float64)
    return lambda rows: weighted_mean(utilities[rows], answerable[rows])


def write_conversations(folder: Path, played: Played, splits: Mapping[str, Any], command: str) -> None:
    """Write the result, with every turn, to the folder's scores.json. Raises EvaluationError."""
    stored = rounded({"name": folder.name, "command": command, "signature": played.signature, CONVERSATIONS: splits})
    stored["turns"] = [turn_json(outcome) for outcome in played.outcomes]  # not rounded: it would differ from itself
    write_text(folder / SCORES, dumps(stored))


def read_turns(folder: Path) -> list[TurnOutcome]:
    """The outcomes of the turns of the result in the folder. Raises EvaluationError."""
    next_step = f"make it with `quoth eval conversations --name {folder.name}`"
    stored = read_json(folder / SCORES, next_step)
    try:
        return [turn_outcome_of(row) for row in stored["turns"]]
    except (KeyError, TypeError) as error:
        raise EvaluationError(f"{folder / SCORES} has no turns in the current format ({error}); {next_step}") from error
