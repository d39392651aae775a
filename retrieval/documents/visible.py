"""Text from a converted format, such as a mail or a JSON file -> one clean line."""

from __future__ import annotations

import re

from retrieval.spans import INVISIBLE

_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_HALVES = re.compile("[\ud800-\udfff]")  # JSON and mail may hold half a character, which no file can store


def visible_line(text: str) -> str:
    """The text with one space for any white space, without invisible characters, and with "\ufffd" for half ones."""
    return " ".join(_HALVES.sub("\ufffd", _UNSEEN.sub("", text)).split())
