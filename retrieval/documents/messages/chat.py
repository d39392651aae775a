"""Chats and logs in plain text -> a message an element: WhatsApp, IRC, Slack and the like, and dialogues by lines.

    [28/07/2024, 19:04:37] Joss: hi       12.08.23, 14:23 - Ruth: hi       09:01 <ruth> hi       [09:01] ruth: hi
    8/12/23, 2:23 PM - Ruth: hi           * ruth waves                     Ruth Adams  10:42 AM (the text follows)

Only the shape of the lines counts, never the order of day and month: times are kept as the file has them. A text file
is a log only if most of it has one such shape.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.documents.elements import Element
from retrieval.documents.labels import CLOCK, is_name, labels_of
from retrieval.documents.reading import reading_of
from retrieval.schema import Place
from retrieval.spans import INVISIBLE, ReadingText, Span

_MONTH = r"[^\W\d_]{3,12}\.?"
_DATE = (
    r"(?:[^\W\d_]{2,10}\.?,?\s)?"  # the day of the week
    rf"(?:\d{{1,4}}[./-]\s?\d{{1,2}}[./-]\s?\d{{1,4}}\.?|\d{{4}}年\s?\d{{1,2}}月\s?\d{{1,2}}日"
    rf"|\d{{1,2}}\.?[\s-]{_MONTH},?[\s-]\d{{2,4}}|{_MONTH}\s\d{{1,2}},?(?:\s\d{{4}})?)"
)
_HOURS = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[.,]\d{1,6})?(?:\s?(?:Z|[+-]\d\d:?\d\d|[AaPp]\.?\s?[Mm]\b\.?))?"
# As exports in all languages have it: "14:23", "2:23 p. m.", "下午2:23", "오후 2:23", "2:23 م"
_TIME = rf"(?:[^\W\d_]{{2,3}}\s?)?{_HOURS}(?:\s?[^\W\d_]\.?(?:\s?[^\W\d_]\.?)?(?!\w))?"
_BETWEEN = r"(?:T|[,،]?\s(?:[^\W\d_]{1,4}\s)?)"  # "2 Mar 2024 at 09:01"
_DATE_TIME = rf"{_DATE}{_BETWEEN}{_TIME}"
_NICK = r"<[@+%&~ ]?(?P<nick>[^<>\s][^<>]{0,39})>"
_ACTION = r"\*\s(?P<actor>\S{1,40})(?=\s)"
_NAME = r"(?P<name>[^\s:<>\[\]*-][^:<>\t]{0,59}?)\s?(?::(?=\s|$)|：)"
_SPEAKER = rf"(?:{_NICK}|{_ACTION}|(?P<tabbed>[@+%&~]?[^\W\d][^\t]{{0,39}})\t|{_NAME})"
_HEADS = {
    "bracket": re.compile(rf"[\[(](?P<time>(?P<date>{_DATE_TIME})|{_TIME})[\])]\s?[-–:]?\s*(?:{_SPEAKER})?"),
    "dash": re.compile(rf"(?P<time>(?P<date>{_DATE_TIME}))(?:\s[-–—]\s|,\s)(?:{_SPEAKER})?"),
    "bare": re.compile(
        rf"(?P<time>(?P<date>{_DATE}{_BETWEEN}{_HOURS})|{CLOCK})\s+(?:{_SPEAKER}|(?:-!-|\*\*\*|-->|<--|--|\*)(?=\s))"
    ),
    "nick": re.compile(_NICK),
}
"""How a message begins, by the shape of its time; the groups name the time and the speaker, where there is one."""
_NEWS = re.compile(r"(?:-!-|\*\*\*|-->|<--|---|==|\*\s\S)\s?")
"""How a line of a chat without times tells that somebody came, left or did something."""
_HEADER = re.compile(
    rf"\[(?P<first_time>{_DATE_TIME})\]\s(?P<last_name>[^\t\[\]:]{{1,40}})"
    rf"|(?P<name>\S[^\t\[\]—–|•·]{{0,39}}?)(?:\s|\s?[—–|•·]\s?|,?\s\[)(?P<time>{_DATE_TIME}|{_TIME})\]?"
)
"""The line before a message in what is copied from Slack, Teams or Discord, or written by transcription programs."""
_WORDS_BEFORE_TIME = re.compile(r"(?<=[—–|•·] )(?:[^\W\d_]+ ){1,2}(?=\d)")  # "Ruth — Today at 10:42"
_LINE = re.compile(r"[^\r\n]+")
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_UNEVEN = re.compile(rf"[{INVISIBLE}]|\s\s")
_SPACE = re.compile(r"\s")
_MAX_HEAD_CHARS = 200
_MAX_LOWER_CASE_WORDS = 3  # of a nickname
# Shares of the lines with text, guesses on the safe side: exports have messages of many lines, notes have few times.
_MIN_HEADS_SHARE = {"bracket": 0.4, "bare": 0.5, "nick": 0.5}
_MIN_APART_SHARE = 0.2  # where nothing else looks like a head: a date with its time, a name and a time alone
_MAX_NAMES_SHARE = 2 / 3
"""Names for each message: where more of them differ, it is rather a timetable ("09:00 Opening: welcome")."""


@dataclass(frozen=True, slots=True)
class Messages:
    """A chat's messages and other lines in order, and a place of kind "time" for each message that states its time."""

    elements: tuple[Element, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with text: its span in the file, its text without invisible characters, whether a blank one is before."""

    start: int
    end: int
    text: str
    is_apart: bool


@dataclass(frozen=True, slots=True)
class _Head:
    """How a line begins a message: its shape, the end of the label in the line's text, time and speaker, if stated."""

    shape: str
    end: int
    time: str | None
    speaker: str | None
    is_dated: bool = False


def messages_in(text: str) -> Messages | None:
    """The messages of a text that is a chat, a log or a dialogue by lines; None where it is anything else.

    A message of several lines is one element. The label of a message is its time and speaker. What comes before the
    first message stays as it is; the first line is a heading if it ends without a full stop.
    """
    lines = _lines(text)
    heads = _log_heads(lines) or _header_heads(lines) or _dialogue_heads(lines)
    return _messages(text, lines, heads) if heads else None


def _lines(text: str) -> list[_Line]:
    lines, last_end = [], 0
    for found in _LINE.finditer(text):
        line = _UNSEEN.sub("", found[0])
        if line.strip():
            breaks = text[last_end : found.start()]
            is_apart = max(breaks.count("\n"), breaks.count("\r")) > 1
            lines.append(_Line(found.start(), found.end(), line.rstrip(), is_apart))
            last_end = found.end()
    return lines


def _log_heads(lines: Sequence[_Line]) -> dict[int, _Head]:
    """The heads of a log by the number of their line, all of the commonest shape; empty if the lines are no log."""
    found = {number: head for number, line in enumerate(lines) if (head := _head(line.text))}
    shapes = Counter((head.shape, head.is_dated) for head in found.values())
    if not shapes:
        return {}
    shape = shapes.most_common(1)[0][0]
    heads = {number: head for number, head in found.items() if (head.shape, head.is_dated) == shape}
    if not _is_log(heads, lines):
        return {}
    if shape[0] in ("nick", "bare") or not shape[1]:
        heads |= {
            number: _Head("news", 0, None, None)
            for number, line in enumerate(lines)
            if number not in heads and _NEWS.match(line.text)
        }
    return heads


def _head(line: str) -> _Head | None:
    start = len(line) - len(line.lstrip())
    for shape, pattern in _HEADS.items():
        found = pattern.match(line[start : start + _MAX_HEAD_CHARS])
        if found:
            groups = found.groupdict()
            kind = next((kind for kind in ("nick", "actor", "tabbed", "name") if groups.get(kind)), None)
            speaker, end = (groups[kind].strip(), found.end()) if kind else (None, found.end())
            if kind and speaker and len(speaker.split()) > _MAX_LOWER_CASE_WORDS and not is_name(speaker):
                # A sentence about the group that has a colon: "Ruth changed the subject to: lunch".
                speaker, end = None, found.start(kind)
            elif shape == "bare" and not kind:
                end = found.end("time")  # "-!-" is part of what is told
            return _Head(shape, start + end, groups.get("time"), speaker, bool(groups.get("date")))
    return None


def _is_log(heads: dict[int, _Head], lines: Sequence[_Line]) -> bool:
    first = next(iter(heads.values()))
    spoken = [head.speaker for head in heads.values() if head.speaker]
    if len(spoken) < 2 or len(spoken) < len(heads) / 3:
        return False
    is_exported = first.is_dated and first.shape != "bare"
    if len(heads) < (_MIN_APART_SHARE if is_exported else _MIN_HEADS_SHARE[first.shape]) * len(lines):
        return False
    if first.shape == "nick" and any(f"</{name}>" in line.text for name in set(spoken) for line in lines):
        return False  # tags, not nicknames
    do_names_return = len(set(spoken)) <= _MAX_NAMES_SHARE * len(spoken)
    return do_names_return or is_exported or (first.shape == "bracket" and len(heads) == len(lines))


def _header_heads(lines: Sequence[_Line]) -> dict[int, _Head]:
    """The heads of messages whose name and time stand on a line of their own; empty if there are none."""
    heads = {}
    for number, line in enumerate(lines):
        found = _HEADER.fullmatch(_WORDS_BEFORE_TIME.sub("", line.text.strip())) if len(line.text) <= 100 else None
        if not found:
            continue
        name, time = found["name"] or found["last_name"], found["time"] or found["first_time"]
        if found["first_time"] or is_name(" ".join(name.split())):
            heads[number] = _Head("header", len(line.text), time, name)
    names = Counter(head.speaker for head in heads.values())
    are_followed = all(number + 1 < len(lines) and number + 1 not in heads for number in heads)
    # Timetables look the same ("Lunch  12:30 PM"), but their entries seldom return.
    is_chat = (
        len(heads) >= 3 and len(names) <= _MAX_NAMES_SHARE * len(heads) and len(heads) >= _MIN_APART_SHARE * len(lines)
    )
    return heads if is_chat and are_followed else {}


def _dialogue_heads(lines: Sequence[_Line]) -> dict[int, _Head]:
    """The labelled lines of a dialogue that has a line for each turn; empty if it is none."""
    ends = labels_of([line.text for line in lines])
    heads = {number: _Head("name", end, None, None) for number, end in enumerate(ends) if end}
    # Where blank lines stand between the turns, a document has paragraphs, and other readers know more about these.
    are_apart = sum(lines[number].is_apart for number in heads) > len(heads) / 2
    return {} if are_apart else heads


def _messages(text: str, lines: Sequence[_Line], heads: dict[int, _Head]) -> Messages:
    elements, places = [], []
    for first, last in _groups(lines, heads):
        head = heads.get(first)
        reading = _reading(text, (lines[first].start, lines[last].end))
        label = " ".join(lines[first].text[: head.end].split()) if head else ""
        is_title = first == 0 and not head and len(reading.text) <= 160 and reading.text[-1] not in ".!?:。！？"
        elements.append(Element("heading" if is_title else "paragraph", reading, int(is_title), len(label)))
        if head and head.time:
            places.append(Place(lines[first].start, "time", " ".join(head.time.split())))
    return Messages(tuple(elements), tuple(places))


def _groups(lines: Sequence[_Line], heads: dict[int, _Head]) -> Iterable[Span]:
    """The first and the last line of each element.

    A blank line ends an element, except in a message of an export, which states the date of every message.
    """
    first, is_exported = 0, False
    for number, line in enumerate(lines):
        if number and (number in heads or (line.is_apart and not is_exported) or (number == 1 and 0 not in heads)):
            yield first, number - 1
            first = number
        if number in heads:
            is_exported = heads[number].is_dated
    yield first, len(lines) - 1


def _reading(text: str, span: Span) -> ReadingText:
    """As `reading_of`, but quick where there is nothing to leave out."""
    start, end = span
    part = text[start:end]
    if _UNEVEN.search(part) or part != part.strip():
        return reading_of(text, [span])
    return ReadingText(_SPACE.sub(" ", part), ((0, start, len(part)),))
