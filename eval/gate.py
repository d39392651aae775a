"""The gate: no guarded measure is significantly below the committed baseline, and the fusion beats both its arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.collection import Collection
from eval.outcome import RIGHT, Judged, Outcome, judged_json, judged_of
from eval.results import RECORDED, dumps, read_json, write_text
from eval.run import Scored, score_collection
from eval.scores import LOWER_IS_BETTER, MAIN_LANGUAGE, compare, has_measure
from eval.significance import Difference, holm
from eval.systems import System
from retrieval.errors import EvaluationError
from retrieval.index.build import OnProgress

BASELINE = RECORDED / "baseline.json"
SIGNIFICANT = 0.05
GUARDED = ("nDCG@10", "success@5", "utility", "right and answered", RIGHT, "token F1", "AURC")
ARM_MEASURE = "nDCG@10"
_STORED = (*GUARDED, "best right")  # AURC and the other measures of confidence are computed from "best right"
_REWRITE = "write it with `quoth eval baseline`"
_DEV = ("dev", MAIN_LANGUAGE)


@dataclass(frozen=True, slots=True)
class Check:
    """A condition of the gate; `detail` says what was measured, or why the condition was skipped."""

    name: str
    detail: str
    holds: bool
    is_skipped: bool = False

    @property
    def verdict(self) -> str:
        return "skip" if self.is_skipped else "ok" if self.holds else "FAIL"


def dev_questions(collection: Collection) -> Collection:
    """The collection with the dev questions in the main language only; settings are chosen on these."""
    kept = [question for question in collection.questions if (question.split, question.language) == _DEV]
    return replace(collection, questions=tuple(kept))


def write_baseline(path: Path, scored: Scored, command: str) -> None:
    """Write what the gate needs of each question. Raises EvaluationError."""
    questions = [_stored(outcome) for outcome in scored.outcomes]
    write_text(path, dumps({"command": command, "signature": scored.signature, "questions": questions}))


def _stored(outcome: Outcome) -> dict[str, Any]:
    values = {name: value for name, value in outcome.values.items() if name in _STORED}
    return {**judged_json(outcome), "values": values}


def read_baseline(path: Path) -> tuple[Judged, ...]:
    """The outcomes of the baseline. Raises EvaluationError."""
    stored = read_json(path, _REWRITE)
    try:
        return tuple(judged_of(row) for row in stored["questions"])
    except (KeyError, TypeError) as error:
        raise EvaluationError(f"{path} is not in the current format ({error}); {_REWRITE}") from error


def check_losses(baseline: Sequence[Judged], now: Sequence[Judged], seed: int = 0) -> list[Check]:
    """A check of each guarded measure, which fails for a loss with p < .05 after Holm's correction.

    A measure that the baseline lacks is skipped, and says so. One that only the baseline has fails.
    """
    found = compare(baseline, now, measures=GUARDED, seed=seed)
    corrected = holm({name: difference.p for name, difference in found.items()})
    return [
        _loss_check(name, found[name], corrected[name]) if name in found else _uncompared(name, baseline)
        for name in GUARDED
    ]


def _loss_check(name: str, difference: Difference, p: float) -> Check:
    return Check(
        name=name,
        detail=f"{difference.value:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}], p {p:.3f}",
        holds=not (is_loss(name, difference) and p < SIGNIFICANT),
    )


def _uncompared(name: str, baseline: Sequence[Judged]) -> Check:
    if has_measure(baseline, name):
        return Check(name=name, detail="the baseline has it, but this run did not measure it", holds=False)
    return Check(name=name, detail=f"the baseline lacks it; {_REWRITE}", holds=True, is_skipped=True)


def is_loss(name: str, difference: Difference) -> bool:
    """Whether the second system is worse by this measure."""
    return difference.value > 0 if name in LOWER_IS_BETTER else difference.value < 0


def check_arms(collection: Collection, on_progress: OnProgress) -> list[Check]:
    """A check of the fused search against each of its arms alone, which fails where an arm's mean is higher."""
    fused, *arms = (
        _mean(score_collection(collection, System(fusion=name), on_progress, search_only=True).outcomes)
        for name in ("weighted", "dense", "sparse")
    )
    return [
        Check(
            name=f"fusion beats {arm}",
            detail=f"{ARM_MEASURE} fused {fused:.3f}, alone {alone:.3f}",
            holds=fused >= alone,
        )
        for arm, alone in zip(("dense", "sparse"), arms, strict=True)
    ]


def _mean(outcomes: Sequence[Judged]) -> float:
    return float(np.mean([outcome.values[ARM_MEASURE] for outcome in outcomes if ARM_MEASURE in outcome.values]))
