"""Gaps as a table for the terminal and as lines of JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.feedback.gaps import AskedAgain, Gap
from bot.feedback.report import PROPOSED
from bot.plain_text import counted, excerpt, shown_date

SHOWN = 20
NO_GAPS = "No question is without a good answer."
MORE_GAPS = "{count}; `quoth gaps --all` lists every one."
ANSWERED_NOW = "{closed} of {count} answered now"
NOW = "now: {answer}"
PARTLY_NOW = "{answered} of {asked} wordings now: {answer}"
_COUNT_OF_WHY = "{count} {what}"


def render_gaps(gaps: Sequence[Gap], again: Sequence[AskedAgain] = (), left: int = 0) -> RenderableType:
    """Each gap with how often and when it was asked last, and why it is one; then how many `left` are not listed.

    With `again`, in the order of the gaps, each is followed by the answer that it has now, if any.
    """
    if not gaps:
        return Text(NO_GAPS)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("asked", justify="right", no_wrap=True)
    table.add_column("question", overflow="fold")
    table.add_column("last asked", no_wrap=True)
    table.add_column("why", overflow="fold")
    for number, gap in enumerate(gaps):
        question = Text(excerpt(gap.wording))
        for text in gap.proposed:
            question.append(f"\n{PROPOSED.format(text=excerpt(text))}", style="dim")
        if again and again[number].answer:
            question.append(f"\n{_now(again[number])}", style="green")
        table.add_row(str(gap.count), question, shown_date(_day(gap.last_asked)), why(gap))
    lines = [Text(MORE_GAPS.format(count=counted(left, "more gap")), style="dim")] if left else []
    if again:
        closed = sum(one.is_closed for one in again)
        lines.append(Text(ANSWERED_NOW.format(closed=closed, count=counted(len(gaps), "gap")), style="dim"))
    return Group(table, *lines)


def why(gap: Gap) -> str:
    """ "refused" or "rated wrong"; for a gap that is both, how often: "2 refused, 1 rated wrong"."""
    reasons = {"refused": gap.refused, "rated wrong": gap.rated_wrong}
    given = {what: count for what, count in reasons.items() if count}
    if len(given) == 1:
        return next(iter(given))
    return ", ".join(_COUNT_OF_WHY.format(count=count, what=what) for what, count in given.items())


def _now(again: AskedAgain) -> str:
    assert again.answer
    first = again.answer.answers[0]
    place = f" ({excerpt(first.citations[0].document)})" if first.citations else ""
    answer = excerpt(first.text) + place
    if again.is_closed:
        return NOW.format(answer=answer)
    return PARTLY_NOW.format(answered=again.answered, asked=again.asked, answer=answer)


def gap_json(gap: Gap, again: AskedAgain | None = None) -> str:
    """A gap as one line of JSON; `answered_now` is null where nothing was asked again."""
    row = {
        "question": gap.wording,
        "asked": gap.count,
        "last_asked": datetime.fromtimestamp(gap.last_asked, UTC).isoformat(),
        "refused": gap.refused,
        "rated_wrong": gap.rated_wrong,
        "wordings": list(dict.fromkeys(question.wording for question in gap.questions)),
        "proposed": list(gap.proposed),
        "answered_now": again.is_closed if again else None,
        "answer_now": again.answer.answers[0].text if again and again.answer else None,
    }
    return json.dumps(row)


def _day(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat()
