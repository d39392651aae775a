"""From updates to actions: who has access, what the update asks for, and the reply."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from telegram import ChatMember, Update
from telegram import Message as TelegramMessage
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.language.language import language_of
from bot.telegram.api.errors import DeliveryError, NotDelivered
from bot.telegram.api.sending import Destination
from bot.telegram.asking import Asking, Task
from bot.telegram.commands import Commands
from bot.telegram.components import Components
from bot.telegram.gaps import Gaps
from bot.telegram.inline import Inline
from bot.telegram.messages.notices import Notice, notice
from bot.telegram.ops.access import Access
from bot.telegram.ops.limits import Cooldown
from bot.telegram.ops.logs import log, log_traceback
from bot.telegram.presses import Presses
from bot.telegram.updates import command_in, is_from_people, is_reply_to, is_service, origin_of, question_in
from bot.telegram.uploads import Uploads
from retrieval.errors import DatabaseError, IndexProblem, QuothError

STRANGER_S = 86_400.0
FAILED_S = 60.0
LEAVE_S = 1.0
"""The pause before leaving a group that is not allowed: it may just have a new id, which another update will tell."""

App = Application[Any, Any, Any, Any, Any, Any]
Context = CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]


class Handlers:
    """Handles every update. `fail` is called if the process can't go on."""

    def __init__(
        self,
        *,
        components: Components,
        access: Access,
        asking: Asking,
        fail: Callable[[str], None],
    ) -> None:
        self._memory, self._sender = components.memory, components.sender
        self._inbox, self._metrics = components.inbox, components.metrics
        self.access, self._asking, self._fail = access, asking, fail
        self._strangers, self._failed = Cooldown(STRANGER_S), Cooldown(FAILED_S)
        self._albums = Cooldown(STRANGER_S)
        self.uploads = Uploads(components, asking)
        gaps = Gaps(components, asking)
        self._presses, self._inline = Presses(components, asking, self.uploads, gaps), Inline(components)
        self._commands = Commands(components, asking, self.uploads, gaps)

    def register(self, app: App) -> None:
        """Register the handlers with the Telegram library."""
        app.add_handler(TypeHandler(Update, self._admit), group=-1)
        app.add_handler(MessageHandler(filters.UpdateType.MESSAGE, self._message))
        app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, self._edited))
        app.add_handler(CallbackQueryHandler(self._pressed))
        app.add_handler(InlineQueryHandler(self._inline_query))
        app.add_handler(ChatMemberHandler(self._membership, ChatMemberHandler.MY_CHAT_MEMBER))
        app.add_error_handler(self._error)

    async def _admit(self, update: Update, context: Context) -> None:
        """Stop updates of people without access, whatever goes wrong here.

        After any error but ApplicationHandlerStop, the library would go on to the handlers that answer.
        """
        try:
            if await self._may_pass(update):
                return
        except DeliveryError as error:
            log("refusal not delivered", logging.WARNING, update_id=update.update_id, reason=str(error))
        except Exception as error:
            self._record_failure(error, update.update_id)
        raise ApplicationHandlerStop

    async def _may_pass(self, update: Update) -> bool:
        """Whether to handle the update; if not, its sender has been told, or the bot has left the group."""
        member = update.my_chat_member
        if member is not None and member.new_chat_member.status in (ChatMember.LEFT, ChatMember.BANNED):
            return True
        if update.message is not None:
            await self._follow(update.message)
        if self._allows(update):
            return True
        await self._refuse(update)
        return False

    def _allows(self, update: Update) -> bool:
        user, chat = update.effective_user, update.effective_chat
        return self.access.allows(user.id if user else None, chat.id if chat else None)

    async def _follow(self, message: TelegramMessage) -> None:
        """A group became a supergroup: Telegram says so in both of them, in either order."""
        if message.migrate_to_chat_id:
            await self.group_moved(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id:
            await self.group_moved(message.migrate_from_chat_id, message.chat.id)

    async def _refuse(self, update: Update) -> None:
        self._metrics.count("refusals", "not allowed")
        user, chat, query = update.effective_user, update.effective_chat, update.callback_query
        log("not allowed", update_id=update.update_id, user_id=user and user.id, chat_id=chat and chat.id)
        language = language_of(user.language_code if user else None)
        line = notice("not allowed", language, {"user_id": user.id if user else 0})
        if update.inline_query is not None:
            await self._sender.answer_inline(update.inline_query.id, [], 60)
        elif query is not None:
            await self._sender.answer_press(query.id, line.text, is_alert=True)
        elif chat is not None and chat.type != "private":
            await asyncio.sleep(LEAVE_S)
            if not self._allows(update):
                await self._sender.leave(chat.id)
        elif chat is not None and update.message and self._strangers.passes(chat.id, time.monotonic()):
            await self._sender.send(Destination(chat.id), line)

    async def _message(self, update: Update, context: Context) -> None:
        message = update.message
        assert message is not None
        me, task = context.bot.bot, self._task(update)
        question, command = question_in(message, me), command_in(message, me)
        is_upload = message.document is not None and is_from_people(message) and self.uploads.may_use(task)
        if question is not None and not is_upload:
            self._is_first_of_album(message)  # then the pictures that follow get no notice
            if command or not await self._presses.ratings.takes(task, question):
                await self._asking.ask(task, question)
        elif command is not None and command in self._commands:
            if await self._asking.admits(task):
                await self._commands.run(command, task, message)
        elif is_upload and message.document is not None:
            if await self._asking.admits(task):
                await self.uploads.add(task, message.document)
        elif self._is_unreadable(message) and await self._asking.admits(task):
            accepted: Notice = "only files" if self.uploads.may_use(task) else "only text"
            await self._asking.notify(task, "unknown command" if command else accepted)

    def _is_unreadable(self, message: TelegramMessage) -> bool:
        """Whether a person sent something other than text in private; only the first picture of an album counts."""
        if message.chat.type != "private" or is_service(message) or not is_from_people(message):
            return False
        return self._is_first_of_album(message)

    def _is_first_of_album(self, message: TelegramMessage) -> bool:
        """Whether no other picture of its album has come before; a single picture is an album of its own."""
        return message.media_group_id is None or self._albums.passes(message.media_group_id, time.monotonic())

    async def _edited(self, update: Update, context: Context) -> None:
        message = update.edited_message
        assert message is not None
        question, task = question_in(message, context.bot.bot), self._task(update)
        if question is None:
            return
        asked = await asyncio.to_thread(self._memory.answer_to, task.origin.chat_id, message.message_id)
        if asked is not None or not await self._presses.ratings.takes(task, question):
            await self._asking.ask_again(task, question)

    def _task(self, update: Update) -> Task:
        origin, message = origin_of(update), update.effective_message
        me = message.get_bot().bot if message else None
        replied = None
        if isinstance(message, TelegramMessage) and me is not None and is_reply_to(message, me):
            replied = message.reply_to_message.message_id if message.reply_to_message else None
        return Task(
            update_id=update.update_id,
            origin=origin,
            language=language_of(origin.language),
            replied=replied,
            past=self._inbox.past(update.update_id),
        )

    # Buttons, inline queries, groups

    async def _pressed(self, update: Update, context: Context) -> None:
        assert update.callback_query is not None
        await self._presses.pressed(update.callback_query, self._task(update))

    async def _inline_query(self, update: Update, context: Context) -> None:
        assert update.inline_query is not None
        await self._inline.answer(update.inline_query)

    async def _membership(self, update: Update, context: Context) -> None:
        """The bot was blocked, added to a group, or removed from one."""
        member = update.my_chat_member
        assert member is not None
        is_in = member.new_chat_member.status not in (ChatMember.LEFT, ChatMember.BANNED)
        log("chat joined" if is_in else "chat left", chat_id=member.chat.id, user_id=member.from_user.id)
        await asyncio.to_thread(self._memory.see_chat, member.chat.id, member.from_user.language_code, is_in)

    async def group_moved(self, old: int, new: int) -> None:
        """A group has a new id: its stored data and its access move with it."""
        chat = await asyncio.to_thread(self._memory.chat, old)
        if chat is not None and chat.migrated_to == new:
            return
        log("group moved", logging.WARNING, chat_id=old, new_chat_id=new, advice="pass the new ID with --allow")
        self.access = self.access.moved(old, new)
        await asyncio.to_thread(self._memory.see_chat, old)
        await asyncio.to_thread(self._memory.migrate_chat, old, new)

    async def chat_gone(self, chat_id: int) -> None:
        """The bot can no longer write to the chat."""
        await asyncio.to_thread(self._memory.see_chat, chat_id, None, False)

    # Errors

    async def _error(self, update: object, context: Context) -> None:
        """Log an unexpected error and tell the person in one line. Only a database error ends the process."""
        error = context.error
        number = update.update_id if isinstance(update, Update) else None
        self._record_failure(error, number)
        if isinstance(error, DatabaseError | DeliveryError):
            return
        if isinstance(update, Update) and update.effective_chat is not None and update.effective_message is not None:
            await self._notify_failed(update, error)

    def _record_failure(self, error: Exception | None, number: int | None) -> None:
        """Count and log the error; a database error ends the process, and an answer not delivered stays undone."""
        if isinstance(error, NotDelivered | DatabaseError) and number is not None:
            self._inbox.leave_undone(number)
        if isinstance(error, DatabaseError):
            self._fail(str(error))
            return
        self._metrics.count("failures", type(error).__name__)
        log("failed", logging.ERROR, update_id=number, reason=f"{type(error).__name__}: {error}")
        if not isinstance(error, QuothError | DeliveryError):
            log_traceback(error)

    async def _notify_failed(self, update: Update, problem: Exception | None) -> None:
        task = self._task(update)
        if self._failed.passes(task.origin.chat_id, time.monotonic()):
            try:
                await self._asking.notify(task, "index missing" if isinstance(problem, IndexProblem) else "failed")
            except DeliveryError as error:
                log("notice not delivered", logging.WARNING, update_id=update.update_id, reason=str(error))
