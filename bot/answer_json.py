"""Answers, hits and documents as lines of JSON: the format of `--json`, which other programs read.

Keys may be added; none may change its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from retrieval.schema import Answer, AnswerText, Citation, Hit, Note, Restrictions, Source


def answer_json(id_: str, answer: Answer, receipt: str | None = None) -> str:
    """An answer as one line of JSON; `receipt` is the id of what it cites, None where it shows no passage."""
    return _dumps(
        {
            "id": id_,
            "question": answer.question,
            "searched": answer.searched,
            "restrictions": _restrictions(answer.restrictions),
            "notes": [note.line() for note in answer.notes],
            "status": answer.status,
            "kind": answer.kind,
            "confidence": round(answer.confidence, 4),
            "receipt": receipt,
            "heading": answer.heading.line() if answer.heading else None,
            "answers": [_answer(text) for text in answer.answers],
            "nearest": _citation(answer.nearest) if answer.nearest else None,
            "hits": [_hit(hit) for hit in answer.hits],
            "elapsed_ms": {stage: round(spent, 1) for stage, spent in answer.elapsed_ms.items()},
        }
    )


def hits_json(
    query: str, hits: Sequence[Hit], restrictions: Restrictions | None = None, notes: Sequence[Note] = ()
) -> str:
    """The hits of a query, best first, as one line of JSON."""
    return _dumps(
        {
            "query": query,
            "restrictions": _restrictions(restrictions),
            "notes": [note.line() for note in notes],
            "hits": [_hit(hit) for hit in hits],
        }
    )


def source_json(source: Source) -> str:
    """A document with its title, date and sections as one line of JSON."""
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


def _restrictions(restrictions: Restrictions | None) -> dict[str, Any] | None:
    return asdict(restrictions) if restrictions else None


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
        "page": citation.page,
        "place": {"kind": citation.place.kind, "label": citation.place.label} if citation.place else None,
        "spans": citation.spans,
        "lines": citation.lines,
        "quote": citation.quote,
        "mark": citation.mark,
        "lead": citation.lead,
        "lead_spans": citation.lead_spans,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "document": hit.document.doc_id,
        "spans": hit.passage.reading.spans(0, len(hit.passage.text), hit.document.text),
        "score": round(hit.score, 4),
        "parts": {"dense": round(hit.dense, 4), "sparse": round(hit.sparse, 4)},
        "text": hit.passage.text,
    }


# JSON allows these characters inside a string, but some programs take them for line breaks and terminals obey the
# control characters and direction marks. Escaped, they are the same string to a JSON parser.
_ESCAPED = {
    code: f"\\u{code:04x}"
    for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def _dumps(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPED).encode("utf-8", "backslashreplace").decode()
