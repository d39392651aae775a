"""The report: one page that opens from disk and needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.terminal.render import visible
from eval.outcome import RERANKED, RIGHT, Outcome
from eval.plots import calibration_svg, latency_svg, risk_coverage_svg
from eval.results import Stored, signature_line
from eval.run import Scored
from eval.scores import LOWER_IS_BETTER, MAIN_LANGUAGE, MEASURES, compare, flips
from eval.significance import Difference
from retrieval.errors import EvaluationError

TEMPLATE = "report.html.j2"
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
"""The measures of the tables by kind, document and language."""


def write_report(
    path: Path, scored: Scored, splits: Mapping[str, Any], before: Stored | None = None, seed: int = 0
) -> None:
    """The page; `splits` is the summary, `before` another result of the same questions to compare with.

    Raises EvaluationError.
    """
    try:
        path.write_text(render_report(scored, splits, before, seed), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"can't write {path}: {error.strerror}; make room or name another --out") from error


def render_report(scored: Scored, splits: Mapping[str, Any], before: Stored | None = None, seed: int = 0) -> str:
    """The page's HTML. Documents and questions are hostile: all text is escaped, and made visible."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["visible"] = visible
    shown = [name for name in MEASURES if any(name in split["figures"] for split in splits.values())]
    return environment.get_template(TEMPLATE).render(
        name=scored.name,
        signature=signature_line(scored.signature),
        splits=splits,
        measures=shown,
        lower=LOWER_IS_BETTER,
        grouped=[name for name in GROUPED if name in shown],
        plots=_plots(scored.outcomes),
        outcomes=scored.outcomes,
        by_id={outcome.id: outcome for outcome in scored.outcomes},
        against=before.name if before else None,
        before={outcome.id: outcome for outcome in before.outcomes} if before else {},
        compared=compare_splits(before.outcomes, scored.outcomes, seed) if before else {},
        flips=flips(before.outcomes, scored.outcomes) if before else [],
    )


def compare_splits(
    first: Sequence[Outcome], second: Sequence[Outcome], seed: int = 0
) -> dict[str, Mapping[str, Difference]]:
    """Second minus first on the main language's questions of each split."""
    found: dict[str, Mapping[str, Difference]] = {}
    for split in dict.fromkeys(outcome.split for outcome in second):
        before, after = (
            [outcome for outcome in side if outcome.split == split and outcome.language == MAIN_LANGUAGE]
            for side in (first, second)
        )
        found[split] = compare(before, after, seed=seed)
    return found


def _plots(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    main = [outcome for outcome in outcomes if outcome.language == MAIN_LANGUAGE]
    splits = {
        split: [outcome for outcome in main if outcome.split == split]
        for split in dict.fromkeys(outcome.split for outcome in main)
    }
    drawn = [("Time", latency_svg(splits))]
    if any(RIGHT in outcome.values for outcome in main):
        drawn = [
            ("Risk and coverage", risk_coverage_svg(splits)),
            ("Confidence and truth", calibration_svg(splits)),
            *drawn,
        ]
    return drawn
