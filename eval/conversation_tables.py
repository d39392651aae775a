"""What conversations scored, printed in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from bot.terminal.console import console
from eval.markdown import short, with_interval
from eval.play import IN_CONVERSATION, NO_HISTORY
from eval.turn_outcome import (
    ENTRIES,
    KEPT,
    KEPT_ANSWERED,
    REFUSED,
    RIGHT,
    RIGHT_ALONE,
    RIGHT_ANSWERED,
    UTILITY,
    WRONG_SHOWN,
    TurnOutcome,
)

_OF_ALL = {RIGHT_ANSWERED: "answered", WRONG_SHOWN: "wrong", REFUSED: "refused", UTILITY: "utility"}
_OF_SOME = {RIGHT_ALONE: "right alone", KEPT: "if alone", KEPT_ANSWERED: "if answered alone", ENTRIES: "places"}
"""The headings of the measures in the first and in the second table; those of the second apply to some turns only."""
LEGEND = (
    "right: shown or rightly refused; answered: right and no perhaps; right alone: the stand-alone form is right;\n"
    "if alone: right where the stand-alone form is; if answered alone: the same where that is no perhaps;\n"
    "places: the share of the places shown where all are wanted"
)


def print_turn_groups(split: str, systems: Mapping[str, Any]) -> None:
    """Two tables by kind, folder and language: of all turns, beside the baseline, and of those that need others."""
    out = console(sys.stdout)
    for grouping, rows in systems[IN_CONVERSATION].items():
        first, second = _table(split, grouping, "n", "right [95%]", NO_HISTORY, *_OF_ALL.values()), None
        for group, row in rows.items():
            right, baseline = row[RIGHT], systems[NO_HISTORY][grouping][group][RIGHT]
            cells = [str(right["n"]), with_interval(right, 2), short(baseline["value"], 2)]
            first.add_row(group, *cells, *(short(row[one]["value"], 2) if one in row else "" for one in _OF_ALL))
            if any(one in row for one in _OF_SOME):
                second = second or _table(split, grouping, *_OF_SOME.values())
                second.add_row(group, *(_with_n(row.get(one)) for one in _OF_SOME))
        for table in (first, second):
            if table:
                out.print(table)


def _table(split: str, grouping: str, *headings: str) -> Table:
    return Table(f"{split}, {grouping}", *headings, box=None, padding=(0, 1, 0, 0))


def _with_n(estimate: Mapping[str, float] | None) -> str:
    return "" if estimate is None else f"{short(estimate['value'], 2)} n {estimate['n']}"


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
