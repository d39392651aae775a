"""What people said of answers, in one SQLite file: the answers that were judged, and the verdicts.

`quoth eval adopt` reads it, so that a wrong answer can become a question of the evaluation set.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bot.batch import answer_json
from retrieval.errors import FeedbackError
from retrieval.schema import Answer, Turn

Verdict = Literal["right", "wrong"]
Reason = Literal["wrong answer", "wrong source", "should have answered", "should have refused"]
REASONS: tuple[Reason, ...] = get_args(Reason)
TERMINAL_USER = 0
_ID_BYTES = 6

# Each is one step from a version to the next; PRAGMA user_version counts those taken. Never change one: add another.
_MIGRATIONS = (
    f"""
    CREATE TABLE answers (
        id TEXT PRIMARY KEY,
        asked_at INTEGER NOT NULL,
        surface TEXT NOT NULL,
        user_id INTEGER,
        chat_id INTEGER,
        question TEXT NOT NULL,
        history TEXT NOT NULL,
        answer TEXT NOT NULL
    );
    CREATE TABLE feedback (
        answer_id TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')),
        reason TEXT CHECK (reason IN ({", ".join(f"'{reason}'" for reason in REASONS)})),
        said_at INTEGER NOT NULL,
        reviewed_at INTEGER,
        PRIMARY KEY (answer_id, user_id)
    );
    """,
)


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
    """An open file of feedback."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # questions are private
            self._database = sqlite3.connect(path)
            self._database.execute("PRAGMA foreign_keys = ON")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._migrate()

    def keep(
        self,
        answer: Answer,
        history: Sequence[Turn],
        surface: str,
        user_id: int | None = None,
        chat_id: int | None = None,
    ) -> str:
        """Store an answer with the turns before it; the id it has from now on."""
        id_ = secrets.token_urlsafe(_ID_BYTES)
        turns = json.dumps([{"question": turn.question, "answer": turn.answer} for turn in history])
        question = answer.question.encode("utf-8", "replace").decode()  # a lone surrogate could not be stored
        row = (id_, int(time.time()), surface, user_id, chat_id, question, turns, answer_json(id_, answer))
        with self._told(), self._database:
            self._database.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return id_

    def say(self, answer_id: str, user_id: int, verdict: Verdict, reason: Reason | None = None) -> None:
        """A person's verdict on a stored answer; it takes the place of an earlier one by the same person."""
        with self._told(), self._database:
            self._database.execute(
                "INSERT OR REPLACE INTO feedback (answer_id, user_id, verdict, reason, said_at) VALUES (?, ?, ?, ?, ?)",
                (answer_id, user_id, verdict, reason, int(time.time())),
            )

    def verdicts(self, reviewed: bool = False) -> list[Feedback]:
        """The verdicts that nobody has reviewed yet, or those that somebody has, oldest first."""
        with self._told():
            rows = self._database.execute(
                "SELECT answer_id, feedback.user_id, verdict, reason, said_at, question, history, answer FROM feedback "
                "JOIN answers ON answers.id = answer_id WHERE (reviewed_at IS NOT NULL) = ? ORDER BY said_at, id",
                (reviewed,),
            ).fetchall()
            return [Feedback(*said, _turns(history), answer) for *said, history, answer in rows]  # type: ignore[call-arg]

    def review(self, answer_id: str) -> None:
        """Note that every verdict on the answer has been looked at."""
        with self._told(), self._database:
            self._database.execute(
                "UPDATE feedback SET reviewed_at = ? WHERE answer_id = ?", (int(time.time()), answer_id)
            )

    def close(self) -> None:
        self._database.close()

    def _migrate(self) -> None:
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version > len(_MIGRATIONS):
            raise FeedbackError(f"{self._path} was written by a newer version of Quoth; update Quoth or move it away")
        for number, step in enumerate(_MIGRATIONS[version:], version + 1):
            self._database.executescript(f"BEGIN; {step} PRAGMA user_version = {number}; COMMIT;")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise FeedbackError(
                f"can't use {self._path}: {error}; make room, or move the file away and a new one is begun"
            ) from error


def _turns(stored: str) -> tuple[Turn, ...]:
    return tuple(Turn(turn["question"], turn["answer"]) for turn in json.loads(stored))
