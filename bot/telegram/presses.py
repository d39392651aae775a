"""What pressing a button does. Everything comes from memory, so a button works as long as its answer is stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from telegram import CallbackQuery
from telegram import Message as TelegramMessage

from bot.feedback.store import Reason, Verdict
from bot.telegram.api.errors import EditLost, Gone, Uncertain
from bot.telegram.api.sending import Destination
from bot.telegram.asking import Asking, Task
from bot.telegram.cited import PagePictures, document_now
from bot.telegram.components import Components
from bot.telegram.memory.kept import KeptAnswer
from bot.telegram.memory.records import AnswerRecord, Received
from bot.telegram.messages.about import forgotten_message
from bot.telegram.messages.answers import answer_messages
from bot.telegram.messages.buttons import Press, read_press
from bot.telegram.messages.message import ButtonRows, Message, Picture
from bot.telegram.messages.notices import Notice, notice
from bot.telegram.messages.pages import document_message, sources_message
from bot.telegram.messages.rows import answer_rows, reason_of, reason_rows
from bot.telegram.messages.source import cited_in, is_first_view, page_caption, source_message
from bot.telegram.ops.limits import Bucket, Cooldown
from bot.telegram.ops.logs import log
from bot.telegram.uploads import Uploads
from retrieval.errors import DocumentError
from retrieval.schema import Source

PRESSES_PER_QUESTION = 5
"""How many presses are allowed for each question of the limit: people click through sources quickly."""

PICTURE_S = 60.0
"""For how long a picture that was sent is not sent again below the same answer."""


class Presses:
    """Handles pressed buttons."""

    def __init__(self, components: Components, asking: Asking, uploads: Uploads) -> None:
        self._memory, self._answerer, self._sender = components.memory, components.answerer, components.sender
        self._metrics, self._asking = components.metrics, asking
        self._pictures, self._recent = PagePictures(), Cooldown(PICTURE_S)
        self._limit = Bucket(PRESSES_PER_QUESTION * components.config.per_user)
        self._of_answers = {
            "source": self._source,
            "picture": self._picture,
            "next": self._next,
            "right": self._right,
            "wrong": self._wrong,
            "reason": self._reason,
            "back": self._back,
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
        }

    async def pressed(self, query: CallbackQuery, task: Task) -> None:
        """Do what the button says; an unknown or expired button gets a polite alert."""
        press = read_press(query.data)
        self._metrics.count("presses", press.action if press else "unknown")
        if press is None or query.message is None or task.origin.user_id is None:
            await self._alert(query, task, "expired")
        elif task.past is None and (wait := self._limit.take(task.origin.user_id, time.monotonic())):
            self._metrics.count("refusals", "slow down")
            line = notice("slow down", task.language, {"seconds": int(wait) + 1})
            await self._sender.answer_press(query.id, line.text, is_alert=True)
        elif press.action in ("forget", "keep") and not _is_theirs(query):
            await self._alert(query, task, "not yours")
        elif press.action in self._of_pages:
            await self._of_pages[press.action](query, task, press)
        else:
            stored = await asyncio.to_thread(self._memory.answer, press.id, task.origin.chat_id)
            if stored is None or not _has_text(stored.answer, press):
                await self._alert(query, task, "expired")
            else:
                await self._of_answers[press.action](query, task, press, stored)

    async def _alert(self, query: CallbackQuery, task: Task, name: Notice, is_alert: bool = True) -> None:
        await self._sender.answer_press(query.id, notice(name, task.language).text, is_alert)

    # Below answers

    async def _source(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        found = cited_in(stored.answer, press.n)
        now = await self._answerer.run(lambda library: document_now(library, found)) if found else None
        view = source_message(stored.answer, task.language, press.n, now)
        if view is None:
            await self._alert(query, task, "expired")
            return
        await self._sender.answer_press(query.id)
        if is_first_view(press.n):
            await self._send(query, task, [view])
        else:
            await self._put(query, task, view)

    async def _picture(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        found = stored.answer.citation(press.n)
        if found is None or found.citation.page is None:
            await self._alert(query, task, "expired")
            return
        try:
            drawn = await self._answerer.run(lambda library: self._pictures.of(library, found))
        except DocumentError as error:
            log("page not shown", answer_id=press.id, reason=str(error))
            await self._alert(query, task, "no page")
            return
        if not self._recent.passes((task.origin.chat_id, _message_id(query), press.n), time.monotonic()):
            await self._alert(query, task, "page sent", is_alert=False)
            return
        await self._sender.answer_press(query.id)
        caption = page_caption(found.citation, task.language, drawn.page, drawn.pages)
        await self._send(query, task, [Picture(drawn.png, f"page-{drawn.page}.png", caption)])

    async def _next(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        try:
            messages = answer_messages(stored.answer, task.language, press.n)
        except IndexError:
            await self._alert(query, task, "nothing more")
            return
        await self._sender.answer_press(query.id)
        await self._send(query, task, messages, stored.answer.id)

    async def _right(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        await self._rate(query, task, stored, "right")
        await self._put_rows(query, task, answer_rows(stored.answer, task.language, press.n, "right"))

    async def _wrong(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        assert task.origin.user_id is not None
        await asyncio.to_thread(self._memory.rate, stored.answer.id, task.origin.user_id, "wrong")
        await self._alert(query, task, "what is wrong", is_alert=False)
        await self._put_rows(query, task, reason_rows(stored.answer, task.language, press.n))

    async def _reason(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        position, reason = reason_of(press.n)
        await self._rate(query, task, stored, "wrong", reason)
        await self._put_rows(query, task, answer_rows(stored.answer, task.language, position, "wrong"))

    async def _back(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        assert task.origin.user_id is not None
        verdict = await asyncio.to_thread(self._memory.verdict, stored.answer.id, task.origin.user_id)
        await self._sender.answer_press(query.id)
        await self._put_rows(query, task, answer_rows(stored.answer, task.language, press.n, verdict))

    async def _rate(
        self, query: CallbackQuery, task: Task, stored: AnswerRecord, verdict: Verdict, reason: Reason | None = None
    ) -> None:
        assert task.origin.user_id is not None
        await asyncio.to_thread(self._memory.rate, stored.answer.id, task.origin.user_id, verdict, reason)
        self._metrics.count("verdicts", reason or verdict)
        await self._alert(query, task, "thanks", is_alert=False)

    # On pages

    async def _ask(self, query: CallbackQuery, task: Task, press: Press) -> None:
        question = await asyncio.to_thread(self._memory.suggestion, press.id)
        if question is None:
            await self._alert(query, task, "expired")
            return
        await self._sender.answer_press(query.id)
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
        await self._sender.answer_press(query.id)
        await self._put(query, task, sources_message(task.language, sources, press.n))

    async def _document(self, query: CallbackQuery, task: Task, press: Press) -> None:
        page = document_message(task.language, await self._list(), press.id, press.n)
        if page is None:
            await self._alert(query, task, "document gone")
            return
        await self._sender.answer_press(query.id)
        await self._put(query, task, page)

    async def _forget(self, query: CallbackQuery, task: Task, press: Press) -> None:
        assert task.origin.user_id is not None
        found = await asyncio.to_thread(self._memory.forget, task.origin.user_id)
        await self._sender.answer_press(query.id)
        await self._put(query, task, forgotten_message(task.language, found.answers, found.ratings))

    async def _keep(self, query: CallbackQuery, task: Task, press: Press) -> None:
        await self._sender.answer_press(query.id)
        await self._put(query, task, notice("kept", task.language))

    async def _list(self) -> list[Source]:
        return await self._answerer.run(lambda library: library.sources())

    # Shared steps

    async def _send(
        self, query: CallbackQuery, task: Task, messages: Sequence[Message | Picture], answer_id: str | None = None
    ) -> None:
        """Send messages as replies to the one with the button, unless an earlier process may have sent them.

        With an id, they are recorded as messages that show the answer.
        """
        if task.past is not None and task.past.state == "sending":
            return
        destination = Destination(task.origin.chat_id, task.origin.thread_id, _message_id(query))
        try:
            await self._asking.send_parts(task, destination, messages, answer_id, is_resumable=False)
        except (Gone, Uncertain):
            return

    async def _put(self, query: CallbackQuery, task: Task, message: Message) -> None:
        try:
            await self._sender.edit(task.origin.chat_id, _message_id(query), message)
        except (EditLost, Gone):
            return

    async def _put_rows(self, query: CallbackQuery, task: Task, rows: ButtonRows) -> None:
        try:
            await self._sender.edit_rows(task.origin.chat_id, _message_id(query), rows)
        except (EditLost, Gone):
            return


def _message_id(query: CallbackQuery) -> int:
    assert query.message is not None  # `pressed` has checked it
    return query.message.message_id


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
