"""What third-party Bot API servers have in common, as backends: a process, people, transcripts, and our checks.

`make test-servers` installs them under .quoth/servers. They check nothing of what a bot sends, so every request that
they recorded is held here against aiogram's models and TDLib's parser.
"""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from tests.telegram import models, tdlib
from tests.telegram.backends import Person, until
from tests.telegram.chats import Shown, shown
from tests.telegram.world import BOT_NAME, TOKEN

INSTALLED = Path(__file__).parent.parent.parent / ".quoth" / "servers"
START = Path(__file__).parent / "servers"
BOT = {"id": int(TOKEN.split(":")[0]), "is_bot": True, "first_name": "Quoth", "username": BOT_NAME}
_ids = itertools.count(5001)


class ThirdParty:
    """What both have in common: a process, people, and the transcript made of the bot's requests."""

    name = ""
    can: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def is_up(self) -> bool:
        raise NotImplementedError

    def calls(self) -> list[tuple[str, dict[str, Any], int | None]]:
        """Every request of the bot, oldest first: method, parameters as JSON values, number of the message it made."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self.is_up, f"{self.name} answers", 60)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.kill()
        self._process.wait(10)

    def user(self, name: str = "Ann", language: str = "en") -> Person:
        return {"id": next(_ids), "is_bot": False, "first_name": name, "language_code": language}

    def callback_answer(self, query: str) -> dict[str, Any]:
        return self._answer("answerCallbackQuery", "callback_query_id", query)

    def inline_answer(self, query: str) -> dict[str, Any]:
        return self._answer("answerInlineQuery", "inline_query_id", query)

    def answered_inline(self) -> set[str]:
        return {str(given["inline_query_id"]) for method, given, _ in self.calls() if method == "answerInlineQuery"}

    def _answer(self, method: str, name: str, query: str) -> dict[str, Any]:
        def find() -> dict[str, Any] | None:
            return next((g for m, g, _ in self.calls() if m == method and str(g[name]) == query), None)

        return until(find, f"{method} of {query}") or {}

    @property
    def problems(self) -> list[str]:
        found: list[str] = []
        for method, given, _ in self.calls():
            found += [f"{method}: {problem}" for problem in models.request_problems(method, given)]
            if method in ("sendMessage", "editMessageText"):
                formatted = _formatted(given)
                found += tdlib.problems(formatted, given["text"])
                found += [f"{method} would call {name}" for name in tdlib.pings(formatted, (BOT_NAME,))]
        return found

    def transcript(self, chat: Mapping[str, Any]) -> list[Shown]:
        """The bot's messages in a chat, edited as it edited them."""
        messages: dict[int, dict[str, Any]] = {}
        for method, given, made in self.calls():
            if given.get("chat_id") != chat["id"]:
                continue
            if method == "sendMessage" and made is not None:
                messages[made] = _message(chat, given, made)
            elif method == "editMessageText":
                messages[given["message_id"]] = _message(chat, given, given["message_id"]) | {"edit_date": 1}
            elif method == "editMessageReplyMarkup":
                messages[given["message_id"]] |= {"reply_markup": given.get("reply_markup", {}), "edit_date": 1}
            elif method == "deleteMessage":
                messages.pop(given["message_id"], None)
        return [shown(message) for message in messages.values()]

    def get(self, path: str) -> Any:
        return self.ask(path, None)

    def ask(self, path: str, body: Any) -> Any:
        """JSON there and JSON back."""
        headers = {"Content-Type": "application/json", "Authorization": "Bearer any"}
        sent = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, sent, headers), timeout=15) as answer:
            return json.load(answer)


def new_id() -> int:
    """A number that nothing else has."""
    return next(_ids)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _message(chat: Mapping[str, Any], given: Mapping[str, Any], number: int) -> dict[str, Any]:
    formatted = _formatted(given)
    message = {"message_id": number, "from": BOT, "chat": dict(chat), "date": 1, "text": formatted.text}
    message |= {"entities": list(formatted.entities)} if formatted.entities else {}
    if "reply_parameters" in given:
        message["reply_to_message"] = {"message_id": given["reply_parameters"]["message_id"]}
    return message | {key: given[key] for key in ("reply_markup", "message_thread_id") if key in given}


def _formatted(given: Mapping[str, Any]) -> tdlib.Formatted:
    entities: Iterable[dict[str, Any]] = given.get("entities") or ()
    return tdlib.parse(given["text"], given.get("parse_mode"), tuple(entities))
