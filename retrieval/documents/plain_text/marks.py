"""Footnote marks in plain text: numbers stuck to the end of a word or a sentence, such as "nations.21". Pure.

A number is a mark only on evidence beyond its place, because versions ("so.1") and scores ("Ben:2") look the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.spans import Span

_STUCK = re.compile(r"(?:(?<=[^\W\d_][.,;:!?])|(?<=[.,!?][”\"’)\]])|(?<=[)”\]][.,;:!?]))(\d{1,3})(?=\s|$)")
_BRACKETED = re.compile(r"(?<=\S)\[(\d{1,3})\](?!\()")
_NEXT_SENTENCE = re.compile(r"\s*(?:$|[\n\r]\s*[\n\r]|[^\w\s]*[^\W\d_a-zß-öø-ÿ])")
_NOTE = re.compile(r"^[^\S\n]*(?:\[(\d{1,3})\]|(\d{1,3})[.)]?)\s+\S", re.MULTILINE)
_LEAST_WITHOUT_NOTES = 5
_SHARE_ENDING = 0.8


def find_marks(text: str) -> list[Span]:
    """Spans of the footnote marks, in order.

    Numbers of one form are marks where they count up from 1 in the text's order, to 2 at least, and the text has a note
    for each, in the same order after the first mark; or, if the notes are missing, where they count up to at least 5
    and four fifths of them end a sentence.
    """
    return sorted(_counting(text, list(_STUCK.finditer(text))) + _counting(text, list(_BRACKETED.finditer(text))))


def _counting(text: str, found: Sequence[re.Match[str]]) -> list[Span]:
    marks: list[re.Match[str]] = []
    for match in found:
        if int(match[1]) == len(marks) + 1:
            marks.append(match)
    if len(marks) < 2:
        return []
    notes = [int(note[1] or note[2]) for note in _NOTE.finditer(text, marks[0].end())]
    has_notes = _is_subsequence(range(1, len(marks) + 1), notes)
    ending = sum(_ends_sentence(text, mark) for mark in marks)
    if has_notes or (len(marks) >= _LEAST_WITHOUT_NOTES and ending >= _SHARE_ENDING * len(marks)):
        return [mark.span(0) if mark[0].startswith("[") else mark.span(1) for mark in marks]
    return []


def _ends_sentence(text: str, mark: re.Match[str]) -> bool:
    return text[mark.start() - 1] not in ",;:" and bool(_NEXT_SENTENCE.match(text, mark.end()))


def _is_subsequence(wanted: Sequence[int], numbers: Sequence[int]) -> bool:
    rest = iter(numbers)
    return all(number in rest for number in wanted)
