"""The chats of a fake Telegram and the people in them: what a test does as a person, what a person sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.telegram import tdlib

if TYPE_CHECKING:
    from tests.telegram.world import World

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a person sees it; `buttons` are its rows of inline buttons."""

    message_id: int
    text: str
    entities: tuple[dict[str, Any], ...]
    buttons: tuple[tuple[dict[str, Any], ...], ...]
    from_bot: bool
    reply_to: int | None
    thread: int | None
    edited: bool

    def button(self, label: str) -> dict[str, Any]:
        """The first button whose label holds the words. Raises LookupError with the labels there are."""
        labels = [button["text"] for row in self.buttons for button in row]
        for row in self.buttons:
            for button in row:
                if label in button["text"]:
                    return button
        raise LookupError(f"no button {label!r} among {labels} of {self.text!r}")


@dataclass(slots=True)
class Chat:
    """One chat.

    `refusal` is (code, words) once the bot may not write here; `topics` maps a thread to "open" or "closed".
    """

    world: World
    info: dict[str, Any]
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    refusal: tuple[int, str] | None = None
    migrated_to: int | None = None

    @property
    def id(self) -> int:
        return int(self.info["id"])

    @property
    def is_private(self) -> bool:
        return bool(self.info["type"] == "private")

    def send_text(
        self, text: str, sender: Mapping[str, Any] | None = None, reply_to: int | None = None, thread: int | None = None
    ) -> int:
        """A person writes; the message's number. Links, mentions and commands are found as Telegram finds them."""
        entities = tdlib.found_entities(text)
        body = {"text": text} | ({"entities": entities} if entities else {})
        return self.send(body, sender, reply_to, thread)

    def send(
        self,
        body: Mapping[str, Any],
        sender: Mapping[str, Any] | None = None,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> int:
        """A person sends a message of any kind: `body` is what it has beside sender, chat and date."""
        with self.world.lock:
            message = self._add(sender or self.world.owner_of(self), body, reply_to, thread)
            self.world.push({"message": dict(message)})
            return int(message["message_id"])

    def send_photo(
        self, caption: str | None = None, sender: Mapping[str, Any] | None = None, album: str | None = None
    ) -> int:
        """A person sends a picture, one of an album if that is named; entities of the caption are found as in texts."""
        size = {"file_id": self.world.add_file(b"\xff\xd8photo"), "file_unique_id": "p", "width": 9, "height": 9}
        entities = tdlib.found_entities(caption) if caption else []
        written = {"caption": caption} | ({"caption_entities": entities} if entities else {}) if caption else {}
        return self.send({"photo": [size]} | written | ({"media_group_id": album} if album else {}), sender)

    def send_file(
        self, name: str | None, content: bytes, sender: Mapping[str, Any] | None = None, size: int | None = None
    ) -> int:
        """A person sends a file; its size is said to be `size`, if that is given."""
        document = {"file_id": self.world.add_file(content), "file_unique_id": "d", "file_size": size or len(content)}
        return self.send({"document": document | ({"file_name": name} if name is not None else {})}, sender)

    def edit_text(self, message_id: int, text: str) -> None:
        """A person edits a message of theirs."""
        with self.world.lock:
            message = self.messages[message_id]
            entities = tdlib.found_entities(text)
            message |= {"text": text, "edit_date": self.world.now()}
            message.pop("entities", None)
            message |= {"entities": entities} if entities else {}
            self.world.push({"edited_message": dict(message)})

    def press(self, message_id: int, button: Mapping[str, Any], sender: Mapping[str, Any] | None = None) -> str:
        """A person presses a button under a message; the query's number, see `World.callback_answer`."""
        with self.world.lock:
            query = {
                "id": self.world.new_query(self),
                "from": dict(sender or self.world.owner_of(self)),
                "message": dict(self.messages[message_id]),
                "chat_instance": str(abs(self.id) + 1),
                "data": button["callback_data"],
            }
            self.world.push({"callback_query": query})
            return str(query["id"])

    def topic(self, name: str) -> int:
        """A new forum topic; its thread."""
        with self.world.lock:
            body = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
            message = self._add(self.world.owner_of(self), body, None, None)
            self.topics[message["message_id"]] = "open"
            message |= {"message_thread_id": message["message_id"], "is_topic_message": True}
            self.world.push({"message": dict(message)})
            return int(message["message_id"])

    def block(self) -> None:
        """The person blocks the bot, or the group throws it out."""
        with self.world.lock:
            group = "supergroup" if self.info["type"] == "supergroup" else "group"
            said = "bot was blocked by the user" if self.is_private else f"bot was kicked from the {group} chat"
            self.refusal = (403, f"Forbidden: {said}")
            self.world.push({"my_chat_member": self.world.membership(self, "member", "kicked")})

    def unblock(self) -> None:
        with self.world.lock:
            self.refusal = None
            self.world.push({"my_chat_member": self.world.membership(self, "kicked", "member")})

    def migrate(self) -> Chat:
        """The group becomes a supergroup with another number; the new chat."""
        with self.world.lock:
            new = self.world.add_chat({"title": self.info["title"], "type": "supergroup"}, -1000000000000 + self.id)
            self.migrated_to = new.id
            self._say_migrated(new)
            return new

    def _say_migrated(self, new: Chat) -> None:
        left = self._add(self.world.owner_of(self), {"migrate_to_chat_id": new.id}, None, None)
        self.world.push({"message": dict(left)})
        came = new._add(self.world.owner_of(self), {"migrate_from_chat_id": self.id}, None, None)
        self.world.push({"message": dict(came)})

    def transcript(self) -> list[Shown]:
        """All messages, oldest first."""
        with self.world.lock:
            return [shown(message) for message in self.messages.values()]

    def replies(self) -> list[Shown]:
        """The bot's messages, oldest first."""
        return [message for message in self.transcript() if message.from_bot]

    def _add(
        self, sender: Mapping[str, Any], body: Mapping[str, Any], reply_to: int | None, thread: int | None
    ) -> Message:
        message: Message = {
            "message_id": self.world.new_message_id(),
            "from": dict(sender),
            "chat": dict(self.info),
            "date": self.world.now(),
            **body,
        }
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = {
                key: value for key, value in self.messages[reply_to].items() if key != "reply_to_message"
            }
        self.messages[message["message_id"]] = message
        return message

    def add_from_bot(self, body: Mapping[str, Any], reply_to: int | None, thread: int | None) -> Message:
        """The bot writes."""
        return self._add(self.world.me(), body, reply_to, thread)


def shown(message: Mapping[str, Any]) -> Shown:
    """A message of the Bot API as a person sees it."""
    rows: Sequence[Sequence[dict[str, Any]]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return Shown(
        message_id=message["message_id"],
        text=message.get("text", message.get("caption", "")),
        entities=tuple(message.get("entities", message.get("caption_entities", ()))),
        buttons=tuple(tuple(row) for row in rows),
        from_bot=message["from"]["is_bot"],
        reply_to=message.get("reply_to_message", {}).get("message_id"),
        thread=message.get("message_thread_id"),
        edited="edit_date" in message,
    )
