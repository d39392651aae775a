"""Plain text: safe to show on one line, safe to encode, cut to an excerpt; dates, counts, integers, lines and spans.

Pure, and light to import.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.spans import Span

EXCERPT_CHARS = 240
ISO_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
"""A whole ISO 8601 date: year, month and day as groups; the last two may be absent."""
AT_LEAST = "must be an integer of at least {minimum}"
TOO_MANY_DIGITS = "must have at most {digits} digits"

_MONTHS = "January February March April May June July August September October November December"
_MONTH_NAMES = dict(enumerate(_MONTHS.split(), 1))
_LINE_BREAK = re.compile(r"\r\n|\n|\r")  # what schema.line_range counts
_MAX_DIGITS = 9  # more overflow a time span or make int() slow
# One character for each character, so offsets stay valid: control pictures for control characters, spaces for tabs and
# line breaks, and U+FFFD for C1 controls, bidirectional marks (they reorder the line) and surrogates (not encodable).
_VISIBLE = (
    {code: 0x2400 + code for code in range(0x20)}
    | {0x7F: "␡"}
    | dict.fromkeys(range(0x80, 0xA0), "�")
    | dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "�")
    | dict.fromkeys(range(0xD800, 0xE000), "�")
    | dict.fromkeys([0x09, 0x0A, 0x2028, 0x2029], " ")
)


def visible(text: str) -> str:
    """The text on one line, with each control character replaced by one that a terminal only prints.

    The length stays the same, so offsets into the text stay valid.
    """
    return text.translate(_VISIBLE)


def encodable(text: str) -> str:
    """The text with "?" for each lone surrogate, which UTF-8 can't encode.

    A terminal passes bytes that are not UTF-8 on as lone surrogates.
    """
    return text.encode("utf-8", "replace").decode()


def excerpt(text: str, size_chars: int = EXCERPT_CHARS) -> str:
    """The text on one line, cut between words to at most `size_chars`, with "…" where it was cut."""
    line = " ".join(visible(text).split())
    if len(line) <= size_chars:
        return line
    head = line[:size_chars]
    return (head.rsplit(" ", 1)[0] if " " in head else head[:-1]) + "…"


def shown_date(date: str) -> str:
    """ "16 May 2022", "May 2022" or "2022" for an ISO 8601 date, as exact as the date is; other text unchanged."""
    match = ISO_DATE.fullmatch(date)
    if not match:
        return visible(date)
    year, month, day = match.groups()
    words = [year]
    if month:
        words.insert(0, _MONTH_NAMES[int(month)])
    if day:
        words.insert(0, str(int(day)))
    return " ".join(words)


def counted(number: int, noun: str) -> str:
    """ "1 passage", "1,200 passages"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def how_long(elapsed_ms: float) -> str:
    """A time given in milliseconds: "66 ms", or "1.2 s" from one second on."""
    return f"{elapsed_ms / 1000:.1f} s" if elapsed_ms >= 1000 else f"{elapsed_ms:.0f} ms"


def parse_integer(text: str, minimum: int) -> int:
    """The integer in the text, in ASCII digits. Raises ValueError for one below `minimum` or of over nine digits."""
    if len(text) > _MAX_DIGITS and text.isdecimal():
        raise ValueError(TOO_MANY_DIGITS.format(digits=_MAX_DIGITS))
    if not re.fullmatch(r"\d+", text, re.ASCII) or int(text) < minimum:
        raise ValueError(f"{AT_LEAST.format(minimum=minimum)}, not {text!r}")
    return int(text)


def line_spans(text: str) -> list[Span]:
    """Where each line stands, without its line break; counted as in Citation.lines."""
    breaks = [match.span() for match in _LINE_BREAK.finditer(text)]
    return list(zip([0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(text)], strict=True))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap merged, and empty ones left out."""
    apart: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
