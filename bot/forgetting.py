"""Deleting from the store: what a person asked and said, and what is older than it may get."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from bot.feedback import storable

INBOX_DAYS = 2
"""How long ids of updates are kept: Telegram delivers none after 24 hours."""
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many answers and verdicts of a person were deleted."""

    answers: int
    verdicts: int


def forget_person(connection: sqlite3.Connection, user_id: int) -> Forgotten:
    """Delete the person's answers, verdicts, waiting updates and private chat, and their words in other people's
    conversations: the questions that followed theirs were kept with the turns before."""
    mine = connection.execute("SELECT id, question FROM answers WHERE user_id = ?", (user_id,)).fetchall()
    for id_, question in mine:
        _unthread(connection, id_, question, user_id)
    verdicts = connection.execute("DELETE FROM feedback WHERE user_id = ?", (user_id,)).rowcount
    connection.execute("DELETE FROM answers WHERE user_id = ?", (user_id,))
    connection.execute(
        "UPDATE inbox SET json = '', state = 'done', user_id = NULL, chat_id = NULL WHERE user_id = ?", (user_id,)
    )
    connection.execute("DELETE FROM chats WHERE chat_id = ?", (user_id,))  # a private chat has the person's id
    return Forgotten(len(mine), verdicts)


def expire_rows(connection: sqlite3.Connection, now: int, older_than_days: int) -> int:
    """Delete Telegram's answers that old, with their verdicts; how many. What was judged in the terminal stays: it is
    the operator's own."""
    connection.execute("DELETE FROM inbox WHERE state = 'done' AND received_at < ?", (now - INBOX_DAYS * _DAY_S,))
    return connection.execute(
        "DELETE FROM answers WHERE surface = 'telegram' AND asked_at < ?", (now - older_than_days * _DAY_S,)
    ).rowcount


def _unthread(connection: sqlite3.Connection, id_: str, question: str, user_id: int) -> None:
    """Take one answer out of the conversations that went on from it."""
    following = connection.execute(
        "WITH RECURSIVE later (id) AS (SELECT answer_id FROM telegram_answers WHERE follows = ? UNION "
        "SELECT answer_id FROM telegram_answers JOIN later ON follows = later.id) "
        "SELECT id, history, answer, kept FROM later JOIN answers USING (id) JOIN telegram_answers ON answer_id = id "
        "WHERE user_id IS NOT ?",
        (id_, user_id),
    ).fetchall()
    for later, history, answer, kept in following:
        turns = [turn for turn in json.loads(history) if storable(turn["question"]) != question]
        connection.execute(
            "UPDATE answers SET history = ?, answer = ? WHERE id = ?", (json.dumps(turns), _unsearched(answer), later)
        )
        connection.execute("UPDATE telegram_answers SET kept = ? WHERE answer_id = ?", (_unsearched(kept), later))
    connection.execute(
        "UPDATE telegram_answers SET follows = (SELECT follows FROM telegram_answers WHERE answer_id = ?) "
        "WHERE follows = ?",
        (id_, id_),
    )


def _unsearched(line: str) -> str:
    """The answer's JSON without the words that were borrowed from the turns before."""
    answer: dict[str, Any] = json.loads(line)
    return json.dumps(answer | {"searched": answer["question"]})
