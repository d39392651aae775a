"""A document's reading text -> passages: whole sentences, within the encoder's limit, overlapping.

Sentences are split by sentencex. Only a sentence longer than the limit of a passage is cut, between words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sentencex import segment

from retrieval.documents.dates import dateline
from retrieval.documents.sections import ParsedDocument
from retrieval.schema import Document, Passage, ReadingText, Section, Span, join_readings
from retrieval.settings import PassageSettings

_TOKEN_CHARS = 20  # per word piece, at most: more means an endless word, which is one unknown piece

CountTokens = Callable[[Sequence[str]], list[int]]
"""Word pieces of each text, without the encoder's special tokens."""


def split_sentences(text: str) -> list[Span]:
    """Spans of the sentences, in order, without surrounding white space; a dateline stays with its first sentence."""
    spans: list[Span] = []
    opening = dateline(text)
    start = 0
    for sentence in segment("en", text):
        end = start + len(sentence)
        bare = sentence.strip()
        first = start + len(sentence) - len(sentence.lstrip())
        in_dateline = opening is not None and bool(spans) and spans[-1][1] <= opening[1] <= end
        if (
            bare
            and spans
            and (in_dateline or not re.search(r"\w", bare) or (bare[0] in "–—-" and text[spans[-1][1]] == bare[0]))
        ):
            spans[-1] = (spans[-1][0], first + len(bare))
        elif bare:
            spans.append((first, first + len(bare)))
        start = end
    return spans


def split_passages(
    parsed: ParsedDocument, settings: PassageSettings, count_tokens: CountTokens, limit_tokens: int
) -> list[tuple[Passage, str]]:
    """The document's passages in reading order, each with the text to embed and index: its header and its own words.

    `limit_tokens` is the encoder's limit without special tokens; no text to embed exceeds it. Every sentence is in a
    passage, and no passage crosses sections.
    """
    passages = []
    for part in parsed.texts:
        section = parsed.document.sections[part.section]
        header = _cut_header(header_of(parsed.document, section), count_tokens, limit_tokens // 2)
        header = header if settings.with_header else ""
        room = min(settings.size_tokens, limit_tokens - count_tokens([header])[0] - 1)
        sentences = [piece for paragraph in part.paragraphs for piece in _sentences(paragraph, count_tokens, room)]
        for group in _pack(sentences, room, settings.overlap_sentences):
            passage = Passage(parsed.document.doc_id, part.section, *_together(group))
            passages.append((passage, f"{header}\n{passage.text}" if header else passage.text))
    return passages


def header_of(document: Document, section: Section) -> str:
    """The title, section and date, which are embedded, searched and read before a passage's own words."""
    parts = dict.fromkeys((document.title_of(section), section.heading, document.date_of(section)))
    return ". ".join(part for part in parts if part)


def _cut_header(header: str, count_tokens: CountTokens, room: int) -> str:
    return header[: _fitting_end(header, 0, count_tokens, room)] if header else ""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence and what stands before it: a line break where it opens a paragraph, else a space or nothing."""

    reading: ReadingText
    tokens: int
    before: str


def _sentences(paragraph: ReadingText, count_tokens: CountTokens, room: int) -> list[_Sentence]:
    """The paragraph's sentences; a sentence of more than `room` tokens is cut into pieces."""
    whole = split_sentences(paragraph.text)
    counts = count_tokens([paragraph.text[start:end] for start, end in whole])
    pieces: list[_Sentence] = []
    last = 0
    for span, tokens in zip(whole, counts, strict=True):
        fits = tokens <= room and span[1] - span[0] <= _TOKEN_CHARS * room
        for start, end in [span] if fits else _cut(paragraph.text, span, count_tokens, room):
            reading = paragraph.slice(start, end)
            size = tokens if fits else count_tokens([reading.text])[0]
            pieces.append(_Sentence(reading, size, paragraph.text[last:start] if pieces else "\n"))
            last = end
    return pieces


def _cut(text: str, sentence: Span, count_tokens: CountTokens, room: int) -> Iterator[Span]:
    """An overlong sentence in pieces that fit, cut after a semicolon or comma where one is near, else between words."""
    start, last = sentence
    while start < last:
        end = _fitting_end(text[:last], start, count_tokens, room)
        yield start, end
        start = end
        while start < last and text[start].isspace():
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
    for pattern in (r"[;:]\s", r",\s", r"\s"):
        ends = [match.start() + 1 for match in re.finditer(pattern, text[start:low])]
        if ends and ends[-1] >= (low - start) // 2:
            return start + ends[-1]
    return low


def _pack(sentences: Sequence[_Sentence], room: int, overlap: int) -> Iterator[Sequence[_Sentence]]:
    """Groups of sentences that fit into `room` tokens; each begins with the last ones of the group before."""
    start = 0
    covered = 0
    while covered < len(sentences):
        end, tokens = start, 0
        while end < len(sentences) and (end == start or tokens + sentences[end].tokens <= room):
            tokens += sentences[end].tokens
            end += 1
        if end <= covered:  # the overlap leaves no room for the next sentence
            start += 1
            continue
        yield sentences[start:end]
        covered = end
        start = max(end - overlap, start + 1)


def _together(group: Sequence[_Sentence]) -> tuple[ReadingText, tuple[Span, ...]]:
    """The sentences as one reading text, with a line break between paragraphs, and their spans in it."""
    reading = join_readings([sentence.reading for sentence in group], [sentence.before for sentence in group[1:]])
    spans, start = [], 0
    for number, sentence in enumerate(group):
        start += len(sentence.before) if number else 0
        spans.append((start, start + len(sentence.reading.text)))
        start = spans[-1][1]
    return reading, tuple(spans)
