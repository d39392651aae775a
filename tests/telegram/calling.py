"""Calls to the fake server: by python-telegram-bot's own Bot, and as no library would make them."""

import asyncio
import json
import urllib.error
import urllib.request

import pytest
from telegram import (
    Bot,
    InlineKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
)
from telegram.request import HTTPXRequest


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
