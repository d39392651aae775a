"""Sections and tables of Markdown, and measures as their cells. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

_WIDTH_CHARS = 120


def section(title: str, *parts: str) -> str:
    """A section of the page: prose is wrapped; headings, tables and lists stay as they are."""
    return "\n\n".join([f"## {title}", *map(_wrapped, parts)])


def _wrapped(part: str) -> str:
    is_prose = not part.startswith(("#", "|", "- "))
    return textwrap.fill(part, _WIDTH_CHARS, break_long_words=False, break_on_hyphens=False) if is_prose else part


def markdown_table(columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A table with an unnamed first column, which holds the rows' names."""
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join(lines)


def with_interval(estimate: Mapping[str, float], decimals: int = 3) -> str:
    """A cell such as ".731 [.665, .792]": the value with its 95% interval."""
    value, low, high = (short(estimate[name], decimals) for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def short(value: float, decimals: int = 3) -> str:
    """The value without the zero before the point; with two decimals if it is 1 or more, also by rounding."""
    text = f"{value:.{decimals}f}"
    return text.removeprefix("0") if float(text) < 1 else f"{value:.2f}"
