"""What Telegram is sent below a message."""

from bot.telegram.api.markup import keyboard, markup
from bot.telegram.messages.message import Button, Message


def test_a_message_that_asks_for_a_reply_opens_the_field_for_it_and_in_a_group_only_for_the_person_meant():
    asked = Message("What would be right?", asks_reply=True)
    assert markup(asked, 7).to_dict() == {"force_reply": True, "selective": False}
    assert markup(asked, -5).to_dict() == {"force_reply": True, "selective": True}


def test_buttons_send_data_or_copy_text():
    rows = ((Button("Source", data="v1:a:source:1"), Button("Copy", copy="x")),)
    (row,) = markup(Message("a", rows=rows), 7).inline_keyboard
    assert [button.callback_data for button in row] == ["v1:a:source:1", None]
    assert row[1].copy_text.text == "x"
    assert keyboard(()) is None and markup(Message("a"), 7) is None
