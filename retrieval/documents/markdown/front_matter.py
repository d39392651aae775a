"""Front matter: the YAML or TOML that many programs write above a Markdown text. Pure.

Of YAML only what such files hold is read: values, lists in brackets, lists of "- item" lines and folded text. Tags,
anchors and nested values mean nothing here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from retrieval.documents.dates import find_dates
from retrieval.documents.elements import Metadata
from retrieval.spans import Span

_MAX_CHARS = 100_000  # guess: front matter is far shorter, and the time to read it stays bounded
_CLOSING = {"---": ("---", "..."), "+++": ("+++",)}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_KEY = re.compile(r"""["']?\w[\w-]*(?: [\w-]+){0,2}["']?""")  # more than three words are a sentence with a colon
_FOLDED = re.compile(r"[|>][+-]?")
_TITLE_SIGN = re.compile(r"""(?<=[\r\n])["']?title["']?[ \t]*[:=][ \t]*["']{0,3}""", re.IGNORECASE)
_LIST_ENTRY = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|[^,\[\]\s"'][^,\[\]]*""")
_ISO_DATE = re.compile(r"(\d{4})(?:[-/.](\d\d?)(?:[-/.](\d\d?))?)?(?!\d)")
_DATES = ("date", "published", "publishdate", "pubdate", "created", "updated", "lastmod", "modified")
_PUBLISHERS = ("publisher", "author", "authors")

Value = str | list[str]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Its span, fences included, what it states, and where the title stands; None where it states none as it is."""

    span: Span
    metadata: Metadata
    title: Span | None


def read_front_matter(text: str) -> FrontMatter | None:
    """The front matter of a text; None where it has none, or where no keys and values stand between two fences."""
    first = len(text) - len(text.lstrip())
    fence = text[first : first + 3]
    if fence not in _CLOSING:
        return None
    opening, *lines = _LINE.finditer(text, first, first + _MAX_CHARS)
    number = next((number for number, line in enumerate(lines) if line[0].rstrip() in _CLOSING[fence]), None)
    if opening[0].rstrip() != fence or number is None:
        return None
    block = [line[0].rstrip() for line in lines[:number]]
    values = _toml(block) if fence == "+++" else _yaml(block)
    if values is None:
        return None
    metadata = _metadata(values)
    title = _title_span(text, opening.end() - 1, lines[number].start(), metadata.title)
    return FrontMatter((first, lines[number].end()), metadata, title)


def _toml(lines: Sequence[str]) -> dict[str, Value] | None:
    """The values of the topmost keys, none where it is damaged; None where it is no TOML at all."""
    try:
        parsed = tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return {} if _entries([line for line in lines if not line.startswith("[")], "=") else None
    return {key.lower(): _plain(value) for key, value in parsed.items()}


def _plain(value: Any) -> Value:
    if isinstance(value, list):
        return [str(one) for one in value if not isinstance(one, list | dict)]
    return "" if isinstance(value, dict) else str(value)


def _yaml(lines: Sequence[str]) -> dict[str, Value] | None:
    entries = _entries(lines, ":")
    return {key: _value(first, rest) for key, (first, rest) in entries.items()} if entries else None


def _entries(lines: Sequence[str], sign: str) -> dict[str, tuple[str, list[str]]]:
    """Each key in lower case with the rest of its line and the lines that belong to it; none where it is other text.

    The first line must have a key, and lines with keys must outnumber lines that fit nowhere.
    """
    entries: dict[str, tuple[str, list[str]]] = {}
    below: list[str] | None = None
    odd = 0
    for line in lines:
        key, found, first = line.partition(sign)
        if not line or line.startswith("#"):
            continue
        if found and _KEY.fullmatch(key.rstrip()) and (not first or first[0].isspace() or sign == "="):
            below = []
            entries[key.strip(" \"'").lower()] = first.strip(), below
        elif below is not None and line[0] in " \t-]}":
            below.append(line.strip())
        elif not entries:
            return {}
        else:
            odd += 1
    return entries if len(entries) > odd else {}


def _value(first: str, below: Sequence[str]) -> Value:
    if first.startswith("["):
        return [_scalar(entry[0]) for entry in _LIST_ENTRY.finditer(" ".join([first, *below]))]
    if first and not _FOLDED.fullmatch(first):
        return _scalar(" ".join([first, *below]))
    if below and below[0].startswith("-"):
        return [_scalar(line[1:].strip().removeprefix("name:")) for line in below if line.startswith("-")]
    return " ".join(below) if first else ""


def _scalar(value: str) -> str:
    """A value without its quotes, or without the remark after it."""
    value = value.strip()
    if value[:1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:].rpartition('"')[0])
    if value[:1] == "'":
        return value[1:].rpartition("'")[0].replace("''", "'")
    value = re.split(r"\s#", value, maxsplit=1)[0].rstrip()
    return "" if value in ("~", "null") else value


def _metadata(values: Mapping[str, Value]) -> Metadata:
    dates = (_iso_date(value) for key in _DATES if isinstance(value := values.get(key), str))
    publishers = (", ".join(_list(values.get(key, ""), ";")) for key in _PUBLISHERS)
    return Metadata(
        title=" ".join(_list(values.get("title", ""), "\n")) or None,
        date=next((date for date in dates if date), None),
        publisher=next((publisher for publisher in publishers if publisher), None),
        tags=tuple(tag.lstrip("#") for tag in _list(values.get("tags") or values.get("keywords", ""), ", ")),
        aliases=tuple(_list(values.get("aliases") or values.get("alias", ""), ",")),
    )


def _list(value: Value, separators: str) -> list[str]:
    """The entries of a list, or of a value that is written with any of these characters between them."""
    entries = re.split(f"[{separators}]+", value) if isinstance(value, str) else value
    return [" ".join(entry.split()) for entry in entries if entry.strip()]


def _iso_date(value: str) -> str | None:
    """The date as exact as it is stated; None where it is none."""
    found = _ISO_DATE.match(value)
    if not found:
        return next((iso for _, iso in find_dates(value)), None)
    year, *rest = (int(part) for part in found.groups() if part)
    try:
        date(year, *(*rest, 1, 1)[:2])
    except ValueError:
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def _title_span(text: str, start: int, end: int, title: str | None) -> Span | None:
    """Where the title stands; None where it is written otherwise, with escapes or on several lines."""
    sign = _TITLE_SIGN.search(text, start, end)
    if not title or not sign or not text.startswith(title, sign.end()):
        return None
    return sign.end(), sign.end() + len(title)
