"""Standard file formats: TREC runs and qrels, read and written; the evaluation set written as SQuAD 2.0 and BEIR."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.collection import Collection, Qrels
from eval.dataset import Question, locate
from eval.measures import Run
from eval.relevance import judge, passage_name
from retrieval.errors import EvaluationError
from retrieval.index.store import Store
from retrieval.schema import Document


def write_run(path: Path, run: Run, tag: str) -> None:
    """Write a TREC run: lines of `query Q0 name rank score tag`, best first."""
    lines = (
        f"{query} Q0 {name} {rank} {score:.6f} {tag}"
        for query, row in run.items()
        for rank, (name, score) in enumerate(row.items(), 1)
    )
    _write_lines(path, lines)


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Write TREC qrels: lines of `query 0 name grade`."""
    _write_lines(path, (f"{query} 0 {name} {grade}" for query, row in qrels.items() for name, grade in row.items()))


def read_run(path: Path) -> dict[str, dict[str, float]]:
    """A TREC run: scores by query and name, highest first, ties by rank. Raises EvaluationError."""
    rows: dict[str, list[tuple[float, int, str]]] = {}
    for number, fields in _fields(path, 6):
        try:
            rows.setdefault(fields[0], []).append((-float(fields[4]), int(fields[3]), fields[2]))
        except ValueError as error:
            raise EvaluationError(f"{path}, line {number}: {error}; expected `query Q0 name rank score tag`") from error
    return {query: {name: -score for score, _, name in sorted(row)} for query, row in rows.items()}


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """TREC qrels: grades by query and name. Raises EvaluationError."""
    qrels: dict[str, dict[str, int]] = {}
    for number, fields in _fields(path, 4):
        try:
            qrels.setdefault(fields[0], {})[fields[2]] = int(fields[3])
        except ValueError as error:
            raise EvaluationError(f"{path}, line {number}: {error}; expected `query 0 name grade`") from error
    return qrels


def _fields(path: Path, count: int) -> Iterable[tuple[int, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"can't read {path}: {error}; give a TREC file") from error
    for number, line in enumerate(lines, 1):
        fields = line.split()
        if fields and len(fields) != count:
            raise EvaluationError(f"{path}, line {number}: {len(fields)} columns where a TREC file has {count}")
        if fields:
            yield number, fields


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def squad_articles(questions: Sequence[Question], documents: Mapping[str, Document]) -> list[dict[str, Any]]:
    """The questions as the articles of SQuAD 2.0: each document is one with one paragraph, its whole text.

    Offsets are those of the decoded file. Unanswerable questions go to the longest document, and small talk is left
    out. A follow-up has its turns in "history", which is not part of SQuAD.
    """
    longest = max(documents.values(), key=lambda document: len(document.text)).doc_id
    asked: dict[str, list[dict[str, Any]]] = {doc_id: [] for doc_id in documents}
    for question in questions:
        if question.kind != "smalltalk":
            asked[question.document or longest].append(_squad_question(question, documents))
    return [
        {
            "title": documents[doc_id].title,
            "document": f"{doc_id}.txt" if documents[doc_id].is_converted else doc_id,
            "paragraphs": [{"context": documents[doc_id].text, "qas": rows}],
        }
        for doc_id, rows in asked.items()
    ]


def _squad_question(question: Question, documents: Mapping[str, Document]) -> dict[str, Any]:
    stored: dict[str, Any] = {"id": question.id, "question": question.question}
    if question.history:
        stored["history"] = [{"question": turn.question, "answer": turn.answer} for turn in question.history]
    stored["answers"] = [
        {"text": documents[one.document].text[start:end], "answer_start": start}
        for one in question.evidence
        if one.document == question.document
        for first, last in one.spans
        for accepted in question.answers
        for start, end in (
            (first + a, first + b) for a, b in locate(accepted, documents[one.document].text[first:last])[:1]
        )
    ]
    stored["is_impossible"] = not question.is_answerable
    return stored


def write_beir(folder: Path, collection: Collection, store: Store) -> None:
    """Write a BEIR folder without small talk: corpus.jsonl (the index's passages), queries.jsonl, qrels/test.tsv."""
    documents = [store.document(number) for number in store.document_numbers()]
    corpus = [
        {"_id": passage_name(passage, document), "title": document.title, "text": passage.text}
        for number, document in zip(store.document_numbers(), documents, strict=True)
        for passage in store.passages_of(number)
    ]
    queries = [
        {"_id": question.id, "text": question.question}
        for question in collection.questions
        if question.kind != "smalltalk"
    ]
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    _write_lines(folder / "corpus.jsonl", (json.dumps(row, ensure_ascii=False) for row in corpus))
    _write_lines(folder / "queries.jsonl", (json.dumps(row, ensure_ascii=False) for row in queries))
    qrels = judge(collection, store)
    rows = (f"{query}\t{name}\t{grade}" for query, row in qrels.items() for name, grade in row.items())
    _write_lines(folder / "qrels" / "test.tsv", ("query-id\tcorpus-id\tscore", *rows))
