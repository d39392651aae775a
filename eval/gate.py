"""The gate: has anything got worse on the dev split than the committed baseline, and does the fusion beat its arms?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.collection import Collection
from eval.outcome import RIGHT, Outcome
from eval.results import RESULTS
from eval.run import score
from eval.scores import LOWER_IS_BETTER, MAIN_LANGUAGE, compare
from eval.significance import Difference, holm
from eval.systems import System
from retrieval.index.build import Report

BASELINE = RESULTS / "baseline"
SIGNIFICANT = 0.05
GUARDED = ("nDCG@10", "success@5", "right and shown", RIGHT, "token F1", "AURC")
ARM_MEASURE = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold: what was measured, and whether it holds."""

    name: str
    told: str
    holds: bool


def dev_questions(collection: Collection) -> Collection:
    """The collection's main language questions of the dev split: what settings are chosen by."""
    kept = [asked for asked in collection.questions if asked.split == "dev" and asked.language == MAIN_LANGUAGE]
    return replace(collection, questions=tuple(kept))


def check_losses(baseline: Sequence[Outcome], now: Sequence[Outcome], seed: int = 0) -> list[Check]:
    """One check a guarded measure: it fails for a loss whose p, corrected for how many are guarded, is below .05."""
    found = compare(baseline, now, GUARDED, seed)
    corrected = holm({name: difference.p for name, difference in found.items()})
    return [
        Check(
            name,
            f"{difference.value:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}], p {corrected[name]:.3f}",
            not (is_loss(name, difference) and corrected[name] < SIGNIFICANT),
        )
        for name, difference in found.items()
    ]


def is_loss(name: str, difference: Difference) -> bool:
    """Whether the difference is one for the worse."""
    return difference.value > 0 if name in LOWER_IS_BETTER else difference.value < 0


def check_arms(collection: Collection, report: Report) -> list[Check]:
    """The fused search against each of its arms alone: it fails where an arm's mean is higher."""
    fused, *arms = (
        _mean(score(collection, System(fusion=name), report, search_only=True).outcomes)
        for name in ("weighted", "dense", "sparse")
    )
    checks = []
    for arm, alone in zip(("dense", "sparse"), arms, strict=True):
        told = f"{ARM_MEASURE} fused {fused:.3f}, alone {alone:.3f}"
        checks.append(Check(f"fusion beats {arm}", told, fused >= alone))
    return checks


def _mean(outcomes: Sequence[Outcome]) -> float:
    return float(np.mean([outcome.values[ARM_MEASURE] for outcome in outcomes if ARM_MEASURE in outcome.values]))
