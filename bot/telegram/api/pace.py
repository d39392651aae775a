"""How fast messages are sent, and which delivery records each attempt."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

from bot.telegram.api.errors import Flooded, retry_after_s
from bot.telegram.memory.delivery import UNTRACKED, Delivery

LONG_FLOOD_S = 60.0
"""The library's rate limiter holds back all messages after one flood error; for longer waits only that chat waits."""
_UNTHROTTLED = {"sendChatAction", "answerCallbackQuery", "answerInlineQuery", "leaveChat"}


CURRENT_DELIVERY: ContextVar[Delivery] = ContextVar("delivery", default=UNTRACKED)
"""The delivery of the message that the current task sends."""


class RateLimiter(AIORateLimiter):
    """Telegram's limits apply to messages; other requests are neither counted nor delayed.

    A message that waits for its turn, or that Telegram told to wait, is not being delivered.
    """

    async def process_request(
        self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: Any, rate_limit_args: int | None
    ) -> Any:
        async def attempt(*args: Any, **kwargs: Any) -> Any:
            delivery = CURRENT_DELIVERY.get()
            await delivery.begin()
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                await delivery.abort()
                if retry_after_s(error) > LONG_FLOOD_S:
                    raise Flooded(retry_after_s(error)) from None
                raise

        if endpoint in _UNTHROTTLED:
            return await callback(*args, **kwargs)
        return await super().process_request(attempt, args, kwargs, endpoint, data, rate_limit_args)
