"""Telegram's export of a chat is read message by message; other JSON is refused."""

import json

import pytest

from retrieval.documents.elements import ReadOptions
from retrieval.documents.messages.telegram_export import read
from retrieval.errors import DocumentError

CHAT = {
    "name": "Demo team",
    "type": "private_group",
    "messages": [
        {"id": 1, "type": "service", "date": "2024-03-02T09:00:00", "actor": "Ruth", "action": "create_group"}
        | {"title": "Demo team", "members": ["Ruth", "Omar"]},
        {"id": 2, "type": "message", "date": "2024-03-02T09:01:00", "from": "Ruth", "text": "morning\nall"},
        {"id": 3, "type": "message", "date": "2024-03-02T09:02:00", "from": "Omar", "reply_to_message_id": 2}
        | {"text": ["see ", {"type": "link", "text": "https://example.org"}, " for ", {"type": "bold", "text": "B12"}]},
        {
            "id": 4,
            "type": "message",
            "date": "2024-03-02T09:03:00",
            "from": "Lena",
            "forwarded_from": "News",
            "text": "!",
        },
        {"id": 5, "type": "message", "date": "2024-03-02T09:04:00", "from": "Lena", "photo": "p.jpg", "text": ""},
        {"id": 6, "type": "message", "date": "2024-03-02T09:05:00", "from": "Lena", "text": ""}
        | {"poll": {"question": "When?", "answers": [{"text": "Monday"}, {"text": "Friday"}]}},
        {"id": 7, "type": "message", "date": "2024-03-02T09:06:00", "from": None, "text": "\u202eodd\ud800"}
        | {"contact_information": {"first_name": "Carla", "last_name": "Cole", "phone_number": "555-0103"}},
    ],
}


def read_json(value):
    return read(json.dumps(value).encode(), ReadOptions())


def test_every_message_is_an_element_with_its_sender_and_time_as_label():
    found = read_json(CHAT)
    assert found.text == (
        "Demo team\n\n"
        "[2024-03-02 09:00:00] Ruth: create group Demo team Ruth, Omar\n\n"
        "[2024-03-02 09:01:00] Ruth: morning all\n\n"
        "[2024-03-02 09:02:00] Omar (in reply to Ruth): see https://example.org for B12\n\n"
        "[2024-03-02 09:03:00] Lena (forwarded from News): !\n\n"
        "[2024-03-02 09:05:00] Lena: When? Monday, Friday\n\n"
        "[2024-03-02 09:06:00]: odd\ufffd Carla Cole 555-0103"
    )
    assert [one.kind for one in found.elements] == ["heading", *["paragraph"] * 6]
    labels = [one.reading.text[: one.label_chars] for one in found.elements]
    assert labels[2:4] == ["[2024-03-02 09:01:00] Ruth:", "[2024-03-02 09:02:00] Omar (in reply to Ruth):"]
    assert [(place.kind, place.label) for place in found.places][1] == ("message", "Ruth, 2024-03-02 09:01")
    assert [found.text[place.start] for place in found.places] == ["["] * 6
    assert found.metadata.title == "Demo team"
    assert found.remarks == ("1 picture or other file in the chat was not read",)


def test_a_message_without_a_number_answers_none():
    message = {"type": "message", "date": "2024-03-02T09:01:00", "from": "Ruth", "text": "hi"}
    assert read_json({"messages": [message]}).text == "[2024-03-02 09:01:00] Ruth: hi"


def test_the_chats_of_an_account_have_headings():
    other = CHAT | {"name": "Ann", "messages": CHAT["messages"][1:2]}
    found = read_json({"chats": {"list": [CHAT, {"name": "empty", "messages": []}]}, "left_chats": {"list": [other]}})
    assert [one.reading.text for one in found.elements if one.kind == "heading"] == ["Demo team", "Ann"]
    assert found.metadata.title is None


@pytest.mark.parametrize(
    "value", [[], {}, 3, None, {"messages": []}, {"messages": [{"text": "a"}]}, {"chats": {"list": [1]}}, {"chats": []}]
)
def test_other_json_is_refused(value):
    with pytest.raises(DocumentError, match="it is JSON, but not Telegram's export"):
        read_json(value)


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b"9" * 10_000, b"<html>"])
def test_broken_json_is_refused(raw):
    with pytest.raises(DocumentError, match="it is not valid JSON"):
        read(raw, ReadOptions())
