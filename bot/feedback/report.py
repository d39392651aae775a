"""What people said of answers, to look through and to take elsewhere: a table, JSON lines, CSV. Pure."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.feedback.store import Feedback
from bot.terminal.render import counted, excerpt, visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render_feedback(feedback: Sequence[Feedback]) -> RenderableType:
    """Each verdict with its question, what was answered and from where; oldest first."""
    if not feedback:
        return Text("Nobody has judged an answer that is still to be reviewed.")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for said in feedback:
        answer, document = _said(said)
        verdict = f"{said.verdict}: {said.reason}" if said.reason else said.verdict
        grid.add_row(Text(_time(said)[:10], style="dim"), Text(excerpt(said.question), style="bold"))
        place = f" ({visible(document)})" if document else ""
        grid.add_row("", Text(f"{excerpt(answer)}{place}" if answer else "no answer"))
        grid.add_row("", Text(f"{verdict}, {said.answer_id}", style="red" if said.verdict == "wrong" else "green"))
    wrong = sum(said.verdict == "wrong" for said in feedback)
    return Group(grid, Text(f"{counted(len(feedback), 'verdict')}, {wrong} wrong", style="dim"))


def feedback_json(said: Feedback) -> str:
    """A verdict as one line; `answer` is the answer as `quoth ask --json` gives it."""
    row: dict[str, Any] = {
        "answer_id": said.answer_id,
        "user_id": said.user_id,
        "verdict": said.verdict,
        "reason": said.reason,
        "said_at": _time(said),
        "question": said.question,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in said.history],
        "answer": json.loads(said.answer),
    }
    return json.dumps(row)


def write_csv(feedback: Iterable[Feedback], stream: TextIO) -> None:
    """The verdicts as CSV with a head line. A cell that a spreadsheet would take for a formula gets a ' before it."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["said_at", "verdict", "reason", "question", "answer", "document", "answer_id", "user_id"])
    for said in feedback:
        cells = (said.verdict, said.reason or "", said.question, *_said(said), said.answer_id)
        writer.writerow([_time(said), *map(_cell, cells), said.user_id])


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _said(said: Feedback) -> tuple[str, str]:
    """The first answer's text and its document, "" where none was given."""
    answers = json.loads(said.answer)["answers"]
    return (answers[0]["text"], answers[0]["citations"][0]["document"]) if answers else ("", "")


def _time(said: Feedback) -> str:
    return datetime.fromtimestamp(said.said_at, UTC).isoformat()
