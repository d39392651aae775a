"""Deleting from memory: everything about one person, and everything past the retention period."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.plain_text import encodable

INBOX_DAYS = 2
"""How long ids of updates are stored: Telegram delivers no update after 24 hours."""
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many answers and ratings of a person were deleted."""

    answers: int
    ratings: int


def forget_person(connection: sqlite3.Connection, user_id: int) -> Forgotten:
    """Delete the person's answers, ratings, waiting updates and private chat; returns the counts.

    Also deletes their words from other people's conversations: a follow-up is stored with the turns before it.
    """
    mine = dict(connection.execute("SELECT id, question FROM answers WHERE user_id = ?", (user_id,)).fetchall())
    unthread(connection, mine)
    _close_up(connection, mine)
    ratings = connection.execute("DELETE FROM feedback WHERE user_id = ?", (user_id,)).rowcount
    connection.execute("DELETE FROM answers WHERE user_id = ?", (user_id,))
    connection.execute(  # a private chat has the person's id
        "UPDATE inbox SET json = '', state = 'done', user_id = NULL, chat_id = NULL WHERE user_id = ? OR chat_id = ?",
        (user_id, user_id),
    )
    connection.execute("DELETE FROM prompts WHERE user_id = ?", (user_id,))
    connection.execute("DELETE FROM chats WHERE chat_id = ?", (user_id,))
    return Forgotten(answers=len(mine), ratings=ratings)


def expire_rows(connection: sqlite3.Connection, now: int, older_than_days: int | None) -> int:
    """Delete Telegram answers that old, with their ratings and their words in later turns; returns their number.

    Updates that old are deleted too, done or not. With None, only ids of updates are deleted. Ratings from the terminal
    stay: they are the operator's own.
    """
    connection.execute("DELETE FROM inbox WHERE state = 'done' AND received_at < ?", (now - INBOX_DAYS * _DAY_S,))
    if older_than_days is None:
        return 0
    oldest = now - older_than_days * _DAY_S
    connection.execute("DELETE FROM inbox WHERE received_at < ?", (oldest,))
    expired = "FROM answers WHERE surface = 'telegram' AND asked_at < ?"
    gone = dict(connection.execute(f"SELECT id, question {expired}", (oldest,)).fetchall())
    unthread(connection, gone)
    _close_up(connection, gone)
    return connection.execute(f"DELETE {expired}", (oldest,)).rowcount


def unthread(connection: sqlite3.Connection, gone: Mapping[str, str]) -> None:
    """Remove the answers (ids with their questions) from the conversations that continued from them."""
    for id_, question in gone.items():
        for later, history, answer, kept in _follow_ups(connection, id_, question):
            if later not in gone:
                connection.execute(
                    "UPDATE answers SET history = ?, answer = ? WHERE id = ?", (history, _unsearched(answer), later)
                )
                connection.execute(
                    "UPDATE telegram_answers SET kept = ? WHERE answer_id = ?", (_unsearched(kept), later)
                )


def _follow_ups(connection: sqlite3.Connection, id_: str, question: str) -> Iterator[tuple[str, str, str, str]]:
    """Each answer with that question in its history: its id, the history without it, and its two lines of JSON.

    What was searched for the turns after it may have its words, so that is left out, too.
    """
    following = connection.execute(
        "SELECT id, history, answer, kept FROM telegram_answers JOIN answers ON id = answer_id WHERE follows = ?",
        (id_,),
    )
    for later, history, answer, kept in following.fetchall():
        turns = json.loads(history)
        at = next((at for at, turn in enumerate(turns) if encodable(turn["question"]) == question), len(turns))
        after = [turn | {"searched": ""} for turn in turns[at:] if encodable(turn["question"]) != question]
        left = [*turns[:at], *after]
        if len(left) < len(turns):  # otherwise, its own follow-ups don't have it either
            yield later, json.dumps(left), answer, kept
            yield from _follow_ups(connection, later, question)


def _close_up(connection: sqlite3.Connection, gone: Iterable[str]) -> None:
    """Let the follow-ups of a deleted answer follow the answer before it."""
    for id_ in gone:
        connection.execute(
            "UPDATE telegram_answers SET follows = (SELECT follows FROM telegram_answers WHERE answer_id = ?) "
            "WHERE follows = ?",
            (id_, id_),
        )


def _unsearched(line: str) -> str:
    """The answer's JSON without the words that were taken from earlier turns."""
    answer: dict[str, Any] = json.loads(line)
    return json.dumps(answer | {"searched": answer["question"]})
