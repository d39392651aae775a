"""A fake Telegram: its people, chats and files, and the updates that wait for the bot. No network in here.

Every object is a dict as the Bot API has it. A test plays the people through `Chat` and `World`; the server plays the
bot's side through `tests.telegram.methods`. One lock guards it all; `World.wait` waits for something to become true.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.telegram import models
from tests.telegram.chats import Chat

BOT_NAME = "quoth_test_bot"
TOKEN = "123456789:AAtestTESTtestTESTtestTESTtestTEST1"
NOT_UNLESS_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds of update a bot gets only if it names them."""

Update = dict[str, Any]


class World:
    """All there is, from a fresh start. The first bot's token is `token`."""

    def __init__(
        self, token: str = "123456789:AAtestTESTtestTESTtestTESTtestTEST1", query_life_s: float = 30.0
    ) -> None:
        self.lock = threading.Condition(threading.RLock())
        self.token, self.query_life_s = token, query_life_s
        self.chats: dict[int, Chat] = {}
        self.updates: list[Update] = []
        self.allowed_updates: list[str] = []
        self.files: dict[str, bytes] = {}
        self.fields: dict[str, Any] = {}
        self.queries: dict[str, tuple[float, Chat | None]] = {}
        self.callback_answers: dict[str, dict[str, Any]] = {}
        self.inline_answers: dict[str, dict[str, Any]] = {}
        self.problems: list[str] = []
        self.on_update: Callable[[], None] = lambda: None
        self._ids = {"message": itertools.count(1), "update": itertools.count(700_000_001), "other": itertools.count(1)}
        self._owners: dict[int, dict[str, Any]] = {}

    # the people's side

    def user(self, name: str = "Ann", language: str = "en", username: str | None = None) -> dict[str, Any]:
        """A person."""
        number = 1000 + next(self._ids["other"])
        named = {"username": username} if username else {}
        return {"id": number, "is_bot": False, "first_name": name, "language_code": language, **named}

    def private(self, user: Mapping[str, Any] | None = None) -> Chat:
        """A person's chat with the bot; once started it may write there."""
        user = user or self.user()
        if user["id"] in self.chats:
            return self.chats[user["id"]]
        info = {key: user[key] for key in ("first_name", "username") if key in user} | {"type": "private"}
        return self.add_chat(info, user["id"], user)

    def group(self, title: str = "Readers", is_forum: bool = False, owner: Mapping[str, Any] | None = None) -> Chat:
        """A group that the bot was added to; one with topics is a supergroup."""
        with self.lock:
            number = next(self._ids["other"])
            if is_forum:
                info = {"title": title, "type": "supergroup", "is_forum": True}
                chat = self.add_chat(info, -1001000000000 - number, owner)
            else:
                chat = self.add_chat({"title": title, "type": "group"}, -5000 - number, owner)
            self.push({"my_chat_member": self.membership(chat, "left", "member")})
            return chat

    def inline_query(self, text: str, user: Mapping[str, Any] | None = None) -> str:
        """A person types "@bot text" somewhere; the query's number, see `inline_answers`."""
        with self.lock:
            query_id = self.new_query(None)
            asked = {"id": query_id, "from": dict(user or self.user()), "query": text, "offset": ""}
            self.push({"inline_query": asked | {"chat_type": "supergroup"}})
            return query_id

    def choose(self, result_id: str, query: str, user: Mapping[str, Any]) -> None:
        """A person picks an inline result."""
        self.push({"chosen_inline_result": {"result_id": result_id, "from": dict(user), "query": query}})

    def expire_queries(self) -> None:
        """Every query waiting for an answer is now too old."""
        with self.lock:
            self.queries = {number: (0.0, chat) for number, (_, chat) in self.queries.items()}

    def callback_answer(self, query_id: str, timeout_s: float = 10.0) -> dict[str, Any]:
        """What the bot answered to a pressed button. Raises TimeoutError."""
        self.wait(lambda: query_id in self.callback_answers, timeout_s, "no answer to the pressed button")
        return self.callback_answers[query_id]

    def inline_answer(self, query_id: str, timeout_s: float = 10.0) -> dict[str, Any]:
        """What the bot answered to an inline query. Raises TimeoutError."""
        self.wait(lambda: query_id in self.inline_answers, timeout_s, "no answer to the inline query")
        return self.inline_answers[query_id]

    def wait(self, is_so: Callable[[], Any], timeout_s: float = 10.0, what: str = "it did not happen") -> Any:
        """What `is_so` gives once it is true. Raises TimeoutError after `timeout_s`."""
        with self.lock:
            found = self.lock.wait_for(is_so, timeout_s)
            if not found:
                raise TimeoutError(f"{what} within {timeout_s} s")
            return found

    # objects

    def me(self) -> dict[str, Any]:
        """The bot as a message's sender."""
        return {"id": int(self.token.split(":")[0]), "is_bot": True, "first_name": "Quoth", "username": BOT_NAME}

    def add_chat(self, info: Mapping[str, Any], number: int, owner: Mapping[str, Any] | None = None) -> Chat:
        with self.lock:
            chat = self.chats[number] = Chat(self, {"id": number, **info})
            self._owners[number] = dict(owner or self.user("Olga"))
            return chat

    def owner_of(self, chat: Chat) -> dict[str, Any]:
        """Who writes where nobody is named."""
        return self._owners[chat.id]

    def membership(self, chat: Chat, before: str, after: str) -> dict[str, Any]:
        def member(status: str) -> dict[str, Any]:
            return {"user": self.me(), "status": status} | ({"until_date": 0} if status == "kicked" else {})

        sides = {"old_chat_member": member(before), "new_chat_member": member(after)}
        return {"chat": dict(chat.info), "from": self.owner_of(chat), "date": self.now(), **sides}

    def push(self, update: Mapping[str, Any]) -> None:
        """Queue an update, if the bot wants its kind; one that does not fit aiogram's model is a problem of ours."""
        with self.lock:
            kind = next(iter(update))
            wanted = kind in self.allowed_updates if self.allowed_updates else kind not in NOT_UNLESS_ASKED
            if wanted:
                numbered = {"update_id": next(self._ids["update"]), **update}
                self.problems += [f"update: {problem}" for problem in models.update_problems(numbered)]
                self.push_raw(numbered)

    def push_raw(self, update: Mapping[str, Any]) -> int:
        """Queue an update as it is, however broken; its number."""
        with self.lock:
            numbered = {"update_id": next(self._ids["update"])} | dict(update)
            self.updates.append(numbered)
            self.changed()
            self.on_update()
            return int(numbered["update_id"])

    def changed(self) -> None:
        """Tell those who wait."""
        with self.lock:
            self.lock.notify_all()

    def new_message_id(self) -> int:
        return next(self._ids["message"])

    def new_query(self, chat: Chat | None) -> str:
        number = str(10**15 + next(self._ids["other"]))
        self.queries[number] = (time.monotonic(), chat)
        return number

    def add_file(self, content: bytes) -> str:
        """A file on the server; its file_id."""
        file_id = f"file{next(self._ids['other'])}"
        self.files[file_id] = content
        return file_id

    def now(self) -> int:
        return int(time.time())
