"""Outcomes -> measures with intervals: of all questions, by kind, document and language; two systems compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from eval.measures import (
    SEARCH_MEASURES,
    Values,
    aurc,
    auroc,
    calibration,
    calibration_error,
    question_weights,
    weighted_mean,
)
from eval.outcome import OUTCOMES, RERANKED, RIGHT, Judged, Outcome
from eval.significance import Difference, Estimate, Statistic, difference, estimate, mean_difference, mean_estimate
from retrieval.errors import EvaluationError

WEIGHTED_ERROR = "weighted calibration error"
STATISTICS = ("utility", "AURC", "AUROC answerable", "AUROC right", "calibration error", WEIGHTED_ERROR)
"""Measures of all questions but small talk together: confidence, and utility, which weights the questions."""
MEASURES = (
    *SEARCH_MEASURES,
    RERANKED,
    "exact match",
    "token F1",
    "utility",
    "right shown",
    "right and answered",
    RIGHT,
    *OUTCOMES["answerable"].values(),
    *OUTCOMES["unanswerable"].values(),
    "precision",
    "citation precision",
    "best right",
    "best exact match",
    "best token F1",
    "reader exact match",
    "reader token F1",
    "reader right",
    *STATISTICS[1:],
)
MEANS = tuple(name for name in MEASURES if name not in STATISTICS)
"""Means over the questions that have a value for them."""
GROUPED = (
    "success@1",
    "success@5",
    RERANKED,
    "nDCG@10",
    "token F1",
    "utility",
    "right shown",
    "right and answered",
    RIGHT,
    "answerable answered",
    "answerable perhaps",
    "precision",
    "citation precision",
    "false answers",
    "unanswerable perhaps",
    "reader right",
    "AURC",
    "calibration error",
)
"""The measures shown by kind, document, language and collection."""
HEADLINES = (
    "success@1",
    "success@5",
    "utility",
    "right shown",
    "right and answered",
    "precision",
    "false answers",
    RIGHT,
)
"""Those of them that fit on a page or in a terminal."""
LOWER_IS_BETTER = frozenset({"false answers", "AURC", "calibration error", WEIGHTED_ERROR, "wrong shown", "harmed"})
MAIN_LANGUAGE = "en"


One = TypeVar("One", bound=Judged)


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that only one of two systems gets right; `is_fixed` if it is the second."""

    id: str
    is_fixed: bool


def estimates(outcomes: Sequence[Judged], seed: int = 0) -> dict[str, Estimate]:
    """Every measure that applies to any of these questions, with its interval."""
    found = {name: mean_estimate(_column(outcomes, name), seed) for name in MEANS}
    judged = _with_confidence(outcomes)
    found |= {name: estimate(_statistic(judged, name), len(judged), seed) for name in STATISTICS}
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
    together = {name: _statistic(judged, name)(np.arange(len(judged))) for name in STATISTICS}
    return found | {name: (value, len(judged)) for name, value in together.items() if not np.isnan(value)}


def main_language(outcomes: Sequence[One]) -> list[One]:
    """The questions in the main language, which the main tables count; all of them where none is."""
    return [outcome for outcome in outcomes if outcome.language == MAIN_LANGUAGE] or list(outcomes)


def reliability(outcomes: Sequence[Judged]) -> list[dict[str, float]]:
    """Stated and found precision in ten bins of confidence, lowest first, empty bins left out.

    `bin` is its number from 0, `stated` the mean confidence, `right` the share whose first answer is right, and `n` the
    number of questions; the weighted ones count three unanswerable questions in ten.
    """
    confidence, right, answerable = _confidences(_with_confidence(outcomes))
    if not len(confidence):
        return []
    plain = calibration(confidence, right)
    weighted = calibration(confidence, right, question_weights(answerable))
    return [
        {
            "bin": row.number,
            "stated": row.confidence,
            "right": row.right,
            "n": row.n,
            "weighted stated": other.confidence,
            "weighted right": other.right,
        }
        for row, other in zip(plain, weighted, strict=True)
    ]


def has_measure(outcomes: Sequence[Judged], name: str) -> bool:
    """Whether any of the questions has what this measure is computed from."""
    needed = name if name in MEANS or name == "utility" else "best right"
    return any(needed in outcome.values for outcome in outcomes)


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
    for name in (name for name in measures if name in STATISTICS):
        statistic = _statistic(both, name)
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


def _confidences(outcomes: Sequence[Judged]) -> tuple[Values, Values, Values]:
    """Each question's confidence, whether its first answer is right, and whether the documents answer it."""
    confidence = np.array([outcome.confidence for outcome in outcomes], np.float64)
    right = np.array([outcome.values.get("best right", 0.0) for outcome in outcomes], np.float64)
    answerable = np.array(["best right" in outcome.values for outcome in outcomes], np.float64)
    return confidence, right, answerable


def _statistic(outcomes: Sequence[Judged], name: str) -> Statistic:
    confidence, right, answerable = _confidences(outcomes)
    utilities = _column(outcomes, "utility")
    statistics: Mapping[str, Statistic] = {
        "utility": lambda rows: weighted_mean(utilities[rows], answerable[rows]),
        "AURC": lambda rows: aurc(confidence[rows], right[rows]),
        "AUROC answerable": lambda rows: auroc(confidence[rows], answerable[rows]),
        "AUROC right": lambda rows: auroc(confidence[rows], right[rows]),
        "calibration error": lambda rows: calibration_error(confidence[rows], right[rows]),
        WEIGHTED_ERROR: lambda rows: calibration_error(
            confidence[rows], right[rows], question_weights(answerable[rows])
        ),
    }
    return statistics[name]
