"""What all that handle updates work with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.answering import Answerer
from bot.telegram.api.sending import Sender
from bot.telegram.memory.inbox import Inbox
from bot.telegram.memory.store import Store
from bot.telegram.ops.metrics import Figures
from bot.telegram.settings import TelegramConfig


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of the service, made once."""

    config: TelegramConfig
    store: Store
    answerer: Answerer
    sender: Sender
    inbox: Inbox
    figures: Figures
