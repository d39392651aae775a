"""Search quality on the seed questions, and how passages are best cut: python -m eval.seeds [--sweep]

A passage is right where it holds at least half the characters of a place that answers. Without --sweep the settings
that ship; with it one setting at a time is changed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from bot.config import seeds_folder
from retrieval.build import build_index
from retrieval.fuse import DENSE_WEIGHT
from retrieval.retriever import Retriever, open_retriever
from retrieval.schema import Hit, Span
from retrieval.settings import IndexSettings, PassageSettings

QUESTIONS = Path(__file__).parent / "questions.jsonl"
RESULT = Path(__file__).parent / "results" / "seeds_search.json"
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
    for size in (60, 80, 120, 160, 200):
        yield f"{size} word pieces", replace(standard, size_tokens=size)
    for overlap in (0, 2):
        yield f"{overlap} sentences of overlap", replace(standard, overlap_sentences=overlap)
    yield "no header", replace(standard, with_header=False)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sweep", action="store_true")
    given = parser.parse_args(argv)
    questions = [question for question in read_questions() if question.evidence]
    facts = [number for number, question in enumerate(questions) if question.kind == "fact"]
    rows = []
    print(f"{'':28}passages  facts @1   @5     all @1   @5     MiniLM alone, all @5   BM25 alone, all @5")
    for name, settings in sweep() if given.sweep else [("as shipped", PassageSettings())]:
        with tempfile.TemporaryDirectory() as folder:
            report = build_index(seeds_folder(), Path(folder), IndexSettings(passages=settings), lambda *_: None)
            retriever = open_retriever(Path(folder))
            arms = [
                ranks(questions, Retriever(retriever.store, retriever.encoder, w)) for w in (DENSE_WEIGHT, 1.0, 0.0)
            ]
        fact_ranks = [arms[0][number] for number in facts]
        scores = [
            success(fact_ranks, 1),
            success(fact_ranks, 5),
            success(arms[0], 1),
            *(success(arm, 5) for arm in arms),
        ]
        rows.append({"settings": name, "passages": report.passages, "scores": [round(score, 4) for score in scores]})
        print(
            f"{name:28}{report.passages:8}  {scores[0]:8.3f} {scores[1]:6.3f} {scores[2]:8.3f} {scores[3]:6.3f}"
            f" {scores[4]:22.3f} {scores[5]:20.3f}"
        )
    signature = {
        "questions": len(questions),
        "facts": len(facts),
        "encoder": retriever.store.manifest.encoder_fingerprint,
        "dense weight": DENSE_WEIGHT,
        "corpus": retriever.store.manifest.corpus_sha256[:12],
        "version": version("quoth"),
    }
    print("; ".join(f"{name}: {value}" for name, value in signature.items()))
    columns = ["facts @1", "facts @5", "all @1", "all @5", "MiniLM alone, all @5", "BM25 alone, all @5"]
    stored = {"signature": signature, "columns": columns, "rows": rows}
    RESULT.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
