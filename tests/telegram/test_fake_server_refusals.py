"""What the fake server refuses, in which words, and what it reports as a problem although Telegram accepts it."""

import pytest
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import (
    ChatMigrated,
    Forbidden,
)

from tests.telegram.calling import do, keyboard, post, refused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a < b", 'Can\'t parse entities: unsupported start tag "" at byte offset 2'),
        ("<p>a</p>", 'Can\'t parse entities: unsupported start tag "p" at byte offset 0'),
        ("<b>a", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
        ("x" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        ("<b>" * 11000, "Message is too long"),
        (" \n\u200b\u202e ", "Message text is empty"),
    ],
    ids=["less than", "p", "open tag", "4,097 letters", "4,098 units", "33,000 bytes", "nothing"],
)
def test_a_text_that_is_refused(server, ann, text, words):
    assert refused(server, lambda bot: bot.send_message(ann.id, text, parse_mode="HTML")) == words


def test_a_text_at_the_limit_is_sent(server, ann):
    do(server, lambda bot: bot.send_message(ann.id, "<b>" + "😀" * 2048 + "</b>", parse_mode="HTML"))
    assert len(ann.replies()[0].text) == 2048


@pytest.mark.parametrize(
    ("offset", "length", "words"), [(0, 4, "ends after the end of the text"), (1, 1, "begins in a middle of a utf-16")]
)
def test_entities_that_do_not_fit_are_refused(server, ann, offset, length, words):
    entities = [MessageEntity("bold", offset, length)]
    assert words in refused(server, lambda bot: bot.send_message(ann.id, "😀a", entities=entities))


@pytest.mark.parametrize(
    ("button", "words"),
    [
        (InlineKeyboardButton("a", callback_data="é" * 33), "Button_data_invalid"),
        (InlineKeyboardButton("a"), "Text buttons are unallowed in the inline keyboard"),
        (InlineKeyboardButton("a", copy_text=CopyTextButton("x" * 257)), "Button_copy_text_invalid"),
    ],
    ids=["66 bytes", "no action", "257 to copy"],
)
def test_a_button_that_is_refused(server, ann, button, words):
    markup = keyboard(button)
    assert refused(server, lambda bot: bot.send_message(ann.id, "a", reply_markup=markup)) == words


def test_too_many_buttons_are_refused(server, ann):
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="d")]] * 101)
    words = refused(server, lambda bot: bot.send_message(ann.id, "a", reply_markup=markup))
    assert words == "Reply markup is too long"


def test_messages_that_are_not_there(server, ann):
    reply = ReplyParameters(99)
    assert refused(server, lambda b: b.send_message(ann.id, "a", reply_parameters=reply)) == (
        "Message to be replied not found"
    )
    assert refused(server, lambda b: b.edit_message_text("a", ann.id, 99)) == "Message to edit not found"
    assert refused(server, lambda b: b.edit_message_text("a", ann.id, 1)) == "Message can't be edited"
    assert refused(server, lambda b: b.delete_message(ann.id, 99)) == "Message to delete not found"
    kind = ReplyParameters(99, allow_sending_without_reply=True)
    do(server, lambda bot: bot.send_message(ann.id, "a", reply_parameters=kind))
    assert ann.replies()[0].reply_to is None


def test_a_quote_must_stand_in_the_message_replied_to(server, ann):
    asked = ann.send_text("How long is the bridge?")
    good, bad = ReplyParameters(asked, quote="the bridge"), ReplyParameters(asked, quote="the canal")
    do(server, lambda bot: bot.send_message(ann.id, "a", reply_parameters=good))
    assert refused(server, lambda b: b.send_message(ann.id, "a", reply_parameters=bad)) == "Quote_text_invalid"


