"""The parts of the service that everything handling an update shares."""

from __future__ import annotations

from dataclasses import dataclass

from bot.suggest import Suggestions
from bot.telegram.answering import Answerer
from bot.telegram.api.sending import Sender
from bot.telegram.memory.inbox import Inbox
from bot.telegram.memory.memory import Memory
from bot.telegram.ops.metrics import Metrics
from bot.telegram.settings import TelegramConfig


@dataclass(frozen=True, slots=True)
class Components:
    """The shared parts, created once when the service starts."""

    config: TelegramConfig
    memory: Memory
    answerer: Answerer
    suggestions: Suggestions
    sender: Sender
    inbox: Inbox
    metrics: Metrics
