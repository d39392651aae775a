"""Ratings of answers as a table for the terminal, as lines of JSON, and as CSV. Pure."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.feedback.store import Rating
from bot.plain_text import counted, excerpt, visible

PROPOSED = "proposed: {text}"
NOTHING_TO_REVIEW = "There are no ratings to review."
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render_ratings(ratings: Sequence[Rating], now_called: Mapping[str, str] | None = None) -> RenderableType:
    """Each rating with its question, the answer and its document, oldest first; then how many there are.

    `now_called` has the present path of documents that were renamed, by the hash of their file.
    """
    if not ratings:
        return Text(NOTHING_TO_REVIEW)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for rating in ratings:
        answer, document = _first_answer(rating)
        verdict = f"{rating.verdict}: {rating.reason}" if rating.reason else rating.verdict
        style = "red" if rating.verdict == "wrong" else "green"
        name = (now_called or {}).get(rating.documents.get(document, ""))
        renamed = f", now called {visible(name)}" if name and name != document else ""
        place = f" ({visible(document)}{renamed})" if document else ""
        grid.add_row(Text(_time(rating)[:10], style="dim"), Text(excerpt(rating.question), style="bold"))
        grid.add_row("", Text(f"{excerpt(answer)}{place}" if answer else "no answer"))
        if rating.proposed:
            grid.add_row("", Text(PROPOSED.format(text=excerpt(rating.proposed))))
        grid.add_row("", Text(f"{verdict}, {rating.answer_id}", style=style))
    return Group(grid, Text(summary(ratings), style="dim"))


def summary(ratings: Sequence[Rating]) -> str:
    """ "3 ratings, 2 wrong"."""
    wrong = sum(rating.verdict == "wrong" for rating in ratings)
    return f"{counted(len(ratings), 'rating')}, {wrong} wrong"


def rating_json(rating: Rating) -> str:
    """A rating as one line of JSON; `answer` is the answer as `quoth ask --json` prints it.

    `documents` has the sha256 of each document cited, by its path, `proposed` the right answer in the user's words.
    """
    row: dict[str, Any] = {
        "answer_id": rating.answer_id,
        "user_id": rating.user_id,
        "verdict": rating.verdict,
        "reason": rating.reason,
        "said_at": _time(rating),
        "question": rating.question,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in rating.history],
        "answer": json.loads(rating.answer),
        "documents": dict(rating.documents),
        "proposed": rating.proposed,
    }
    return json.dumps(row)


def write_csv(ratings: Iterable[Rating], stream: TextIO) -> None:
    """Write the ratings as CSV with a header. A cell that a spreadsheet would take for a formula begins with '."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ["said_at", "verdict", "reason", "question", "answer", "document", "answer_id", "user_id", "proposed"]
    )
    for rating in ratings:
        cells = (rating.verdict, rating.reason or "", rating.question, *_first_answer(rating), rating.answer_id)
        writer.writerow([_time(rating), *map(_cell, cells), rating.user_id, _cell(rating.proposed or "")])


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _first_answer(rating: Rating) -> tuple[str, str]:
    """The text of the first answer and its document; "" where there is none."""
    for answer in json.loads(rating.answer)["answers"][:1]:
        documents = [citation["document"] for citation in answer["citations"]]
        return answer["text"], documents[0] if documents else ""
    return "", ""


def _time(rating: Rating) -> str:
    return datetime.fromtimestamp(rating.rated_at, UTC).isoformat()
