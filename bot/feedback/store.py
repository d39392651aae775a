"""Ratings of answers in the SQLite database: each rated answer, and the verdict (right or wrong) of each user.

`quoth eval adopt` reads them, so that a wrong answer can become a question of the evaluation set.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from bot.answer_json import answer_json
from bot.feedback.database import Database
from bot.feedback.receipts import insert_receipt
from bot.plain_text import encodable
from bot.receipts.receipt import Receipt, hashes_when_asked
from retrieval.conversation.turns import read_turn, turn_json
from retrieval.schema import Answer, Turn

Verdict = Literal["right", "wrong"]
Reason = Literal["wrong answer", "wrong source", "should have answered", "should have refused"]
REASONS: tuple[Reason, ...] = get_args(Reason)
TERMINAL_USER = 0
TERMINAL, BATCH = "terminal", "batch"
"""The surfaces of a terminal: a person's questions, and those of a file of `quoth ask --batch`."""
_ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Rating:
    """One user's rating of one answer.

    `answer` is the line of JSON that `quoth ask --json` prints for it, `history` the turns before it, oldest first.
    `reason` is None for a right answer or where no reason was given. `rated_at` is Unix time in seconds. `user_id` is
    TERMINAL_USER for a rating given in the terminal. `documents` has the sha256 of each document that the answer cites,
    by its path at that time; it is empty for answers stored before the hashes were. `proposed` is the right
    answer in the user's words, None where they gave none.
    """

    answer_id: str
    user_id: int
    verdict: Verdict
    reason: Reason | None
    rated_at: int
    question: str
    history: tuple[Turn, ...]
    answer: str
    documents: Mapping[str, str] = field(default_factory=dict)
    proposed: str | None = None


class RatingStore:
    """The ratings in an open database. Every method may raise DatabaseError."""

    def __init__(self, file: Path | Database) -> None:
        self._database = file if isinstance(file, Database) else Database(file)

    def add_answer(
        self,
        answer: Answer,
        history: Sequence[Turn],
        surface: str,
        user_id: int | None = None,
        chat_id: int | None = None,
        receipt: Receipt | None = None,
    ) -> str:
        """Store an answer with the turns before it and its receipt; its new id."""
        with self._database.transaction(is_durable=False) as connection:
            return insert_answer(connection, answer, history, surface, user_id, chat_id, receipt)

    def rate(self, answer_id: str, user_id: int, verdict: Verdict, reason: Reason | None = None) -> None:
        """Store a user's rating of a stored answer; it replaces an earlier one by the same user.

        What they proposed stays as long as they rate the answer as wrong.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO feedback (answer_id, user_id, verdict, reason, said_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (answer_id, user_id) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason, "
                "said_at = excluded.said_at, reviewed_at = NULL, "
                "proposed = CASE excluded.verdict WHEN 'wrong' THEN proposed END",
                (answer_id, user_id, verdict, reason, int(time.time())),
            )

    def propose(self, answer_id: str, user_id: int, text: str) -> None:
        """Store what a user says the right answer would have been; it replaces what they said before.

        The answer then counts as rated wrong by them, for the reason they gave, if any.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO feedback (answer_id, user_id, verdict, said_at, proposed) VALUES (?, ?, 'wrong', ?, ?) "
                "ON CONFLICT (answer_id, user_id) DO UPDATE SET verdict = 'wrong', said_at = excluded.said_at, "
                "reviewed_at = NULL, proposed = excluded.proposed",
                (answer_id, user_id, int(time.time()), encodable(text)),
            )

    def verdict(self, answer_id: str, user_id: int) -> Verdict | None:
        """The user's verdict on the answer, None where the user has not rated it."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT verdict FROM feedback WHERE answer_id = ? AND user_id = ?", (answer_id, user_id)
            ).fetchone()
            return row[0] if row else None

    def ratings(self, reviewed: bool = False) -> list[Rating]:
        """The ratings that have not been reviewed yet, or those that have been, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT answer_id, feedback.user_id, verdict, reason, said_at, question, history, answer, "
                "proposed FROM feedback "
                "JOIN answers ON answers.id = answer_id WHERE (reviewed_at IS NOT NULL) = ? "
                "ORDER BY said_at, feedback.rowid",
                (reviewed,),
            ).fetchall()
            documents = {row[0]: _cited_documents(connection, row[0]) for row in rows}
        return [
            Rating(
                answer_id=answer_id,
                user_id=user_id,
                verdict=verdict,
                reason=reason,
                rated_at=rated_at,
                question=question,
                history=read_turns(history),
                answer=answer,
                documents=documents[answer_id],
                proposed=proposed,
            )
            for answer_id, user_id, verdict, reason, rated_at, question, history, answer, proposed in rows
        ]

    def review(self, answer_id: str) -> None:
        """Mark every rating of the answer as reviewed."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE feedback SET reviewed_at = ? WHERE answer_id = ?", (int(time.time()), answer_id))

    def expire_terminal(self, oldest: int) -> int:
        """Delete the answers given in a terminal before that time that nobody has rated; their number."""
        with self._database.transaction(is_durable=False) as connection:
            return connection.execute(
                "DELETE FROM answers WHERE surface IN (?, ?) AND asked_at < ? "
                "AND id NOT IN (SELECT answer_id FROM feedback)",
                (TERMINAL, BATCH, oldest),
            ).rowcount

    def forget_terminal(self) -> int:
        """Delete every answer given in a terminal, with its receipt and its ratings; their number."""
        with self._database.transaction() as connection:
            deleted = connection.execute("DELETE FROM answers WHERE surface IN (?, ?)", (TERMINAL, BATCH)).rowcount
        self._database.erase_log()
        return deleted

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def insert_answer(
    connection: sqlite3.Connection,
    answer: Answer,
    history: Sequence[Turn],
    surface: str,
    user_id: int | None = None,
    chat_id: int | None = None,
    receipt: Receipt | None = None,
    id_: str | None = None,
) -> str:
    """Insert an answer and its receipt into their tables; the answer's id, a new one unless one is given."""
    id_ = id_ or new_id()
    line = answer_json(id_, answer, receipt.id if receipt else None)
    row = (id_, int(time.time()), surface, user_id, chat_id, encodable(answer.question), write_turns(history), line)
    connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    cited = [citation.document for text in answer.answers for citation in text.citations]
    cited += [answer.nearest.document] if answer.nearest else []
    hashes = hashes_when_asked(answer)
    if receipt:
        insert_receipt(connection, id_, receipt)
        hashes |= {one.citation.document: one.sha256 for one in receipt.citations}
    connection.executemany(
        "INSERT INTO cited_documents VALUES (?, ?, ?)",
        [(id_, encodable(doc_id), hashes[doc_id]) for doc_id in dict.fromkeys(cited) if doc_id in hashes],
    )
    return id_


def _cited_documents(connection: sqlite3.Connection, answer_id: str) -> dict[str, str]:
    rows = connection.execute("SELECT doc_id, sha256 FROM cited_documents WHERE answer_id = ?", (answer_id,))
    return dict(rows.fetchall())


def new_id() -> str:
    """A new id for an answer: eight random characters, hard to guess."""
    return secrets.token_urlsafe(_ID_BYTES)


def write_turns(history: Sequence[Turn]) -> str:
    """The turns as the JSON that the table stores."""
    return json.dumps(list(map(turn_json, history)))


def read_turns(stored: str) -> tuple[Turn, ...]:
    """The turns from the JSON that the table stores."""
    return tuple(map(read_turn, json.loads(stored)))
