"""The SQLite database of questions, answers and ratings: its tables, their migrations, and its errors in plain words.

Threads and processes may share the file. Deleted text is overwritten.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import DatabaseError

BUSY_S = 5.0
"""How long a call waits for another process that is writing."""
NEWER_VERSION = "the database {path} was written by a newer version of Quoth; update Quoth, or move the file away"
LOCKED = "another program is writing to it; wait until it has finished, or stop it"
DAMAGED = "the file is damaged; move it away, and Quoth will create a new one"
NOT_WRITABLE = "make the file and its folder writable, or name another folder with --index"
NO_ROOM = "make room on the disk, or move the file away, and Quoth will create a new one"
_NOT_WRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_ERASE_TRIES, _ERASE_PAUSE_S = 10, 0.2

# Each migration leads from one version to the next; PRAGMA user_version counts those done. Never change one: add one.
# They are split at semicolons and run statement by statement in one transaction, so no literal may hold a semicolon.
_MIGRATIONS = (
    """
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
        reason TEXT CHECK (reason IN ('wrong answer', 'wrong source', 'should have answered', 'should have refused')),
        said_at INTEGER NOT NULL,
        reviewed_at INTEGER,
        PRIMARY KEY (answer_id, user_id)
    )
    """,
    """
    CREATE TABLE telegram_answers (
        answer_id TEXT PRIMARY KEY REFERENCES answers (id) ON DELETE CASCADE,
        kept TEXT NOT NULL,
        language TEXT NOT NULL,
        thread_id INTEGER,
        message_id INTEGER,
        follows TEXT
    );
    CREATE INDEX telegram_answers_follow ON telegram_answers (follows);
    CREATE INDEX answers_of_people ON answers (chat_id, user_id, asked_at);
    CREATE INDEX feedback_of_people ON feedback (user_id);
    CREATE TABLE messages (
        chat_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL,
        answer_id TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
        PRIMARY KEY (chat_id, message_id)
    );
    CREATE INDEX messages_of_answers ON messages (answer_id);
    CREATE TABLE inbox (
        update_id INTEGER PRIMARY KEY,
        json TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('received', 'sending', 'done')),
        attempts INTEGER NOT NULL DEFAULT 0,
        received_at INTEGER NOT NULL,
        user_id INTEGER,
        chat_id INTEGER
    );
    CREATE INDEX inbox_unfinished ON inbox (update_id) WHERE state <> 'done';
    CREATE TABLE chats (
        chat_id INTEGER PRIMARY KEY,
        is_active INTEGER NOT NULL,
        language TEXT,
        migrated_to INTEGER
    );
    CREATE TABLE suggestions (id TEXT PRIMARY KEY, question TEXT NOT NULL);
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)
    """,
    """
    CREATE TABLE cited_documents (
        answer_id TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
        doc_id TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (answer_id, doc_id)
    )
    """,
    """
    CREATE TABLE receipts (
        answer_id TEXT PRIMARY KEY REFERENCES answers (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        citations TEXT NOT NULL
    );
    CREATE INDEX receipts_by_id ON receipts (id);
    ALTER TABLE feedback ADD COLUMN proposed TEXT
    """,
    """
    CREATE TABLE IF NOT EXISTS prompts (
        chat_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL,
        answer_id TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL,
        PRIMARY KEY (chat_id, message_id)
    );
    CREATE INDEX IF NOT EXISTS prompts_of_answers ON prompts (answer_id, user_id)
    """,
)


class Database:
    """An open database: one connection, behind a lock. Every method may raise DatabaseError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._clear_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # questions are private
            self._connection = sqlite3.connect(path, BUSY_S, isolation_level=None, check_same_thread=False)
            try:
                for setting in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
                    self._connection.execute(f"PRAGMA {setting}").fetchall()
                self._migrate()
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def transaction(self, is_durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction: every statement in the block takes effect, or none does. Do not nest.

        A durable transaction is on the disk when the block ends. Any other survives the end of the process, but a power
        cut may lose it until the next durable one; that saves waiting for the disk, the slowest part.
        """
        with self._lock, self._clear_errors():
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite itself rolls back where the disk is full
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for queries that change nothing."""
        with self._lock, self._clear_errors():
            yield self._connection

    def erase_log(self) -> bool:
        """Move the write-ahead log into the file and empty it, because it still holds deleted text.

        False if another program kept reading the file for two seconds; try again later then. Others may use the file
        meanwhile.
        """
        for attempt in range(_ERASE_TRIES):
            if attempt:
                time.sleep(_ERASE_PAUSE_S)
            with self._lock, self._clear_errors():
                if self._empty_log():
                    return True
        return False

    def _empty_log(self) -> bool:
        """Whether the log was emptied. SQLite must not wait for other readers, because others would wait for us."""
        (timeout_ms,) = self._connection.execute("PRAGMA busy_timeout").fetchone()
        self._connection.execute("PRAGMA busy_timeout = 0").fetchall()
        try:
            (is_busy, _, _) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {timeout_ms}").fetchall()
        return not is_busy

    def size_bytes(self) -> int:
        """The size of the file and its log."""
        with self._clear_errors():
            log = self.path.with_name(f"{self.path.name}-wal")
            return sum(path.stat().st_size for path in (self.path, log) if path.exists())

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def _migrate(self) -> None:
        with self.transaction() as connection:  # another process may be migrating too
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(_MIGRATIONS):
                raise DatabaseError(NEWER_VERSION.format(path=self.path))
            for migration in _MIGRATIONS[version:]:
                for statement in migration.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        """Raises DatabaseError for every error of the file or of SQLite, with what to do next."""
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeEncodeError) as error:
            raise DatabaseError(f"can't use the database {self.path}: {error}; {_advice(error)}") from error


def _advice(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LOCKED
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DAMAGED
    if isinstance(error, PermissionError) or code in _NOT_WRITABLE:
        return NOT_WRITABLE
    return NO_ROOM
