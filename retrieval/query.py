"""Cleans a question as a person typed it, so that it can be searched."""

from __future__ import annotations

import re

from retrieval.errors import QuestionError
from retrieval.spans import INVISIBLE

MAX_QUESTION_CHARS = 10_000


def clean_question(question: str) -> str:
    """The question without invisible characters and extra white space.

    Raises QuestionError if no letter or digit is left, or if it is longer than MAX_QUESTION_CHARS.
    """
    seen = re.sub(f"[{INVISIBLE}]", "", question)
    cleaned = " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in seen).split())
    if not any(c.isalnum() for c in cleaned):
        raise QuestionError("the question is empty; type a few words to look for")
    if len(cleaned) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(cleaned):,} characters; at most {MAX_QUESTION_CHARS:,} can be searched"
        )
    return cleaned
