"""The fake server, driven by python-telegram-bot's own Bot: what it answers and delivers."""

import asyncio

import pytest
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    Conflict,
)

from tests.telegram.calling import do, keyboard, refused


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
