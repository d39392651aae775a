"""Measures, differences and flips, printed in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from bot.terminal.console import console
from eval.outcome import Judged, Outcome
from eval.scores import HEADLINES, LOWER_IS_BETTER, MEASURES, flips
from eval.significance import Difference
from eval.turn_outcome import TurnOutcome


def print_measures(
    columns: Mapping[str, Mapping[str, Mapping[str, float]]], measures: Sequence[str] = MEASURES
) -> None:
    """A row per measure and a column per split or run: value, 95% interval, number of questions."""
    table = Table("", *columns, box=None, pad_edge=False)
    for measure in measures:
        cells = [_cell(column[measure]) if measure in column else "" for column in columns.values()]
        if any(cells):
            table.add_row(f"{measure} ↓" if measure in LOWER_IS_BETTER else measure, *cells)
    console(sys.stdout).print(table)


def _cell(estimate: Mapping[str, float]) -> str:
    return f"{estimate['value']:.3f} [{estimate['low']:.3f}, {estimate['high']:.3f}] n {estimate['n']}"


def print_groups(title: str, groups: Mapping[str, Mapping[str, tuple[float, int]]]) -> None:
    """A row per group of questions, and a column per headline measure: value and number of questions."""
    table = Table(title, *HEADLINES, box=None, pad_edge=False)
    for name, row in groups.items():
        table.add_row(name, *(f"{row[one][0]:.2f} n {row[one][1]}" if one in row else "" for one in HEADLINES))
    console(sys.stdout).print(table)


def print_differences(title: str, differences: Mapping[str, Difference]) -> None:
    """A row per measure: the second minus the first, its interval, and p."""
    table = Table(title, "difference [95%]", "p", box=None, pad_edge=False)
    for name, found in differences.items():
        table.add_row(name, f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]", f"{found.p:.3f}")
    console(sys.stdout).print(table)


def print_flips(before: Sequence[Judged], now: Sequence[Outcome] | Sequence[TurnOutcome]) -> None:
    """Each question fixed or broken, with both answers."""
    out = console(sys.stdout)
    first_by_id = {outcome.id: outcome for outcome in before}
    second_by_id = {outcome.id: outcome for outcome in now}
    for flip in flips(before, now):
        first, second = first_by_id[flip.id], second_by_id[flip.id]
        out.print(Text(f"{'fixed ' if flip.is_fixed else 'broken'} {flip.id} {second.question}"))
        pair: tuple[Judged, Judged] = (first, second)
        for outcome in pair:
            answer = "no answer" if outcome.answer is None else f"“{outcome.answer}”"
            out.print(Text(f"    {outcome.status}, {outcome.confidence:.2f}: {answer} ({outcome.stage})"))
