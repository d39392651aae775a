"""Outcomes -> measures with intervals: of all questions, by kind, document and language; two systems compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures import SEARCH_MEASURES, Values, aurc, auroc, calibration_error
from eval.outcome import RERANKED, RIGHT, Judged, Outcome
from eval.significance import Difference, Estimate, Rows, difference, estimate, mean_difference, mean_estimate
from retrieval.errors import EvaluationError

MEANS = (
    *SEARCH_MEASURES,
    RERANKED,
    "exact match",
    "token F1",
    "right and shown",
    RIGHT,
    "coverage",
    "precision",
    "citation precision",
    "false answers",
    "best right",
    "best exact match",
    "best token F1",
    "reader exact match",
    "reader token F1",
    "reader right",
)
"""Means over the questions that have a value for them."""
CURVES = ("AURC", "AUROC answerable", "AUROC right", "calibration error")
"""Measures of confidence, over all questions but small talk."""
MEASURES = (*MEANS, *CURVES)
GROUPED = (
    "success@1",
    "success@5",
    RERANKED,
    "nDCG@10",
    "token F1",
    "right and shown",
    RIGHT,
    "coverage",
    "precision",
    "citation precision",
    "false answers",
    "reader right",
    "AURC",
    "calibration error",
)
"""The measures shown by kind, document and language."""
LOWER_IS_BETTER = frozenset({"false answers", "AURC", "calibration error"})
MAIN_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that only one of two systems gets right; `is_fixed` if it is the second."""

    id: str
    is_fixed: bool


def estimates(outcomes: Sequence[Judged], seed: int = 0) -> dict[str, Estimate]:
    """Every measure that applies to any of these questions, with its interval."""
    found = {name: mean_estimate(_column(outcomes, name), seed) for name in MEANS}
    judged = _with_confidence(outcomes)
    found |= {name: estimate(_curve(judged, name), len(judged), seed) for name in CURVES}
    return {name: value for name, value in found.items() if value.n}


def by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str | None]) -> dict[str, dict[str, tuple[float, int]]]:
    """Value and number of questions of every measure, for each group of questions; a key of None drops the question."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        name = key(outcome)
        if name is not None:
            groups.setdefault(name, []).append(outcome)
    return {name: _means(group) for name, group in groups.items()}


def _means(outcomes: Sequence[Outcome]) -> dict[str, tuple[float, int]]:
    columns = {name: _column(outcomes, name) for name in MEANS}
    kept = {name: values[~np.isnan(values)] for name, values in columns.items()}
    found = {name: (float(values.mean()), len(values)) for name, values in kept.items() if len(values)}
    judged = _with_confidence(outcomes)
    areas = {name: _curve(judged, name)(np.arange(len(judged))) for name in CURVES}
    return found | {name: (value, len(judged)) for name, value in areas.items() if not np.isnan(value)}


def compare(
    first: Sequence[Judged], second: Sequence[Judged], measures: Sequence[str] = MEASURES, seed: int = 0
) -> dict[str, Difference]:
    """Second minus first for each measure that both have. Raises EvaluationError where the questions differ."""
    first, second = paired(first, second)
    found = {
        name: mean_difference(_column(first, name), _column(second, name), seed) for name in measures if name in MEANS
    }
    rows = [row for row, outcome in enumerate(first) if outcome.kind != "smalltalk" and RIGHT in outcome.values]
    both = [first[row] for row in rows] + [second[row] for row in rows]
    for name in (name for name in measures if name in CURVES):
        statistic = _curve(both, name)
        found[name] = difference(statistic, statistic, n=len(rows), seed=seed)
    return {name: value for name, value in found.items() if value.n and not np.isnan(value.value)}


def flips(first: Sequence[Judged], second: Sequence[Judged]) -> list[Flip]:
    """The questions that one of the two systems alone gets right, in the order of the first."""
    pairs = zip(*paired(first, second), strict=True)
    return [Flip(id=before.id, is_fixed=after.is_right) for before, after in pairs if before.is_right != after.is_right]


def paired(first: Sequence[Judged], second: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    """Both in the order of the first. Raises EvaluationError where their questions differ.

    A question that was never asked must not count as zero.
    """
    by_id = {outcome.id: outcome for outcome in second}
    missing = sorted({outcome.id for outcome in first} ^ by_id.keys())
    if missing:
        raise EvaluationError(
            f"the two results have different questions ({', '.join(missing[:5])}{' …' if missing[5:] else ''} "
            "in one only); score both again on the current set"
        )
    return list(first), [by_id[outcome.id] for outcome in first]


def _with_confidence(outcomes: Sequence[Judged]) -> list[Judged]:
    """The questions that measures of confidence count: those that were answered or refused, without small talk."""
    return [outcome for outcome in outcomes if outcome.kind != "smalltalk" and RIGHT in outcome.values]


def _column(outcomes: Sequence[Judged], name: str) -> Values:
    return np.array([outcome.values.get(name, np.nan) for outcome in outcomes], np.float64)


def _curve(outcomes: Sequence[Judged], name: str) -> Callable[[Rows], float]:
    confidence = np.array([outcome.confidence for outcome in outcomes], np.float64)
    right = np.array([outcome.values.get("best right", 0.0) for outcome in outcomes], np.float64)
    answerable = np.array(["best right" in outcome.values for outcome in outcomes], np.float64)
    statistics: Mapping[str, Callable[[Rows], float]] = {
        "AURC": lambda rows: aurc(confidence[rows], right[rows]),
        "AUROC answerable": lambda rows: auroc(confidence[rows], answerable[rows]),
        "AUROC right": lambda rows: auroc(confidence[rows], right[rows]),
        "calibration error": lambda rows: calibration_error(confidence[rows], right[rows]),
    }
    return statistics[name]
