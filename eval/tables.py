"""Figures, differences and flips as they are printed."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from bot.terminal.console import console
from eval.results import Stored
from eval.run import Scored
from eval.scores import LOWER_IS_BETTER, MEASURES, flips
from eval.significance import Difference


def print_figures(columns: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """A row a measure, a column a split or run: value, 95 % interval, number of questions."""
    table = Table("", *columns, box=None, pad_edge=False)
    for measure in MEASURES:
        cells = [_cell(column[measure]) if measure in column else "" for column in columns.values()]
        if any(cells):
            table.add_row(f"{measure} ↓" if measure in LOWER_IS_BETTER else measure, *cells)
    console(sys.stdout).print(table)


def _cell(figure: Mapping[str, float]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}] n {figure['n']}"


def print_differences(title: str, differences: Mapping[str, Difference]) -> None:
    """A row a measure: the second minus the first, its interval, and p."""
    table = Table(title, "difference [95 %]", "p", box=None, pad_edge=False)
    for name, found in differences.items():
        table.add_row(name, f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]", f"{found.p:.3f}")
    console(sys.stdout).print(table)


def print_flips(before: Stored, now: Scored) -> None:
    """Each question fixed or broken, with both answers."""
    out = console(sys.stdout)
    was = {outcome.id: outcome for outcome in before.outcomes}
    became = {outcome.id: outcome for outcome in now.outcomes}
    for flip in flips(before.outcomes, now.outcomes):
        first, second = was[flip.id], became[flip.id]
        out.print(Text(f"{'fixed ' if flip.is_fixed else 'broken'} {flip.id} {second.question}"))
        for outcome in (first, second):
            said = f"“{outcome.said.text}”" if outcome.said else "nothing"
            out.print(Text(f"    {outcome.status}, {outcome.confidence:.2f}: {said} ({outcome.stage})"))
