"""Who may ask: numeric ids of people and chats. Closed unless it is opened. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """`listed` are people and groups that may ask; admins may as well. An id below 0 is a group's."""

    listed: frozenset[int]
    admins: frozenset[int]
    is_public: bool

    def allows(self, user_id: int | None, chat_id: int | None) -> bool:
        """Whether somebody may ask in a chat; `chat_id` is None for an inline query, which no chat belongs to.

        In a listed group everybody may, elsewhere those who are listed themselves: a person of the list can't open a
        group to all its members.
        """
        if self.is_public:
            return True
        if chat_id is not None and chat_id < 0:
            return chat_id in self.listed
        return user_id is not None and (user_id in self.listed or user_id in self.admins)

    def is_admin(self, user_id: int | None) -> bool:
        return user_id is not None and user_id in self.admins

    def moved(self, old: int, new: int) -> Access:
        """The same after a group's id changed."""
        return Access(self.listed | {new}, self.admins, self.is_public) if old in self.listed else self
