"""Moves that scenarios are made of: ask, press and look."""

from __future__ import annotations

from typing import Any

from bot.telegram.messages.notices import NOTICES, Notice
from tests.telegram import tdlib
from tests.telegram.backends import Backend, Room, replies, until
from tests.telegram.chats import Shown
from tests.telegram.document_folder import BRIDGE


def ask(room: Room, question: str, **how: Any) -> Shown:
    """The bot's answer to a question, once it is there."""
    before = len(room.replies())
    room.send_text(question, **how)
    return replies(room, before + 1)[-1]


def alert(backend: Backend, room: Room, message: Shown, data: str) -> dict[str, Any]:
    """What a pressed button says, whatever data it sends."""
    return backend.callback_answer(room.press(message.message_id, {"callback_data": data}))


def edited(room: Room, message_id: int, holds: str) -> Shown:
    """The message once its text or its buttons hold the words."""

    def find() -> Shown | None:
        for message in room.replies():
            if message.message_id == message_id and holds in f"{message.text} {message.buttons}":
                return message
        return None

    return until(find, f"{holds!r} in message {message_id}")


def start_of(name: Notice) -> str:
    """The English text of a notice up to its first value."""
    return NOTICES[name].split("{")[0]


def stays(room: Room, count: int) -> Shown:
    """The bot's messages, of which there are so many, after the next question too: nothing else was on its way."""
    later = ask(room, BRIDGE)
    assert len(room.replies()) == count + 1
    return later


def words(message: Shown, kind: str) -> list[str]:
    return [tdlib.cut(message.text, entity) for entity in message.entities if entity["type"] == kind]
