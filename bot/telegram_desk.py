"""What all that handle updates work with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering import Answerer
from bot.figures import Figures
from bot.store import Store
from bot.telegram_inbox import Inbox
from bot.telegram_send import Sender
from bot.telegram_settings import TelegramConfig


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of the service, made once."""

    config: TelegramConfig
    store: Store
    answerer: Answerer
    sender: Sender
    inbox: Inbox
    figures: Figures
