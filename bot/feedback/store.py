"""What people said of answers, in one SQLite file: the answers that were judged, and the verdicts.

`quoth eval adopt` reads it, so that a wrong answer can become a question of the evaluation set.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bot.feedback.database import Database
from bot.terminal.batch import answer_json
from retrieval.schema import Answer, Turn

Verdict = Literal["right", "wrong"]
Reason = Literal["wrong answer", "wrong source", "should have answered", "should have refused"]
REASONS: tuple[Reason, ...] = get_args(Reason)
TERMINAL_USER = 0
_ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Feedback:
    """One person's verdict on one answer. `answer` is the line of JSON that `quoth ask --json` prints for it, `history`
    the turns before it, oldest first; `said_at` is in seconds of Unix time; `user_id` is 0 in the terminal."""

    answer_id: str
    user_id: int
    verdict: Verdict
    reason: Reason | None
    said_at: int
    question: str
    history: tuple[Turn, ...]
    answer: str


class FeedbackStore:
    """What was said, in an open file."""

    def __init__(self, file: Path | Database) -> None:
        self._database = file if isinstance(file, Database) else Database(file)

    def keep(
        self,
        answer: Answer,
        history: Sequence[Turn],
        surface: str,
        user_id: int | None = None,
        chat_id: int | None = None,
    ) -> str:
        """Store an answer with the turns before it; the id it has from now on."""
        with self._database.transaction() as connection:
            return insert_answer(connection, answer, history, surface, user_id, chat_id)

    def say(self, answer_id: str, user_id: int, verdict: Verdict, reason: Reason | None = None) -> None:
        """A person's verdict on a stored answer; it takes the place of an earlier one by the same person."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO feedback (answer_id, user_id, verdict, reason, said_at) VALUES (?, ?, ?, ?, ?)",
                (answer_id, user_id, verdict, reason, int(time.time())),
            )

    def verdict(self, answer_id: str, user_id: int) -> Verdict | None:
        """What the person said of the answer, None where nothing."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT verdict FROM feedback WHERE answer_id = ? AND user_id = ?", (answer_id, user_id)
            ).fetchone()
            return row[0] if row else None

    def verdicts(self, reviewed: bool = False) -> list[Feedback]:
        """The verdicts that nobody has reviewed yet, or those that somebody has, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT answer_id, feedback.user_id, verdict, reason, said_at, question, history, answer FROM feedback "
                "JOIN answers ON answers.id = answer_id WHERE (reviewed_at IS NOT NULL) = ? "
                "ORDER BY said_at, feedback.rowid",
                (reviewed,),
            ).fetchall()
        return [
            Feedback(id_, user_id, verdict, reason, said_at, question, read_turns(history), answer)
            for id_, user_id, verdict, reason, said_at, question, history, answer in rows
        ]

    def review(self, answer_id: str) -> None:
        """Note that every verdict on the answer has been looked at."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE feedback SET reviewed_at = ? WHERE answer_id = ?", (int(time.time()), answer_id))

    def close(self) -> None:
        self._database.close()


class Judge:
    """What a person in the terminal says of answers. The file is opened only while something is said."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: tuple[Answer, str] | None = None

    def say(self, answer: Answer, history: Sequence[Turn], verdict: Verdict, reason: Reason | None) -> None:
        """Keep the verdict. On the answer that was judged last it takes the place of the one before."""
        with closing(FeedbackStore(self._path)) as store:
            if self._last is None or self._last[0] is not answer:
                self._last = answer, store.keep(answer, history, "terminal")
            store.say(self._last[1], TERMINAL_USER, verdict, reason)


def insert_answer(
    connection: sqlite3.Connection,
    answer: Answer,
    history: Sequence[Turn],
    surface: str,
    user_id: int | None = None,
    chat_id: int | None = None,
    id_: str | None = None,
) -> str:
    """Add an answer to the table, under a new id where none is given; the id."""
    id_ = id_ or new_id()
    question = storable(answer.question)
    row = (id_, int(time.time()), surface, user_id, chat_id, question, write_turns(history), answer_json(id_, answer))
    connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return id_


def new_id() -> str:
    """An id for an answer: eight characters that nobody can guess."""
    return secrets.token_urlsafe(_ID_BYTES)


def storable(text: str) -> str:
    """The text with "?" for each lone surrogate, which SQLite could not store."""
    return text.encode("utf-8", "replace").decode()


def write_turns(history: Sequence[Turn]) -> str:
    """The turns as the JSON of the table."""
    return json.dumps([{"question": turn.question, "answer": turn.answer} for turn in history])


def read_turns(stored: str) -> tuple[Turn, ...]:
    """The turns of the table's JSON."""
    return tuple(Turn(turn["question"], turn["answer"]) for turn in json.loads(stored))
