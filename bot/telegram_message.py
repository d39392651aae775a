"""A Telegram message as values: text, entities, buttons. What is in it is decided elsewhere. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EntityType = Literal["bold", "italic", "code", "blockquote", "expandable_blockquote"]

MOST_UNITS, MOST_ENTITIES = 4000, 100
"""Telegram takes 4,096 UTF-16 units and 100 entities in a message."""
COPY_CHARS = 256
"""What a button that copies may hold."""


@dataclass(frozen=True, slots=True)
class Entity:
    """How a stretch of the text looks; offset and length are in UTF-16 units, as Telegram counts."""

    type: EntityType
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends `data` back to the bot, or copies `copy` on the person's device: one of the two is given."""

    text: str
    data: str | None = None
    copy: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message, at most MOST_UNITS long and with at most MOST_ENTITIES entities. Sent without parse_mode and with
    link previews off."""

    text: str
    entities: tuple[Entity, ...] = ()
    rows: Rows = ()
