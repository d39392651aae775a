"""The one SQLite file of what people asked and said: its tables, their migrations, and its errors in plain words.

Safe across threads and processes. Deleted text is overwritten.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import StoreError

BUSY_S = 5.0
"""How long a call waits for another process that is writing."""
_CUT_TRIES, _CUT_PAUSE_S = 10, 0.2

# Each is one step from a version to the next; PRAGMA user_version counts those taken. Never change one: add another.
# No literal in them holds a semicolon: they are run statement by statement, so that a step is one transaction.
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
)


class Database:
    """An open file, one connection behind a lock. Every use may raise StoreError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._told():
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
        """All that is done inside is done, or none of it is. Not to be nested.

        Afterwards it is on the disk; without `is_durable` it outlives the process, but a power cut may lose it until
        the next durable one. That spares a wait for the disk, which takes longer than all the rest.
        """
        with self._lock, self._told():
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite rolled back itself where the disk was full
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For queries that change nothing."""
        with self._lock, self._told():
            yield self._connection

    def erase_log(self) -> bool:
        """Bring the write-ahead log into the file and cut it to nothing: deleted text still stood in it.

        False where another program kept reading the file for two seconds; then it is to be tried again later. Others
        may use the file meanwhile.
        """
        for attempt in range(_CUT_TRIES):
            if attempt:
                time.sleep(_CUT_PAUSE_S)
            with self._lock, self._told():
                if self._cut_log():
                    return True
        return False

    def _cut_log(self) -> bool:
        """Whether nobody else was at the file; SQLite is not to wait for them, since others would wait for us."""
        (waits_ms,) = self._connection.execute("PRAGMA busy_timeout").fetchone()
        self._connection.execute("PRAGMA busy_timeout = 0").fetchall()
        try:
            (is_busy, _, _) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {waits_ms}").fetchall()
        return not is_busy

    def size_bytes(self) -> int:
        """How large the file is, its log included."""
        with self._told():
            log = self.path.with_name(f"{self.path.name}-wal")
            return sum(path.stat().st_size for path in (self.path, log) if path.exists())

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _migrate(self) -> None:
        with self.transaction() as connection:  # another process may be at the same step
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(_MIGRATIONS):
                raise StoreError(f"{self.path} was written by a newer version of Quoth; update Quoth or move it away")
            for step in _MIGRATIONS[version:]:
                for statement in step.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeEncodeError) as error:
            raise StoreError(f"can't use {self.path}: {error}; {_advice(error)}") from error


def _advice(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another program is writing to it; wait for that one or stop it"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return "it is damaged; move the file away and a new one is begun"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM) or isinstance(
        error, PermissionError
    ):
        return "allow writing to the file and its folder, or name another"
    return "make room on the disk, or move the file away and a new one is begun"
