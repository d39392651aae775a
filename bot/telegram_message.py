"""A Telegram message as values: text, entities, buttons; and how blocks become messages within the limits. Pure.

What a message says is decided elsewhere. Text that is not ours is *foreign*: stretches of it that Telegram would make a
link, a mention, a tag or a command of are covered by `code`, in which Telegram looks for nothing. That alters no
character, pings nobody, and a tap copies the stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from bot.telegram_links import linkable
from retrieval.schema import Span

EntityType = Literal["bold", "italic", "code", "blockquote", "expandable_blockquote"]

MOST_UNITS, MOST_ENTITIES = 4000, 100
"""Telegram takes 4,096 UTF-16 units and 100 entities in a message."""
COPY_UNITS = 256
"""What a button that copies may hold."""
_MOST_COVERS = 20
"""In a run with more stretches to cover than that, all of it is covered: a hundred entities are soon used up."""


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


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that look the same. `is_foreign`: words of a document or of a person, in which nothing may link."""

    text: str
    styles: frozenset[EntityType] = frozenset()
    is_foreign: bool = False


Block = tuple[Run, ...]
"""What stays in one message."""


def own(text: str, *styles: EntityType) -> Run:
    """A run of our own words."""
    return Run(text, frozenset(styles))


def foreign(text: str, *styles: EntityType) -> Run:
    """A run of somebody else's words, cleaned already."""
    return Run(text, frozenset(styles), True)


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def lay_out(blocks: Sequence[Block], separator: str = "\n\n") -> Message:
    """The blocks as one message, whatever its size."""
    runs = [run for number, block in enumerate(blocks) for run in (*([own(separator)] if number else []), *block)]
    text = "".join(run.text for run in runs)
    styles = [run.styles for run in runs for _ in run.text]
    for start, end in _covers(runs, text):
        for at in range(start, end):
            styles[at] = (styles[at] - {"bold", "italic"}) | {"code"}
    return Message(text, tuple(_entities(text, styles)))


def pack(blocks: Sequence[Block], separator: str = "\n\n") -> list[Message]:
    """The blocks in as few messages as hold them, in order; a block that is too long by itself is left out of no
    message, so those who make blocks keep them short."""
    messages: list[Message] = []
    waiting: list[Block] = []
    for block in blocks:
        if waiting and not fits(lay_out([*waiting, block], separator)):
            messages.append(lay_out(waiting, separator))
            waiting = []
        waiting.append(block)
    return [*messages, lay_out(waiting, separator)] if waiting else messages


def fits(message: Message) -> bool:
    """Whether the message is within the limits."""
    return units(message.text) <= MOST_UNITS and len(message.entities) <= MOST_ENTITIES


def with_rows(messages: Sequence[Message], rows: Rows) -> list[Message]:
    """The messages with the buttons under the last one."""
    return [*messages[:-1], replace(messages[-1], rows=rows)]


def _covers(runs: Sequence[Run], text: str) -> Iterator[Span]:
    """The stretches that need `code`: all that Telegram could link and that has a foreign character in it."""
    stretches = linkable(text)
    at = 0
    for run in runs:
        first, last = at, at + len(run.text)
        at = last
        if not run.is_foreign or "code" in run.styles:
            continue
        touching = [span for span in stretches if span[0] < last and first < span[1]]
        if len(touching) > _MOST_COVERS:
            yield first, last
        yield from touching


def _entities(text: str, styles: Sequence[frozenset[EntityType]]) -> Iterator[Entity]:
    """Entities in order of their offsets, the longer first where two begin together: a quotation before what is in
    it."""
    found = []
    for type_ in sorted({type_ for here in styles for type_ in here}):
        offset = 0
        for has, stretch in groupby(zip(styles, text, strict=True), key=lambda pair: type_ in pair[0]):
            length = units("".join(character for _, character in stretch))
            if has:
                found.append(Entity(type_, offset, length))
            offset += length
    yield from sorted(found, key=lambda entity: (entity.offset, -entity.length))
