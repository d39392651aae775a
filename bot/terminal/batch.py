"""The questions of `quoth ask -` and `quoth ask --batch`: lines of text, or lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.conversation.turns import read_turn
from retrieval.errors import QuestionError
from retrieval.schema import Turn

EXAMPLE_LINE = '{"id": "q1", "question": "When was JALAC founded?"}'
_MAX_BAD_LINES = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a batch, with the turns before it, oldest first."""

    id: str
    question: str
    history: tuple[Turn, ...] = ()


def read_lines(lines: Iterable[str]) -> list[Item]:
    """A question for each line that is not blank, with the ids q1, q2, ..."""
    questions = filter(None, (line.strip() for line in lines))
    return [Item(f"q{number}", question) for number, question in enumerate(questions, 1)]


def read_batch(source: Path | Iterable[str]) -> list[Item]:
    """The questions in a file or stream of JSON lines. Raises QuestionError, which names every bad line."""
    try:
        lines = source.read_text(encoding="utf-8").split("\n") if isinstance(source, Path) else list(source)
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"can't read the batch {source}: {error}; name a file of JSON lines") from error
    items, bad = [], []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                items.append(_item(_parsed(line), number))
            except ValueError as error:
                bad.append(f"line {number} ({error})")
    if bad:
        more = f" and {len(bad) - _MAX_BAD_LINES} more" if len(bad) > _MAX_BAD_LINES else ""
        listed = ", ".join(bad[:_MAX_BAD_LINES])
        raise QuestionError(f"the batch has bad lines: {listed}{more}; write each line like {EXAMPLE_LINE}")
    return items


def _parsed(line: str) -> Any:
    try:
        return json.loads(line.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg}") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _item(line: Any, number: int) -> Item:
    if not isinstance(line, dict) or not isinstance(line.get("question"), str):
        raise ValueError("must be an object with a question")
    id_ = line.get("id", f"q{number}")
    if not isinstance(id_, str | int) or isinstance(id_, bool):
        raise ValueError("the id must be a string or an integer")
    history = line.get("history") or []
    if not isinstance(history, list):
        raise ValueError("the history must be a list")
    return Item(str(id_), line["question"], tuple(map(read_turn, history)))
