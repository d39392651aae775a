"""Whole clauses that have the style of a heading, as lawyers do it to have them numbered."""

from __future__ import annotations

_CLAUSE_CHARS = 200
_SENTENCE_CHARS = 60
_SENTENCE_ENDS = (".", ";", "。", "；")


def is_clause(text: str) -> bool:
    """Whether a text is too long for a heading, or a whole sentence. The lengths are guesses, untested."""
    return len(text) > _CLAUSE_CHARS or (len(text) > _SENTENCE_CHARS and text.endswith(_SENTENCE_ENDS))
