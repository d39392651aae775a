"""Where "answered" and "perhaps" begin, and what an outcome is worth to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from retrieval.training.read_questions import QuestionKind, ReadQuestion

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

# The share of each kind that probabilities and thresholds assume. Three questions in ten count as unanswerable.
SHARES: dict[QuestionKind, float] = {"answerable": 0.7, "removed": 0.15, "adversarial": 0.15}
EQUAL_SHARES: dict[QuestionKind, float] = {"answerable": 1.0, "removed": 1.0, "adversarial": 1.0}

_FULL = 100  # questions; a collection of three must not weigh as much as one of hundreds
_FLAT = 0.005  # less utility than that is chance, and a person gains from what is offered


def sample_weights(found: Sequence[ReadQuestion], shares: Mapping[QuestionKind, float] = SHARES) -> Floats:
    """The weight of each question, 1 on average, shape (len(found),).

    All collections of _FULL questions or more weigh the same, smaller ones in proportion; in each, the kinds of
    question that occur weigh according to their shares.
    """
    numbers = Counter((read.collection, read.kind) for read in found)
    sizes = Counter(read.collection for read in found)
    totals: dict[str, float] = {}
    for name, kind in numbers:
        totals[name] = totals.get(name, 0.0) + shares[kind]
    whole = sum(min(size, _FULL) for size in sizes.values())
    each = {name: len(found) * min(size, _FULL) / whole for name, size in sizes.items()}
    return np.array(
        [each[a.collection] * shares[a.kind] / totals[a.collection] / numbers[(a.collection, a.kind)] for a in found]
    )


def threshold_for(best: Floats, right: Booleans, sample_weight: Floats, precision: float) -> float:
    """The lowest threshold at which the answers given have that precision; 1 where none has."""
    order = np.argsort(-best, kind="stable")
    precisions = np.cumsum((right * sample_weight)[order]) / np.cumsum(sample_weight[order])
    enough = np.flatnonzero(precisions >= precision)
    return float(best[order][enough[-1]]) if len(enough) else 1.0


def utility(best: float, right: bool, is_answerable: bool, threshold: float, perhaps: float) -> float:
    """What the outcome is worth to a person: -1 for a wrong answer to 1 for a right one or a rightful refusal."""
    if best >= threshold:
        return 1.0 if right else -1.0
    if best >= perhaps:
        return 0.7 * right if is_answerable else 0.4
    return 0.0 if is_answerable else 1.0


def mean_utility(
    found: Sequence[ReadQuestion], best: Floats, right: Booleans, threshold: float, perhaps: float
) -> float:
    """The mean utility, each question with its sample weight."""
    values = [
        utility(p, r, read.is_answerable, threshold, perhaps) for p, r, read in zip(best, right, found, strict=True)
    ]
    return float(np.average(values, weights=sample_weights(found)))


def perhaps_for(found: Sequence[ReadQuestion], best: Floats, right: Booleans, threshold: float) -> float:
    """The lowest threshold for "perhaps" whose mean utility is within _FLAT of the highest."""
    utilities = {
        perhaps: mean_utility(found, best, right, threshold, perhaps)
        for perhaps in (round(step * 0.01, 2) for step in range(1, 100))
    }
    highest = max(utilities.values())
    return min(perhaps for perhaps, value in utilities.items() if value >= highest - _FLAT)


def describe(
    found: Sequence[ReadQuestion], best: Floats, right: Booleans, threshold: float, perhaps: float
) -> dict[str, float]:
    """Scores at the threshold, by name.

    They are shares of questions, precision, expected calibration error over ten bins, AUROC of answerable against
    unanswerable, and AUROC of right against wrong. Precision and calibration error use the sample weights.
    """
    answerable = np.array([read.is_answerable for read in found])
    weight = sample_weights(found)
    given = best >= threshold
    bins = np.minimum((best * 10).astype(int), 9)
    error = sum(abs((weight * (best - right))[bins == n].sum()) for n in range(10)) / weight.sum()
    both = 0 < answerable.sum() < len(best)
    row = {
        "questions": len(best),
        "answerable": int(answerable.sum()),
        "first_right": right[answerable].mean(),
        "right_and_given": (right & given)[answerable].mean(),
        "given_unanswerable": given[~answerable].mean() if both else 0.0,
        "right_and_shown": (right & (best >= perhaps))[answerable].mean(),
        "abstained_unanswerable": (best < perhaps)[~answerable].mean() if both else 0.0,
        "utility": mean_utility(found, best, right, threshold, perhaps),
        "precision": (right * weight)[given].sum() / weight[given].sum() if given.any() else 0.0,
        "calibration_error": error,
    }
    if both:
        row["auroc_answerable"] = roc_auc_score(answerable, best)
    if 0 < right.sum() < len(right):
        row["auroc_right"] = roc_auc_score(right, best)
    return {name: round(float(value), 4) for name, value in row.items()}
