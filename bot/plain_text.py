"""Text that is safe to show on one line: control characters made visible, excerpts, dates, counts. Pure, and light."""

from __future__ import annotations

import re

EXCERPT_CHARS = 240

_MONTHS = "January February March April May June July August September October November December"
_MONTH_NAMES = dict(enumerate(_MONTHS.split(), 1))
_ISO_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
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


def excerpt(text: str, size_chars: int = EXCERPT_CHARS) -> str:
    """The text on one line, cut between words to at most `size_chars`, with "…" where it was cut."""
    line = " ".join(visible(text).split())
    if len(line) <= size_chars:
        return line
    head = line[:size_chars]
    return (head.rsplit(" ", 1)[0] if " " in head else head[:-1]) + "…"


def shown_date(date: str) -> str:
    """ "16 May 2022", "May 2022" or "2022" for an ISO 8601 date, as exact as the date is; other text unchanged."""
    match = _ISO_DATE.fullmatch(date)
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
