"""Search and answers on the seed questions, and how passages are best cut: python -m eval.seeds [--sweep]

A passage is right where it holds at least half the characters of a place that answers, a citation where it touches one.
Without --sweep the settings that ship, search and answers; with it the search, one setting changed at a time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.config import seeds_folder
from retrieval.answer import answer
from retrieval.build import build_index
from retrieval.fuse import DENSE_WEIGHT
from retrieval.reader import WEIGHTS_FILE
from retrieval.retriever import Retriever, open_retriever
from retrieval.schema import Candidate, Hit, Span
from retrieval.settings import IndexSettings, PassageSettings

QUESTIONS = Path(__file__).parent / "questions.jsonl"
RESULTS = Path(__file__).parent / "results"
_TOP = 10
_HELD = 0.5

Place = tuple[str, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """A judged question. `evidence` are the places that answer it, each a document and spans; none: unanswerable."""

    id: str
    kind: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[Place, ...]


def read_questions(path: Path = QUESTIONS) -> list[Question]:
    """The evaluation set, in file order."""
    questions = []
    for line in path.read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        places = tuple((place["document"], tuple((a, b) for a, b in place["spans"])) for place in given["evidence"])
        questions.append(Question(given["id"], given["kind"], given["question"], tuple(given["answers"]), places))
    return questions


def is_right(hit: Hit, question: Question) -> bool:
    """True where the hit's passage holds at least half of the visible characters of a place that answers."""
    text = hit.document.text
    held = {at for start, end in hit.passage.reading.spans(0, len(hit.passage.text), text) for at in range(start, end)}
    for document, spans in question.evidence:
        if document != hit.document.doc_id:
            continue
        wanted = {at for start, end in spans for at in range(start, end) if not text[at].isspace()}
        if len(wanted & held) >= _HELD * len(wanted):
            return True
    return False


def ranks(questions: Sequence[Question], retriever: Retriever) -> list[int]:
    """The rank of the first right passage for each question, from 1; 0 where none is among the ten best."""
    found = []
    for question in questions:
        hits = retriever.search(question.question, _TOP)
        found.append(next((hit.rank for hit in hits if is_right(hit, question)), 0))
    return found


def success(found: Sequence[int], k: int) -> float:
    """Share of questions with a right passage among the first k."""
    return sum(0 < rank <= k for rank in found) / len(found)


def sweep() -> Iterator[tuple[str, PassageSettings]]:
    """The shipped settings and those that differ from them in one thing."""
    standard = PassageSettings()
    yield "as shipped", standard
    for size in (60, 80, 100, 160, 200):
        yield f"{size} word pieces", replace(standard, size_tokens=size)
    for overlap in (0, 2):
        yield f"{overlap} sentences of overlap", replace(standard, overlap_sentences=overlap)
    yield "no header", replace(standard, with_header=False)


def is_cited(candidate: Candidate, question: Question) -> bool:
    """True where the candidate's words touch a place that answers."""
    document = candidate.hit.document
    spans = candidate.hit.passage.reading.spans(candidate.start, candidate.end, document.text)
    return any(
        name == document.doc_id and any(start < last and first < end for start, end in spans for first, last in places)
        for name, places in question.evidence
    )


def answer_scores(questions: Sequence[Question], retriever: Retriever) -> dict[str, dict[str, float]]:
    """By kind: how many, the share whose best candidate is right, the share answered, the share of these that is right
    (0 where none was answered), and the share of marked answers that hold an accepted one."""
    found: dict[str, list[tuple[bool, bool, bool | None]]] = {}
    for question in questions:
        given = answer(question.question, retriever)
        best = given.candidates[0]
        text = best.hit.passage.text[slice(*best.answer)].lower()
        holds = any(accepted.lower() in text for accepted in question.answers)
        marked = holds if best.answer != (best.start, best.end) else None
        found.setdefault(question.kind, []).append((is_cited(best, question), given.status == "answered", marked))
    return {
        kind: {
            "questions": len(rows),
            "best right": _mean([right for right, _, _ in rows]),
            "answered": _mean([answered for _, answered, _ in rows]),
            "right of answered": _mean([right for right, answered, _ in rows if answered]),
            "marks right": _mean([marked for _, _, marked in rows if marked is not None]),
        }
        for kind, rows in found.items()
    }


def _mean(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


_COLUMNS = ("facts @1", "facts @5", "all @1", "all @5", "MiniLM alone, all @5", "BM25 alone, all @5")


def search_scores(questions: Sequence[Question], retriever: Retriever) -> dict[str, float]:
    """success@1 and @5 of the questions of fact and of all, and success@5 of each arm alone."""
    arms = [ranks(questions, Retriever(retriever.store, retriever.encoder, w)) for w in (DENSE_WEIGHT, 1.0, 0.0)]
    facts = [rank for rank, question in zip(arms[0], questions, strict=True) if question.kind == "fact"]
    values = (success(facts, 1), success(facts, 5), success(arms[0], 1), *(success(arm, 5) for arm in arms))
    return {name: round(value, 4) for name, value in zip(_COLUMNS, values, strict=True)}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sweep", action="store_true")
    given = parser.parse_args(argv)
    everything = read_questions()
    questions = [question for question in everything if question.evidence]
    stored: dict[str, Any] = {"search": {}}
    print(f"{'':28}passages  {'  '.join(_COLUMNS)}")
    for name, settings in sweep() if given.sweep else [("as shipped", PassageSettings())]:
        with tempfile.TemporaryDirectory() as folder:
            report = build_index(seeds_folder(), Path(folder), IndexSettings(passages=settings), lambda *_: None)
            retriever = open_retriever(Path(folder))
            scores = search_scores(questions, retriever)
            if not given.sweep:
                stored["answers"] = answer_scores(everything, retriever)
        stored["search"][name] = {"passages": report.passages, **scores}
        print(f"{name:28}{report.passages:8}  {'  '.join(f'{scores[c]:>{len(c)}.3f}' for c in _COLUMNS)}")
    for kind, row in stored.get("answers", {}).items():
        print(f"{kind:14}{'  '.join(f'{name} {value:g}' for name, value in row.items())}")
    manifest = retriever.store.manifest
    stored["signature"] = {
        "questions": len(everything),
        "answerable": len(questions),
        "encoder": manifest.encoder_fingerprint,
        "dense weight": DENSE_WEIGHT,
        "reader": hashlib.sha256(WEIGHTS_FILE.read_bytes()).hexdigest()[:12],
        "corpus": manifest.corpus_sha256[:12],
        "version": version("quoth"),
    }
    print("; ".join(f"{name}: {value}" for name, value in stored["signature"].items()))
    result = RESULTS / ("seeds_sweep.json" if given.sweep else "seeds.json")
    result.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
