"""Judged questions. Their evidence is spans of the original documents, so passages can change without judging again.

eval/README.md says how questions are written and judged. Nothing here knows of passages, searches or answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from retrieval.errors import EvaluationError
from retrieval.schema import Turn
from retrieval.spans import Span

Split = Literal["dev", "test"]
Kind = Literal[
    "fact",
    "paraphrase",
    "explain",
    "list",
    "near-duplicate",
    "follow-up",
    "noisy",
    "unanswerable",
    "far",
    "smalltalk",
]
SPLITS: tuple[Split, ...] = get_args(Split)
KINDS: tuple[Kind, ...] = get_args(Kind)
QUESTIONS = Path(__file__).parent / "questions"
"""The evaluation set: a folder with a file of questions for each kind, such as fact.jsonl."""

# People type plain quotation marks and dashes for printed ones, so all of a kind match each other.
_QUOTES, _DASHES = "'\"‘’“”`´", "-–—‐‑"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that answers a question: exact, half-open spans of one document's decoded text."""

    document: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A judged question.

    `evidence` lists every place that answers it, the clearest first, and `answers` the accepted short answers; both
    are empty where no document answers. `history` holds the turns before a follow-up, oldest first.
    """

    id: str
    split: Split
    kind: Kind
    language: str
    question: str
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Turn, ...] = ()

    @property
    def is_answerable(self) -> bool:
        return bool(self.evidence)

    @property
    def document(self) -> str | None:
        """The document of the clearest evidence; None where no document answers."""
        return self.evidence[0].document if self.evidence else None


def read_questions(path: Path = QUESTIONS) -> list[Question]:
    """The questions of a .jsonl file, or of every .jsonl file of a folder by name, each in file order.

    Raises EvaluationError that names every bad line.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    questions: list[Question] = []
    bad: list[str] = []
    seen: set[str] = set()
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            try:
                question = question_of(json.loads(line))
                if question.id in seen:
                    raise ValueError(f"the id {question.id} is used twice")
                seen.add(question.id)
                questions.append(question)
            except (ValueError, KeyError, TypeError) as error:
                bad.append(f"{file.name}, line {number} ({error!r})")
    if bad:
        raise EvaluationError(f"{path} has invalid lines: {', '.join(bad[:5])}; eval/README.md describes the format")
    return questions


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"can't read the questions in {path}: {error}") from error


def kind_file(kind: Kind, folder: Path = QUESTIONS) -> Path:
    """The file that holds the set's questions of this kind."""
    return folder / f"{kind}.jsonl"


def question_of(given: Mapping[str, Any]) -> Question:
    """A question from its line of JSON. Raises ValueError, KeyError or TypeError."""
    if given["split"] not in SPLITS or given["kind"] not in KINDS:
        raise ValueError(f"unknown split or kind: {given['split']}, {given['kind']}")
    if bool(given["answers"]) != bool(given["evidence"]):
        raise ValueError("a question has both answers and evidence, or neither")
    return Question(
        id=given["id"],
        split=given["split"],
        kind=given["kind"],
        language=given["language"],
        question=given["question"],
        answers=tuple(given["answers"]),
        evidence=tuple(Evidence(row["document"], tuple((a, b) for a, b in row["spans"])) for row in given["evidence"]),
        history=tuple(Turn(turn["question"], turn["answer"]) for turn in given.get("history", ())),
    )


def question_line(question: Question) -> str:
    """The question's line of JSON, as `read_questions` reads it."""
    stored: dict[str, Any] = {
        "id": question.id,
        "split": question.split,
        "kind": question.kind,
        "language": question.language,
        "question": question.question,
    }
    if question.history:
        stored["history"] = [{"question": turn.question, "answer": turn.answer} for turn in question.history]
    stored["answers"] = question.answers
    stored["evidence"] = [{"document": one.document, "spans": one.spans} for one in question.evidence]
    return json.dumps(stored, ensure_ascii=False)


def locate(quotation: str, text: str) -> list[Span]:
    """Every span of the text that matches the quotation, whatever its white space, case, quotation marks and dashes."""
    pattern = r"\s+".join(_tolerant(word) for word in quotation.split())
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)] if pattern else []


def _tolerant(word: str) -> str:
    return "".join(
        f"[{re.escape(_QUOTES)}]"
        if char in _QUOTES
        else f"[{re.escape(_DASHES)}]"
        if char in _DASHES
        else re.escape(char)
        for char in word
    )


def overlaps(first: Sequence[Span], second: Sequence[Span]) -> bool:
    """Whether any span of the first shares a character with any span of the second."""
    return any(start < last and begin < end for start, end in first for begin, last in second)


def touches(document: str, spans: Sequence[Span], evidence: Sequence[Evidence]) -> bool:
    """Whether spans of a document share a character with any of the evidence."""
    return any(one.document == document and overlaps(spans, one.spans) for one in evidence)
