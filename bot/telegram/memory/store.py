"""What the bot remembers, in the one SQLite file: the inbox, answers and where they were shown, chats, settings.

Safe across threads. What was received, what is about to be sent and what was deleted is on the disk once the call
returned; the rest outlives the process, and a power cut may take its last moments: then an answer that was sent counts
as one of which nobody knows. Every call may raise StoreError, which says what to do.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.feedback.database import Database
from bot.feedback.store import FeedbackStore, Reason, Verdict, insert_answer, new_id, read_turns, storable
from bot.telegram.memory.forgetting import Forgotten, expire_rows, forget_person, unthread
from bot.telegram.memory.kept import KeptAnswer, keep, kept_json, read_kept
from bot.telegram.messages.buttons import Suggestion
from bot.telegram.ops.logs import log
from retrieval.conversation.follow_up import CARRIED_TURNS
from retrieval.schema import Answer, Document, Turn

InboxState = Literal["received", "sending", "done"]
_LOGGER = logging.getLogger("quoth")


@dataclass(frozen=True, slots=True)
class Received:
    """An update of the inbox, as JSON; `received_at` is Unix time in seconds. `attempts` counts `start_update` calls,
    so that an update that kills the process can be given up."""

    update_id: int
    json: str
    state: InboxState
    received_at: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked what where. `user_id` and `message_id` are None for an inline query or an anonymous admin."""

    chat_id: int
    user_id: int | None
    message_id: int | None
    thread_id: int | None = None
    follows: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer with where it was asked and the bot's messages that show it, oldest first."""

    kept: KeptAnswer
    asked: Asked
    message_ids: tuple[int, ...]
    asked_at: int


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat the bot has been in; `is_active` is False once it was blocked or removed. `language` None: never said.
    `migrated_to` is the supergroup that it became."""

    chat_id: int
    is_active: bool
    language: str | None
    migrated_to: int | None


class Store:
    """An open file."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self._feedback = FeedbackStore(self._database)

    def close(self) -> None:
        self._database.close()

    # The inbox

    def receive(self, update_id: int, update_json: str, user_id: int | None, chat_id: int | None) -> bool:
        """Keep an update; False where it was there already. On disk once it returns."""
        row = (update_id, storable(update_json), "received", int(time.time()), user_id, chat_id)
        with self._database.transaction() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO inbox (update_id, json, state, received_at, user_id, chat_id) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
            return added.rowcount == 1

    def start_update(self, update_id: int) -> int:
        """Note that the update is being handled; how often it was before."""
        with self._database.transaction(is_durable=False) as connection:
            row = connection.execute(
                "UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ? RETURNING attempts - 1", (update_id,)
            ).fetchone()
            return int(row[0]) if row else 0

    def start_sending(self, update_id: int) -> None:
        """Note that an answer is about to be sent: after a crash nobody knows whether it was."""
        self._run("UPDATE inbox SET state = 'sending' WHERE update_id = ? AND state = 'received'", update_id)

    def stop_sending(self, update_id: int) -> None:
        """Note that what was about to be sent surely was not, or that a part of it surely was."""
        self._run("UPDATE inbox SET state = 'received' WHERE update_id = ? AND state = 'sending'", update_id)

    def finish_update(self, update_id: int) -> None:
        """Done: its JSON is deleted, its id kept against a second delivery."""
        with self._database.transaction(is_durable=False) as connection:
            connection.execute("UPDATE inbox SET state = 'done', json = '' WHERE update_id = ?", (update_id,))

    def unfinished(self) -> list[Received]:
        """Updates that are not done, in order of their ids."""
        columns = "update_id, json, state, received_at, attempts"
        return [
            Received(*row)
            for row in self._rows(f"SELECT {columns} FROM inbox WHERE state <> 'done' ORDER BY update_id")
        ]

    # Answers

    def keep_answer(
        self, answer: Answer, asked: Asked, history: Sequence[Turn], document: Callable[[str], Document]
    ) -> StoredAnswer:
        """Store an answer under a new id. An edited question: the answer of the same message is replaced, its messages
        stay."""
        kept = keep(new_id(), answer, document)
        with self._database.transaction(is_durable=False) as connection:
            insert_answer(connection, answer, history, "telegram", asked.user_id, asked.chat_id, kept.id)
            connection.execute(
                "INSERT INTO telegram_answers VALUES (?, ?, ?, ?, ?, ?)",
                (kept.id, kept_json(kept), asked.language, asked.thread_id, asked.message_id, asked.follows),
            )
            if asked.message_id is not None:
                _replace(connection, asked.chat_id, asked.message_id, kept.id)
            return _stored(connection, "id = ?", kept.id)[0]

    def shown(self, answer_id: str, chat_id: int, message_ids: Sequence[int]) -> None:
        """Note which messages of the bot show the answer."""
        with self._database.transaction(is_durable=False) as connection:
            rows = [(chat_id, message_id, answer_id) for message_id in message_ids]
            connection.executemany("INSERT OR REPLACE INTO messages VALUES (?, ?, ?)", rows)

    def not_shown(self, chat_id: int, message_id: int) -> None:
        """Note that a message that showed an answer is no longer there."""
        self._run("DELETE FROM messages WHERE chat_id = ? AND message_id = ?", chat_id, message_id)

    def answer(self, answer_id: str, chat_id: int | None = None) -> StoredAnswer | None:
        """The answer; None where there is none, or where `chat_id` is given and it was asked in another chat."""
        return self._first("id = ? AND coalesce(chat_id = ?, 1)", answer_id, chat_id)

    def answer_to(self, chat_id: int, message_id: int) -> StoredAnswer | None:
        """The answer to the question in that message."""
        return self._first("chat_id = ? AND message_id = ?", chat_id, message_id)

    def answer_in(self, chat_id: int, message_id: int) -> StoredAnswer | None:
        """The answer that a message of the bot shows."""
        return self._first(
            "id = (SELECT answer_id FROM messages WHERE chat_id = ? AND message_id = ?)", chat_id, message_id
        )

    def last_answer(self, chat_id: int, thread_id: int | None, user_id: int | None) -> StoredAnswer | None:
        """The person's last answer in the chat and topic; small talk is none."""
        return self._first(
            "chat_id = ? AND thread_id IS ? AND user_id IS ? AND json_extract(kept, '$.status') <> 'smalltalk' "
            "ORDER BY asked_at DESC, answers.rowid DESC LIMIT 1",
            chat_id,
            thread_id,
            user_id,
        )

    def history(self, answer_id: str | None) -> tuple[Turn, ...]:
        """The conversation up to and with that answer, oldest first: what a question that follows it leans on."""
        for history, kept_line in self._rows(
            "SELECT history, kept FROM answers JOIN telegram_answers ON answer_id = id WHERE id = ?", answer_id
        ):
            turns, kept = read_turns(history), read_kept(kept_line)
            if kept.status == "smalltalk":
                return turns
            said = kept.answers[0].text if kept.answers else ""
            return (*turns, Turn(kept.question, said))[-CARRIED_TURNS:]
        return ()

    def say(self, answer_id: str, user_id: int, verdict: Verdict, reason: Reason | None = None) -> None:
        """A person's verdict; it takes the place of an earlier one by the same person."""
        self._feedback.say(answer_id, user_id, verdict, reason)

    def verdict(self, answer_id: str, user_id: int) -> Verdict | None:
        """What the person said of the answer, None where nothing."""
        return self._feedback.verdict(answer_id, user_id)

    # Suggestions, chats, settings

    def suggest(self, questions: Sequence[str]) -> list[Suggestion]:
        """The questions with ids that stay the same from run to run."""
        made = [Suggestion(_key(question), storable(question)) for question in questions]
        with self._database.transaction() as connection:
            rows = [(suggestion.id, suggestion.question) for suggestion in made]
            connection.executemany("INSERT OR IGNORE INTO suggestions VALUES (?, ?)", rows)
        return made

    def suggestion(self, id_: str) -> str | None:
        """The suggested question, None for an unknown id."""
        return next((str(row[0]) for row in self._rows("SELECT question FROM suggestions WHERE id = ?", id_)), None)

    def see_chat(self, chat_id: int, language: str | None = None, is_active: bool = True) -> None:
        """Note that the chat is there, or gone; a language that is not given stays as it was."""
        self._run(
            "INSERT INTO chats (chat_id, is_active, language) VALUES (?, ?, ?) ON CONFLICT (chat_id) DO UPDATE "
            "SET is_active = excluded.is_active, language = coalesce(excluded.language, language)",
            chat_id,
            is_active,
            language,
        )

    def chat(self, chat_id: int) -> Chat | None:
        """The chat, None where it was never seen."""
        rows = self._rows("SELECT chat_id, is_active, language, migrated_to FROM chats WHERE chat_id = ?", chat_id)
        return next((Chat(row[0], bool(row[1]), row[2], row[3]) for row in rows), None)

    def migrate_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: all rows of the old id get the new one. Messages are numbered anew there, so
        that what is known by an old number is forgotten."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE telegram_answers SET message_id = NULL WHERE answer_id IN "
                "(SELECT id FROM answers WHERE chat_id = ?)",
                (old,),
            )
            connection.execute("DELETE FROM messages WHERE chat_id = ?", (old,))
            for table in ("answers", "inbox"):
                connection.execute(f"UPDATE {table} SET chat_id = ? WHERE chat_id = ?", (new, old))
            connection.execute(
                "INSERT OR IGNORE INTO chats SELECT ?, 1, language, NULL FROM chats WHERE chat_id = ?", (new, old)
            )
            connection.execute("UPDATE chats SET is_active = 0, migrated_to = ? WHERE chat_id = ?", (new, old))

    def setting(self, name: str) -> str | None:
        """What was set under the name, None where nothing."""
        return next((str(row[0]) for row in self._rows("SELECT value FROM settings WHERE name = ?", name)), None)

    def set(self, name: str, value: str) -> None:
        """Set a value under a name."""
        self._run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, value)

    # Keeping and forgetting

    def forget(self, user_id: int) -> Forgotten:
        """Delete all rows of a person, so that no file holds their text any more. The log still does where another
        program keeps reading the file: until the next `expire` that finds it free."""
        with self._database.transaction() as connection:
            forgotten = forget_person(connection, user_id)
        self._erase_log()
        return forgotten

    def expire(self, older_than_days: int | None) -> int:
        """Delete answers and updates older than that (None: however old, they stay) and inbox ids that Telegram can't
        send again, and erase what was deleted from the log; how many answers."""
        with self._database.transaction() as connection:
            deleted = expire_rows(connection, int(time.time()), older_than_days)
        self._erase_log()
        return deleted

    def _erase_log(self) -> None:
        if not self._database.erase_log():
            advice = "another program keeps reading the file; what was deleted stands in its log until that one is done"
            log(_LOGGER, "log not erased", logging.WARNING, file=str(self._database.path), advice=advice)

    def counts(self) -> dict[str, int]:
        """For /status: answers, verdicts, chats, unfinished updates, bytes of the file."""
        counted = {
            "answers": "answers WHERE surface = 'telegram'",
            "verdicts": "feedback",
            "chats": "chats WHERE is_active",
            "unfinished": "inbox WHERE state <> 'done'",
        }
        figures = {name: int(self._rows(f"SELECT count(*) FROM {rows}")[0][0]) for name, rows in counted.items()}
        return figures | {"bytes": self._database.size_bytes()}

    def _run(self, statement: str, *values: object) -> None:
        with self._database.transaction() as connection:
            connection.execute(statement, values)

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._database.reading() as connection:
            return connection.execute(query, values).fetchall()

    def _first(self, where: str, *values: object) -> StoredAnswer | None:
        with self._database.reading() as connection:
            return next(iter(_stored(connection, where, *values)), None)


def _stored(connection: sqlite3.Connection, where: str, *values: object) -> list[StoredAnswer]:
    rows = connection.execute(
        "SELECT kept, asked_at, chat_id, user_id, message_id, thread_id, follows, language, "
        "(SELECT json_group_array(message_id) FROM messages WHERE messages.answer_id = id ORDER BY message_id) "
        f"FROM answers JOIN telegram_answers ON telegram_answers.answer_id = id WHERE {where}",
        values,
    )
    return [
        StoredAnswer(read_kept(kept), Asked(*asked), tuple(sorted(json.loads(message_ids))), asked_at)
        for kept, asked_at, *asked, message_ids in rows.fetchall()
    ]


def _replace(connection: sqlite3.Connection, chat_id: int, message_id: int, id_: str) -> None:
    """Delete the other answer to the message; what showed it and what followed it belong to this one from now on.
    The words that were edited away are taken out of what followed."""
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
