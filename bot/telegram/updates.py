"""What an update asks for: whether a message is meant for the bot, and the question in it. No side effects.

Telegram has some thirty kinds of messages, and strangers send them all; only what is clearly a question counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram import Message as TelegramMessage
from telegram import MessageEntity, Update, User

from bot.language.language import language_of
from bot.plain_text import encodable
from bot.telegram.memory.records import Origin

_ASK = re.compile(r"/ask(?:@\w+)?(?:\s|$)", re.IGNORECASE)
_CONTENT = (
    *("text", "caption", "animation", "audio", "checklist", "contact", "dice", "document", "game", "invoice"),
    *("location", "paid_media", "photo", "poll", "sticker", "story", "venue", "video", "video_note", "voice"),
)
_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?", re.ASCII)


def is_from_people(message: TelegramMessage) -> bool:
    """Whether a person wrote it: not a bot, a channel post, an automatic forward, or an inline result of this bot."""
    if message.is_automatic_forward or (message.sender_chat is not None and message.sender_chat.type == "channel"):
        return False
    if message.via_bot is not None and message.via_bot.id == message.get_bot().id:
        return False  # one of our own inline results
    is_anonymous = message.sender_chat is not None  # then the sender is a bot of Telegram's own
    return message.from_user is not None and (is_anonymous or not message.from_user.is_bot)


def question_in(message: TelegramMessage, me: User) -> str | None:
    """The question in a message, "" for /ask alone; None if the message is not for the bot.

    In a private chat all text is for the bot; in a group only /ask, a mention anywhere, or a reply to the bot. The
    caption of a picture or a file is text like any other.
    """
    text, entities = _written(message)
    if text is None or not is_from_people(message):
        return None
    if _ASK.match(text) and _is_for(text, me):
        return clean(_ASK.sub("", text, count=1))
    if text.startswith("/"):
        return None
    mentions = [entity for entity in entities if _is_mention(text, entity, me)]
    if message.chat.type == "private" or mentions or is_reply_to(message, me):
        return clean(_without(text, mentions))
    return None


def command_in(message: TelegramMessage, me: User) -> str | None:
    """The command to this bot in a message, in lower case and without the slash; None if there is none."""
    match = _COMMAND.match(message.text or "")
    if match is None or not is_from_people(message) or not _is_for(message.text or "", me):
        return None
    return match[1].lower()


def is_reply_to(message: TelegramMessage, me: User) -> bool:
    """Whether the message replies to one of the bot's. In a topic, every message "replies" to the topic's first."""
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == me.id and replied.forum_topic_created is None)


def is_service(message: TelegramMessage) -> bool:
    """Whether it has no content: somebody joined, a title changed, a message was pinned."""
    return not any(getattr(message, name, None) for name in _CONTENT)


def origin_of(update: Update) -> Origin:
    """Who sent the update, and where; `user_id` is None for an anonymous admin."""
    message, user, chat = update.effective_message, update.effective_user, update.effective_chat
    is_named = user is not None and not (message and message.sender_chat and not update.callback_query)
    is_topic = isinstance(message, TelegramMessage) and message.is_topic_message
    return Origin(
        chat_id=chat.id if chat else user.id if user else 0,
        user_id=user.id if user and is_named else None,
        message_id=message.message_id if message and not update.callback_query else None,
        thread_id=message.message_thread_id if message and is_topic else None,
        language=language_of(user.language_code if user else None).code,
    )


def clean(text: str) -> str:
    """The text with lone surrogates replaced, which could not be encoded, and without white space around it."""
    return encodable(text).strip()


def _is_for(text: str, me: User) -> bool:
    match = _COMMAND.match(text)
    return match is not None and (match[2] is None or match[2].lower() == (me.username or "").lower())


def _written(message: TelegramMessage) -> tuple[str | None, Sequence[MessageEntity]]:
    """What a person wrote, with its entities: the text or the caption; None if neither is there."""
    if message.text is not None:
        return message.text, message.entities
    return message.caption, message.caption_entities


def _is_mention(text: str, entity: MessageEntity, me: User) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type != MessageEntity.MENTION:
        return False
    units = text.encode("utf-16-le", "surrogatepass")
    named = units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "replace")
    return named.lower() == f"@{me.username}".lower()


def _without(text: str, mentions: list[MessageEntity]) -> str:
    """The text without the mentions; their offsets are in UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(mentions, key=lambda entity: -entity.offset):
        units = units[: 2 * entity.offset] + units[2 * (entity.offset + entity.length) :]
    found = re.sub(r"\s{2,}", " ", units.decode("utf-16-le", "replace"))
    return found.strip(" ,:;\n\t") if mentions else found
