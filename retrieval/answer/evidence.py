"""What a sentence or a passage lacks, seen from the question. Pure, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence

_THOUSANDS = re.compile(r"(?<=\d)[,.\u00a0\u202f ](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d[\d,.]*\d")


def missing_numbers(question: str, texts: Sequence[str]) -> int:
    """How many numbers of two digits or more of the question are in none of the texts, however they are grouped."""
    digits = _THOUSANDS.sub("", " ".join(texts))
    numbers = [_THOUSANDS.sub("", match[0]) for match in _NUMBER.finditer(question)]
    return sum(not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", digits) for number in numbers)


def repeats_question(share: float, sentence: str) -> bool:
    """Whether the sentence only asks what was asked: it ends in a question mark and has `share` >= .5 of its words."""
    return share >= 0.5 and sentence.rstrip(" \"”’'*_)").endswith(("?", "？"))
