"""Questions over the seeds, and the contract of `quoth`'s JSON."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.conftest import SEEDS

ROOT = Path(__file__).parents[3]
FOUNDED = "When was JALAC founded?"
UNANSWERABLE = "How tall is the Eiffel Tower?"
COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?(?:[34]\d|9[0-7]|10[0-7])(?:;[\d;]*)?m")


def is_shaped(value: Any, shape: Any) -> bool:
    """Whether a JSON value has just the keys and types of `shape`: a type, a tuple of choices, [items], {keys}."""
    if isinstance(shape, dict):
        return (
            isinstance(value, dict) and set(value) == set(shape) and all(is_shaped(value[k], shape[k]) for k in shape)
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(is_shaped(item, shape[0]) for item in value)
    if isinstance(shape, tuple):
        return any(is_shaped(value, choice) for choice in shape)
    if shape is float:
        return type(value) in (float, int)
    return value is None if shape is None else type(value) is shape


HIT = {
    "document": str,
    "spans": [[int]],
    "score": float,
    "parts": {"dense": float, "sparse": float},
    "text": str,
}
CITATION = {
    "number": int,
    "document": str,
    "title": str,
    "date": (str, None),
    "section": (str, None),
    "page": (int, None),
    "place": ({"kind": str, "label": str}, None),
    "spans": [[int]],
    "lines": [int],
    "quote": str,
    "mark": ([int], None),
    "lead": str,
    "lead_spans": [[int]],
}
RESTRICTIONS = {
    "names": [str],
    "after": (str, None),
    "before": (str, None),
    "phrases": [str],
    "excluded": [str],
}
LINE = {
    "id": str,
    "question": str,
    "searched": str,
    "restrictions": (RESTRICTIONS, None),
    "notes": [str],
    "status": str,
    "kind": str,
    "confidence": float,
    "receipt": (str, None),
    "heading": (str, None),
    "answers": [{"text": str, "confidence": float, "citations": [CITATION]}],
    "nearest": (CITATION, None),
    "hits": [HIT],
    "elapsed_ms": {"search": float, "read": float, "total": float},
}


def seed_text(name: str) -> str:
    return (SEEDS / name).read_bytes().decode("utf-8-sig")


def as_quoted(text: str, spans: list[list[int]]) -> str:
    """The contract's rule: " […] " between slices, white space with a line break in it as one space."""
    slices = (text[start:end] for start, end in spans)
    return " […] ".join(re.sub(r"\s+", lambda m: " " if re.search(r"[\r\n]", m[0]) else m[0], s) for s in slices)
