"""Inline mode: `@bot question` in any chat. Off unless it is switched on, for whoever sees the result sees documents.

Every keystroke is a query; only one that stands still is answered. Results are this person's alone, from Telegram's
cache too. Nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import logging
import time

from telegram import InlineQuery

from bot.feedback.store import new_id
from bot.language.language import language
from bot.telegram.memory.kept import KeptAnswer, keep
from bot.telegram.messages.pages import inline_results
from bot.telegram.ops.limits import Bucket
from bot.telegram.ops.logs import log
from bot.telegram.parts import Desk
from bot.telegram.updates import clean
from retrieval.answer.answer import answer
from retrieval.conversation.follow_up import contextualise
from retrieval.errors import QuothError
from retrieval.index.retriever import Retriever

STILL_S = 0.4
"""How long a query must stand still: a pause in typing."""
CACHE_S = 60
_LOGGER = logging.getLogger("quoth")


class Inline:
    """Answers inline queries."""

    def __init__(self, desk: Desk) -> None:
        self._config, self._answerer = desk.config, desk.answerer
        self._sender, self._figures = desk.sender, desk.figures
        self._latest: dict[int, str] = {}
        self._limit = Bucket(desk.config.per_user)

    async def asked(self, query: InlineQuery) -> None:
        """Answer the query, unless a newer one of the same person came."""
        question, user = clean(query.query), query.from_user
        if not self._config.has_inline or not question or len(question) > self._config.longest_chars:
            await self._sender.answer_inline(query.id, [], CACHE_S)
            return
        self._latest[user.id] = query.id
        await asyncio.sleep(STILL_S)
        if self._latest.get(user.id) != query.id:
            self._figures.count("refusals", "overtaken")
            return
        del self._latest[user.id]
        if self._limit.take(user.id, time.monotonic()):
            self._figures.count("refusals", "slow down")
            await self._sender.answer_inline(query.id, [], 1)
            return
        try:
            kept = await self._answerer.run(lambda retriever: _kept(question, retriever))
        except (QuothError, TimeoutError) as error:
            log(_LOGGER, "inline query failed", logging.WARNING, user_id=user.id, reason=str(error))
            return
        self._figures.count("answers", f"inline {kept.status}")
        await self._sender.answer_inline(query.id, inline_results(language(user.language_code), [kept]), CACHE_S)


def _kept(question: str, retriever: Retriever) -> KeptAnswer:
    found = answer(question, retriever, contextualise(question, ()))
    return keep(new_id(), found, retriever.store.document_by_id)
