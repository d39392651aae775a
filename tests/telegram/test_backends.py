"""The servers themselves, with the least of bots: what a scenario may count on is there before our bot is tried."""

import sys

import pytest

from tests.telegram.backends import replies, until
from tests.telegram.bot_process import BotProcess


@pytest.fixture(scope="module")
def echo(backend, tmp_path_factory):
    log = tmp_path_factory.mktemp("echo") / "log"
    with BotProcess([sys.executable, "-m", "tests.telegram.echo_bot"], backend, log) as bot:
        yield bot


def test_a_message_is_echoed(backend, echo):
    chat = backend.private()
    chat.send_text("hello 1871")
    (reply,) = replies(chat, 1)
    assert (reply.text, reply.from_bot) == ("hello 1871!", True)


def test_a_command_shows_a_button_that_edits_its_message(backend, echo):
    chat = backend.private()
    chat.send_text("/start")
    (reply,) = replies(chat, 1)
    assert (reply.text, reply.entities[0]["type"]) == ("welcome", "bold")
    query = chat.press(reply.message_id, reply.button("press"))
    assert backend.callback_answer(query)["text"] == "pressed"
    (edited,) = until(lambda: found if (found := chat.replies())[0].edited else None, "an edit")
    assert (edited.text, edited.edited, edited.buttons) == ("edited", True, ())


@pytest.mark.needs("photo")
def test_a_photo_arrives(backend, echo):
    chat = backend.private()
    chat.send_photo()
    assert "!" in replies(chat, 1)[0].text


@pytest.mark.needs("inline")
def test_an_inline_query_is_answered(backend, echo):
    answer = backend.inline_answer(backend.inline_query("who"))
    assert answer["results"][0]["input_message_content"]["message_text"] == "who"


@pytest.mark.needs("group", "topic", "reply")
def test_a_topic_and_a_reply_are_kept(backend, echo):
    forum = backend.group(is_forum=True)
    topic = forum.topic("Bridges")
    forum.send_text("one", thread=topic)
    (first,) = replies(forum, 1)
    assert first.thread == topic
    asked = forum.send_text("two", reply_to=first.message_id, thread=topic)
    assert replies(forum, 2)[1].reply_to == asked
