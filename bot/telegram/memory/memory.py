"""What the bot remembers, in one SQLite file: the inbox, answers and the messages that show them, chats, settings.

Threads may share it. Updates received, messages about to be sent and deletions are on disk when the call returns.
Everything else survives the process, but a power cut may lose the last moments; an answer that was sent then counts as
one that may have been sent. Every call may raise DatabaseError, whose message says what to do.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.feedback.database import Database
from bot.feedback.gaps import Gap, gaps, unanswered
from bot.feedback.receipts import find_receipt
from bot.feedback.store import RatingStore, Reason, Verdict, insert_answer, new_id, read_turns
from bot.plain_text import encodable
from bot.receipts.receipt import Receipt, receipt_of
from bot.telegram.memory.corrections import Corrections
from bot.telegram.memory.forgetting import Forgotten, expire_rows, forget_person, unthread
from bot.telegram.memory.kept import keep, kept_json, read_kept
from bot.telegram.memory.records import AnswerRecord, ChatRecord, Origin, Received, Suggestion
from bot.telegram.memory.usage import Usage, usage
from bot.telegram.ops.logs import log
from retrieval.conversation.turns import recent
from retrieval.encoder.encoder import Encoder
from retrieval.schema import Answer, Document, Turn


class Memory:
    """The open database file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path)
        self._ratings = RatingStore(self._database)
        self.corrections = Corrections(self._database)

    def close(self) -> None:
        self._database.close()

    # The inbox

    def receive(self, update_id: int, update_json: str, user_id: int | None, chat_id: int | None) -> bool:
        """Store an update; False if it was there already. It is on disk when the call returns."""
        row = (update_id, encodable(update_json), "received", int(time.time()), user_id, chat_id)
        with self._database.transaction() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO inbox (update_id, json, state, received_at, user_id, chat_id) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
            return added.rowcount == 1

    def start_update(self, update_id: int) -> None:
        """Count an attempt to handle the update."""
        with self._database.transaction(is_durable=False) as connection:
            connection.execute("UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ?", (update_id,))

    def start_sending(self, update_id: int) -> None:
        """Record that an answer is about to be sent: after a crash it is unknown whether it was."""
        self._run("UPDATE inbox SET state = 'sending' WHERE update_id = ? AND state = 'received'", update_id)

    def stop_sending(self, update_id: int) -> None:
        """Record that the message was certainly not sent, or that one part of it certainly was."""
        self._run("UPDATE inbox SET state = 'received' WHERE update_id = ? AND state = 'sending'", update_id)

    def finish_update(self, update_id: int) -> None:
        """Mark the update done: its JSON is deleted; its id stays, in case Telegram delivers it again."""
        with self._database.transaction(is_durable=False) as connection:
            connection.execute("UPDATE inbox SET state = 'done', json = '' WHERE update_id = ?", (update_id,))

    def unfinished(self) -> list[Received]:
        """Updates that are not done, ordered by id."""
        columns = "update_id, json, state, received_at, attempts"
        return [
            Received(*row)
            for row in self._rows(f"SELECT {columns} FROM inbox WHERE state <> 'done' ORDER BY update_id")
        ]

    # Answers

    def keep_answer(
        self,
        answer: Answer,
        origin: Origin,
        history: Sequence[Turn],
        document: Callable[[str], Document],
        first_in: Sequence[str] = (),
    ) -> AnswerRecord:
        """Store an answer under a new id. If its question was edited, it replaces the answer to the same message.

        `first_in` are the documents that were searched first.
        """
        receipt = receipt_of(answer, lambda doc_id: document(doc_id).sha256, int(time.time()))
        kept = replace(keep(new_id(), answer, document, receipt.id if receipt else None), first_in=tuple(first_in))
        with self._database.transaction(is_durable=False) as connection:
            insert_answer(
                connection,
                answer,
                history,
                surface="telegram",
                user_id=origin.user_id,
                chat_id=origin.chat_id,
                receipt=receipt,
                id_=kept.id,
            )
            connection.execute(
                "INSERT INTO telegram_answers VALUES (?, ?, ?, ?, ?, ?)",
                (kept.id, kept_json(kept), origin.language, origin.thread_id, origin.message_id, origin.follows),
            )
            if origin.message_id is not None:
                _replace(connection, origin.chat_id, origin.message_id, kept.id)
            return _stored(connection, "id = ?", kept.id)[0]

    def shown(self, answer_id: str, chat_id: int, message_ids: Sequence[int]) -> None:
        """Record which messages of the bot show the answer."""
        with self._database.transaction(is_durable=False) as connection:
            rows = [(chat_id, message_id, answer_id) for message_id in message_ids]
            connection.executemany("INSERT OR REPLACE INTO messages VALUES (?, ?, ?)", rows)

    def not_shown(self, chat_id: int, message_id: int) -> None:
        """Record that a message that showed an answer no longer exists."""
        self._run("DELETE FROM messages WHERE chat_id = ? AND message_id = ?", chat_id, message_id)

    def answer(self, answer_id: str, chat_id: int | None = None) -> AnswerRecord | None:
        """The answer; None if there is none, or if `chat_id` is given and the question came from another chat."""
        return self._first("id = ? AND (? IS NULL OR chat_id = ?)", answer_id, chat_id, chat_id)

    def answer_to(self, chat_id: int, message_id: int) -> AnswerRecord | None:
        """The answer to the question in that message."""
        return self._first("chat_id = ? AND message_id = ?", chat_id, message_id)

    def answer_in(self, chat_id: int, message_id: int) -> AnswerRecord | None:
        """The answer that a message of the bot shows."""
        return self._first(
            "id = (SELECT answer_id FROM messages WHERE chat_id = ? AND message_id = ?)", chat_id, message_id
        )

    def last_answer(self, chat_id: int, thread_id: int | None, user_id: int | None) -> AnswerRecord | None:
        """The person's last answer in the chat and topic, leaving out small talk."""
        return self._first(
            "chat_id = ? AND thread_id IS ? AND user_id IS ? AND json_extract(kept, '$.status') <> 'smalltalk' "
            "ORDER BY asked_at DESC, answers.rowid DESC LIMIT 1",
            chat_id,
            thread_id,
            user_id,
        )

    def history(self, answer_id: str | None) -> tuple[Turn, ...]:
        """The conversation up to and including that answer, oldest first; () for None."""
        for history, kept_line in self._rows(
            "SELECT history, kept FROM answers JOIN telegram_answers ON answer_id = id WHERE id = ?", answer_id
        ):
            turns, kept = read_turns(history), read_kept(kept_line)
            if kept.status == "smalltalk":
                return turns
            return tuple(recent([*turns, kept.turn()]))
        return ()

    def receipt(self, id_: str) -> Receipt | None:
        """The receipt with that id, None where there is none. Its question may be another person's: don't show it."""
        return find_receipt(self._database, id_, "telegram")

    def rate(self, answer_id: str, user_id: int, verdict: Verdict, reason: Reason | None = None) -> None:
        """Store a person's rating; it replaces an earlier one by the same person."""
        self._ratings.rate(answer_id, user_id, verdict, reason)

    def verdict(self, answer_id: str, user_id: int) -> Verdict | None:
        """The person's verdict on the answer; None if there is none."""
        return self._ratings.verdict(answer_id, user_id)

    def gaps(self, encoder: Encoder) -> list[Gap]:
        """What the collection lacks: questions that were refused, or whose answers were rated wrong, in groups."""
        return gaps(self._database, encoder)

    def has_gaps(self) -> bool:
        """Whether there is any such question."""
        return bool(unanswered(self._database))

    # Suggestions, chats, settings

    def suggest(self, questions: Sequence[str]) -> list[Suggestion]:
        """The questions with ids, which are the same in every run."""
        made = [Suggestion(_key(question), encodable(question)) for question in questions]
        with self._database.transaction() as connection:
            rows = [(suggestion.id, suggestion.question) for suggestion in made]
            connection.executemany("INSERT OR IGNORE INTO suggestions VALUES (?, ?)", rows)
        return made

    def suggestion(self, id_: str) -> str | None:
        """The suggested question; None for an unknown id."""
        return next((str(row[0]) for row in self._rows("SELECT question FROM suggestions WHERE id = ?", id_)), None)

    def see_chat(self, chat_id: int, language: str | None = None, is_active: bool = True) -> None:
        """Record that the chat is active, or not; if no language is given, the stored one stays."""
        self._run(
            "INSERT INTO chats (chat_id, is_active, language) VALUES (?, ?, ?) ON CONFLICT (chat_id) DO UPDATE "
            "SET is_active = excluded.is_active, language = coalesce(excluded.language, language)",
            chat_id,
            is_active,
            language,
        )

    def chat(self, chat_id: int) -> ChatRecord | None:
        """The chat; None if it was never seen."""
        rows = self._rows("SELECT chat_id, is_active, language, migrated_to FROM chats WHERE chat_id = ?", chat_id)
        return next((ChatRecord(row[0], bool(row[1]), row[2], row[3]) for row in rows), None)

    def migrate_chat(self, old: int, new: int) -> None:
        """Move a group's rows to its new id as a supergroup. Message ids start anew there, so old ones are deleted."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE telegram_answers SET message_id = NULL WHERE answer_id IN "
                "(SELECT id FROM answers WHERE chat_id = ?)",
                (old,),
            )
            for table in ("messages", "prompts"):
                connection.execute(f"DELETE FROM {table} WHERE chat_id = ?", (old,))
            for table in ("answers", "inbox"):
                connection.execute(f"UPDATE {table} SET chat_id = ? WHERE chat_id = ?", (new, old))
            connection.execute(
                "INSERT OR IGNORE INTO chats SELECT ?, 1, language, NULL FROM chats WHERE chat_id = ?", (new, old)
            )
            connection.execute("UPDATE chats SET is_active = 0, migrated_to = ? WHERE chat_id = ?", (new, old))

    def setting(self, name: str) -> str | None:
        """The value stored under the name; None if there is none."""
        return next((str(row[0]) for row in self._rows("SELECT value FROM settings WHERE name = ?", name)), None)

    def set(self, name: str, value: str) -> None:
        """Store a value under a name."""
        self._run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, value)

    # Keeping and forgetting

    def forget(self, user_id: int) -> Forgotten:
        """Delete all rows of a person, so that no file contains their text any more.

        While another program reads the file, the write-ahead log still contains it, until a later `expire` erases it.
        """
        with self._database.transaction() as connection:
            forgotten = forget_person(connection, user_id)
        self._erase_log()
        return forgotten

    def expire(self, older_than_days: int | None) -> int:
        """Delete answers and updates older than that (None: keep them all); returns the number of answers deleted.

        Also deletes inbox ids that Telegram can't send again, and erases deleted text from the write-ahead log.
        """
        with self._database.transaction() as connection:
            deleted = expire_rows(connection, int(time.time()), older_than_days)
        self._erase_log()
        return deleted

    def _erase_log(self) -> None:
        if not self._database.erase_log():
            advice = "another program is reading the file; its log contains deleted text until that program is done"
            log("log not erased", logging.WARNING, file=str(self._database.path), advice=advice)

    def usage(self, now: int, midnight: int) -> Usage:
        """How much the bot is used; the times are Unix times in seconds."""
        with self._database.reading() as connection:
            return usage(connection, now, midnight)

    def counts(self) -> dict[str, int]:
        """For operators: numbers of answers, verdicts, active chats and unfinished updates, and the file's size."""
        counted = {
            "answers": "answers WHERE surface = 'telegram'",
            "verdicts": "feedback",
            "chats": "chats WHERE is_active",
            "unfinished": "inbox WHERE state <> 'done'",
        }
        counts = {name: int(self._rows(f"SELECT count(*) FROM {rows}")[0][0]) for name, rows in counted.items()}
        return counts | {"bytes": self._database.size_bytes()}

    def _run(self, statement: str, *values: object) -> None:
        with self._database.transaction() as connection:
            connection.execute(statement, values)

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._database.reading() as connection:
            return connection.execute(query, values).fetchall()

    def _first(self, where: str, *values: object) -> AnswerRecord | None:
        with self._database.reading() as connection:
            return next(iter(_stored(connection, where, *values)), None)


