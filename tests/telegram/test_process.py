"""The bot as a process: stopped, killed, refused, out of disk space. Nothing is lost and nothing is sent twice."""

import resource
import threading
import time
import urllib.request

import pytest

from bot.telegram.api.request import TOKEN_IN_USE, TOKEN_REJECTED
from bot.telegram.app import ALREADY_RUNNING
from bot.telegram.messages.notices import NOTICES, SHOW_ANSWER
from bot.telegram.service import DEAF, TOKEN_REFUSED
from tests.telegram import faults
from tests.telegram.backends import FakeBackend, replies, until
from tests.telegram.bot_process import BotProcess, quoth_telegram
from tests.telegram.document_folder import BRIDGE, MILL
from tests.telegram.playing import ask, stays
from tests.telegram.third_party import free_port

pytestmark = pytest.mark.model
QUESTIONS = 20


@pytest.fixture
def telegram(server):
    return FakeBackend(server)


@pytest.fixture
def start(telegram, folder):
    """Starts a bot; all are gone when the test ends."""
    started = []

    def run(*flags, environment=None, is_ready=True, is_public=True):
        command = quoth_telegram(folder.index, *(["--public"] if is_public else []), *flags)
        bot = BotProcess(command, telegram, folder.docs.parent / "log", environment)
        started.append(bot)
        bot.start(awaits_server=is_ready)
        return bot

    yield run
    for bot in started:
        bot.__exit__()


def answered(rooms):
    """How often each room was answered, and how often it was told that an answer may be lost."""
    texts = [[reply.text for reply in room.replies()] for room in rooms]
    return (
        [sum("Anders Holm" in text for text in room) for room in texts],
        [sum(text == NOTICES["interrupted"] for text in room) for room in texts],
    )


# Stopping


def test_told_to_stop_it_finishes_what_it_has_and_ends_with_0(telegram, start):
    bot = start()
    rooms = [telegram.private() for _ in range(QUESTIONS)]
    for room in rooms:
        room.send_text(MILL)
    until(lambda: sum(answered(rooms)[0]), "a first answer")
    assert bot.stop() == 0
    count = sum(answered(rooms)[0])
    start()  # what it had no time for, the next one does
    until(lambda: sum(answered(rooms)[0]) >= QUESTIONS, "all answers")
    assert count >= 2
    assert answered(rooms) == ([1] * QUESTIONS, [0] * QUESTIONS)


def test_a_deadline_cuts_draining_short_and_the_rest_is_answered_later(telegram, start):
    bot = start("--drain", "1")
    telegram.server.fail("sendMessage", faults.hang(8), 1)
    room, other = telegram.private(), telegram.private()
    room.send_text(MILL)
    until(lambda: telegram.server.was_hung("sendMessage"), "an answer on its way")
    started = time.monotonic()
    assert bot.stop() == 0
    assert time.monotonic() - started < 6
    other.send_text(MILL)
    start()
    assert "Anders Holm" in replies(other, 1)[0].text
    until(lambda: sum(map(sum, answered([room]))) == 1, "an answer, or a line that says it may be lost")


# Killing


@pytest.mark.parametrize("after", [1, 7, 15])
def test_killed_in_the_middle_nothing_is_lost_and_nothing_said_twice(telegram, start, after):
    bot = start()
    rooms = [telegram.private() for _ in range(QUESTIONS)]
    for room in rooms:
        room.send_text(MILL)
    until(lambda: sum(answered(rooms)[0]) >= after, "some answers")
    bot.kill()
    before = sum(answered(rooms)[0])
    assert before < QUESTIONS
    start()
    until(lambda: all(map(sum, zip(*answered(rooms), strict=True))), "all answers", 20)
    time.sleep(0.5)
    answers, lines = answered(rooms)
    assert max(answers) == 1
    # Of a message that was on its way at that moment nobody can know: the person is told, with a button for the answer
    assert sum(lines) <= 2
    for room, count, told in zip(rooms, answers, lines, strict=True):
        assert count + told >= 1
        if told and not count:
            line = room.replies()[-1]
            room.press(line.message_id, line.button(SHOW_ANSWER))
            until(lambda room=room: answered([room])[0] == [1], "the answer that was asked for")


