"""From our Message to Telegram's types: entities and what is below a message."""

from __future__ import annotations

from telegram import CopyTextButton, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.telegram.messages.message import Button, ButtonRows, Message


def entities(message: Message) -> list[MessageEntity]:
    """The message's entities as Telegram's type."""
    return [MessageEntity(entity.type, entity.offset, entity.length) for entity in message.entities]


def keyboard(rows: ButtonRows) -> InlineKeyboardMarkup | None:
    """The buttons below a message; None for no buttons."""
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows]) if rows else None


def markup(message: Message, chat_id: int) -> InlineKeyboardMarkup | ForceReply | None:
    """The buttons of a new message, or the opened field for a reply to it; None for neither.

    In a group the field opens for nobody but the person whose message it replies to, if that is a person's.
    """
    return ForceReply(selective=chat_id < 0) if message.asks_reply else keyboard(message.rows)


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy is None:
        return InlineKeyboardButton(button.text, callback_data=button.data)
    return InlineKeyboardButton(button.text, copy_text=CopyTextButton(button.copy))