def _stored(connection: sqlite3.Connection, where: str, *values: object) -> list[AnswerRecord]:
    rows = connection.execute(
        "SELECT kept, asked_at, chat_id, user_id, message_id, thread_id, follows, language, "
        "(SELECT json_group_array(message_id) FROM messages WHERE messages.answer_id = id ORDER BY message_id) "
        f"FROM answers JOIN telegram_answers ON telegram_answers.answer_id = id WHERE {where}",
        values,
    )
    return [
        AnswerRecord(
            answer=read_kept(kept),
            origin=Origin(*origin),
            message_ids=tuple(sorted(json.loads(message_ids))),
            asked_at=asked_at,
        )
        for kept, asked_at, *origin, message_ids in rows.fetchall()
    ]


def _replace(connection: sqlite3.Connection, chat_id: int, message_id: int, id_: str) -> None:
    """Delete the other answer to the message; its messages and its follow-ups now belong to this one.

    The words of the earlier question are removed from the follow-ups.
    """
    row = connection.execute(
        "SELECT id, question FROM answers JOIN telegram_answers ON answer_id = id "
        "WHERE chat_id = ? AND message_id = ? AND id <> ?",
        (chat_id, message_id, id_),
    ).fetchone()
    if row:
        before, question = row
        unthread(connection, {before: question})
        connection.execute("UPDATE messages SET answer_id = ? WHERE answer_id = ?", (id_, before))
        connection.execute("UPDATE telegram_answers SET follows = ? WHERE follows = ?", (id_, before))
        connection.execute("DELETE FROM answers WHERE id = ?", (before,))


def _key(question: str) -> str:
    digest = hashlib.sha256(question.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest[:6]).decode()