@pytest.mark.parametrize("is_done", [True, False], ids=["arrived", "lost"])
def test_killed_while_an_answer_is_on_its_way_it_says_so_and_does_not_repeat_it(telegram, start, is_done):
    bot, room = start(), telegram.private()
    telegram.server.fail("sendMessage", faults.hang(60, is_done), 1, room.id)
    room.send_text(MILL)
    until(lambda: room.replies() if is_done else telegram.server.was_hung("sendMessage"), "an answer on its way")
    bot.kill()
    start()
    until(lambda: answered([room])[1] == [1], "a line that says so")
    stays(room, 1 + is_done)
    assert answered([room])[0] == [is_done]


def test_killed_again_and_again_it_still_answers_everything(telegram, start):
    rooms = [telegram.private() for _ in range(QUESTIONS)]
    for room in rooms:
        room.send_text(MILL)
    for kill in range(3):
        bot = start()
        done = sum(map(sum, answered(rooms)))
        until(lambda done=done: sum(map(sum, answered(rooms))) >= min(done + 2, QUESTIONS), f"kill {kill}")
        bot.kill()
    start()
    until(lambda: all(map(sum, zip(*answered(rooms), strict=True))), "an answer or a line in each room", 20)
    assert max(answered(rooms)[0]) == 1


def test_a_question_that_kills_the_process_is_given_up_after_a_few_starts(telegram, start):
    room = telegram.private()
    for _ in range(3):
        telegram.server.fail("sendChatAction", faults.hang(5), 1, room.id)
        bot = start()
        if not room.messages:
            room.send_text(MILL)
        time.sleep(0.3)
        bot.kill()
    start()
    assert replies(room, 1)[0].text == NOTICES["failed"]
    stays(room, 1)


# Polling


def test_a_revoked_token_ends_it_with_a_line(telegram, start):
    bot = start()
    telegram.server.revoke_token()
    assert bot.status(15) == 1
    assert TOKEN_REJECTED in bot.output().splitlines()[-1]


def test_a_refused_token_ends_the_start_with_a_line(telegram, start):
    telegram.server.revoke_token()
    bot = start(is_ready=False)
    assert bot.status(15) == 1
    assert TOKEN_REFUSED in bot.output().splitlines()[-1]


def test_a_second_poller_ends_it_with_a_line(telegram, start):
    bot, is_over = start(), threading.Event()
    address = f"{telegram.server.base_url}{telegram.world.token}/getUpdates?timeout=1"

    def poll():
        while not is_over.is_set():
            try:
                urllib.request.urlopen(address, timeout=10).close()
            except OSError as error:
                getattr(error, "close", lambda: None)()

    other = threading.Thread(target=poll)
    other.start()
    try:
        assert bot.status(60) == 1
    finally:
        is_over.set()
        other.join(15)
    assert TOKEN_IN_USE in bot.output().splitlines()[-1]


def test_two_bots_do_not_share_what_they_keep(folder, start):
    start()
    second = start(is_ready=False)
    assert second.status(15) == 1
    assert ALREADY_RUNNING.format(state=folder.database) in second.output().splitlines()[-1]


def test_a_bot_that_hears_nothing_ends_so_that_it_is_started_anew(telegram, start):
    bot = start("--deaf-after", "2")
    telegram.server.fail("getUpdates", faults.BAD_GATEWAY, 1000)
    assert bot.status(30) == 1
    assert DEAF.format(seconds=2) in bot.output().splitlines()[-1]


def test_at_the_start_it_waits_for_a_server_that_comes_later(telegram, start):
    telegram.server.fail("getMe", faults.BAD_GATEWAY, 2)
    start()
    assert "Anders Holm" in ask(telegram.private(), MILL).text


def test_a_poisoned_update_is_put_aside_for_good(telegram, start):
    bot = start()
    room = telegram.private()
    telegram.world.push_raw({"message": {"message_id": 1}})
    ask(room, MILL)
    bot.stop()
    start()
    stays(room, 1)
    assert "unreadable update" in bot.output()


