"""What people say the right answers would have been: which messages asked for it, and what was replied."""

from __future__ import annotations

from bot.feedback.database import Database
from bot.feedback.store import RatingStore


class Corrections:
    """The messages that asked what would be right, and the replies. Every call may raise DatabaseError."""

    def __init__(self, database: Database) -> None:
        self._database, self._ratings = database, RatingStore(database)

    def asked(self, chat_id: int, message_id: int, answer_id: str, user_id: int) -> None:
        """Record that a message of the bot asked this person what the right answer would have been."""
        with self._database.transaction(is_durable=False) as connection:
            row = (chat_id, message_id, answer_id, user_id)
            connection.execute("INSERT OR REPLACE INTO prompts VALUES (?, ?, ?, ?)", row)

    def has_asked(self, answer_id: str, user_id: int) -> bool:
        """Whether a message has asked this person about the answer."""
        query = "SELECT 1 FROM prompts WHERE answer_id = ? AND user_id = ?"
        return self._id(query, answer_id, user_id) is not None

    def answer_meant(self, chat_id: int, message_id: int, user_id: int) -> str | None:
        """The id of the answer that the message asked this person about; None if it asked them nothing."""
        query = "SELECT answer_id FROM prompts WHERE chat_id = ? AND message_id = ? AND user_id = ?"
        return self._id(query, chat_id, message_id, user_id)

    def just_disliked(self, chat_id: int, message_id: int, user_id: int, since: int) -> str | None:
        """The id of the answer that the message shows, if this person has rated it wrong since then and no more.

        None if they have said already what would be right.
        """
        query = (
            "SELECT answer_id FROM messages JOIN feedback USING (answer_id) WHERE chat_id = ? AND message_id = ? "
            "AND user_id = ? AND verdict = 'wrong' AND proposed IS NULL AND said_at >= ?"
        )
        return self._id(query, chat_id, message_id, user_id, since)

    def propose(self, answer_id: str, user_id: int, text: str) -> None:
        """Store what a person says would be right; it replaces what they said before."""
        self._ratings.propose(answer_id, user_id, text)

    def _id(self, query: str, *values: object) -> str | None:
        with self._database.reading() as connection:
            row = connection.execute(query, values).fetchone()
            return str(row[0]) if row else None
