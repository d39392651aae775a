"""What Telegram shows before anybody writes to the bot: its commands and descriptions, in every language."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot.language.language import CODES, language_of
from bot.telegram.memory.memory import Memory
from bot.telegram.messages.about import commands, descriptions
from bot.telegram.ops.logs import log

_SETTING = "introduced"


async def introduce(
    bot: Bot, memory: Memory, documents: int, admins: frozenset[int], has_uploads: bool = False
) -> None:
    """Register the commands and descriptions with Telegram if they have changed; admins get more commands."""
    texts = await asyncio.to_thread(_texts, documents, has_uploads)  # reads the catalogues, which takes a while
    state = repr((bot.id, sorted(admins), texts))
    if await asyncio.to_thread(memory.setting, _SETTING) == state:
        return
    failed = set()
    for call in (call for code in CODES for call in _calls(bot, code, documents, admins, has_uploads)):
        try:
            await call()
        except TelegramError as error:  # the server lacks the method, or an admin has never written
            failed.add(str(error))
    if failed:
        log("commands not registered", logging.WARNING, reasons=sorted(failed))
    else:
        await asyncio.to_thread(memory.set, _SETTING, state)


def _calls(
    bot: Bot, code: str, documents: int, admins: frozenset[int], has_uploads: bool
) -> Iterator[Callable[[], Awaitable[object]]]:
    """The calls that register the texts of one language; people with any other language see English."""
    tag = None if code == "en" else code
    long, short = descriptions(language_of(code), documents)
    yield partial(bot.set_my_commands, _menu(code, False, has_uploads), language_code=tag)
    yield partial(bot.set_my_description, long, language_code=tag)
    yield partial(bot.set_my_short_description, short, language_code=tag)
    for admin in sorted(admins):
        scope = BotCommandScopeChat(admin)
        yield partial(bot.set_my_commands, _menu(code, True, has_uploads), scope=scope, language_code=tag)


def _texts(documents: int, has_uploads: bool) -> list[object]:
    return [
        (commands(language_of(code), True, has_uploads), descriptions(language_of(code), documents)) for code in CODES
    ]


def _menu(code: str, is_admin: bool, has_uploads: bool) -> list[BotCommand]:
    named = commands(language_of(code), is_admin, has_uploads)
    return [BotCommand(command.name, command.description) for command in named]
