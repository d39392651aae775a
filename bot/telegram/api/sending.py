"""Messages out: a Message as Telegram takes it, and what is done about each way in which sending fails."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.telegram.api.errors import (
    Again,
    DeliveryError,
    EditLost,
    Gone,
    Moved,
    NotDelivered,
    Refused,
    Uncertain,
    Unmodified,
    meaning,
)
from bot.telegram.api.pace import IN_FLIGHT, UNNOTED, Flight
from bot.telegram.messages.message import Message, Rows
from bot.telegram.messages.pages import InlineResult
from bot.telegram.ops.logs import log
from bot.telegram.ops.metrics import Figures
from retrieval.errors import StoreError

GIVE_UP_S = 600.0
"""How long a message is tried while Telegram can't be reached; then its question stays in the inbox."""
TYPING_S = 4.0  # Telegram shows it for 5 seconds
_MOST_WAIT_S = 30.0
_LOGGER = logging.getLogger("quoth")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to write: a chat and a topic of it; `reply_to` is the message that is answered."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent; the chat may have got a new id meanwhile."""

    chat_id: int
    message_id: int


class Sender:
    """Sends, edits and deletes.

    `on_moved` is told when a group got a new id, `on_gone` when a chat can't be written to.
    """

    def __init__(
        self,
        bot: Bot,
        figures: Figures,
        on_moved: Callable[[int, int], Awaitable[None]],
        on_gone: Callable[[int], Awaitable[None]],
    ) -> None:
        self._bot, self._figures, self._on_moved, self._on_gone = bot, figures, on_moved, on_gone

    async def send(self, place: Place, message: Message, flight: Flight = UNNOTED) -> Sent:
        """Where the new message is. Raises Gone, NotDelivered, Uncertain or Refused.

        `flight` is told when an attempt begins and when it surely came to nothing, so that after a crash it is known
        whether the message may have gone out.
        """
        try:
            return Sent(place.chat_id, await self._send(place, message, flight))
        except Moved as moved:
            await self._on_moved(place.chat_id, moved.new_chat_id)
            there = Place(moved.new_chat_id)  # its messages have new numbers, so that there is none to reply to
            return Sent(there.chat_id, await self._send(there, message, flight))

    async def _send(self, place: Place, message: Message, flight: Flight) -> int:
        async def post(message: Message, reply_to: int | None) -> int:
            reply = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
            sent = await self._bot.send_message(
                place.chat_id,
                message.text,
                entities=entities(message) or None,
                reply_markup=keyboard(message.rows),
                reply_parameters=reply,
                message_thread_id=place.thread_id,
                link_preview_options=_NO_PREVIEW,
            )
            return sent.message_id

        simpler = (lambda: post(message, place.reply_to), lambda: post(_plain(message), None))
        return await self._delivered("sent", place.chat_id, simpler, flight, is_repeatable=False)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        """Put a message in the place of one of ours. Raises EditLost where that is gone, and as `send` does."""

        async def put(message: Message) -> None:
            await self._bot.edit_message_text(
                message.text,
                chat_id,
                message_id,
                entities=entities(message) or None,
                reply_markup=keyboard(message.rows),
                link_preview_options=_NO_PREVIEW,
            )

        with suppress(Unmodified):
            await self._delivered("edited", chat_id, (lambda: put(message), lambda: put(_plain(message))))

    async def edit_rows(self, chat_id: int, message_id: int, rows: Rows) -> None:
        """Other buttons below one of our messages. Raises as `edit` does."""

        async def once() -> object:
            return await self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=keyboard(rows))

        with suppress(Unmodified):
            await self._delivered("edited", chat_id, (once,))

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete one of our messages, if it is still there."""
        try:
            await self._delivered("deleted", chat_id, (lambda: self._bot.delete_message(chat_id, message_id),))
        except (EditLost, Refused, Moved):
            return

    async def answer_press(self, query_id: str, text: str | None = None, is_alert: bool = False) -> None:
        """End the waiting of a pressed button; that it is too old, or can't be reached, changes nothing."""
        await self._tolerated(self._bot.answer_callback_query(query_id, text, show_alert=is_alert))

    async def answer_inline(self, query_id: str, results: list[InlineResult], cache_s: int) -> None:
        """Results that only this person gets, from any cache too."""
        articles = [
            InlineQueryResultArticle(
                result.id,
                result.title,
                InputTextMessageContent(
                    result.message.text,
                    entities=entities(result.message) or None,
                    link_preview_options=_NO_PREVIEW,
                ),
                description=result.description,
            )
            for result in results
        ]
        await self._tolerated(self._bot.answer_inline_query(query_id, articles, cache_time=cache_s, is_personal=True))

    async def leave(self, chat_id: int) -> None:
        """Leave a group where the bot has no business."""
        await self._tolerated(self._bot.leave_chat(chat_id))

    @asynccontextmanager
    async def typing(self, place: Place) -> AsyncIterator[None]:
        """Shows that the bot is at work until the block ends; never after the message that follows it."""
        done = asyncio.Event()

        async def show() -> None:
            while not done.is_set():
                await self._tolerated(
                    self._bot.send_chat_action(place.chat_id, ChatAction.TYPING, message_thread_id=place.thread_id)
                )
                try:
                    await asyncio.wait_for(done.wait(), TYPING_S)
                except TimeoutError:
                    continue

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            done.set()
            await asyncio.wait([task], timeout=TYPING_S)
            task.cancel()

    async def _tolerated(self, call: Awaitable[object]) -> None:
        try:
            await call
        except TelegramError as error:
            log(_LOGGER, "not taken", logging.WARNING, reason=str(error))

    async def _delivered(
        self,
        done: str,
        chat_id: int,
        forms: Sequence[Callable[[], Awaitable[Given]]],
        flight: Flight = UNNOTED,
        is_repeatable: bool = True,
    ) -> Given:
        """What the first of the forms gives that is not refused. Raises DeliveryError.

        Tried again while the server can't be reached; also where nobody knows whether it was done, if it is something
        that may be done twice.
        """
        wait, until = 1.0, time.monotonic() + GIVE_UP_S
        form, *simpler = forms
        while True:
            before = IN_FLIGHT.set(flight)
            try:
                given = await form()
            except StoreError:
                raise
            except Exception as error:  # also an answer that the library stumbles over
                problem = meaning(error)
            else:
                self._figures.count("sends", done)
                return given
            finally:
                IN_FLIGHT.reset(before)
            if isinstance(problem, Uncertain) and is_repeatable:
                problem = Again(str(problem))
            if not isinstance(problem, Uncertain):
                await flight.abort()
            await self._note(problem, chat_id)
            if isinstance(problem, Refused) and simpler:
                form, *simpler = simpler
                continue
            if not isinstance(problem, Again):
                raise problem
            pause = problem.after_s or wait * random.uniform(0.8, 1.2)
            if time.monotonic() + pause > until:
                raise NotDelivered(f"chat {chat_id} could not be reached for {GIVE_UP_S:.0f} s")
            await asyncio.sleep(pause)
            wait = min(2 * wait, _MOST_WAIT_S)

    async def _note(self, problem: DeliveryError, chat_id: int) -> None:
        self._figures.count("sends", problem.kind)
        level = logging.ERROR if isinstance(problem, Refused | Uncertain) else logging.WARNING
        if not isinstance(problem, Unmodified):
            log(_LOGGER, f"message {problem.kind}", level, chat_id=chat_id, reason=str(problem))
        if isinstance(problem, Gone) and problem.is_chat:
            await self._on_gone(chat_id)


def entities(message: Message) -> list[MessageEntity]:
    """The message's entities as Telegram's."""
    return [MessageEntity(entity.type, entity.offset, entity.length) for entity in message.entities]


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """The buttons below a message, None for none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.text, callback_data=button.data)
                if button.copy is None
                else InlineKeyboardButton(button.text, copy_text=CopyTextButton(button.copy))
                for button in row
            ]
            for row in rows
        ]
    )


def _plain(message: Message) -> Message:
    """What can hardly be refused: the text alone."""
    return Message(message.text)
