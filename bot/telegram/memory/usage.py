"""How much the bot is used, counted in its database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

_WEEK_S = 7 * 86400


@dataclass(frozen=True, slots=True)
class Usage:
    """Questions answered and refused since midnight and in all, people who asked within a week, and their ratings.

    What was offered as "perhaps" counts as answered. What has been deleted counts for nothing.
    """

    answered_today: int
    answered: int
    refused_today: int
    refused: int
    people_this_week: int
    right: int
    wrong: int


def usage(connection: sqlite3.Connection, now: int, midnight: int) -> Usage:
    """The numbers for questions asked in Telegram; `now` and `midnight` are Unix times in seconds."""
    by_status = "SELECT json_extract(kept, '$.status'), count(*) FROM answers JOIN telegram_answers ON answer_id = id"
    in_all = dict(connection.execute(f"{by_status} GROUP BY 1").fetchall())
    today = dict(connection.execute(f"{by_status} WHERE asked_at >= ? GROUP BY 1", (midnight,)).fetchall())
    (people,) = connection.execute(
        "SELECT count(DISTINCT user_id) FROM answers WHERE surface = 'telegram' AND asked_at >= ?", (now - _WEEK_S,)
    ).fetchone()
    verdicts = dict(connection.execute("SELECT verdict, count(*) FROM feedback GROUP BY verdict").fetchall())
    return Usage(
        answered_today=_answered(today),
        answered=_answered(in_all),
        refused_today=today.get("abstained", 0),
        refused=in_all.get("abstained", 0),
        people_this_week=people,
        right=verdicts.get("right", 0),
        wrong=verdicts.get("wrong", 0),
    )


def _answered(by_status: Mapping[str, int]) -> int:
    return by_status.get("answered", 0) + by_status.get("perhaps", 0)
