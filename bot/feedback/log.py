"""The log of a terminal: its answers in the database, so that receipts can be checked later and gaps be found.

A log that is off stores nothing but ratings, which a person gives to have them stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from bot.feedback.database import Database
from bot.feedback.receipts import find_receipt
from bot.feedback.store import TERMINAL, TERMINAL_USER, RatingStore, Reason, Verdict
from bot.receipts.receipt import Receipt, receipt_of
from retrieval.errors import DatabaseError
from retrieval.schema import Answer, Turn

NOT_KEPT = "this answer is not kept in the log: {reason}. To keep none, add --no-log or set QUOTH_LOG=0"
_DAY_S = 86400


class TerminalLog:
    """The answers of one terminal session. The database is opened when something is stored first, until `close`.

    Answers are deleted `keep_days` days after they were given, unless they were rated; with 0, the log is off.
    `sha256_of_document` takes the path of a document, `notify` a line that says why no more is kept. `typed_lines` is
    the file of the lines that were typed in a chat, None where there is none.
    """

    def __init__(
        self,
        path: Path,
        keep_days: int,
        sha256_of_document: Callable[[str], str],
        notify: Callable[[str], None],
        typed_lines: Path | None = None,
    ) -> None:
        self._path, self._keep_days, self._typed_lines = path, keep_days, typed_lines
        self._sha256_of_document, self._notify = sha256_of_document, notify
        self._last: tuple[Answer, str] | None = None
        self._receipt: Receipt | None = None
        self._opened: RatingStore | None = None

    def _store(self) -> RatingStore:
        if self._opened is None:
            self._opened = RatingStore(self._path)
            if self._keep_days:
                self._opened.expire_terminal(int(time.time()) - self._keep_days * _DAY_S)
        return self._opened

    def close(self) -> None:
        """Close the database, if it is open."""
        if self._opened:
            self._opened.close()
            self._opened = None

    def keep(self, answer: Answer, history: Sequence[Turn] = (), surface: str = TERMINAL) -> Receipt | None:
        """The receipt of an answer, None where it shows no passage; stored with the answer, unless the log is off.

        Small talk is not stored. Where the database can't be used, the log is off from then on.
        """
        receipt = receipt_of(answer, self._sha256_of_document, int(time.time()))
        self._receipt = receipt or self._receipt
        if self._keep_days and answer.status != "smalltalk":
            try:
                self._last = answer, self._store().add_answer(answer, history, surface, receipt=receipt)
            except DatabaseError as error:
                self._keep_days = 0
                self._notify(NOT_KEPT.format(reason=error))
        return receipt

    def rate(self, answer: Answer, history: Sequence[Turn], verdict: Verdict, reason: Reason | None) -> None:
        """Store a rating of an answer; a second rating of the last answer replaces the first. Raises DatabaseError."""
        self._store().rate(self._stored(answer, history), TERMINAL_USER, verdict, reason)

    def propose(self, answer: Answer, history: Sequence[Turn], text: str) -> None:
        """Store what the right answer would have been; the answer then counts as rated wrong. Raises DatabaseError."""
        self._store().propose(self._stored(answer, history), TERMINAL_USER, text)

    def _stored(self, answer: Answer, history: Sequence[Turn]) -> str:
        """The id of the answer in the database, stored now if it was not."""
        if self._last is None or self._last[0] is not answer:
            receipt = receipt_of(answer, self._sha256_of_document, int(time.time()))
            self._last = answer, self._store().add_answer(answer, history, TERMINAL, receipt=receipt)
        return self._last[1]

    def last_receipt(self) -> Receipt | None:
        """The receipt of the last answer that had one, whether the log is on or off."""
        return self._receipt

    def find(self, id_: str) -> Receipt | None:
        """The receipt with that id (see `read_id`), None where there is none. Raises DatabaseError."""
        if self._receipt and self._receipt.id == id_:
            return self._receipt
        return find_in_file(self._path, id_)

    def forget(self) -> int:
        """Delete every answer given in a terminal with this index, its receipt and its ratings; their number.

        The lines typed go, too. Raises DatabaseError.
        """
        self._last = self._receipt = None
        if self._typed_lines and self._typed_lines.exists():
            self._typed_lines.write_bytes(b"")  # not deleted, because the chat goes on writing to it
        return self._store().forget_terminal() if self._path.exists() else 0


def find_in_file(path: Path, id_: str) -> Receipt | None:
    """The receipt with that id in a database, None also where there is no such file. Raises DatabaseError."""
    if not path.exists():
        return None
    with closing(Database(path)) as database:
        return find_receipt(database, id_)
