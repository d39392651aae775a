"""The receipts in the database. Each belongs to an answer and is deleted with it."""

from __future__ import annotations

import sqlite3

from bot.feedback.database import Database
from bot.receipts.receipt import Receipt, citations_json, read_citations


def insert_receipt(connection: sqlite3.Connection, answer_id: str, receipt: Receipt) -> None:
    """Insert the receipt of a stored answer. Its question and its time are the answer's."""
    row = (answer_id, receipt.id, citations_json(receipt.citations))
    connection.execute("INSERT INTO receipts VALUES (?, ?, ?)", row)


def find_receipt(database: Database, id_: str, surface: str = "terminal") -> Receipt | None:
    """The receipt with that id (see `read_id`), None where there is none.

    Answers with the same citations share an id. The question is that of the last one, of the same surface if possible.
    """
    with database.reading() as connection:
        row = connection.execute(
            "SELECT receipts.id, question, asked_at, citations FROM receipts JOIN answers ON answers.id = answer_id "
            "WHERE receipts.id = ? ORDER BY surface = ? DESC, asked_at DESC, answers.rowid DESC LIMIT 1",
            (id_, surface),
        ).fetchone()
    if row is None:
        return None
    found, question, asked_at, citations = row
    return Receipt(found, question, asked_at, read_citations(citations))
