"""Subtitles (.srt, .vtt) -> the text that is spoken, sentence by sentence; the document's text is the file's own.

A paragraph is made of cues that follow each other while the sentence goes on and the speaker stays the same. pysubs2
reads these formats, too, but does not tell where in the file a cue stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.documents.elements import Dropped, Element, Extraction, ReadOptions
from retrieval.documents.encodings import decode
from retrieval.documents.labels import label_end, with_labels
from retrieval.documents.reading import reading_of
from retrieval.errors import DocumentError
from retrieval.schema import Place
from retrieval.spans import ReadingText, Span, join_readings

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n]|$)")
_CLOCK = r"(-?)(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,:](\d{1,6}))?"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-{{1,3}}>\s*{_CLOCK}(?:\s.*)?", re.DOTALL)
_NUMBER = re.compile(r"\s*\d{1,9}\s*")
_HEADER = re.compile(r"\ufeff?WEBVTT(?:\s|$)")
_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_TAG = re.compile(
    r"</?(?:[ibusvc]|ruby|rt|lang|font)(?:[.\s][^<>\r\n]{0,300})?>|<\d[\d:.]{4,20}>|\{(?:\\|[iybcYC]:)[^{}\r\n]{0,300}\}",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s+([^<>\r\n]{1,100})>", re.IGNORECASE)
_CHANGE = re.compile(r"\s*(?:[-–—‐]|>>+)\s?(?=[^\s\d>-])")
"""A dash or ">>" at the start of a line: another speaker begins."""
_SOUND = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\)|[♪♫#].*[♪♫#])\s*", re.DOTALL)
_ENDED = re.compile(r"(?:(?<!\.\.)\.|[!?。！？؟।])['\"”’»)\]]*$")
_MAX_GAP_MS = 2_000
_MAX_GROUP_CHARS = 500  # automatic captions have no full stops; this is about half a minute of speech
# Rolling captions show each line twice or more: below the new one it is history. Guesses, far from what songs have.
_MIN_ROLLS = 3
_MIN_ROLLS_SHARE = 0.25
_MIN_REPEATS_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Cue:
    """A caption: its times in ms, its start for people, and the spans of its lines with text (breaks included)."""

    start_ms: int
    end_ms: int
    label: str
    lines: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one speaker says in one cue."""

    cue: _Cue
    reading: ReadingText
    speaker: ReadingText | None
    is_change: bool


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The captions of an .srt or .vtt file, with a place of kind "time" for each. Raises DocumentError."""
    decoded = decode(raw, options.encoding)
    text = decoded.text
    cues, dropped, preface = _cues(text)
    if not cues:
        raise DocumentError('it has no captions: a line such as "00:00:01,000 --> 00:00:04,000" is before each of them')
    fresh, repeated = _without_repeats(text, cues)
    pieces = [piece for cue in fresh for piece in _pieces(text, cue)]
    elements = [Element("paragraph", reading) for line in preface if (reading := reading_of(text, [line])).text]
    elements += [_element(group) for group in _groups(pieces)]
    marks = _marks(text, fresh, elements)
    return Extraction(
        text=text,
        encoding=decoded.encoding,
        elements=with_labels(elements),
        dropped=tuple(sorted([*dropped, *repeated, *marks], key=lambda drop: drop.span)),
        places=tuple(Place(_trimmed(text, cue.lines[0])[0], "time", cue.label) for cue in fresh),
        remarks=decoded.remarks,
    )


def _cues(text: str) -> tuple[list[_Cue], list[Dropped], list[Span]]:
    """The captions that have text, what stands between them, and the lines of text before the first one."""
    cues: list[_Cue] = []
    dropped: list[Dropped] = []
    preface: list[Span] = []
    timing: re.Match[str] | None = None
    shown: list[Span] = []
    for line, rule in _ruled_lines(text):
        if rule:
            dropped.append(Dropped(_trimmed(text, line), rule))
        else:
            (shown if timing else preface).append(line)
        if rule == "subtitle timing" and (found := _TIMING.fullmatch(text, *line)):
            cues += _cue(timing, shown)
            timing, shown = found, []
    return [*cues, *_cue(timing, shown)], dropped, preface


def _ruled_lines(text: str) -> Iterator[tuple[Span, str]]:
    """Each line with text, its break included, and the rule that leaves it out, "" for a line of a caption."""
    lines = [found.span() for found in _LINE.finditer(text) if found[0]]
    is_vtt = bool(_HEADER.match(text))
    block_rule = "subtitle header" if is_vtt else ""  # until the next blank line
    is_after_blank = True
    for number, line in enumerate(lines):
        if not text[slice(*line)].strip():
            is_after_blank, block_rule = True, ""
            continue
        if is_vtt and is_after_blank and _BLOCK.match(text, *line):
            block_rule = "subtitle settings"
        if _TIMING.fullmatch(text, *line):
            block_rule = ""
            yield line, "subtitle timing"
        elif not block_rule and _is_cue_name(text, lines, number, is_vtt and is_after_blank):
            yield line, "subtitle timing"
        else:
            yield line, block_rule
        is_after_blank = False


def _is_cue_name(text: str, lines: Sequence[Span], number: int, may_be_words: bool) -> bool:
    """Whether a line is the number or the name of the cue that begins in the next line."""
    if number + 1 >= len(lines) or not _TIMING.fullmatch(text, *lines[number + 1]):
        return False
    return may_be_words or _NUMBER.fullmatch(text, *lines[number]) is not None


def _cue(timing: re.Match[str] | None, lines: Sequence[Span]) -> list[_Cue]:
    if not timing or not lines:
        return []
    groups = timing.groups()
    minus, hours, minutes, seconds = groups[:4]
    label = f"{minus}{int(hours or 0):02}:{int(minutes):02}:{int(seconds):02}"
    return [_Cue(_milliseconds(groups[:5]), _milliseconds(groups[5:]), label, tuple(lines))]


def _milliseconds(clock: Sequence[str | None]) -> int:
    minus, hours, minutes, seconds, fraction = clock
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return (-1 if minus else 1) * (whole * 1000 + int(f"{fraction or 0:<03}"[:3]))


def _without_repeats(text: str, cues: Sequence[_Cue]) -> tuple[list[_Cue], list[Dropped]]:
    """The cues without lines that the cue before has shown, if the file has rolling captions; and these lines."""
    shown = [[reading_of(text, _kept(text, line)).text for line in cue.lines] for cue in cues]
    repeats = [0, *(_repeated(before, after) for before, after in pairwise(shown))]
    rolls = sum(0 < count < len(lines) for count, lines in zip(repeats, shown, strict=True))
    all_repeats = sum(count > 0 for count in repeats)
    if rolls < max(_MIN_ROLLS, _MIN_ROLLS_SHARE * len(cues)) or all_repeats < _MIN_REPEATS_SHARE * len(cues):
        return list(cues), []
    fresh = [replace(cue, lines=cue.lines[count:]) for cue, count in zip(cues, repeats, strict=True)]
    repeated = [
        Dropped(_trimmed(text, line), "repeated caption")
        for cue, count in zip(cues, repeats, strict=True)
        for line in cue.lines[:count]
    ]
    return [cue for cue in fresh if cue.lines], repeated


def _repeated(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines at the start of a cue are the last lines of the cue before it."""
    most = min(len(before), len(after), 4)
    return next((count for count in range(most, 0, -1) if before[-count:] == after[:count]), 0)


