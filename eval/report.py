"""The report: one HTML page that opens from disk and loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.plain_text import visible
from eval.outcome import RIGHT, Judged, Outcome
from eval.plots import calibration_svg, latency_svg, risk_coverage_svg
from eval.results import Stored, signature_line, write_text
from eval.run import Scored
from eval.scores import GROUPED, LOWER_IS_BETTER, MEASURES, compare, flips, main_language
from eval.significance import Difference

TEMPLATE = "report.html.j2"


def write_report(
    path: Path, scored: Scored, splits: Mapping[str, Any], before: Stored | None = None, seed: int = 0
) -> None:
    """Write the page; `splits` is the summary, `before` another result of the same questions to compare with.

    Raises EvaluationError.
    """
    write_text(path, render_report(scored, splits, before=before, seed=seed))


def render_report(scored: Scored, splits: Mapping[str, Any], before: Stored | None = None, seed: int = 0) -> str:
    """The page's HTML. Documents and questions are untrusted: all text is escaped, control characters made visible."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["visible"] = visible
    shown = [name for name in MEASURES if any(name in split["measures"] for split in splits.values())]
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
    first: Sequence[Judged], second: Sequence[Judged], seed: int = 0
) -> dict[str, Mapping[str, Difference]]:
    """Second minus first by split, on the main language's questions."""
    found: dict[str, Mapping[str, Difference]] = {}
    for split in dict.fromkeys(outcome.split for outcome in second):
        before, after = (
            main_language([outcome for outcome in side if outcome.split == split]) for side in (first, second)
        )
        found[split] = compare(before, after, seed=seed)
    return found


def _plots(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    main = main_language(outcomes)
    splits = {
        split: [outcome for outcome in main if outcome.split == split]
        for split in dict.fromkeys(outcome.split for outcome in main)
    }
    drawn = [("Latency", latency_svg(splits))]
    if any(RIGHT in outcome.values for outcome in main):
        drawn = [
            ("Risk and coverage", risk_coverage_svg(splits)),
            ("Calibration", calibration_svg(splits)),
            *drawn,
        ]
    return drawn
