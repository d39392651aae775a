"""Sending: from our Message to Telegram's types, and what to do about each kind of failure."""

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
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import Message as TelegramMessage
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
from bot.telegram.api.markup import entities, keyboard, markup
from bot.telegram.api.pace import CURRENT_DELIVERY
from bot.telegram.memory.delivery import UNTRACKED, Delivery
from bot.telegram.messages.message import ButtonRows, Message, Picture
from bot.telegram.messages.results import InlineResult
from bot.telegram.ops.logs import log
from bot.telegram.ops.metrics import Metrics
from retrieval.errors import DatabaseError

GIVE_UP_S = 600.0
"""How long to retry a message while Telegram can't be reached; after that its question stays in the inbox."""
DOWNLOAD_S = 60.0
"""How long a download may pause."""
TYPING_S = 4.0  # Telegram shows it for 5 seconds
_MAX_WAIT_S = 30.0
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Result = TypeVar("Result")
Form = Callable[[], Awaitable[TelegramMessage]]
"""Sends a message in one form; another one is tried if Telegram refuses it."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to send a message: a chat, a topic of it, and the message to reply to."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent, with the id of its chat, which may be new."""

    chat_id: int
    message_id: int


class Sender:
    """Sends, edits and deletes messages.

    `on_moved` is called when a group has a new id, `on_gone` when a chat can't be written to.
    """

    def __init__(
        self,
        bot: Bot,
        metrics: Metrics,
        on_moved: Callable[[int, int], Awaitable[None]],
        on_gone: Callable[[int], Awaitable[None]],
    ) -> None:
        self._bot, self._metrics, self._on_moved, self._on_gone = bot, metrics, on_moved, on_gone

    async def send(self, destination: Destination, message: Message | Picture, delivery: Delivery = UNTRACKED) -> Sent:
        """The chat and id of the new message. Raises Gone, NotDelivered, Uncertain or Refused.

        `delivery` records when an attempt begins and when it certainly failed, so that after a crash we know whether
        the message may have been sent.
        """
        try:
            return Sent(destination.chat_id, await self._send(destination, message, delivery))
        except Moved as moved:
            await self._on_moved(destination.chat_id, moved.new_chat_id)
            there = Destination(moved.new_chat_id)  # its messages have new ids, so there is none to reply to
            return Sent(there.chat_id, await self._send(there, message, delivery))

    async def _send(self, destination: Destination, message: Message | Picture, delivery: Delivery) -> int:
        forms = (
            self._picture_forms(destination, message)
            if isinstance(message, Picture)
            else self._forms(destination, message)
        )
        sent = await self._delivered("sent", destination.chat_id, forms, delivery, is_repeatable=False)
        return sent.message_id

    def _forms(self, destination: Destination, message: Message) -> list[Form]:
        async def post(message: Message, reply_to: int | None) -> TelegramMessage:
            return await self._bot.send_message(
                destination.chat_id,
                message.text,
                entities=entities(message) or None,
                reply_markup=markup(message, destination.chat_id),
                reply_parameters=_reply(reply_to),
                message_thread_id=destination.thread_id,
                link_preview_options=_NO_PREVIEW,
            )

        return [lambda: post(message, destination.reply_to), lambda: post(_plain(message), None)]

    def _picture_forms(self, destination: Destination, picture: Picture) -> list[Form]:
        """As a photo, if Telegram takes it as one, else as a file, which may be larger."""

        def post(send: Callable[..., Awaitable[TelegramMessage]], **file: bytes) -> Awaitable[TelegramMessage]:
            return send(
                destination.chat_id,
                **file,
                filename=picture.name,
                caption=picture.caption.text,
                caption_entities=entities(picture.caption) or None,
                reply_parameters=_reply(destination.reply_to),
                message_thread_id=destination.thread_id,
            )

        as_photo: list[Form] = [lambda: post(self._bot.send_photo, photo=picture.png)]
        return [*as_photo[: picture.is_photo], lambda: post(self._bot.send_document, document=picture.png)]

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        """Replace one of our messages. Raises EditLost if it no longer exists, and otherwise what `send` raises."""

        async def replace(message: Message) -> None:
            await self._bot.edit_message_text(
                message.text,
                chat_id,
                message_id,
                entities=entities(message) or None,
                reply_markup=keyboard(message.rows),
                link_preview_options=_NO_PREVIEW,
            )

        with suppress(Unmodified):
            await self._delivered("edited", chat_id, (lambda: replace(message), lambda: replace(_plain(message))))

    async def edit_rows(self, chat_id: int, message_id: int, rows: ButtonRows) -> None:
        """Replace the buttons below one of our messages. Raises what `edit` raises."""

        async def once() -> object:
            return await self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=keyboard(rows))

        with suppress(Unmodified):
            await self._delivered("edited", chat_id, (once,))

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete one of our messages, if it still exists."""
        try:
            await self._delivered("deleted", chat_id, (lambda: self._bot.delete_message(chat_id, message_id),))
        except (EditLost, Refused, Moved):
            return

    async def answer_press(self, query_id: str, text: str | None = None, is_alert: bool = False) -> None:
        """Stop the loading indicator of a pressed button. A failure is logged and ignored."""
        await self._tolerated(self._bot.answer_callback_query(query_id, text, show_alert=is_alert))

    async def answer_inline(self, query_id: str, results: list[InlineResult], cache_s: int) -> None:
        """Answer an inline query; Telegram's cache shows the results to nobody else."""
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

    async def download(self, chat_id: int, file_id: str) -> bytes:
        """A file that a person sent in the chat. Raises DeliveryError."""

        async def once() -> bytes:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray(read_timeout=DOWNLOAD_S))

        return await self._delivered("downloaded", chat_id, (once,))

    async def leave(self, chat_id: int) -> None:
        """Leave a group that is not allowed."""
        await self._tolerated(self._bot.leave_chat(chat_id))

    @asynccontextmanager
    async def typing(self, destination: Destination) -> AsyncIterator[None]:
        """Show "typing…" until the block ends, and never after the message that follows it."""
        done = asyncio.Event()

        async def show() -> None:
            while not done.is_set():
                await self._tolerated(
                    self._bot.send_chat_action(
                        destination.chat_id, ChatAction.TYPING, message_thread_id=destination.thread_id
                    )
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
            log("request refused", logging.WARNING, reason=str(error))

    async def _delivered(
        self,
        done: str,
        chat_id: int,
        forms: Sequence[Callable[[], Awaitable[Result]]],
        delivery: Delivery = UNTRACKED,
        is_repeatable: bool = True,
    ) -> Result:
        """The result of the first form that Telegram accepts. Raises DeliveryError.

        Retries while the server can't be reached, and, if `is_repeatable`, also when the outcome is unknown.
        """
        wait, until = 1.0, time.monotonic() + GIVE_UP_S
        form, *simpler = forms
        while True:
            try:
                result = await _attempt(form, delivery, is_repeatable)
            except DeliveryError as problem:
                await self._report(problem, chat_id)
                if isinstance(problem, Refused) and simpler:
                    form, *simpler = simpler
                    continue
                if not isinstance(problem, Again):
                    raise
                pause = problem.after_s or wait * random.uniform(0.8, 1.2)
                if time.monotonic() + pause > until:
                    raise NotDelivered(f"chat {chat_id} could not be reached for {GIVE_UP_S:.0f} s") from None
                await asyncio.sleep(pause)
                wait = min(2 * wait, _MAX_WAIT_S)
            else:
                self._metrics.count("sends", done)
                return result

    async def _report(self, problem: DeliveryError, chat_id: int) -> None:
        """Count and log the problem, and say so if the whole chat is gone."""
        self._metrics.count("sends", problem.kind)
        level = logging.ERROR if isinstance(problem, Refused | Uncertain) else logging.WARNING
        if not isinstance(problem, Unmodified):
            log(f"message {problem.kind}", level, chat_id=chat_id, reason=str(problem))
        if isinstance(problem, Gone) and problem.is_chat:
            await self._on_gone(chat_id)


async def _attempt(form: Callable[[], Awaitable[Result]], delivery: Delivery, is_repeatable: bool) -> Result:
    """The result of one attempt. Raises DeliveryError; if that is certain to have had no effect, aborts the delivery.

    If `is_repeatable`, an unknown outcome is worth a retry, like no effect.
    """
    before = CURRENT_DELIVERY.set(delivery)
    try:
        return await form()
    except DatabaseError:
        raise
    except Exception as error:  # includes an answer that the library can't parse
        problem = meaning(error)
    finally:
        CURRENT_DELIVERY.reset(before)
    if isinstance(problem, Uncertain) and is_repeatable:
        problem = Again(str(problem))
    if not isinstance(problem, Uncertain):
        await delivery.abort()
    raise problem


def _reply(message_id: int | None) -> ReplyParameters | None:
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None


def _plain(message: Message) -> Message:
    """The text alone, the form that is least likely to be refused."""
    return Message(message.text)