def _pieces(text: str, cue: _Cue) -> list[_Piece]:
    """What each speaker says in a cue."""
    pieces: list[_Piece] = []
    spans: list[Span] = []
    speaker: ReadingText | None = None
    is_change = False
    for line in cue.lines:
        for part, voice in _voices(text, line):
            kept = _kept(text, part)
            dash = _CHANGE.match(text, *kept[0]) if kept and part[0] == line[0] else None
            if voice or dash:
                pieces.append(_Piece(cue, reading_of(text, spans), speaker, is_change))
                spans, speaker, is_change = [], voice, bool(dash)
            if dash:
                kept[0] = (dash.end(), kept[0][1])
            spans += kept
    pieces.append(_Piece(cue, reading_of(text, spans), speaker, is_change))
    return [piece for piece in pieces if piece.reading.text]


def _voices(text: str, line: Span) -> Iterator[tuple[Span, ReadingText | None]]:
    """The parts of a line, each with the speaker whom a tag before it names; None where there is no such tag."""
    start, speaker = line[0], None
    for found in _VOICE.finditer(text, *line):
        yield (start, found.start()), speaker
        start, speaker = found.end(), reading_of(text, [found.span(1)])
    yield (start, line[1]), speaker


def _kept(text: str, span: Span) -> list[Span]:
    """The parts of a span that are no tags."""
    kept, start = [], span[0]
    for found in _TAG.finditer(text, *span):
        kept.append((start, found.start()))
        start = found.end()
    return [(start, end) for start, end in [*kept, (start, span[1])] if start < end]


def _groups(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """The pieces of each paragraph."""
    groups: list[list[_Piece]] = []
    size_chars = 0
    for piece in pieces:
        if groups and size_chars < _MAX_GROUP_CHARS and _goes_on(groups[-1][-1], piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
            size_chars = 0
        size_chars += len(piece.reading.text)
    return groups


def _goes_on(last: _Piece, piece: _Piece) -> bool:
    """Whether a piece goes on with the sentence of the piece before it."""
    gap_ms = piece.cue.start_ms - last.cue.end_ms
    is_next = gap_ms < _MAX_GAP_MS and piece.cue.start_ms >= last.cue.start_ms
    if not is_next or piece.is_change or _name(piece) != _name(last) or label_end(piece.reading.text):
        return False
    return not (_SOUND.fullmatch(piece.reading.text) or _SOUND.fullmatch(last.reading.text) or _has_ended(last))


def _name(piece: _Piece) -> str:
    return piece.speaker.text if piece.speaker else ""


def _has_ended(piece: _Piece) -> bool:
    return _ENDED.search(piece.reading.text[-20:]) is not None


def _element(group: Sequence[_Piece]) -> Element:
    said = join_readings([piece.reading for piece in group], [" "] * (len(group) - 1))
    speaker = group[0].speaker
    if not speaker or not speaker.text:
        return Element("paragraph", said)
    return Element("paragraph", join_readings([speaker, said], [": "]), label_chars=len(speaker.text) + 1)


def _marks(text: str, cues: Sequence[_Cue], elements: Sequence[Element]) -> Iterator[Dropped]:
    """What is in the captions and in no element: tags and dashes."""
    used = sorted((start, start + length) for element in elements for _, start, length in element.reading.runs)
    next_used = 0
    for start, end in (line for cue in cues for line in cue.lines):
        while start < end:
            while next_used < len(used) and used[next_used][1] <= start:
                next_used += 1
            first, last = used[next_used] if next_used < len(used) else (end, end)
            gap = _trimmed(text, (start, min(max(first, start), end)))
            if gap[0] < gap[1]:
                yield Dropped(gap, "subtitle mark")
            start = max(last, start)


def _trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    part = text[slice(*span)]
    start = span[0] + len(part) - len(part.lstrip())
    return start, start + len(part.strip())
