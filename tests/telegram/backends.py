"""What a scenario needs of a server, and our own fake server in that form."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from tests.telegram.chats import Shown
from tests.telegram.fake_server import FakeServer

Person = dict[str, Any]
T = TypeVar("T")


class Room(Protocol):
    """A chat as the people in it use it. Every `send_` gives the message's number, `press` the query's."""

    @property
    def id(self) -> int: ...
    def send_text(
        self, text: str, sender: Person | None = None, reply_to: int | None = None, thread: int | None = None
    ) -> int: ...
    def send_file(
        self, name: str | None, content: bytes, sender: Person | None = None, size: int | None = None
    ) -> int: ...
    def send_photo(self, caption: str | None = None, sender: Person | None = None) -> int: ...
    def edit_text(self, message_id: int, text: str) -> None: ...
    def press(self, message_id: int, button: Mapping[str, Any], sender: Person | None = None) -> str: ...
    def topic(self, name: str) -> int: ...
    def replies(self) -> list[Shown]: ...


class Backend(Protocol):
    """A Bot API server under test. `can` names what it can play, see `NEEDS`; `problems` what the bot did wrong."""

    name: str
    can: frozenset[str]

    def environment(self) -> dict[str, str]:
        """What the bot's process is told; `is_ready` is about the process that is started with it."""
        ...

    def is_ready(self) -> bool: ...
    def user(self, name: str = "Ann", language: str = "en") -> Person: ...
    def private(self, user: Person | None = None) -> Room: ...
    def group(self, title: str = "Readers", is_forum: bool = False) -> Room: ...
    def inline_query(self, text: str, user: Person | None = None) -> str: ...
    def callback_answer(self, query: str) -> dict[str, Any]: ...
    def inline_answer(self, query: str) -> dict[str, Any]: ...
    def answered_inline(self) -> set[str]:
        """The inline queries that were answered so far."""
        ...

    @property
    def problems(self) -> list[str]: ...


NEEDS = frozenset(
    {"group", "topic", "reply", "pressed reply", "edit", "edited reply", "language", "inline", "photo", "caption"}
    | {"file", "faults"}
)
"""A pressed, or an edited, reply: the message of the press or of the edit says which one it replies to."""


class FakeBackend:
    """Our own server: it can do it all."""

    name, can = "fake", NEEDS

    def __init__(self, server: FakeServer) -> None:
        self.server, self.world = server, server.world
        self._polls_before = self._sets_before = 0

    def environment(self) -> dict[str, str]:
        self._polls_before, self._sets_before = self.server.polling.polls, self.server.webhook.sets
        return {"QUOTH_TELEGRAM_TOKEN": self.world.token, "QUOTH_TELEGRAM_BASE_URL": self.server.url}

    def is_ready(self) -> bool:
        return self.server.polling.polls > self._polls_before or self.server.webhook.sets > self._sets_before

    def user(self, name: str = "Ann", language: str = "en") -> Person:
        return self.world.user(name, language)

    def private(self, user: Person | None = None) -> Room:
        return self.world.private(user)

    def group(self, title: str = "Readers", is_forum: bool = False) -> Room:
        return self.world.group(title, is_forum)

    def inline_query(self, text: str, user: Person | None = None) -> str:
        return self.world.inline_query(text, user)

    def callback_answer(self, query: str) -> dict[str, Any]:
        return self.world.callback_answer(query)

    def inline_answer(self, query: str) -> dict[str, Any]:
        return self.world.inline_answer(query)

    def answered_inline(self) -> set[str]:
        return set(self.world.inline_answers)

    @property
    def problems(self) -> list[str]:
        return self.world.problems


def until(is_so: Callable[[], T | None], what: str, timeout_s: float = 10.0) -> T:
    """What `is_so` gives once it is true. Raises TimeoutError that says what did not happen."""
    by = time.monotonic() + timeout_s
    while not (found := is_so()):
        if time.monotonic() > by:
            raise TimeoutError(f"{what}: not within {timeout_s} s")
        time.sleep(0.02)
    return found


def replies(room: Room, count: int, timeout_s: float = 10.0) -> list[Shown]:
    """The bot's messages in the room once there are so many."""
    try:
        return until(lambda: found if len(found := room.replies()) >= count else None, "replies", timeout_s)
    except TimeoutError:
        texts = [message.text for message in room.replies()]
        raise TimeoutError(f"{count} replies awaited within {timeout_s} s, there are {texts}") from None
