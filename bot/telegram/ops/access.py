"""Who has access: numeric ids of people and groups. Nobody by default. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """`listed` people and groups have access, and so do admins. A negative id belongs to a group."""

    listed: frozenset[int]
    admins: frozenset[int]
    is_public: bool

    def allows(self, user_id: int | None, chat_id: int | None) -> bool:
        """Whether a person has access in a chat; `chat_id` is None for an inline query, which has no chat.

        In a listed group everyone has access; elsewhere only listed people. A listed person can't open an unlisted
        group.
        """
        if self.is_public:
            return True
        if chat_id is not None and chat_id < 0:
            return chat_id in self.listed
        return user_id is not None and (user_id in self.listed or user_id in self.admins)

    def is_admin(self, user_id: int | None) -> bool:
        return user_id is not None and user_id in self.admins

    def moved(self, old: int, new: int) -> Access:
        """The same access after a group's id has changed."""
        return Access(self.listed | {new}, self.admins, self.is_public) if old in self.listed else self
