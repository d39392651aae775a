"""Updates to actions: who may ask, what is asked for, and what is said to it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from telegram import ChatMember, Message, Update
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

from bot.language.language import language
from bot.suggest import suggest
from bot.telegram.api.errors import DeliveryError, NotDelivered
from bot.telegram.api.sending import Place
from bot.telegram.asking import Asking, Task
from bot.telegram.inline import Inline
from bot.telegram.messages.message import Message as Said
from bot.telegram.messages.notices import notice
from bot.telegram.messages.pages import (
    Privacy,
    forget_message,
    help_message,
    privacy_message,
    sources_message,
    start_message,
    status_message,
)
from bot.telegram.ops.access import Access
from bot.telegram.ops.limits import Cooldown
from bot.telegram.ops.logs import log
from bot.telegram.parts import Desk
from bot.telegram.presses import Presses
from bot.telegram.updates import asked, command_in, is_from_people, is_reply_to, is_service, question_in
from retrieval.errors import IndexProblem, QuothError, StoreError
from retrieval.index.retriever import Retriever

STRANGER_S = 86_400.0
FAILED_S = 60.0
LEAVE_S = 1.0
"""A group that is not listed may be one that just got a new number, which another update says."""
EXAMPLES = 3
_LOGGER = logging.getLogger("quoth")

App = Application[Any, Any, Any, Any, Any, Any]
Context = CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]


class Handlers:
    """What is done about each update. `status` gives figures for /status; `fail` takes why the process can't go on."""

    def __init__(
        self,
        desk: Desk,
        access: Access,
        asking: Asking,
        status: Callable[[], Awaitable[Mapping[str, str | int | float]]],
        fail: Callable[[str], None],
    ) -> None:
        self._config, self._store, self._answerer = desk.config, desk.store, desk.answerer
        self._sender, self._inbox, self._figures = desk.sender, desk.inbox, desk.figures
        self.access, self._asking, self._status, self._fail = access, asking, status, fail
        self._strangers, self._failed = Cooldown(STRANGER_S), Cooldown(FAILED_S)
        self._albums = Cooldown(STRANGER_S)
        self._presses, self._inline = Presses(desk, asking), Inline(desk)
        self._commands = {
            "start": self._start,
            "help": self._help,
            "sources": self._sources,
            "privacy": self._privacy,
            "forget": self._forget,
            "status": self._show_status,
        }

    def register(self, app: App) -> None:
        """Have the library call us."""
        app.add_handler(TypeHandler(Update, self._admit), group=-1)
        app.add_handler(MessageHandler(filters.UpdateType.MESSAGE, self._message))
        app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, self._edited))
        app.add_handler(CallbackQueryHandler(self._pressed))
        app.add_handler(InlineQueryHandler(self._inline_query))
        app.add_handler(ChatMemberHandler(self._membership, ChatMemberHandler.MY_CHAT_MEMBER))
        app.add_error_handler(self._error)

    async def _admit(self, update: Update, context: Context) -> None:
        """Nobody who may not ask gets further, whatever goes wrong here: after any other error the library would go on
        to the handlers that answer."""
        try:
            if await self._may_pass(update):
                return
        except DeliveryError as error:
            log(_LOGGER, "refusal not told", logging.WARNING, update_id=update.update_id, reason=str(error))
        except Exception as error:
            self._note(error, update.update_id)
        raise ApplicationHandlerStop

    async def _may_pass(self, update: Update) -> bool:
        """Whether the update is one to handle; else whoever sent it was told so, or the group was left."""
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

    async def _follow(self, message: Message) -> None:
        """A group became a supergroup: said in both of them, in either order."""
        if message.migrate_to_chat_id:
            await self.group_moved(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id:
            await self.group_moved(message.migrate_from_chat_id, message.chat.id)

    async def _refuse(self, update: Update) -> None:
        self._figures.count("refusals", "not allowed")
        user, chat, query = update.effective_user, update.effective_chat, update.callback_query
        log(_LOGGER, "not allowed", update_id=update.update_id, user_id=user and user.id, chat_id=chat and chat.id)
        speech = language(user.language_code if user else None)
        line = notice("not allowed", speech, {"user_id": user.id if user else 0})
        if update.inline_query is not None:
            await self._sender.answer_inline(update.inline_query.id, [], 60)
        elif query is not None:
            await self._sender.answer_press(query.id, line.text, is_alert=True)
        elif chat is not None and chat.type != "private":
            await asyncio.sleep(LEAVE_S)
            if not self._allows(update):
                await self._sender.leave(chat.id)
        elif chat is not None and update.message and self._strangers.passes(chat.id, time.monotonic()):
            await self._sender.send(Place(chat.id), line)

    async def _message(self, update: Update, context: Context) -> None:
        message = update.message
        assert message is not None
        me, task = context.bot.bot, self._task(update)
        question, command = question_in(message, me), command_in(message, me)
        if question is not None:
            await self._asking.ask(task, question)
        elif command in self._commands:
            if await self._asking.admits(task):
                await self._commands[command](task, message)
        elif self._is_unreadable(message) and await self._asking.admits(task):
            await self._asking.say(task, "unknown command" if command else "only text")

    def _is_unreadable(self, message: Message) -> bool:
        """Whether a person sent something in private that is no text; of an album, only the first picture counts."""
        if message.chat.type != "private" or is_service(message) or not is_from_people(message):
            return False
        return message.media_group_id is None or self._albums.passes(message.media_group_id, time.monotonic())

    async def _edited(self, update: Update, context: Context) -> None:
        message = update.edited_message
        assert message is not None
        question = question_in(message, context.bot.bot)
        if question is not None:
            await self._asking.ask_again(self._task(update), question)

    def _task(self, update: Update) -> Task:
        said, message = asked(update), update.effective_message
        me = message.get_bot().bot if message else None
        replied = None
        if isinstance(message, Message) and me is not None and is_reply_to(message, me) and message.reply_to_message:
            replied = message.reply_to_message.message_id
        return Task(update.update_id, said, language(said.language), replied, self._inbox.past(update.update_id))

    # Commands

    async def _start(self, task: Task, message: Message) -> None:
        def read(retriever: Retriever) -> tuple[int, Sequence[str]]:
            return retriever.store.manifest.documents, suggest(retriever, EXAMPLES)

        documents, questions = await self._answerer.run(read)
        suggestions = await asyncio.to_thread(self._store.suggest, questions)
        await self._reply(task, start_message(task.language, documents, suggestions))

    async def _help(self, task: Task, message: Message) -> None:
        is_group = message.chat.type != "private"
        name = message.get_bot().username
        await self._reply(task, help_message(task.language, name, is_group, self._is_admin(task)))

    async def _sources(self, task: Task, message: Message) -> None:
        sources = await self._answerer.run(lambda retriever: retriever.store.sources())
        await self._reply(task, sources_message(task.language, sources))

    async def _privacy(self, task: Task, message: Message) -> None:
        privacy = Privacy(self._config.retention_days, self._config.logs_questions)
        await self._reply(task, privacy_message(task.language, privacy))

    async def _forget(self, task: Task, message: Message) -> None:
        await self._reply(task, forget_message(task.language))

    async def _show_status(self, task: Task, message: Message) -> None:
        if not self._is_admin(task):
            if message.chat.type == "private":
                await self._asking.say(task, "unknown command")
            return
        counts = await asyncio.to_thread(self._store.counts)
        await self._reply(task, status_message(task.language, {**await self._status(), **counts}))

    def _is_admin(self, task: Task) -> bool:
        return self.access.is_admin(task.asked.user_id)

    async def _reply(self, task: Task, message: Said) -> None:
        await self._sender.send(task.place, message)

    # Buttons, inline queries, groups

    async def _pressed(self, update: Update, context: Context) -> None:
        assert update.callback_query is not None
        await self._presses.pressed(update.callback_query, self._task(update))

    async def _inline_query(self, update: Update, context: Context) -> None:
        assert update.inline_query is not None
        await self._inline.asked(update.inline_query)

    async def _membership(self, update: Update, context: Context) -> None:
        """The bot was blocked, let in, or thrown out."""
        member = update.my_chat_member
        assert member is not None
        is_in = member.new_chat_member.status not in (ChatMember.LEFT, ChatMember.BANNED)
        log(_LOGGER, "let in" if is_in else "put out", chat_id=member.chat.id, user_id=member.from_user.id)
        await asyncio.to_thread(self._store.see_chat, member.chat.id, member.from_user.language_code, is_in)

    async def group_moved(self, old: int, new: int) -> None:
        """A group got another id: what is kept of it, and its place on the list, go with it."""
        chat = await asyncio.to_thread(self._store.chat, old)
        if chat is not None and chat.migrated_to == new:
            return
        log(_LOGGER, "group moved", logging.WARNING, chat_id=old, new_chat_id=new, advice="allow the new id")
        self.access = self.access.moved(old, new)
        await asyncio.to_thread(self._store.see_chat, old)
        await asyncio.to_thread(self._store.migrate_chat, old, new)

    async def chat_gone(self, chat_id: int) -> None:
        """Nothing can be sent there any more."""
        await asyncio.to_thread(self._store.see_chat, chat_id, None, False)

    # Errors

    async def _error(self, update: object, context: Context) -> None:
        """Whatever was not foreseen: logged, and told in one line. No error ends the process but a full disk."""
        error = context.error
        number = update.update_id if isinstance(update, Update) else None
        self._note(error, number)
        if isinstance(error, StoreError | DeliveryError):
            return
        if isinstance(update, Update) and update.effective_chat is not None and update.effective_message is not None:
            await self._say_failed(update, error)

    def _note(self, error: Exception | None, number: int | None) -> None:
        if isinstance(error, NotDelivered | StoreError) and number is not None:
            self._inbox.leave_undone(number)
        if isinstance(error, StoreError):
            self._fail(str(error))
            return
        self._figures.count("failures", type(error).__name__)
        log(_LOGGER, "failed", logging.ERROR, update_id=number, reason=f"{type(error).__name__}: {error}")
        if not isinstance(error, QuothError | DeliveryError):
            _LOGGER.error("traceback", exc_info=error)

    async def _say_failed(self, update: Update, problem: Exception | None) -> None:
        task = self._task(update)
        if self._failed.passes(task.asked.chat_id, time.monotonic()):
            try:
                await self._asking.say(task, "index missing" if isinstance(problem, IndexProblem) else "failed")
            except DeliveryError as error:
                log(_LOGGER, "failure not told", logging.WARNING, update_id=update.update_id, reason=str(error))
