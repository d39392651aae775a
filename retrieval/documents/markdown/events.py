"""The parser's events with code point offsets: the only home of pyromark, which wraps pulldown-cmark.

The parser follows CommonMark and runs without recursion, so deep nesting costs no stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyromark

from retrieval.spans import Span

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_WIKILINKS
    | pyromark.Options.ENABLE_DEFINITION_LIST
    | pyromark.Options.ENABLE_MATH
)


class Event(NamedTuple):
    """Its name ("Text", "start Heading", "end Heading"), what the parser tells of it, and its span in the text."""

    name: str
    value: Any
    start: int
    end: int


def events_of(text: str, first: int) -> Iterator[Event]:
    """The events of text[first:] in the order of their starts; spans are offsets into `text`."""
    source = _with_line_feeds(text[first:])
    code_point = _code_points(source)
    for event, byte_range in pyromark.events_with_range(source, options=_OPTIONS):
        name, value = _named(event)
        yield Event(name, value, first + code_point(byte_range["start"]), first + code_point(byte_range["end"]))


def link_definitions(text: str, first: int) -> list[Span]:
    """The spans of lines such as `[label]: address` in text[first:], the first one of each label."""
    source = _with_line_feeds(text[first:])
    code_point = _code_points(source)
    found = pyromark.reference_definitions(source, options=_OPTIONS).values()
    return [(first + code_point(one["span"]["start"]), first + code_point(one["span"]["end"])) for one in found]


def _with_line_feeds(text: str) -> str:
    """The text with a line feed for each lone carriage return, which the parser overlooks after a code fence."""
    return re.sub(r"\r(?!\n)", "\n", text)


def _named(event: Any) -> tuple[str, Any]:
    """{"Start": {"Heading": details}} -> ("start Heading", details); {"Text": "a"} -> ("Text", "a")."""
    if isinstance(event, str):
        return event, None
    ((name, value),) = event.items()
    if name not in ("Start", "End"):
        return name, value
    if isinstance(value, str):
        return f"{name.lower()} {value}", None
    ((tag, details),) = value.items()
    return f"{name.lower()} {tag}", details


def _code_points(text: str) -> Callable[[int], int]:
    """From offsets in the text's UTF-8 bytes to offsets in the text."""
    if text.isascii():
        return int
    bytes_ = np.frombuffer(text.encode(), dtype=np.uint8)
    is_first_byte = (bytes_ & 0xC0) != 0x80
    before = np.zeros(len(bytes_) + 1, dtype=np.int32)
    np.cumsum(is_first_byte, out=before[1:])
    return lambda offset: int(before[offset])
