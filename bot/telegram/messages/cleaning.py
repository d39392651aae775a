"""Foreign text in a form that Telegram accepts. Pure.

A quotation is changed only where Telegram would change or refuse it (td/telegram/misc.cpp of TDLib). Control
characters become spaces. Carriage returns, U+2028 to U+202E and the combining marks U+030A, U+0333 and U+033F are
removed. In a row of direction marks and U+200C, all marks but the last become U+200C. Making these changes ourselves
keeps the offsets of entities right. Lone surrogates, which can't be encoded, become U+FFFD. In titles and names, which
are not quotations, all invisible characters are removed.
"""

from __future__ import annotations

import re
import unicodedata

from retrieval.spans import Span

_TO_SPACE = dict.fromkeys([*range(0x0A), *range(0x0B, 0x0D), *range(0x0E, 0x20), 0x2028, 0x2029], " ")
_GONE = dict.fromkeys([0x0D, *range(0x202A, 0x202F), 0x0333, 0x033F, 0x030A], None)
_CHANGED = str.maketrans(_TO_SPACE | _GONE | dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))
_RING = re.compile("(.)\u030a", re.DOTALL)
_DIRECTIONS = re.compile("[\u200e\u200f](?=\u200c*[\u200e\u200f])")
_UNSEEN = re.compile("[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")


def clean(text: str, mark: Span | None = None) -> tuple[str, Span | None]:
    """A quotation as Telegram would show it, without white space around it, and the mark's span in the result."""
    shown = _changed(text)
    start = len(shown) - len(shown.lstrip())
    stripped = shown.strip()
    if mark is None:
        return stripped, None
    first, last = (min(max(len(_changed(text[:at])) - start, 0), len(stripped)) for at in mark)
    return stripped, (first, last) if first < last else None


def line(text: str, max_chars: int) -> str:
    """A title, name or question on one line, without invisible characters; shortened with "…" if it is longer."""
    shown = " ".join(_UNSEEN.sub("", _changed(text)).split())
    return shown if len(shown) <= max_chars else shown[: max_chars - 1].rstrip() + "…"


def _changed(text: str) -> str:
    composed = _RING.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)  # å keeps its ring as one letter
    return _DIRECTIONS.sub("\u200c", composed.translate(_CHANGED))
