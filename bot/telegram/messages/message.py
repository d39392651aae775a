"""A Telegram message as values (text, entities, buttons), and blocks as messages within Telegram's limits. Pure.

What a message says is decided elsewhere. Text that is not ours is *foreign*: spans of it that Telegram would turn into
a link, a mention, a tag or a command get the `code` style, in which Telegram looks for none of these. That changes no
character and notifies nobody, and a tap copies the span.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from bot.plain_text import merged
from bot.telegram.messages.links import linkable
from retrieval.spans import Span

EntityType = Literal["bold", "italic", "underline", "code", "blockquote", "expandable_blockquote"]

MAX_UNITS, MAX_ENTITIES = 4000, 100
"""Telegram accepts 4,096 UTF-16 units and 100 entities in a message."""
CAPTION_UNITS = 1024
MAX_PHOTO_BYTES, MAX_PHOTO_PX, MAX_PHOTO_RATIO = 10_000_000, 10_000, 20
"""The limits of a photo: width and height together, and the longer by the shorter."""
COPY_UNITS = 256
"""How much text a copy button may hold."""
BUTTON_CHARS = 60
"""How much of a question or a name a button shows."""
_MAX_COVERS = 20
"""A run with more spans to cover than this is covered as a whole, to stay within the limit of entities."""


@dataclass(frozen=True, slots=True)
class Entity:
    """The style of a span of the text; offset and length are in UTF-16 units, as in Telegram."""

    type: EntityType
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends `data` to the bot, or copies `copy` to the person's clipboard; exactly one of them is set."""

    text: str
    data: str | None = None
    copy: str | None = None


ButtonRows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of at most MAX_UNITS and MAX_ENTITIES; sent without parse_mode and without link previews.

    `asks_reply`: it has no buttons, and opens the field for a reply to it.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    rows: ButtonRows = ()
    asks_reply: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG file with a caption of at most CAPTION_UNITS; `name` is the file's name."""

    png: bytes
    name: str
    caption: Message

    @property
    def is_photo(self) -> bool:
        """Whether Telegram takes it as a photo; it takes any other picture as a file."""
        width, height = (int.from_bytes(self.png[at : at + 4], "big") for at in (16, 20))  # the start of every PNG
        is_small = len(self.png) <= MAX_PHOTO_BYTES and width + height <= MAX_PHOTO_PX
        return is_small and max(width, height) <= MAX_PHOTO_RATIO * min(width, height)


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text in one style. `is_foreign`: text of a document or a person, in which nothing may become a link."""

    text: str
    styles: frozenset[EntityType] = frozenset()
    is_foreign: bool = False


Block = tuple[TextRun, ...]
"""Runs that stay together in one message."""


def own(text: str, *styles: EntityType) -> TextRun:
    """A run of our own text."""
    return TextRun(text, frozenset(styles))


def foreign(text: str, *styles: EntityType) -> TextRun:
    """A run of somebody else's text, which is already clean."""
    return TextRun(text, frozenset(styles), True)


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def lay_out(blocks: Sequence[Block], separator: str = "\n\n") -> Message:
    """The blocks as one message, whatever its size."""
    return _joined([_laid_out(block) for block in blocks], separator)


def pack(blocks: Sequence[Block], separator: str = "\n\n") -> list[Message]:
    """The blocks in as few messages as possible, in order. Blocks are never cut, so callers keep them short."""
    messages: list[Message] = []
    for block in map(_laid_out, blocks):
        longer = _joined([*messages[-1:], block], separator)
        if messages and fits(longer):
            messages[-1] = longer
        else:
            messages.append(block)
    return messages


def fits(message: Message, room_units: int = 0, room_entities: int = 0) -> bool:
    """Whether the message is within the limits, with so much room left for more."""
    is_short = units(message.text) <= MAX_UNITS - room_units
    return is_short and len(message.entities) <= MAX_ENTITIES - room_entities


def with_rows(messages: Sequence[Message], rows: ButtonRows) -> list[Message]:
    """The messages with the buttons below the last one."""
    return [*messages[:-1], replace(messages[-1], rows=rows)]


def _joined(messages: Sequence[Message], separator: str) -> Message:
    entities, offset = [], 0
    for message in messages:
        entities += [replace(entity, offset=entity.offset + offset) for entity in message.entities]
        offset += units(message.text) + units(separator)
    return Message(separator.join(message.text for message in messages), tuple(entities))


def _laid_out(block: Block) -> Message:
    text = "".join(run.text for run in block)
    return Message(text, tuple(_entities(text, block, _covers(block, text))))


def _covers(block: Block, text: str) -> list[Span]:
    """The spans that need `code`, in order: everything Telegram could link that contains a foreign character.

    No such span crosses the end of a line, so each block can be treated on its own.
    """
    links = linkable(text)
    found: set[Span] = set()
    for (first, last), run in _placed(block):
        if run.is_foreign and "code" not in run.styles:
            touching = [span for span in links if span[0] < last and first < span[1]]
            found |= {(first, last)} if len(touching) > _MAX_COVERS else set(touching)
    return merged(found)


def _entities(text: str, block: Block, covers: Sequence[Span]) -> list[Entity]:
    """Entities ordered by offset, the longer one first: a quotation comes before what is inside it.

    A covered span can't be bold, italic or underlined, because `code` allows no other style inside.
    """
    edges = sorted({at for span, _ in _placed(block) for at in span} | {at for span in covers for at in span})
    open_: dict[EntityType, int] = {}
    found, offset, runs, spans = [], 0, list(_placed(block)), list(covers)
    for start, end in pairwise([*edges, len(text)]):
        while runs and runs[0][0][1] <= start:
            runs.pop(0)
        while spans and spans[0][1] <= start:
            spans.pop(0)
        styles = runs[0][1].styles if runs else frozenset()
        if spans and spans[0][0] <= start:
            styles = (styles - {"bold", "italic", "underline"}) | {"code"}
        for type_ in open_.keys() - styles:
            found.append(Entity(type_, open_[type_], offset - open_.pop(type_)))
        open_ |= {type_: offset for type_ in styles - open_.keys()}
        offset += units(text[start:end])
    found += [Entity(type_, since, offset - since) for type_, since in open_.items()]
    return sorted(found, key=lambda one: (one.offset, -one.length, "blockquote" not in one.type, one.type))


def _placed(block: Block) -> Iterator[tuple[Span, TextRun]]:
    """Each run that is not empty, with its span in the block's text."""
    at = 0
    for run in block:
        if run.text:
            yield (at, at + len(run.text)), run
        at += len(run.text)
