"""telegram-test-api as a backend: polling, with the routes it lacks in front of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tests.telegram import models, tdlib
from tests.telegram.backends import Person, Room
from tests.telegram.chats import Shown
from tests.telegram.third_party import BOT, INSTALLED, START, ThirdParty, new_id
from tests.telegram.world import TOKEN


class TelegramTestApi(ThirdParty):
    """https://www.npmjs.com/package/telegram-test-api 4.2.1 with the routes it lacks in front of it."""

    name = "telegram-test-api"
    can = frozenset({"group", "topic", "reply", "edit", "language", "inline", "photo"})

    def __init__(self) -> None:
        super().__init__()
        self._polls_before = 0

    def command(self) -> list[str]:
        start = START / "start_telegram_test_api.js"
        return ["node", str(start), str(INSTALLED / self.name), self.url.split(":")[-1]]

    def is_up(self) -> bool:
        with suppress(OSError):
            return "polls" in self.get("/calls")
        return False

    def environment(self) -> dict[str, str]:
        self._polls_before = self.get("/calls")["polls"]
        return {"QUOTH_TELEGRAM_TOKEN": TOKEN, "QUOTH_TELEGRAM_BASE_URL": self.url}

    def is_ready(self) -> bool:
        return bool(self.get("/calls")["polls"] > self._polls_before)

    def calls(self) -> list[tuple[str, dict[str, Any], int | None]]:
        return [
            (
                call["method"],
                models.decode_parameters(call["method"], call["body"]),
                (call["result"] or {}).get("message_id"),
            )
            for call in self.get("/calls")["calls"]
        ]

    def private(self, user: Person | None = None) -> Room:
        user = user or self.user()
        return _TestApiRoom(self, {"id": user["id"], "type": "private", "first_name": user["first_name"]}, user)

    def group(self, title: str = "Readers", is_forum: bool = False) -> Room:
        kind = {"type": "supergroup", "is_forum": True} if is_forum else {"type": "group"}
        return _TestApiRoom(self, {"id": -1000000000000 - new_id(), "title": title, **kind}, self.user())

    def inline_query(self, text: str, user: Person | None = None) -> str:
        query = str(new_id())
        self.push({"inline_query": {"id": query, "from": user or self.user(), "query": text, "offset": ""}})
        return query

    def push(self, update: Mapping[str, Any]) -> int:
        return int(self.ask("/push", {"botToken": TOKEN, "update": update})["result"])

    def last(self, key: str) -> int:
        """The number that the server gave the last user's message ("messageId") or press ("callbackId")."""
        history = self.ask("/getUpdatesHistory", {"token": TOKEN})["result"]
        return int(max(item[key] for item in history if key in item and "chat_id" not in item.get("message", {})))


class _TestApiRoom:
    """A chat of any kind: the server passes a message on as it gets it."""

    def __init__(self, server: TelegramTestApi, chat: Mapping[str, Any], owner: Person) -> None:
        self._server, self._chat, self._owner = server, dict(chat), owner

    @property
    def id(self) -> int:
        return int(self._chat["id"])

    def send_text(
        self, text: str, sender: Person | None = None, reply_to: int | None = None, thread: int | None = None
    ) -> int:
        body = {"text": text, "entities": tdlib.found_entities(text)}
        if thread is not None:
            body |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            body["reply_to_message"] = self._own(reply_to)
        self._server.ask("/sendMessage", {"botToken": TOKEN, **self._message(body, sender)})
        return self._server.last("messageId")

    def send_photo(self, caption: str | None = None, sender: Person | None = None) -> int:
        photo = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}
        self._server.ask("/sendMessage", {"botToken": TOKEN, **self._message(photo, sender)})
        return self._server.last("messageId")

    def edit_text(self, message_id: int, text: str) -> None:
        body = {"message_id": message_id, "text": text, "edit_date": int(time.time())}
        self._server.push({"edited_message": self._message(body, None)})

    def press(self, message_id: int, button: Mapping[str, Any], sender: Person | None = None) -> str:
        pressed = {"from": sender or self._owner, "data": button["callback_data"], "message": self._own(message_id)}
        self._server.ask("/sendCallback", {"botToken": TOKEN, "date": int(time.time()), **pressed})
        return str(self._server.last("callbackId"))

    def topic(self, name: str) -> int:
        return new_id()

    def replies(self) -> list[Shown]:
        return self._server.transcript(self._chat)

    def _message(self, body: Mapping[str, Any], sender: Person | None) -> dict[str, Any]:
        return {"from": sender or self._owner, "chat": self._chat, "date": int(time.time()), **body}

    def _own(self, message_id: int) -> dict[str, Any]:
        """The bot's message as a reply or a press has it."""
        said = next(message for message in self.replies() if message.message_id == message_id)
        return {"message_id": message_id, "from": BOT, "chat": self._chat, "date": 1, "text": said.text}
