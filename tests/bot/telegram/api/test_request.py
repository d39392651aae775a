"""What a poll does: it beats the heart, passes on well-formed updates, and may give a reason to exit."""

import asyncio
import json
import time

import httpx
import pytest
from telegram import Bot
from telegram.error import Conflict, InvalidToken

from bot.telegram.api.request import (
    MAX_CONFLICTS,
    TOKEN_IN_USE,
    TOKEN_REJECTED,
    PollingRequest,
    Request,
    ServerDown,
)
from bot.telegram.ops.heartbeat import NAME, Heartbeat

TOKEN = "99:" + "A" * 35
USER = {"id": 7, "is_bot": False, "first_name": "Ann"}
GOOD = {"update_id": 2, "message": {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}, "from": USER}}
POISON = {"update_id": 1, "message": {"message_id": 4}}


class Polls:
    """Polls a server that gives the answers one after another; what came of them."""

    def __init__(self, tmp_path, *answers):
        self.answers, self.aside, self.problems = list(answers), [], []
        self.heart = Heartbeat(tmp_path / NAME)
        self.heart._last = time.monotonic() - 1000

    def run(self):
        return asyncio.run(self._run())

    async def _run(self):
        async def put_aside(number, line):
            self.aside.append((number, json.loads(line)))

        transport = httpx.MockTransport(lambda request: self.answers.pop(0))
        request = PollingRequest(self.heart, put_aside, self.problems.append, httpx_kwargs={"transport": transport})
        bot = Bot(TOKEN, get_updates_request=request)
        async with request:
            found = []
            while self.answers:
                try:
                    found += await bot.get_updates()
                except (Conflict, InvalidToken, ServerDown) as error:
                    found.append(error)
            return found


def ok(*updates):
    return httpx.Response(200, json={"ok": True, "result": list(updates)})


def refused(code, words):
    return httpx.Response(code, json={"ok": False, "error_code": code, "description": words})


def test_a_poll_that_is_answered_is_a_heartbeat(tmp_path):
    polls = Polls(tmp_path, ok())
    assert polls.run() == []
    assert polls.heart.age_s < 5


@pytest.mark.parametrize("answer", [httpx.Response(200, text="{"), httpx.Response(200, json={"ok": True, "result": 3})])
def test_an_answer_that_can_not_be_read_is_none(tmp_path, answer):
    polls = Polls(tmp_path, answer)
    with pytest.raises(Exception, match=r"Invalid server response|int"):
        polls.run()
    assert polls.heart.age_s > 900


def test_one_update_that_can_not_be_read_blocks_none_of_the_others(tmp_path):
    polls = Polls(tmp_path, ok(POISON, GOOD))
    assert [(update.update_id, update.message is not None) for update in polls.run()] == [(1, False), (2, True)]
    assert polls.aside == [(1, POISON)]


def test_what_is_no_update_at_all_is_dropped(tmp_path):
    polls = Polls(tmp_path, ok("nonsense", {"no": "id"}, GOOD))
    assert [update.update_id for update in polls.run()] == [2]
    assert polls.aside == []


def test_a_refused_token_ends_the_process(tmp_path):
    polls = Polls(tmp_path, refused(401, "Unauthorized"))
    assert isinstance(polls.run()[0], InvalidToken)
    assert polls.problems == [TOKEN_REJECTED]


def test_another_process_with_the_token_ends_this_one_but_not_at_the_first_conflict(tmp_path):
    conflict = "Conflict: terminated by other getUpdates request"
    polls = Polls(tmp_path, *[refused(409, conflict) for _ in range(MAX_CONFLICTS - 1)])
    polls.run()
    assert polls.problems == []
    polls = Polls(tmp_path, *[refused(409, conflict) for _ in range(MAX_CONFLICTS)])
    polls.run()
    assert polls.problems == [TOKEN_IN_USE]


@pytest.mark.parametrize("code", [500, 502, 503])
def test_a_failing_server_is_distinguished(code):
    async def check():
        transport = httpx.MockTransport(lambda request: httpx.Response(code, html="<html>"))
        async with Request(httpx_kwargs={"transport": transport}) as request:
            with pytest.raises(ServerDown, match=str(code)):
                await Bot(TOKEN, request=request).get_me()

    asyncio.run(check())
