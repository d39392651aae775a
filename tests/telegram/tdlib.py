"""Formatted text as Telegram itself sees it: TDLib's own parser and finder, offline, behind Bot API shapes.

The official Bot API server calls the same functions on what a bot sends. TDLib enforces no limit of length and none of
the number of entities; `problems` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tdjson

TEXT_MAX, RAW_MAX_BYTES, ENTITIES_MAX = 4096, 32768, 100
"""UTF-16 units after parsing, twice; bytes before parsing; entities."""

Entity = dict[str, Any]

_MODES = {"html": {"@type": "textParseModeHTML"}, "markdownv2": {"@type": "textParseModeMarkdown", "version": 2}}
_MODES["markdown"] = {"@type": "textParseModeMarkdown", "version": 1}
_NOTHING = re.compile(r"[\s\x00-\x1f\u00ad\u034f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2800\ufeff]+")
# Bot API name -> TDLib name, where it is not the name in capitals ("text_link" and the like have fields besides)
_KINDS = {
    "mention": "Mention",
    "hashtag": "Hashtag",
    "cashtag": "Cashtag",
    "bot_command": "BotCommand",
    "url": "Url",
    "email": "EmailAddress",
    "phone_number": "PhoneNumber",
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "blockquote": "BlockQuote",
    "expandable_blockquote": "ExpandableBlockQuote",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "text_mention": "MentionName",
    "custom_emoji": "CustomEmoji",
}
_NAMES = {tdlib: ours for ours, tdlib in _KINDS.items()} | {"PreCode": "pre"}
_HIDES_LINKS = {"code", "pre", "text_link", "text_mention", "custom_emoji"}


class ParseError(ValueError):
    """What Telegram says of a text that it can't read."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities as a message has them: offsets and lengths in UTF-16 units."""

    text: str
    entities: tuple[Entity, ...] = ()


def parse(text: str, parse_mode: str | None, entities: Sequence[Mapping[str, Any]] = ()) -> Formatted:
    """The text as a message shows it. Raises ParseError, worded as the Bot API words it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ParseError("strings must be encoded in UTF-8") from None
    if parse_mode:
        mode = _MODES.get(parse_mode.lower())
        if mode is None:
            raise ParseError("unsupported parse_mode")
        found = _call({"@type": "parseTextEntities", "text": text, "parse_mode": mode})
        return Formatted(found["text"], tuple(_ours(entity) for entity in found["entities"]))
    if entities:  # TDLib checks the entities of a formatted text before it does anything with it
        theirs = [_theirs(entity) for entity in entities]
        _call({"@type": "getMarkdownText", "text": {"@type": "formattedText", "text": text, "entities": theirs}})
    return Formatted(text, tuple(dict(entity) for entity in entities))


def found_entities(text: str) -> list[Entity]:
    """What Telegram makes a link of by itself: mentions, commands, hashtags, addresses."""
    return [_ours(entity) for entity in _call({"@type": "getTextEntities", "text": text})["entities"]]


def with_found(formatted: Formatted) -> Formatted:
    """The message as it arrives: Telegram's own links beside the bot's entities, none of them inside code or a link."""
    hidden = [span(entity) for entity in formatted.entities if entity["type"] in _HIDES_LINKS]
    added = [
        entity
        for entity in found_entities(formatted.text)
        if not any(first < span(entity)[1] and span(entity)[0] < last for first, last in hidden)
        and entity not in formatted.entities
    ]
    return Formatted(formatted.text, tuple(sorted((*formatted.entities, *added), key=span)))


def pings(formatted: Formatted, allowed: Sequence[str] = ()) -> list[str]:
    """Whom the message would call: @names that are not `allowed`, and links to people."""
    found = []
    for entity in with_found(formatted).entities:
        said = cut(formatted.text, entity)
        if entity["type"] == "mention" and said.lower() not in {f"@{name}".lower() for name in allowed}:
            found.append(said)
        if entity["type"] == "text_mention" or str(entity.get("url", "")).startswith("tg://user"):
            found.append(said)
    return found


def problems(formatted: Formatted, raw: str, most: int = TEXT_MAX) -> list[str]:
    """Limits that the message breaks, in words."""
    found = []
    if units(formatted.text) > most:
        found.append(f"{units(formatted.text)} UTF-16 units, more than {most}")
    if len(raw.encode()) > RAW_MAX_BYTES:
        found.append(f"{len(raw.encode())} bytes before parsing, more than {RAW_MAX_BYTES}")
    if len(formatted.entities) > ENTITIES_MAX:
        found.append(f"{len(formatted.entities)} entities, more than {ENTITIES_MAX}")
    return found


def is_shown(text: str) -> bool:
    """Whether anything is left of a text once Telegram cut off white space, controls and invisible characters."""
    return bool(_NOTHING.sub("", text))


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, entity: Mapping[str, Any]) -> str:
    """The characters of an entity."""
    first, last = span(entity)
    return text.encode("utf-16-le")[2 * first : 2 * last].decode("utf-16-le")


def span(entity: Mapping[str, Any]) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def contains_quote(text: str, quote: str) -> bool:
    """Whether a reply may quote these words of a message."""

    def formatted(words: str) -> dict[str, Any]:
        return {"@type": "formattedText", "text": words, "entities": []}

    asked = {"@type": "searchQuote", "text": formatted(text), "quote": formatted(quote), "quote_position": 0}
    try:
        return "position" in _call(asked)
    except ParseError:
        return False


def _call(request: Mapping[str, Any]) -> dict[str, Any]:
    answer = tdjson.td_execute(json.dumps(request).encode())
    found: dict[str, Any] = json.loads(answer) if answer else {"@type": "error", "message": "no answer from TDLib"}
    if found["@type"] == "error":
        raise ParseError(_lowered(found["message"]))
    return found


def _lowered(message: str) -> str:
    """The Bot API's wording of a TDLib error; an entity that does not fit is one of those that can't be parsed."""
    said = message[:1].lower() + message[1:]
    return said if re.match(r"can't parse", said) else f"can't parse entities: {said}"


def _ours(entity: Mapping[str, Any]) -> Entity:
    kind = entity["type"]
    name = kind["@type"].removeprefix("textEntityType")
    ours = {"type": _NAMES.get(name, name.lower()), "offset": entity["offset"], "length": entity["length"]}
    return ours | {key: kind[key] for key in ("url", "language", "user_id", "custom_emoji_id") if key in kind}


def _theirs(entity: Mapping[str, Any]) -> dict[str, Any]:
    if entity["type"] not in _KINDS:
        raise ParseError(f"unsupported entity type {entity['type']}")
    kind: dict[str, Any] = {"@type": f"textEntityType{_KINDS[entity['type']]}"}
    if entity["type"] == "pre" and entity.get("language"):
        kind = {"@type": "textEntityTypePreCode", "language": entity["language"]}
    kind |= {key: entity[key] for key in ("url", "custom_emoji_id") if key in entity}
    if "user" in entity:
        kind["user_id"] = entity["user"]["id"]
    return {"@type": "textEntity", "offset": entity["offset"], "length": entity["length"], "type": kind}


_call({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})
