"""A cell's value -> the text that Excel shows for it, as far as its number format is simple; dates are ISO 8601."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from retrieval.documents.visible import visible_line

# What may stand in a number format: a currency with its country, a colour or condition, quoted text, an escaped sign, a
# space as wide as a sign, a sign that fills the cell, the places of the digits, and any other sign.
_TOKEN = re.compile(
    r'\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.'
    r"|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*)?|\.[#0?]+)|(?P<sign>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"\[[<>=]")
_PLAIN_SIGNS = frozenset("%+-() $€£¥")
_DATE_WORDS = re.compile(r'"[^"]*"|\\.|\[\$[^\]]*\]|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def shown(value: object, number_format: str) -> str:
    """The text of a cell with this value and number format, in one line; "" for an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return _moment(value, number_format)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        return _duration(value)
    return visible_line(str(value))


def _moment(value: datetime, number_format: str) -> str:
    """Date, time or both: what the format shows, with the time where there is one."""
    parts = _DATE_WORDS.sub("", number_format).lower()
    has_time = "h" in parts or "s" in parts
    if has_time and "y" not in parts and "d" not in parts:
        return shown(value.time(), number_format)
    if "d" not in parts and "y" in parts and not has_time:
        return f"{value:%Y-%m}" if "m" in parts else f"{value:%Y}"
    day = value.date().isoformat()
    return f"{day} {shown(value.time(), number_format)}" if has_time and value.time() != time() else day


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = "-" * (seconds < 0), abs(seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a number format: what stands before and after the digits, and their places, such as "#,##0.00".

    It is not simple where it has other things, such as the parts of a fraction or a condition, or nothing at all.
    """

    before: str
    digits: str
    after: str
    is_simple: bool

    @property
    def is_percent(self) -> bool:
        return "%" in self.before + self.after


def _number(value: int | float, number_format: str) -> str:
    sections = _sections(number_format)
    at = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    section = sections[at]
    if not section.is_simple or not math.isfinite(value):
        return _general(value)
    try:
        digits = _digits(abs(Decimal(str(value))) * (100 if section.is_percent else 1), section.digits)
    except InvalidOperation:  # more digits than a Decimal keeps
        return _general(value)
    sign = "-" if value < 0 and at == 0 and any("1" <= digit <= "9" for digit in digits) else ""
    return visible_line(f"{sign}{section.before}{digits}{section.after}")


@lru_cache(maxsize=1024)
def _sections(number_format: str) -> tuple[_Section, ...]:
    """The sections of a format: for positive numbers, and where there are several for negative ones and for zero."""
    sections: list[_Section] = []
    tokens: list[re.Match[str]] = []
    for token in _TOKEN.finditer(number_format):
        if token["sign"] == ";":
            sections.append(_section(tokens))
            tokens = []
        else:
            tokens.append(token)
    return (*sections, _section(tokens))


def _section(tokens: Sequence[re.Match[str]]) -> _Section:
    before = digits = after = ""
    is_simple = bool(tokens)
    for token in tokens:
        if token["digits"]:
            is_simple = is_simple and not digits
            digits = digits or token["digits"]
        elif _CONDITION.match(token[0]) or (token["sign"] and token["sign"] not in _PLAIN_SIGNS):
            is_simple = False
        else:
            literal = token["currency"] or token["quoted"] or token["escaped"] or token["sign"] or ""
            before, after = (before, after + literal) if digits else (before + literal, after)
    return _Section(before, digits, after, is_simple and bool(before or digits))


def _digits(value: Decimal, places: str) -> str:
    """The number in the places of a format: 0 is always written, # and ? only where the number has a digit there."""
    whole_places, _, decimal_places = places.partition(".")
    thousands = len(whole_places) - len(whole_places.rstrip(","))
    rounded = value.scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-len(decimal_places)), ROUND_HALF_UP)
    whole, _, decimals = f"{rounded:f}".partition(".")
    least = decimal_places.rfind("0") + 1
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    whole = whole.lstrip("0").zfill(whole_places.count("0"))
    if "," in whole_places.rstrip(",") and whole:
        whole = f"{int(whole):0{len(whole)},}" if whole.startswith("0") else f"{int(whole):,}"
    return f"{whole}.{decimals}" if decimals else whole


def _general(value: int | float) -> str:
    """The number as Excel shows it without a format: 35 and not 35.0, with 15 digits at most."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value) if isinstance(value, int) else f"{value:.15g}"
