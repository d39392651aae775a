"""What conversations scored, printed in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from bot.terminal.console import console
from eval.play import IN_CONVERSATION, NO_HISTORY
from eval.turn_outcome import (
    ENTRIES,
    KEPT,
    KEPT_ANSWERED,
    REFUSED,
    RIGHT,
    RIGHT_ANSWERED,
    UTILITY,
    WRONG_SHOWN,
    TurnOutcome,
)

_SHORT = {
    RIGHT_ANSWERED: "answered",
    WRONG_SHOWN: "wrong",
    REFUSED: "refused",
    UTILITY: "utility",
    ENTRIES: "places",
    KEPT: "if alone",
    KEPT_ANSWERED: "if answered alone",
}
"""The headings of the measures that stand beside the share of right turns."""
LEGEND = (
    "right: shown or rightly refused; answered: right and no perhaps; places: the share of the places wanted; "
    "if alone: right where the stand-alone form is; if answered alone: the same where that is no perhaps"
)


def print_turn_groups(split: str, systems: Mapping[str, Any]) -> None:
    """A table by kind, by folder and by language: right with its interval beside the baseline, and other measures."""
    for grouping, rows in systems[IN_CONVERSATION].items():
        measures = [one for one in _SHORT if any(one in row for row in rows.values())]
        table = Table(box=None, pad_edge=False)
        for heading in (f"{split}, {grouping}", "n", "right [95%]"):
            table.add_column(heading, no_wrap=True)
        for heading in (NO_HISTORY, *(_SHORT[one] for one in measures)):
            table.add_column(heading)
        for group, row in rows.items():
            right, baseline = row[RIGHT], systems[NO_HISTORY][grouping][group][RIGHT]
            cells = [str(right["n"]), _interval(right), f"{baseline['value']:.2f}"]
            table.add_row(group, *cells, *(_value(row.get(one), right["n"]) for one in measures))
        console(sys.stdout).print(table)


def _interval(estimate: Mapping[str, float]) -> str:
    return f"{estimate['value']:.2f} [{estimate['low']:.2f}, {estimate['high']:.2f}]"


def _value(estimate: Mapping[str, float] | None, turns: float) -> str:
    """The value, with its number of turns where it isn't of all the row's turns."""
    if estimate is None:
        return ""
    return f"{estimate['value']:.2f}" + ("" if estimate["n"] == turns else f" n {estimate['n']}")


def print_wrong_turns(outcomes: Sequence[TurnOutcome]) -> None:
    """Each turn that went wrong: what was asked and searched, and what was shown."""
    out = console(sys.stdout)
    for outcome in outcomes:
        if outcome.is_right:
            continue
        out.print(Text(f"{outcome.id} {outcome.kind}: {outcome.question}"))
        if outcome.alone:
            out.print(Text(f"    alone ({_alone(outcome)}): {outcome.alone}"))
        out.print(Text(f"    {outcome.stage}, {outcome.confidence:.2f}, {outcome.answer_kind}: {outcome.searched}"))
        for line in outcome.shown:
            out.print(Text(f"    “{line}”"))


def _alone(outcome: TurnOutcome) -> str:
    return "right" if KEPT in outcome.values else "wrong too"
