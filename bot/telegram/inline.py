"""Inline mode: `@bot question` in any chat. Off by default, because whoever sees a result sees document text.

Telegram sends a query for every keystroke; only one that stays unchanged for a moment is answered. Results are shown to
the person who asked only, also from Telegram's cache. Nothing is stored.
"""

from __future__ import annotations

import asyncio
import logging
import time

from telegram import InlineQuery

from bot.feedback.store import new_id
from bot.language.language import language_of, session_language
from bot.telegram.components import Components
from bot.telegram.memory.kept import KeptAnswer, keep
from bot.telegram.messages.results import inline_results
from bot.telegram.ops.limits import Bucket
from bot.telegram.ops.logs import log
from bot.telegram.updates import clean
from retrieval.errors import QuothError
from retrieval.library import Library

STILL_S = 0.4
"""How long a query must stay unchanged before it is answered: a pause in typing."""
CACHE_S = 60


class Inline:
    """Answers inline queries."""

    def __init__(self, components: Components) -> None:
        self._config, self._answerer = components.config, components.answerer
        self._sender, self._metrics = components.sender, components.metrics
        self._latest: dict[int, str] = {}
        self._limit = Bucket(components.config.per_user)

    async def answer(self, query: InlineQuery) -> None:
        """Answer the query, unless the same person has sent a newer one."""
        question, user = clean(query.query), query.from_user
        if not self._config.has_inline or not question or len(question) > self._config.longest_chars:
            await self._sender.answer_inline(query.id, [], CACHE_S)
            return
        self._latest[user.id] = query.id
        await asyncio.sleep(STILL_S)
        if self._latest.get(user.id) != query.id:
            self._metrics.count("refusals", "overtaken")
            return
        del self._latest[user.id]
        if self._limit.take(user.id, time.monotonic()):
            self._metrics.count("refusals", "slow down")
            await self._sender.answer_inline(query.id, [], 1)
            return
        try:
            kept = await self._answerer.run(lambda library: _answer(question, library))
        except (QuothError, TimeoutError) as error:
            log("inline query failed", logging.WARNING, user_id=user.id, reason=str(error))
            return
        self._metrics.count("answers", f"inline {kept.status}")
        language = session_language(question, language_of(user.language_code))
        await self._sender.answer_inline(query.id, inline_results(language, kept), CACHE_S)


def _answer(question: str, library: Library) -> KeptAnswer:
    return keep(new_id(), library.ask(question), library.document)
