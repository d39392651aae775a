"""The fake server, driven by python-telegram-bot's own Bot: what it answers, what it refuses and in which words."""

import asyncio
import json
import time
import urllib.error
import urllib.request

import pytest
from telegram import (
    Bot,
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from tests.telegram import faults


def bot_of(server, read_timeout=5.0):
    request, polls = (HTTPXRequest(read_timeout=read_timeout) for _ in range(2))
    return Bot(
        server.world.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=request,
        get_updates_request=polls,
    )


def do(server, action, **how):
    """Run `await action(bot)` with a fresh Bot."""

    async def run():
        async with bot_of(server, **how) as bot:
            return await action(bot)

    return asyncio.run(run())


def refused(server, action, kind=BadRequest, **how):
    with pytest.raises(kind) as error:
        do(server, action, **how)
    return str(error.value)


def post(server, method, body=None, token=None):
    """What the server says to a request that no library would make."""
    address = f"{server.base_url}{token or server.world.token}/{method}"
    request = urllib.request.Request(address, json.dumps(body or {}).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)


def keyboard(*buttons):
    return InlineKeyboardMarkup([list(buttons)])


@pytest.fixture
def ann(server):
    """A chat that was started."""
    chat = server.world.private(server.world.user("Ann"))
    chat.send_text("/start")
    return chat


# What goes well


def test_the_bot_knows_itself(server):
    assert do(server, lambda bot: bot.get_me()).username == "quoth_test_bot"


def test_a_message_comes_and_an_answer_goes_back(server, ann):
    async def echo(bot):
        (update,) = await bot.get_updates()
        return await update.message.reply_html(f"<b>{update.message.text}</b>")

    assert do(server, echo).text == "/start"
    (reply,) = ann.replies()
    assert (reply.text, reply.entities[0]["type"], reply.from_bot) == ("/start", "bold", True)


def test_telegram_finds_commands_and_mentions_in_what_people_write(server):
    chat = server.world.group()
    chat.send_text("😀 @quoth_test_bot hello /ask")
    *_, update = do(server, lambda bot: bot.get_updates())
    assert update.message.parse_entities() == {
        MessageEntity("mention", 3, 15): "@quoth_test_bot",
        MessageEntity("bot_command", 25, 4): "/ask",
    }


def test_an_offset_confirms_what_came_before_it(server, ann):
    ann.send_text("two")

    async def poll(bot):
        first, second = await bot.get_updates()
        again = await bot.get_updates()
        rest = await bot.get_updates(offset=second.update_id)
        none = await bot.get_updates(offset=second.update_id + 1)
        return [len(again), [update.message.text for update in rest], none, first.message.text]

    assert do(server, poll) == [2, ["two"], (), "/start"]
    assert server.world.updates == []


def test_a_poll_waits_for_news(server, ann):
    async def poll(bot):
        (first,) = await bot.get_updates()
        waiting = asyncio.create_task(bot.get_updates(offset=first.update_id + 1, timeout=5))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        ann.send_text("news")
        return await asyncio.wait_for(waiting, 2)

    assert [update.message.text for update in do(server, poll)] == ["news"]


def test_only_the_kinds_asked_for_come(server, ann):
    async def poll(bot):
        (first,) = await bot.get_updates(allowed_updates=["message"])
        ann.edit_text(first.message.message_id, "other")
        server.world.inline_query("x")
        ann.send_text("three")
        return await bot.get_updates(offset=first.update_id + 1)

    assert [update.message.text for update in do(server, poll)] == ["three"]


def test_a_pressed_button_is_answered_once(server, ann):
    async def work(bot):
        sent = await bot.send_message(
            ann.id, "pick", reply_markup=keyboard(InlineKeyboardButton("a", callback_data="d"))
        )
        query = ann.press(sent.message_id, ann.replies()[0].button("a"))
        *_, update = await bot.get_updates()
        assert update.callback_query.data == "d"
        await update.callback_query.answer("done", show_alert=True)
        await update.callback_query.edit_message_text("picked")
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await update.callback_query.answer()
        return query

    query = do(server, work)
    assert server.world.callback_answer(query)["text"] == "done"
    (reply,) = ann.replies()
    assert (reply.text, reply.edited, reply.buttons) == ("picked", True, ())


def test_an_inline_query_is_answered(server):
    async def work(bot):
        query = server.world.inline_query("what")
        (update,) = await bot.get_updates()
        article = InlineQueryResultArticle("1", "A title", InputTextMessageContent("text"))
        await update.inline_query.answer([article], is_personal=True)
        return query

    answer = server.world.inline_answer(do(server, work))
    assert answer["is_personal"] is True
    assert answer["results"][0]["input_message_content"]["message_text"] == "text"


def test_topics_replies_typing_and_reactions(server):
    forum = server.world.group(is_forum=True)
    topic = forum.topic("Bridges")
    asked = forum.send_text("how long?", thread=topic)

    async def work(bot):
        await bot.send_chat_action(forum.id, "typing", message_thread_id=topic)
        await bot.set_message_reaction(forum.id, asked, "👀")
        await bot.send_message(forum.id, "ten", message_thread_id=topic, reply_parameters=ReplyParameters(asked))

    do(server, work)
    (reply,) = forum.replies()
    assert (reply.thread, reply.reply_to) == (topic, asked)


def test_commands_and_descriptions_are_kept_by_language(server):
    async def work(bot):
        await bot.set_my_commands([BotCommand("ask", "Ask")])
        await bot.set_my_commands([BotCommand("ask", "Pregunta")], language_code="es")
        await bot.set_my_description("d", language_code="es")
        await bot.set_my_short_description("s")
        return await bot.get_my_commands(language_code="es")

    assert do(server, work)[0].description == "Pregunta"
    assert server.world.fields["description:es"] == "d"


def test_files_go_both_ways(server, ann):
    async def work(bot):
        await bot.send_document(ann.id, b"a,b\n", filename="feedback.csv")
        ann.send_photo()
        *_, update = await bot.get_updates()
        file = await update.message.photo[0].get_file()
        return bytes(await file.download_as_bytearray())

    assert do(server, work) == b"\xff\xd8photo"
    assert next(iter(server.world.files.values())) == b"a,b\n"


def test_updates_of_every_kind_fit_aiograms_models(server, ann):
    ann.edit_text(1, "again")
    ann.block()
    ann.unblock()
    group = server.world.group()
    group.migrate()
    forum = server.world.group(is_forum=True)
    forum.send_text("in a topic", thread=forum.topic("t"))
    server.world.inline_query("q")
    server.world.choose("1", "q", server.world.user("Bo", username="bo_bo"))
    ann.send({"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9}
              | {"is_animated": False, "is_video": False}})  # fmt: skip
    assert len(do(server, lambda bot: bot.get_updates())) == 13


# What Telegram refuses


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


# What we count as wrong and Telegram does not


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


# Faults


@pytest.mark.filterwarnings(f"ignore::{PTBDeprecationWarning.__module__}.{PTBDeprecationWarning.__name__}")
@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (faults.too_many(7), RetryAfter, "Flood control exceeded. Retry in 7 seconds"),
        (faults.BAD_GATEWAY, NetworkError, "Bad Gateway"),
        (faults.CUT, NetworkError, "disconnected"),
        (faults.GARBAGE, TelegramError, "Invalid server response"),
        (faults.BLOCKED, Forbidden, "blocked by the user"),
        (faults.hang(1.0), TimedOut, "Timed out"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_fault_is_played_once(server, ann, fault, kind, words):
    server.fail("sendMessage", fault)
    assert words in refused(server, lambda bot: bot.send_message(ann.id, "a"), kind, read_timeout=0.5)
    assert ann.replies() == []
    do(server, lambda bot: bot.send_message(ann.id, "a"))
    assert len(ann.replies()) == 1


def test_a_connection_cut_after_sending_leaves_the_message_there(server, ann):
    server.fail("sendMessage", faults.CUT_AFTER)
    refused(server, lambda bot: bot.send_message(ann.id, "a"), NetworkError)
    assert [reply.text for reply in ann.replies()] == ["a"]


def test_a_fault_of_one_chat_leaves_the_others_alone(server, ann):
    other = server.world.private(server.world.user("Bo"))
    other.send_text("hi")
    server.fail("sendMessage", faults.BLOCKED, chat_id=ann.id)
    do(server, lambda bot: bot.send_message(other.id, "a"))
    refused(server, lambda bot: bot.send_message(ann.id, "a"), Forbidden)


def test_a_second_poll_ends_the_first(server):
    async def poll(bot):
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.2)
        await bot.get_updates(timeout=0)
        return await first

    words = refused(server, poll, Conflict)
    assert words.startswith("Conflict: terminated by other getUpdates request")


def test_a_revoked_token_is_refused_in_the_middle_of_a_poll(server):
    async def poll(bot):
        waiting = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.2)
        server.revoke_token()
        return await waiting

    started = time.monotonic()
    assert "Unauthorized" in refused(server, poll, InvalidToken)
    assert time.monotonic() - started < 3


