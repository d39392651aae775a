"""Questions in and answers out as lines: the JSON that other tools read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import QuestionError
from retrieval.schema import Answer, AnswerText, Citation, Hit, Source, Turn


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a batch, its history oldest first."""

    id: str
    question: str
    history: tuple[Turn, ...] = ()


def read_lines(lines: Iterable[str]) -> list[Item]:
    """A question for each line that is not blank, numbered from q1."""
    asked = [line.strip() for line in lines]
    return [Item(f"q{number}", line) for number, line in enumerate(filter(None, asked), 1)]


def read_batch(source: Path | Iterable[str]) -> list[Item]:
    """The questions of a file (or stream) of JSON lines. Raises QuestionError that names every bad line."""
    try:
        lines = source.read_text(encoding="utf-8").split("\n") if isinstance(source, Path) else list(source)
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"can't read the batch {source}: {error}; name a file of JSON lines") from error
    items, bad = [], []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                items.append(_item(json.loads(line.removeprefix("\ufeff")), number))
            except (ValueError, RecursionError) as error:
                bad.append(f"line {number} ({error})")
    if bad:
        more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
        raise QuestionError(
            f'the batch has bad lines: {", ".join(bad[:5])}{more}; each is like {{"id": "q1", "question": "..."}}'
        )
    return items


def _item(given: Any, number: int) -> Item:
    if not isinstance(given, dict) or not isinstance(given.get("question"), str):
        raise ValueError("no object with a question")
    id_ = given.get("id", f"q{number}")
    if not isinstance(id_, str | int) or isinstance(id_, bool):
        raise ValueError("the id is no string")
    history = given.get("history") or []
    if not isinstance(history, list):
        raise ValueError("the history is no list")
    return Item(str(id_), given["question"], tuple(_turn(turn) for turn in history))


def _turn(given: Any) -> Turn:
    said = [given.get("question"), given.get("answer") or ""] if isinstance(given, dict) else [None]
    if not all(isinstance(text, str) for text in said):
        raise ValueError("a turn of the history has no question, or one that is no text")
    return Turn(*said)


def answer_json(id_: str, answer: Answer) -> str:
    """An answer as one line."""
    return _dumps(
        {
            "id": id_,
            "question": answer.question,
            "searched": answer.searched,
            "status": answer.status,
            "confidence": round(answer.confidence, 4),
            "answers": [_answer(text) for text in answer.answers],
            "hits": [_hit(hit) for hit in answer.hits],
            "elapsed_ms": {stage: round(spent, 1) for stage, spent in answer.elapsed_ms.items()},
        }
    )


def hits_json(query: str, hits: Sequence[Hit]) -> str:
    """A ranking as one line."""
    return _dumps({"query": query, "hits": [_hit(hit) for hit in hits]})


def source_json(source: Source) -> str:
    """A document as one line."""
    sections = [{"heading": section.heading, "date": section.date} for section in source.sections if section.heading]
    return _dumps(
        {
            "document": source.document,
            "title": source.title,
            "date": source.date,
            "publisher": source.publisher,
            "sections": sections,
            "passages": source.passages,
        }
    )


def _answer(text: AnswerText) -> dict[str, Any]:
    return {
        "text": text.text,
        "confidence": round(text.confidence, 4),
        "citations": [_citation(citation) for citation in text.citations],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "document": citation.document,
        "title": citation.title,
        "date": citation.date,
        "section": citation.section,
        "spans": citation.spans,
        "lines": citation.lines,
        "quote": citation.quote,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "document": hit.document.doc_id,
        "spans": hit.passage.reading.spans(0, len(hit.passage.text), hit.document.text),
        "score": round(hit.score, 4),
        "parts": {"dense": round(hit.dense, 4), "sparse": round(hit.sparse, 4)},
        "text": hit.passage.text,
    }


# Characters that JSON allows inside a string and that do harm on the way: line breaks to some readers of lines, control
# characters and direction marks to terminals. A parser sees the same string.
_ESCAPED = {
    code: f"\\u{code:04x}"
    for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def _dumps(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPED).encode("utf-8", "backslashreplace").decode()
