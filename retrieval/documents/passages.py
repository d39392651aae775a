"""A document's elements -> passages: whole sentences, within the encoder's limit, overlapping, with what they hang on.

A unit is a sentence, a list item's sentence, a table row or a code block. It may hang on units before it (its context):
a row on the names of its columns, a nested item on its parents, an answer on its question. A passage that begins with
such a unit repeats its context. Only a unit longer than the limit of a passage is cut, between words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from retrieval.documents.sections import ParsedDocument, SectionText
from retrieval.documents.units import Unit, units_of
from retrieval.schema import Document, Passage, Section
from retrieval.settings import PassageSettings
from retrieval.spans import ReadingText, Span, join_readings
from retrieval.text import fold, words

_TOKEN_CHARS = 20  # per word piece, at most: more means an endless word, which is one unknown piece
_MAX_HEADING_CHARS = 300  # a longer one may be cut, and is read as a paragraph, too
_CONTEXT_SHARE = 0.4  # of a passage, at most, for the context that it repeats

CountTokens = Callable[[Sequence[str]], list[int]]
"""Word pieces of each text, without the encoder's special tokens."""


def split_passages(
    parsed: ParsedDocument, settings: PassageSettings, count_tokens: CountTokens, limit_tokens: int
) -> list[tuple[Passage, str]]:
    """The document's passages in reading order, each with the text to embed and index: its header and its own words.

    `limit_tokens` is the encoder's limit without special tokens; no text to embed exceeds it. Every unit is in a
    passage, and no passage crosses sections.
    """
    passages = []
    for part in parsed.texts:
        section = parsed.document.sections[part.section]
        header = _cut_header(search_header(parsed.document, section), count_tokens, limit_tokens // 4)
        header = header if settings.with_header else ""
        left = limit_tokens - count_tokens([header])[0] - 1
        headings = _headings(part.headings, count_tokens, left // 2)
        cut = [reading for reading in part.headings if len(reading.text) > _MAX_HEADING_CHARS]
        room = min(settings.size_tokens, left - sum(unit.tokens + 1 for unit in headings))
        whole = [Unit(reading, before="\n") for reading in cut]  # a paragraph in the style of a heading
        units = _fitting([*whole, *units_of(part, parsed.document)], count_tokens, room)
        for group in _pack(units, room, settings.overlap_sentences) if units else [[]] if headings else []:
            passage = _passage(parsed.document, part, [*headings, *group], len(headings))
            passages.append((passage, f"{header}\n{passage.text}" if header else passage.text))
    return passages


def header_of(document: Document, section: Section) -> str:
    """The title and date, which the reader reads before a passage's own words."""
    title = None if section.is_article else document.title
    return ". ".join(part for part in (title, document.date_of(section)) if part)


def search_header(document: Document, section: Section) -> str:
    """What is embedded and searched before a passage's own words: as `header_of`, and file name, tags and aliases."""
    known = {folded for folded, _ in words(document.title)}
    extra = [*_name_words(document.doc_id), *document.tags, *document.aliases]
    new = dict.fromkeys(word for word in extra if fold(word) not in known)
    return ". ".join(part for part in (header_of(document, section), " ".join(new)) if part)


def _name_words(doc_id: str) -> list[str]:
    """The words of a file's path; none of those that are numbers or codes, such as "327de9014fba44a0"."""
    stem = doc_id.rsplit(".", 1)[0]
    return [word for word in re.findall(r"[^\W_]+", stem) if len(word) > 1 and word.isalpha()]


def _cut_header(header: str, count_tokens: CountTokens, room: int) -> str:
    return header[: _fitting_end(header, 0, count_tokens, room)] if header else ""


def _headings(readings: Sequence[ReadingText], count_tokens: CountTokens, room: int) -> list[Unit]:
    """The headings as units, of which the lowest are kept where not all have room; the last is cut if it must be."""
    kept: list[Unit] = []
    for reading in reversed(readings):
        cut = reading.slice(0, _fitting_end(reading.text, 0, count_tokens, room))
        unit = Unit(cut, before="\n", tokens=count_tokens([cut.text])[0])
        if kept and unit.tokens + 1 > room:
            break
        room -= unit.tokens + 1
        kept.insert(0, unit)
    return kept


def _fitting(units: Sequence[Unit], count_tokens: CountTokens, room: int) -> list[Unit]:
    """The units with their numbers of tokens; a unit of more than `room` tokens in pieces, each with its context."""
    counts = count_tokens([unit.reading.text for unit in units])
    fitting: list[Unit] = []
    same: dict[int, Unit] = {}  # what stands for a unit in the context of later ones

    def counted(other: Unit) -> Unit:
        if id(other) not in same:  # a label, which is no unit of its own
            same[id(other)] = replace(other, tokens=count_tokens([other.reading.text])[0])
        return same[id(other)]

    for unit, tokens in zip(units, counts, strict=True):
        context = tuple(map(counted, unit.context))
        if tokens <= room and len(unit.reading.text) <= _TOKEN_CHARS * room:
            fitting.append(replace(unit, tokens=tokens, context=context))
        else:
            for number, (start, end) in enumerate(_cut(unit.reading.text, count_tokens, room)):
                piece = unit.reading.slice(start, end)
                label = unit.label_chars if number == 0 else 0
                before = unit.before if number == 0 else " "
                size = count_tokens([piece.text])[0]
                fitting.append(
                    replace(unit, reading=piece, before=before, context=context, label_chars=label, tokens=size)
                )
        same[id(unit)] = fitting[-1]
    return fitting


def _cut(text: str, count_tokens: CountTokens, room: int) -> Iterator[Span]:
    """An overlong text in pieces that fit, cut after a semicolon or comma where one is near, else between words."""
    start = 0
    while start < len(text):
        end = _fitting_end(text, start, count_tokens, room)
        yield start, end
        start = end
        while start < len(text) and text[start].isspace():
            start += 1


def _fitting_end(text: str, start: int, count_tokens: CountTokens, room: int) -> int:
    low, high = start + 1, min(len(text), start + _TOKEN_CHARS * room)
    if count_tokens([text[start:high]])[0] <= room:
        if high == len(text):
            return high
        low = high
    while low < high - 1:  # the longest beginning that fits; counts grow with the text
        middle = (low + high) // 2
        low, high = (middle, high) if count_tokens([text[start:middle]])[0] <= room else (low, middle)
    for pattern in (r"\n", r"[;:]\s", r",\s", r"\s"):
        ends = [match.start() + 1 for match in re.finditer(pattern, text[start:low])]
        if ends and ends[-1] >= (low - start) // 2:
            return start + ends[-1]
    return low


def _pack(units: Sequence[Unit], room: int, overlap: int) -> Iterator[list[Unit]]:
    """Groups of units that fit into `room` tokens; each begins with the last ones of the group before.

    A group begins with the context of its first unit, as far as it is short enough.
    """
    start = 0
    covered = 0
    while covered < len(units):
        context = _short_context(units, start, room)
        end, tokens = start, sum(unit.tokens for unit in context)
        while end < len(units) and (end == start or tokens + units[end].tokens <= room):
            tokens += units[end].tokens
            end += 1
        if end <= covered:  # the overlap leaves no room for the next unit
            start += 1
            continue
        if tokens > room:
            context = []
        yield [*context, *units[start:end]]
        covered = end
        start = max(end - overlap, start + 1)


def _short_context(units: Sequence[Unit], start: int, room: int) -> list[Unit]:
    """The nearest units of the first unit's context that have room."""
    kept: list[Unit] = []
    left = _CONTEXT_SHARE * room
    for unit in reversed(units[start].context):
        left -= unit.tokens
        if left < 0:
            break
        kept.insert(0, unit)
    return kept


def _passage(document: Document, part: SectionText, units: Sequence[Unit], headings: int) -> Passage:
    """The units as one reading text, with a line break between elements."""
    separators = ["\n" if number < headings else unit.before for number, unit in enumerate(units[1:], 1)]
    if 0 < headings < len(units):
        separators[headings - 1] = "\n"
    reading = join_readings([unit.reading for unit in units], separators)
    sentences, labels, start = [], [], 0
    for unit, separator in zip(units, ["", *separators], strict=True):
        start += len(separator)
        sentences.append((start, start + len(unit.reading.text)))
        if unit.label_chars:
            labels.append((start, start + unit.label_chars))
        start = sentences[-1][1]
    return Passage(
        doc_id=document.doc_id,
        section=part.section,
        reading=reading,
        sentences=tuple(sentences),
        headings=headings,
        leads=tuple(_lead(unit, document.text) for unit in units),
        labels=tuple(labels),
        lists=tuple(_lists(units, sentences)),
    )


def _lists(units: Sequence[Unit], sentences: Sequence[Span]) -> Iterator[Span]:
    """The lists among the units: neighbouring items of one level that hang on the same."""

    def same_list(pair: tuple[Unit, Span]) -> tuple[int | None, tuple[int, ...]]:
        return pair[0].item_level, tuple(map(id, pair[0].context))

    for (level, _), group in groupby(zip(units, sentences, strict=True), key=same_list):
        items = list(group)
        if level is not None and sum(unit.before == "\n" for unit, _ in items) > 1:
            yield items[0][1][0], items[-1][1][1]


def _lead(unit: Unit, text: str) -> tuple[Span, ...]:
    """The spans of the unit's context in the document's text."""
    return tuple(span for other in unit.context for span in other.reading.spans(0, len(other.reading.text), text))
