"""How fast messages go out, and whether one is on its way."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

from bot.telegram.api.errors import Flooded

LONG_FLOOD_S = 60.0
"""The library's rate limiter keeps back all messages when one was too many; above that only that chat waits."""
_UNTHROTTLED = {"sendChatAction", "answerCallbackQuery", "answerInlineQuery", "leaveChat"}


class Flight:
    """Told how a message that must not go out twice fares: `begin` before each attempt, `abort` once it surely came to
    nothing. This one keeps no note."""

    async def begin(self) -> None:
        return

    async def abort(self) -> None:
        return


UNNOTED = Flight()
IN_FLIGHT: ContextVar[Flight] = ContextVar("flight", default=UNNOTED)
"""What is told of the message that this task sends."""


class RateLimiter(AIORateLimiter):
    """Telegram's limits are on messages; what is none is neither counted nor kept waiting.

    A message that waits for its turn, or was told to come again later, is not in flight.
    """

    async def process_request(
        self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: Any, rate_limit_args: int | None
    ) -> Any:
        async def fly(*args: Any, **kwargs: Any) -> Any:
            flight = IN_FLIGHT.get()
            await flight.begin()
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                await flight.abort()
                if error._retry_after.total_seconds() > LONG_FLOOD_S:
                    raise Flooded(error._retry_after.total_seconds()) from None
                raise

        if endpoint in _UNTHROTTLED:
            return await callback(*args, **kwargs)
        return await super().process_request(fly, args, kwargs, endpoint, data, rate_limit_args)
