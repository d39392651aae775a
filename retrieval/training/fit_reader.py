"""How models/sentence_reader.json was made.

    python -m retrieval.training.fit_reader TRAIN.json.gz [--dev DEV.json.gz] [--questions 4000] [--seed 0]

TRAIN is SQuAD 1.1's training file. Some of its paragraphs become a folder and an index; for a sample of its questions
the pipeline's own search is asked, and every sentence it finds is an example: 1 where it stands in the question's
paragraph and holds the answer, else 0. Every other question is made unanswerable: what was found of its own paragraph
is taken away, and the question left out if the answer's words stand elsewhere among the sentences. A logistic
regression over reader.features is fitted to that, and it answers where an answer is likelier right than wrong. --dev, a
SQuAD 2.0 file, only reports.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from retrieval.build import build_index
from retrieval.reader import WEIGHTS_FILE, Weights, probability, read
from retrieval.retriever import Retriever, open_retriever
from retrieval.schema import Candidate
from retrieval.settings import IndexSettings
from retrieval.training.squad import SquadQuestion, read_squad, write_folder

PARAGRAPHS = 3000
THRESHOLD = 0.5  # likelier right than wrong; half the examples were made unanswerable
_SEARCHED = 12  # passages found, so that some are left when the question's own paragraph is taken away


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates and which of them hold the answer; all zeros where it was made unanswerable."""

    question: SquadQuestion
    candidates: tuple[Candidate, ...]
    right: tuple[bool, ...]


def examples(questions: Sequence[SquadQuestion], retriever: Retriever, unanswerable: bool) -> Iterator[Example]:
    """An example for each question, every second one made unanswerable if asked for. Questions with no answer of
    their own (SQuAD 2.0) keep all that was found."""
    flat = Weights(0.0, {}, 0.5)
    for number, question in enumerate(tqdm(questions, file=sys.stderr)):
        vector = retriever.encoder.embed_query(question.question)
        hits = retriever.search_vector(question.question, vector, _SEARCHED)
        taken_away = unanswerable and number % 2 == 1
        if taken_away:
            hits = [hit for hit in hits if hit.document.doc_id != question.document]
        candidates = read(
            question.question,
            vector,
            hits,
            retriever.encoder.embed_passages,
            retriever.store.sparse.idf,
            flat,
        )
        right = tuple(holds_answer(candidate, question) for candidate in candidates)
        elsewhere = any(
            text.lower() in c.hit.passage.text[c.start : c.end].lower()
            for c in candidates
            for text, _ in question.answers
        )
        if not (taken_away and elsewhere):
            yield Example(question, tuple(candidates), right)


def holds_answer(candidate: Candidate, question: SquadQuestion) -> bool:
    """True where the candidate's sentence covers an accepted answer at its place in the question's paragraph."""
    if candidate.hit.document.doc_id != question.document:
        return False
    spans = candidate.hit.passage.reading.spans(candidate.start, candidate.end, candidate.hit.document.text)
    return any(
        start <= offset and offset + len(text) <= end for text, offset in question.answers for start, end in spans
    )


def fit(found: Sequence[Example]) -> Weights:
    """The logistic model over all candidates, each question counting the same."""
    names = sorted(found[0].candidates[0].parts)
    rows = np.array([[c.parts[name] for name in names] for example in found for c in example.candidates])
    labels = np.array([right for example in found for right in example.right])
    model = LogisticRegression(C=10.0, max_iter=2000).fit(rows, labels)
    return Weights(float(model.intercept_[0]), dict(zip(names, map(float, model.coef_[0]), strict=True)), THRESHOLD)


def describe(found: Sequence[Example], weights: Weights) -> dict[str, float]:
    """Share of questions whose best candidate is right, of those whose candidates hold a right one; AUROC of the best
    score for telling questions answered rightly from the rest."""
    best, right, possible = [], [], []
    for example in found:
        scores = [probability(candidate.parts, weights) for candidate in example.candidates]
        top = int(np.argmax(scores))
        best.append(scores[top])
        right.append(example.right[top])
        possible.append(any(example.right))
    return {
        "questions": len(found),
        "right_of_possible": float(np.mean([r for r, p in zip(right, possible, strict=True) if p])),
        "right_of_all": float(np.mean(right)),
        "auroc": float(roc_auc_score(right, best)) if 0 < sum(right) < len(right) else float("nan"),
    }


def sample(path: Path, paragraphs: int, questions: int, seed: int) -> tuple[dict[str, str], list[SquadQuestion]]:
    """Some paragraphs of the file and some questions on them."""
    texts, asked = read_squad(path)
    chooser = random.Random(seed)
    names = chooser.sample(sorted(texts), min(paragraphs, len(texts)))
    chosen = {name: texts[name] for name in names}
    mine = [question for question in asked if question.document in chosen]
    return chosen, chooser.sample(mine, min(questions, len(mine)))


def open_folder(texts: dict[str, str], folder: Path) -> Retriever:
    """A retriever over an index of the texts, both below the folder."""
    write_folder(texts, folder / "docs")
    build_index(folder / "docs", folder / "index", IndexSettings(), lambda *_: None)
    return open_retriever(folder / "index")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("--dev", type=Path)
    parser.add_argument("--questions", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    card: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        texts, questions = sample(given.train, PARAGRAPHS, given.questions, given.seed)
        found = [e for e in examples(questions, open_folder(texts, Path(folder, "train")), True) if e.candidates]
        held_out = len(found) // 5
        weights = fit(found[held_out:])
        card["train"] = describe(found[held_out:], weights)
        card["held_out"] = describe(found[:held_out], weights)
        if given.dev:
            dev_texts, dev_questions = sample(given.dev, 10**6, 2000, given.seed)
            dev = [
                e for e in examples(dev_questions, open_folder(dev_texts, Path(folder, "dev")), False) if e.candidates
            ]
            card["dev"] = describe(dev, weights)
    print(json.dumps(card, indent=1))
    flag = f" --dev {given.dev.name}" if given.dev else ""
    stored = {
        "card": {
            "data": "SQuAD 1.1 train (CC BY-SA 4.0), a sample",
            "command": f"python -m retrieval.training.fit_reader {given.train.name}{flag} --questions {given.questions}"
            f" --seed {given.seed}",
            "seed": given.seed,
            **card,
        },
        "bias": weights.bias,
        "features": dict(weights.features),
        "threshold": weights.threshold,
    }
    WEIGHTS_FILE.parent.mkdir(exist_ok=True)
    WEIGHTS_FILE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
