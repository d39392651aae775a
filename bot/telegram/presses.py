"""What pressing a button does. Everything comes from memory, so a button works as long as its answer is stored."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from telegram import CallbackQuery
from telegram import Message as TelegramMessage

from bot.telegram.answer_presses import AnswerPresses
from bot.telegram.api.errors import Gone, Uncertain
from bot.telegram.api.sending import Destination
from bot.telegram.asking import Asking, Task
from bot.telegram.components import Components
from bot.telegram.gaps import Gaps
from bot.telegram.memory.kept import KeptAnswer
from bot.telegram.memory.records import Received
from bot.telegram.messages.about import forgotten_message
from bot.telegram.messages.buttons import Press, read_press
from bot.telegram.messages.notices import notice
from bot.telegram.messages.pages import document_message, sources_message
from bot.telegram.messages.rows import reason_of
from bot.telegram.ops.limits import Bucket
from bot.telegram.pressing import Pressing
from bot.telegram.ratings import Ratings
from bot.telegram.uploads import Uploads
from retrieval.schema import Source

PRESSES_PER_QUESTION = 5
"""How many presses are allowed for each question of the limit: people click through sources quickly."""


class Presses:
    """Handles pressed buttons."""

    def __init__(self, components: Components, asking: Asking, uploads: Uploads, gaps: Gaps) -> None:
        self._memory, self._answerer, self._sender = components.memory, components.answerer, components.sender
        self._metrics, self._asking = components.metrics, asking
        self._limit = Bucket(PRESSES_PER_QUESTION * components.config.per_user)
        self._pressing = pressing = Pressing(components, asking)
        self.ratings, answers = Ratings(components, asking, pressing), AnswerPresses(components, pressing)
        self._of_answers = {
            "source": answers.source,
            "section": answers.section,
            "picture": answers.picture,
            "next": answers.next,
            "turn": answers.turn,
            "why": answers.why,
            "right": self.ratings.right,
            "wrong": self.ratings.wrong,
            "reason": self.ratings.reason,
            "back": self.ratings.back,
        }
        self._of_pages = {
            "ask": self._ask,
            "page": self._page,
            "document": self._document,
            "forget": self._forget,
            "keep": self._keep,
            "uploads": uploads.pressed,
            "remove": uploads.pressed,
            "delete": uploads.pressed,
            "again": gaps.pressed,
        }

    async def pressed(self, query: CallbackQuery, task: Task) -> None:
        """Do what the button says; an unknown or expired button gets a polite alert."""
        press = read_press(query.data)
        self._metrics.count("presses", press.action if press else "unknown")
        if press is None or query.message is None or task.origin.user_id is None:
            await self._pressing.alert(query, task, "expired")
        elif task.past is None and (wait := self._limit.take(task.origin.user_id, time.monotonic())):
            self._metrics.count("refusals", "slow down")
            line = notice("slow down", task.language, {"seconds": int(wait) + 1})
            await self._sender.answer_press(query.id, line.text, is_alert=True)
        elif press.action in ("forget", "keep") and not _is_theirs(query):
            await self._pressing.alert(query, task, "not yours")
        elif press.action in self._of_pages:
            await self._of_pages[press.action](query, task, press)
        else:
            stored = await asyncio.to_thread(self._memory.answer, press.id, task.origin.chat_id)
            if stored is None or not _has_text(stored.answer, press):
                await self._pressing.alert(query, task, "expired")
            else:
                await self._of_answers[press.action](query, task, press, stored)

    async def _ask(self, query: CallbackQuery, task: Task, press: Press) -> None:
        question = await asyncio.to_thread(self._memory.suggestion, press.id)
        if question is None:
            await self._pressing.alert(query, task, "expired")
            return
        await self._pressing.accept(query)
        if not await self._asking.admits(task):
            return
        if task.past is None:
            task = await self._show_question(task, question)
        else:
            task = await self._as_before(task, question, task.past)
        await self._asking.ask(task, question, is_admitted=True)

    async def _show_question(self, task: Task, question: str) -> Task:
        """Send the question, which the person did not type; the task as if that message were theirs."""
        line = notice("question was", task.language, {"question": question})
        try:
            sent = await self._sender.send(Destination(task.origin.chat_id, task.origin.thread_id), line)
        except (Gone, Uncertain):
            return task
        return replace(task, origin=replace(task.origin, message_id=sent.message_id))

    async def _as_before(self, task: Task, question: str, past: Received) -> Task:
        """The task as `_show_question` returned it to an earlier process, if that process stored an answer to it.

        The update does not say which message shows the question, but the person's last answer does.
        """
        origin = task.origin
        stored = await asyncio.to_thread(self._memory.last_answer, origin.chat_id, origin.thread_id, origin.user_id)
        if stored is None or stored.answer.question != question or stored.asked_at < past.received_at:
            return task
        return replace(task, origin=replace(origin, message_id=stored.origin.message_id))

    async def _page(self, query: CallbackQuery, task: Task, press: Press) -> None:
        sources = await self._list()
        await self._pressing.accept(query)
        await self._pressing.put(query, task, sources_message(task.language, sources, press.n))

    async def _document(self, query: CallbackQuery, task: Task, press: Press) -> None:
        page = document_message(task.language, await self._list(), press.id, press.n)
        if page is None:
            await self._pressing.alert(query, task, "document gone")
            return
        await self._pressing.accept(query)
        await self._pressing.put(query, task, page)

    async def _forget(self, query: CallbackQuery, task: Task, press: Press) -> None:
        assert task.origin.user_id is not None
        found = await asyncio.to_thread(self._memory.forget, task.origin.user_id)
        await self._pressing.accept(query)
        await self._pressing.put(query, task, forgotten_message(task.language, found.answers, found.ratings))

    async def _keep(self, query: CallbackQuery, task: Task, press: Press) -> None:
        await self._pressing.accept(query)
        await self._pressing.put(query, task, notice("kept", task.language))

    async def _list(self) -> list[Source]:
        return await self._answerer.run(lambda library: library.sources())


def _is_theirs(query: CallbackQuery) -> bool:
    """Whether the person pressing sent the message that the bot's message replies to.

    In a group that message may be deleted; then nobody did. In a topic, Telegram gives the topic's first message.
    """
    if query.message is not None and query.message.chat.id == query.from_user.id:
        return True
    replied = query.message.reply_to_message if isinstance(query.message, TelegramMessage) else None
    if replied is None or replied.from_user is None or replied.forum_topic_created is not None:
        return False
    return replied.from_user.id == query.from_user.id


def _has_text(kept: KeptAnswer, press: Press) -> bool:
    """Whether the answer has the text that the rating button belongs to; a refusal has one."""
    if press.action not in ("right", "wrong", "reason", "back"):
        return True
    position = reason_of(press.n)[0] if press.action == "reason" else press.n
    return position < max(len(kept.answers), 1)
