"""The report's plots, as SVG text."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.measures import Values, calibration, risk_coverage
from eval.outcome import Outcome

_SIZE_INCHES = (4.6, 3.4)
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "quoth",  # the same plot has the same bytes
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def risk_coverage_svg(systems: Mapping[str, Sequence[Outcome]]) -> str:
    """Risk against coverage, with a line for each system."""

    def draw(axes: Axes) -> None:
        for name, outcomes in systems.items():
            confidence, right = _columns(outcomes)
            curve = risk_coverage(confidence, right)
            axes.step([x for x, _ in curve], [y for _, y in curve], where="post", label=name)
        axes.set(
            xlabel="coverage (share answered)",
            ylabel="risk (share wrong)",
            xlim=(0, 1),
            ylim=(0, 1),
        )
        axes.legend(frameon=False)

    return _svg(draw)


def calibration_svg(systems: Mapping[str, Sequence[Outcome]]) -> str:
    """Accuracy against confidence in ten bins; a larger point has more questions."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle="--")
        for name, outcomes in systems.items():
            rows = calibration(*_columns(outcomes))
            means, accuracies = [row.confidence for row in rows], [row.right for row in rows]
            (line,) = axes.plot(means, accuracies, label=name, linewidth=1)
            axes.scatter(means, accuracies, [6 + 2 * row.n for row in rows], color=line.get_color())
        axes.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1), ylim=(0, 1))
        axes.legend(frameon=False)

    return _svg(draw)


def latency_svg(systems: Mapping[str, Sequence[Outcome]]) -> str:
    """A histogram of the time that whole answers took, in milliseconds."""

    def draw(axes: Axes) -> None:
        times = {name: [outcome.elapsed_ms for outcome in outcomes] for name, outcomes in systems.items()}
        highest = max((max(own) for own in times.values() if own), default=1.0)
        for name, own in times.items():
            axes.hist(own, bins=list(np.linspace(0, highest, 31)), alpha=0.6, label=name)
        axes.set(xlabel="time for the whole answer (ms)", ylabel="questions")
        axes.legend(frameon=False)

    return _svg(draw)


def _columns(outcomes: Sequence[Outcome]) -> tuple[Values, Values]:
    judged = [outcome for outcome in outcomes if outcome.kind != "smalltalk"]
    return (
        np.array([outcome.confidence for outcome in judged], np.float64),
        np.array([outcome.values.get("best right", 0.0) for outcome in judged], np.float64),
    )


def _svg(draw: Callable[[Axes], None]) -> str:
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
        draw(figure.add_subplot())
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
