"""What a message asks of the bot, for every kind of message."""

import json

import pytest
from telegram import Bot, Update, User
from telegram import Message as TelegramMessage

from bot.telegram.updates import command_in, is_service, origin_of, question_in

ME = User(99, "Quoth", is_bot=True, username="quoth_bot")
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "pt-br"}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -5, "type": "supergroup", "title": "Readers"}
FROM_ME = {"message_id": 3, "date": 0, "chat": GROUP, "from": {"id": 99, "is_bot": True, "first_name": "Quoth"}}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def message(text=None, chat=GROUP, **more):
    bot = Bot("99:" + "A" * 35)
    bot._bot_user = ME
    body = {
        "message_id": 4,
        "date": 0,
        "chat": chat,
        "from": ANN,
        **({"text": text} if text is not None else {}),
        **more,
    }
    return TelegramMessage.de_json(body, bot)


def mention(text, name="@quoth_bot"):
    offset = len(text[: text.index(name)].encode("utf-16-le")) // 2
    return message(text, entities=[{"type": "mention", "offset": offset, "length": len(name)}])


def test_in_a_private_chat_all_text_is_a_question():
    assert question_in(message("When?", PRIVATE), ME) == "When?"
    assert question_in(message("  When\nwas it? ", PRIVATE), ME) == "When\nwas it?"
    assert question_in(message("", PRIVATE), ME) == ""


def test_in_a_group_only_what_is_addressed_to_the_bot_is():
    assert question_in(message("When?"), ME) is None
    assert question_in(message("/ask When?"), ME) == "When?"
    assert question_in(message("/ASK@Quoth_Bot\nWhen?"), ME) == "When?"
    assert question_in(message("/ask"), ME) == ""
    assert question_in(message("/ask@other_bot When?"), ME) is None
    assert question_in(message("/asking When?"), ME) is None
    assert question_in(message("And then?", reply_to_message=FROM_ME), ME) == "And then?"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("@quoth_bot when was it?", "when was it?"),
        ("when was it, @quoth_bot", "when was it"),
        ("so @quoth_bot: when was it?", "so : when was it?"),
        ("👨‍👩‍👧 and 🇯🇵 @quoth_bot when?", "👨‍👩‍👧 and 🇯🇵 when?"),  # offsets count UTF-16 units
        ("@QUOTH_BOT when?", "when?"),
    ],
)
def test_a_mention_counts_wherever_it_stands(text, question):
    name = "@QUOTH_BOT" if "QUOTH" in text else "@quoth_bot"
    assert question_in(mention(text, name), ME) == question


def test_a_longer_name_is_not_the_bots():
    assert question_in(mention("@quoth_bot2 when?", "@quoth_bot2"), ME) is None
    assert question_in(message("mail me at x@quoth_bot.org"), ME) is None


def captioned(caption, chat=GROUP, **more):
    return message(None, chat, photo=[], caption=caption, **more)


def test_a_caption_is_a_question_by_the_same_rules_as_text():
    assert question_in(captioned("When?", PRIVATE), ME) == "When?"
    assert question_in(captioned("When?"), ME) is None
    assert question_in(captioned("/ask When?"), ME) == "When?"
    assert question_in(captioned("And then?", reply_to_message=FROM_ME), ME) == "And then?"
    mentioned = [{"type": "mention", "offset": 3, "length": 10}]
    assert question_in(captioned("👨 @quoth_bot when?", caption_entities=mentioned), ME) == "👨 when?"
    assert question_in(captioned("/sources", PRIVATE), ME) is None
    assert question_in(message(None, PRIVATE, photo=[]), ME) is None


def test_a_mention_without_a_username_counts():
    entity = {"type": "text_mention", "offset": 0, "length": 5, "user": {"id": 99, "is_bot": True, "first_name": "Q"}}
    assert question_in(message("Quoth when?", entities=[entity]), ME) == "when?"


@pytest.mark.parametrize(
    "more",
    [
        {"from": {"id": 8, "is_bot": True, "first_name": "Other"}},
        {"sender_chat": {"id": -9, "type": "channel", "title": "News"}, "from": {**ANONYMOUS, "id": 136817688}},
        {"is_automatic_forward": True},
        {"via_bot": {"id": 99, "is_bot": True, "first_name": "Quoth"}},
        {"reply_to_message": {**FROM_ME, "forum_topic_created": {"name": "Trade", "icon_color": 1}}},
    ],
    ids=["a bot", "a channel", "a channel's forwarded post", "an inline result of ours", "first in a topic"],
)
def test_what_no_person_asked_is_no_question(more):
    text = "A post" if "reply_to_message" in more else "/ask When?"
    assert question_in(message(text, **more), ME) is None


def test_an_anonymous_admin_has_no_user_id():
    sent = message("/ask When?", **{"from": ANONYMOUS}, sender_chat=GROUP)
    assert question_in(sent, ME) == "When?"
    assert origin_of(Update(1, message=sent)).user_id is None


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "location", "dice"])
def test_what_has_no_text_is_no_question_and_no_service_message(kind):
    file = {"file_id": "a", "file_unique_id": "b"}
    bodies = {
        "photo": [{**file, "width": 1, "height": 1}],
        "sticker": {**file, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"},
        "voice": {**file, "duration": 1},
        "location": {"latitude": 1.0, "longitude": 2.0},
        "dice": {"emoji": "🎲", "value": 3},
    }
    sent = message(None, PRIVATE, **{kind: bodies[kind]})
    assert question_in(sent, ME) is None
    assert not is_service(sent)


def test_service_messages_are_recognised():
    assert is_service(message(new_chat_members=[ANN]))
    assert is_service(message(pinned_message={"message_id": 1, "date": 0, "chat": GROUP}))
    assert not is_service(message("hello"))


def test_commands_are_read_as_telegram_writes_them():
    assert command_in(message("/Help@quoth_bot please"), ME) == "help"
    assert command_in(message("/help@other_bot"), ME) is None
    assert command_in(message("a /help"), ME) is None
    assert command_in(message("/"), ME) is None


def test_a_topic_is_kept_and_a_thread_of_replies_is_none():
    in_topic = message("/ask x", message_thread_id=11, is_topic_message=True)
    assert origin_of(Update(1, message=in_topic)).thread_id == 11
    in_thread = message("/ask x", message_thread_id=11)  # replies in a plain supergroup have a number too
    assert origin_of(Update(1, message=in_thread)).thread_id is None


def test_who_asked_where_in_which_language():
    found = origin_of(Update(1, message=message("When?", PRIVATE)))
    assert (found.chat_id, found.user_id, found.message_id, found.language) == (7, 7, 4, "pt")


def test_halves_of_characters_are_taken_out():
    question = question_in(message(json.loads('"Who \\ud83d is it?"'), PRIVATE), ME)
    assert question is not None
    assert question.startswith("Who ")
    question.encode()
