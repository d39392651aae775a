"""Telegram's export of a chat (result.json) -> a message an element: "[2024-03-02 09:01] Ruth: morning all".

Both forms are read: one chat, and all chats of an account, each under its name as heading. Pictures, voice messages
and other files are not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from retrieval.documents.elements import Extraction, ExtractionBuilder, Metadata, ReadOptions
from retrieval.documents.encodings import decode
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError

_Mapping = Mapping[str, Any]
_NOT_AN_EXPORT = "it is JSON, but not Telegram's export of a chat (result.json); copy its text into a .txt file"
_MINUTE_CHARS = len("2024-03-02 09:01")
_FILES = ("photo", "file", "media_type")


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The messages of an export, with a place of kind "message" for each. Raises DocumentError."""
    decoded = decode(raw, options.encoding)
    chats = _chats(decoded.text)
    builder = ExtractionBuilder()
    files = 0
    for chat in chats:
        builder.add("heading", _text(chat.get("name")), level=1)
        messages = _mappings(chat["messages"])
        senders = {str(message["id"]): _sender(message) for message in messages if "id" in message}
        for message in messages:
            _add(builder, message, senders)
        files += sum(any(key in message for key in _FILES) for message in messages)
    remarks = list(decoded.remarks)
    if files:
        what = "picture or other file in the chat was" if files == 1 else "pictures and other files in the chat were"
        remarks.append(f"{files} {what} not read")
    title = _text(chats[0].get("name")) if len(chats) == 1 else ""
    return builder.extraction(Metadata(title=title or None), remarks)


def _chats(text: str) -> list[_Mapping]:
    """The chats of an export. Raises DocumentError where the text is none."""
    try:
        export = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError("it is not valid JSON; export the chat from Telegram once more") from error
    listed: list[_Mapping] = [export] if isinstance(export, dict) else []
    for key in ("chats", "left_chats"):
        for group in _mappings([entry.get(key) for entry in listed[:1]]):
            listed += _mappings(group.get("list"))
    chats = [chat for chat in listed if _is_chat(chat)]
    if not chats:
        raise DocumentError(_NOT_AN_EXPORT)
    return chats


def _is_chat(chat: _Mapping) -> bool:
    messages = _mappings(chat.get("messages"))
    return bool(messages) and all("date" in message and "type" in message for message in messages)


def _add(builder: ExtractionBuilder, message: _Mapping, senders: Mapping[str, str]) -> None:
    """Add a message, or what the export tells of somebody who came or changed something."""
    sender = _sender(message)
    when = _text(message.get("date")).replace("T", " ")
    notes = []
    if source := _text(message.get("forwarded_from")):
        notes.append(f"forwarded from {source}")
    if answered := senders.get(str(message.get("reply_to_message_id"))):
        notes.append(f"in reply to {answered}")
    label = f"[{when}]{' ' if sender else ''}{sender}{''.join(f' ({note})' for note in notes)}:"
    said = " ".join(part for part in _said(message) if part)
    if said:
        builder.begin_place("message", ", ".join(part for part in (sender, when[:_MINUTE_CHARS]) if part))
        builder.add("paragraph", f"{label} {said}", label_chars=len(label))


def _said(message: _Mapping) -> list[str]:
    """All that a reader of the message sees, other than pictures."""
    poll, contact = (_mappings([message.get(key)]) for key in ("poll", "contact_information"))
    said = [_text(message.get("text"))]
    if message.get("type") == "service":
        said += [_text(message.get("action")).replace("_", " "), _text(message.get("title"))]
        said.append(", ".join(_text(name) for name in _sequence(message.get("members"))))
    for question in poll:
        said.append(_text(question.get("question")))
        said.append(", ".join(_text(answer.get("text")) for answer in _mappings(question.get("answers"))))
    said += [_text(person.get(key)) for person in contact for key in ("first_name", "last_name", "phone_number")]
    return [*said, _text(message.get("file_name"))]


def _sender(message: _Mapping) -> str:
    return _text(message.get("from") or message.get("actor"))


def _text(value: Any) -> str:
    """A text, or the parts of one that has links or emphasis in it, in one line; "" for anything else."""
    if isinstance(value, list):
        return visible_line("".join(_raw_text(part) for part in value))
    return visible_line(_raw_text(value))


def _raw_text(value: Any) -> str:
    inner = value.get("text") if isinstance(value, dict) else value
    return inner if isinstance(inner, str) else ""


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _mappings(value: Any) -> list[_Mapping]:
    return [entry for entry in _sequence(value) if isinstance(entry, dict)]