# Room on the disk


def test_a_full_disk_ends_it_and_nothing_is_lost(telegram, start, folder):
    bot = start()
    room = telegram.private()
    ask(room, BRIDGE)
    most = max(path.stat().st_size for path in folder.database.parent.glob("feedback.sqlite*"))
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (most, most))
    asked = 0
    while not bot.has_ended() and asked < QUESTIONS:
        room.send_text(MILL)
        asked += 1
        time.sleep(0.1)
    assert bot.status(20) == 1
    assert "feedback.sqlite" in bot.output().splitlines()[-1]
    start("--per-user", "100", "--per-chat", "100")
    until(lambda: answered([room])[0][0] + answered([room])[1][0] >= asked, "all answers")
    assert answered([room])[0][0] <= asked


# Webhook


@pytest.fixture
def webhook(telegram):
    """What the bot is told so that it listens behind the proxy that the server plays."""
    port = free_port()
    telegram.server.webhook.proxy_to = f"http://127.0.0.1:{port}"
    return {
        "QUOTH_TELEGRAM_WEBHOOK": "https://quoth.example/secret-path",
        "QUOTH_TELEGRAM_LISTEN": f"127.0.0.1:{port}",
        "QUOTH_TELEGRAM_WEBHOOK_SECRET": "loopback-only-secret",
    }


def test_a_webhook_is_listened_to_and_a_delivery_of_the_same_update_answered_once(telegram, start, webhook):
    bot = start(environment=webhook)
    room = telegram.private()
    room.send_text(MILL)
    replies(room, 1)
    update = {"update_id": 700_000_001, "message": next(iter(room.messages.values()))}
    telegram.world.push_raw(update)
    stays(room, 1)
    assert bot.stop() == 0


def test_a_post_without_the_secret_is_refused(telegram, start, webhook):
    start(environment=webhook)
    telegram.server.webhook.secret = "another-secret-of-16"
    room = telegram.private()
    room.send_text(MILL)
    until(lambda: telegram.server.webhook.deliveries, "a delivery")
    assert telegram.server.webhook.deliveries[0][1] == 403
    telegram.server.webhook.secret = webhook["QUOTH_TELEGRAM_WEBHOOK_SECRET"]
    assert "Anders Holm" in replies(room, 1)[0].text


def test_what_came_while_it_was_away_is_delivered_again(telegram, start, webhook):
    bot = start(environment=webhook)
    bot.kill()
    rooms = [telegram.private() for _ in range(5)]
    for room in rooms:
        room.send_text(MILL)
    start(environment=webhook)
    until(lambda: answered(rooms)[0] == [1] * 5, "all answers", 20)


def test_polling_after_a_webhook_takes_the_webhook_away(telegram, start, webhook):
    start(environment=webhook).stop()
    start()
    assert telegram.server.webhook.url == ""
    assert "Anders Holm" in ask(telegram.private(), MILL).text


# What Telegram is told


def test_a_group_is_open_to_all_its_members_where_it_is_allowed_and_left_where_not(telegram, start):
    allowed, other = telegram.group("Allowed"), telegram.group("Other")
    start(f"--allow={allowed.id}", is_public=False)
    for member in (telegram.user("Ann"), telegram.user("Bo")):
        assert "Anders Holm" in ask(allowed, f"/ask {MILL}", sender=member).text
    other.send_text(f"/ask {MILL}")
    until(lambda: telegram.server.calls_of("leaveChat"), "leaving")
    assert {call.given["chat_id"] for call in telegram.server.calls_of("leaveChat")} == {other.id}
    assert other.replies() == []


def test_commands_and_descriptions_are_registered_in_every_language(telegram, start):
    start()
    fields = telegram.world.fields
    until(lambda: "short_description:ja" in fields, "the last description")
    for code in ("", "es", "pt", "ja"):
        named = [command["command"] for command in fields[f"commands:{code}:default"]]
        assert named == ["ask", "sources", "why", "verify", "cite", "help", "privacy", "forget"]
    assert len({fields[f"description:{code}"] for code in ("", "es", "pt", "ja")}) == 4
