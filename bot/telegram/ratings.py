"""Ratings of answers: 👍, 👎 with a reason, and what people say the right answer would have been."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from telegram import CallbackQuery

from bot.feedback.store import Reason, Verdict
from bot.language.language import language_of
from bot.telegram.api.errors import Gone, Uncertain
from bot.telegram.asking import Asking, Task
from bot.telegram.components import Components
from bot.telegram.memory.records import AnswerRecord
from bot.telegram.messages.buttons import Press
from bot.telegram.messages.notices import notice
from bot.telegram.messages.rows import answer_rows, reason_of, reason_rows
from bot.telegram.pressing import Pressing, place_below, was_sending

CORRECTED_S = 600
"""For how long after a 👎 a reply to the answer itself is taken for the right answer."""
_QUESTION_MARKS = ("?", "？")


class Ratings:
    """Takes ratings, and the right answers that people name."""

    def __init__(self, components: Components, asking: Asking, pressing: Pressing) -> None:
        self._config, self._memory, self._sender = components.config, components.memory, components.sender
        self._inbox, self._metrics = components.inbox, components.metrics
        self._corrections = components.memory.corrections
        self._asking, self._pressing = asking, pressing

    async def right(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Store that the answer is right."""
        await self._rate(query, task, stored, "right")
        await self._put_usual(query, task, stored, press.n, "right")

    async def wrong(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Store that it is wrong, and ask what is, and what would be right."""
        assert task.origin.user_id is not None
        await asyncio.to_thread(self._memory.rate, stored.answer.id, task.origin.user_id, "wrong")
        await self._pressing.alert(query, task, "what is wrong", is_alert=False)
        rows = reason_rows(stored.answer, language_of(stored.origin.language), press.n)
        await self._pressing.put_rows(query, task, rows)
        await self._ask_what_is_right(query, task, stored)

    async def reason(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Store why it is wrong."""
        position, reason = reason_of(press.n)
        await self._rate(query, task, stored, "wrong", reason)
        await self._put_usual(query, task, stored, position, "wrong")

    async def back(self, query: CallbackQuery, task: Task, press: Press, stored: AnswerRecord) -> None:
        """Show the usual buttons instead of the reasons."""
        assert task.origin.user_id is not None
        verdict = await asyncio.to_thread(self._memory.verdict, stored.answer.id, task.origin.user_id)
        await self._pressing.accept(query)
        await self._put_usual(query, task, stored, press.n, verdict)

    async def takes(self, task: Task, text: str) -> bool:
        """Whether the text, a reply, names the right answer to one that its writer has rated wrong; then it is stored.

        That is so for any reply to the message that asked for it, and for a while for a reply to the answer, unless it
        is a question.
        """
        user_id = task.origin.user_id
        if task.replied is None or user_id is None or not text or len(text) > self._config.longest_chars:
            return False
        replied_to = task.origin.chat_id, task.replied, user_id
        answer_id = await asyncio.to_thread(self._corrections.answer_meant, *replied_to)
        if answer_id is None and not text.endswith(_QUESTION_MARKS):
            since = int(time.time()) - CORRECTED_S
            answer_id = await asyncio.to_thread(self._corrections.just_disliked, *replied_to, since)
        if answer_id is None:
            return False
        if await self._asking.admits(task):
            await asyncio.to_thread(self._corrections.propose, answer_id, user_id, text)
            self._metrics.count("verdicts", "proposed")
            await self._asking.notify(task, "noted")
        return True

    async def _ask_what_is_right(self, query: CallbackQuery, task: Task, stored: AnswerRecord) -> None:
        """Ask once what would be right; a reply to that message is the answer to it."""
        user_id, id_ = task.origin.user_id, stored.answer.id
        assert user_id is not None
        if was_sending(task) or await asyncio.to_thread(self._corrections.has_asked, id_, user_id):
            return
        message = replace(notice("what is right", language_of(stored.origin.language)), asks_reply=True)
        delivery = self._inbox.delivery(task.update_id)
        try:
            sent = await self._sender.send(place_below(query, task), message, delivery)
        except (Gone, Uncertain):
            return
        await asyncio.to_thread(self._corrections.asked, sent.chat_id, sent.message_id, id_, user_id)

    async def _rate(
        self, query: CallbackQuery, task: Task, stored: AnswerRecord, verdict: Verdict, reason: Reason | None = None
    ) -> None:
        assert task.origin.user_id is not None
        await asyncio.to_thread(self._memory.rate, stored.answer.id, task.origin.user_id, verdict, reason)
        self._metrics.count("verdicts", reason or verdict)
        await self._pressing.alert(query, task, "thanks", is_alert=False)

    async def _put_usual(
        self, query: CallbackQuery, task: Task, stored: AnswerRecord, position: int, verdict: Verdict | None
    ) -> None:
        rows = answer_rows(stored.answer, language_of(stored.origin.language), position, verdict)
        await self._pressing.put_rows(query, task, rows)
