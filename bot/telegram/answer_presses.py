"""The buttons below an answer and its sources: more of the documents, and how the answer was found."""

from __future__ import annotations

import asyncio
import time

from telegram import CallbackQuery

from bot.language.language import language_of
from bot.telegram.asking import Task
from bot.telegram.cited import PagePictures, document_now
from bot.telegram.components import Components
from bot.telegram.explaining import why_message
from bot.telegram.memory.records import AnswerRecord
from bot.telegram.messages.answers import SHORTENED_EDIT, answer_messages, combined
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.message import Picture
from bot.telegram.messages.section import section_message
from bot.telegram.messages.source import cited_in, is_first_view, page_caption, section_of_press, source_message
from bot.telegram.ops.limits import Cooldown
from bot.telegram.ops.logs import log
from bot.telegram.pressing import Pressing, message_id
from retrieval.errors import DocumentError

PICTURE_S = 60.0
"""For how long a picture that was sent is not sent again below the same answer."""


class AnswerPresses:
    """Handles the buttons of stored answers, apart from their ratings."""

    def __init__(self, components: Components, pressing: Pressing) -> None:
        self._memory, self._answerer, self._pressing = components.memory, components.answerer, pressing
        self._pictures, self._recent = PagePictures(), Cooldown(PICTURE_S)

    async def source(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Show a passage in its document, with more around it each time."""
        found = cited_in(stored.answer, press.n)
        now = await self._answerer.run(lambda library: document_now(library, found)) if found else None
        view = source_message(stored.answer, language_of(stored.origin.language), press.n, now)
        if view is None:
            await self._pressing.alert(query, task, "expired")
            return
        await self._pressing.accept(query)
        if is_first_view(press.n):
            await self._pressing.send(query, task, [view])
        else:
            await self._pressing.put(query, task, view)

    async def section(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Put the section around a passage in the place of its view."""
        number, page = section_of_press(press.n)
        found = stored.answer.citation(number)
        if found is None:
            await self._pressing.alert(query, task, "expired")
            return
        now = await self._answerer.run(lambda library: document_now(library, found))
        if now is None or now.section is None:
            await self._pressing.alert(query, task, "no section")
            return
        await self._pressing.accept(query)
        view = section_message(stored.answer, found, language_of(stored.origin.language), now.section, page)
        await self._pressing.put(query, task, view)

    async def picture(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Send the page that a citation names as a picture."""
        found = stored.answer.citation(press.n)
        if found is None or found.citation.page is None:
            await self._pressing.alert(query, task, "expired")
            return
        try:
            drawn = await self._answerer.run(lambda library: self._pictures.of(library, found))
        except DocumentError as error:
            log("page not shown", answer_id=press.id, reason=str(error))
            await self._pressing.alert(query, task, "no page")
            return
        if not self._recent.passes((task.origin.chat_id, message_id(query), press.n), time.monotonic()):
            await self._pressing.alert(query, task, "page sent", is_alert=False)
            return
        await self._pressing.accept(query)
        caption = page_caption(found.citation, language_of(stored.origin.language), drawn.page, drawn.pages)
        await self._pressing.send(query, task, [Picture(drawn.png, f"page-{drawn.page}.png", caption)])

    async def next(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Send another answer text."""
        try:
            messages = answer_messages(stored.answer, language_of(stored.origin.language), press.n)
        except IndexError:
            await self._pressing.alert(query, task, "nothing more")
            return
        await self._pressing.accept(query)
        await self._pressing.send(query, task, messages, stored.answer.id)

    async def turn(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Put another page of answers that are shown together in the place of this one."""
        assert task.origin.user_id is not None
        language = language_of(stored.origin.language)
        verdict = await asyncio.to_thread(self._memory.verdict, stored.answer.id, task.origin.user_id)
        try:
            messages = answer_messages(stored.answer, language, press.n, verdict)
        except IndexError:
            await self._pressing.alert(query, task, "nothing more")
            return
        await self._pressing.accept(query)
        await self._pressing.put(query, task, combined(messages, language.translate(SHORTENED_EDIT)))

    async def why(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Send how the answer was found."""
        await self._pressing.accept(query)
        message = await self._answerer.run(lambda library: why_message(library, self._memory, stored))
        await self._pressing.send(query, task, [message])