def test_an_edit_that_changes_nothing_is_refused(server, ann):
    async def work(bot):
        sent = await bot.send_message(ann.id, "a", reply_markup=keyboard(InlineKeyboardButton("a", callback_data="d")))
        await sent.edit_text("b")
        await sent.edit_text("b")

    assert refused(server, work).startswith("Message is not modified: specified new message content")


def test_chats_the_bot_may_not_write_to(server, ann):
    stranger, group = server.world.private(server.world.user()), server.world.group()
    ann.block()
    group.block()

    def send(chat_id):
        return lambda bot: bot.send_message(chat_id, "a")

    assert refused(server, send(5)) == "Chat not found"
    assert refused(server, send(stranger.id), Forbidden) == "Forbidden: bot can't initiate conversation with a user"
    assert refused(server, send(ann.id), Forbidden) == "Forbidden: bot was blocked by the user"
    assert refused(server, send(group.id), Forbidden) == "Forbidden: bot was kicked from the group chat"


def test_a_group_that_moved_says_where_to(server):
    group = server.world.group()
    moved = group.migrate()
    with pytest.raises(ChatMigrated) as error:
        do(server, lambda bot: bot.send_message(group.id, "a"))
    assert error.value.new_chat_id == moved.id


def test_topics_that_are_closed_or_gone(server):
    forum = server.world.group(is_forum=True)
    topic = forum.topic("t")
    forum.topics[topic] = "closed"
    assert refused(server, lambda b: b.send_message(forum.id, "a", message_thread_id=topic)) == "Topic_closed"
    assert refused(server, lambda b: b.send_message(forum.id, "a", message_thread_id=9)) == "Message thread not found"


def test_a_query_is_too_old_after_its_life(server, ann):
    async def work(bot):
        sent = await bot.send_message(ann.id, "a", reply_markup=keyboard(InlineKeyboardButton("a", callback_data="d")))
        ann.press(sent.message_id, ann.replies()[0].button("a"))
        server.world.expire_queries()
        *_, update = await bot.get_updates()
        await update.callback_query.answer()

    assert refused(server, work) == "Query is too old and response timeout expired or query id is invalid"


def test_methods_and_tokens_that_do_not_exist(server):
    not_found = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert post(server, "sendTelepathy") == not_found
    assert post(server, "getMe", token="nonsense") == not_found
    other = "123456789:" + "B" * 35
    assert post(server, "getMe", token=other) == {"ok": False, "error_code": 401, "description": "Unauthorized"}


def test_what_telegram_would_bear_is_counted_as_a_problem(lenient_server):
    server = lenient_server
    chat = server.world.private(server.world.user("Ann"))
    chat.send_text("hi")
    preview = LinkPreviewOptions(is_disabled=True)
    many = [MessageEntity("bold", n, 1) for n in range(101)]
    do(server, lambda bot: bot.send_message(chat.id, "see @somebody_else", link_preview_options=preview))
    do(server, lambda bot: bot.send_message(chat.id, "<code>@somebody_else</code>", parse_mode="HTML"))
    do(server, lambda bot: bot.send_message(chat.id, "x" * 101, entities=many))
    do(server, lambda bot: bot.send_message(chat.id, "ask @quoth_test_bot"))
    assert [problem.split(":")[0] for problem in server.world.problems] == [
        "would call @somebody_else",
        "101 entities, more than 100",
    ]


def test_a_request_that_does_not_fit_the_model_is_refused_and_counted(lenient_server):
    server = lenient_server
    answer = post(server, "sendMessage", {"chat_id": 5, "text": "a", "colour": "red"})
    assert answer["description"] == "Bad Request: wrong parameters: SendMessage has no field colour"
    assert server.world.problems == ["sendMessage: SendMessage has no field colour"]


def test_an_update_that_does_not_fit_the_model_is_counted(lenient_server):
    lenient_server.world.push({"callback_query": {"id": "1", "from": lenient_server.world.user(), "data": "d"}})
    assert lenient_server.world.problems == ["update: Update.callback_query.chat_instance: Field required"]