# Webhooks


def test_a_webhook_needs_https_and_a_plain_secret(server):
    assert "HTTPS URL must be provided" in refused(server, lambda bot: bot.set_webhook("http://a.example/x"))
    words = refused(server, lambda bot: bot.set_webhook("https://a.example/x", secret_token="a b"))
    assert words == "Secret token contains unallowed characters"
    do(server, lambda bot: bot.set_webhook("https://a.example/x", secret_token="a-b"))
    words = refused(server, lambda bot: bot.get_updates(), Conflict)
    assert words.startswith("Conflict: can't use getUpdates method while webhook is active")


def test_an_update_is_delivered_with_the_secret_until_it_is_taken_in_order(server, ann):
    from aiohttp import web

    seen, answers = [], [503, 200, 200]

    async def take(request):
        body = await request.json()
        seen.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], body["message"]["text"], request.path))
        return web.Response(status=answers.pop(0))

    async def work(bot):
        app = web.Application()
        app.router.add_post("/hook", take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.webhook.proxy_to = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await bot.set_webhook("https://quoth.example/hook", secret_token="s3cret")
        ann.send_text("two")
        await asyncio.to_thread(server.world.wait, lambda: not server.world.updates, 5)
        await runner.cleanup()

    do(server, work)
    texts = [("s3cret", text, "/hook") for text in ("/start", "/start", "two")]
    assert seen == texts
    assert [status for _, status in server.webhook.deliveries] == [503, 200, 200]
