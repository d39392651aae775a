"""Fits models/reader.json: the weights that rank candidates, and the probability that the first is right.

    python -m retrieval.training.fit_confidence SQUAD.json.gz[:QUESTIONS] [MORE.json.gz ...]
        [--translated SPANISH.json.gz=SQUAD.json.gz[:QUESTIONS] ...] [--models retrieval/models] [--seed 0]

Each file becomes a folder and an index. A sample of its questions is asked as a user would ask them, and each span that
the reader finds is a training example; read_questions.py says which spans are right. The shipped weights are fitted to
all questions. Thresholds and scores use cross-validation: each probability comes from weights fitted without that
question's fold, one of five.

Questions or documents in languages other than English are read by the multilingual network, which has weights of its
own. --translated asks the questions of one file over the paragraphs of another that has the same ids.

The seeds' development questions are a SQuAD file by `quoth eval export --squad FILE --split dev`, those of our folders
with --folders eval/folders too.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from retrieval.answer.candidates import in_order, with_probabilities
from retrieval.answer.ranking import MODELS, WEIGHTS_FILE, ReaderWeights, weighted_sum
from retrieval.answer.reader import load_multilingual, load_network
from retrieval.encoder.prepared import sha256_of_model_file
from retrieval.schema import Candidate
from retrieval.settings import MAX_TARGET_PRECISION, MIN_TARGET_PRECISION
from retrieval.training.read_questions import ReadQuestion, ask_questions, is_right, is_shown, questions_over
from retrieval.training.squad import open_folder, read_squad
from retrieval.training.thresholds import (
    EQUAL_SHARES,
    Booleans,
    Floats,
    describe,
    perhaps_for,
    sample_weights,
    threshold_for,
)

RANKING = ("span", "relevance", "cosine", "behind_best", "shared", "shared_before", "pairs")
CONFIDENCE = (
    "span",
    "relevance",
    "cosine",
    "ahead",
    "agreeing",
    "overlap",
    "missing",
    "reason",
    "defines",
    "shared",
    "shared_before",
)
FOLDS = 5
PRECISIONS = np.linspace(MIN_TARGET_PRECISION, MAX_TARGET_PRECISION, 10).round(2)


def fit_ranking(found: Sequence[ReadQuestion]) -> dict[str, float]:
    """The weights of a logistic model of whether a candidate is right, from questions that have a right one."""
    rows: list[list[float]] = []
    labels: list[bool] = []
    for read in found:
        right = [is_right(span, read.question) for span in read.spans]
        if any(right):  # so there are spans
            rows += [[getattr(span.features, name) for name in RANKING] for span in read.spans]
            labels += right
    model = LogisticRegression(C=10.0, max_iter=2000).fit(np.array(rows), labels)
    return dict(zip(RANKING, map(float, model.coef_[0]), strict=True))


def reweigh(read: ReadQuestion, weights: ReaderWeights) -> list[Candidate]:
    """The spans as candidates, in the order that these weights give, with all their features."""
    ranked = in_order(
        read.query, [replace(span, score=weighted_sum(span.features, weights.ranking)) for span in read.spans]
    )
    return with_probabilities(read.query, ranked, read.hits, weights)


def fit_confidence(found: Sequence[ReadQuestion], ranking: Mapping[str, float]) -> tuple[float, dict[str, float]]:
    """The bias and weights of a logistic model of whether the first candidate is right.

    The weights are fitted with equal shares of each kind of question. Their scale and the bias are then fitted with
    SHARES, so that the probabilities are calibrated for those.
    """
    ranking_only = ReaderWeights(ranking=ranking, bias=0.0, confidence={}, thresholds={})
    firsts = [reweigh(read, ranking_only)[0] for read in found]
    rows = [[getattr(first.features, name) for name in CONFIDENCE] for first in firsts]
    labels = [is_shown(first, read.question) for first, read in zip(firsts, found, strict=True)]
    model = LogisticRegression(C=1.0, max_iter=5000).fit(
        rows, labels, sample_weight=sample_weights(found, EQUAL_SHARES)
    )
    odds = model.decision_function(rows)[:, None]
    scale = LogisticRegression(C=100.0).fit(odds, labels, sample_weight=sample_weights(found))
    slope = float(scale.coef_[0, 0])
    bias = float(scale.intercept_[0] + slope * model.intercept_[0])
    return bias, {name: slope * float(weight) for name, weight in zip(CONFIDENCE, model.coef_[0], strict=True)}


def fit(found: Sequence[ReadQuestion]) -> ReaderWeights:
    """All weights, without thresholds; each network's own from the questions that it read."""
    multilingual = [read for read in found if read.is_multilingual]
    weights = _fit_network([read for read in found if not read.is_multilingual])
    return replace(weights, multilingual=_fit_network(multilingual) if multilingual else None)


def _fit_network(found: Sequence[ReadQuestion]) -> ReaderWeights:
    ranking = fit_ranking(found)
    bias, confidence = fit_confidence(found, ranking)
    return ReaderWeights(ranking=ranking, bias=bias, confidence=confidence, thresholds={})


def first_candidate(read: ReadQuestion, weights: ReaderWeights) -> Candidate:
    """The candidate that would be shown, with its probability."""
    own = weights.multilingual if read.is_multilingual else weights
    assert own is not None
    return reweigh(read, own)[0]


def out_of_fold(found: Sequence[ReadQuestion]) -> tuple[Floats, Booleans]:
    """The probability of each first candidate, from weights fitted to the other folds, and whether it is right."""
    best, right = np.zeros(len(found)), np.zeros(len(found), np.bool_)
    folds = np.array([zlib.crc32(read.question.id.encode()) % FOLDS for read in found])
    for fold in set(folds):
        weights = fit([read for read, other in zip(found, folds, strict=True) if other != fold])
        for number in map(int, np.flatnonzero(folds == fold)):
            first = first_candidate(found[number], weights)
            best[number], right[number] = first.confidence, is_shown(first, found[number].question)
    return best, right


def _named(value: str) -> tuple[Path, Path, int]:
    """FILE, FILE:QUESTIONS, FILE=ORIGINAL or FILE=ORIGINAL:QUESTIONS -> the two files and how many questions."""
    names, _, limit = value.partition(":")
    file, _, original = names.partition("=")
    return Path(file), Path(original or file), int(limit or 1200)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=_named, nargs="+", help="SQuAD files, and how many questions of each: FILE[:N]")
    parser.add_argument(
        "--translated", type=_named, nargs="+", default=[], help="pairs FILE=ORIGINAL[:N] with the same ids"
    )
    parser.add_argument("--models", type=Path, default=MODELS, help="the folder of the reader's files")
    parser.add_argument("--card", type=Path, help="a JSON file about the training, to be added to the card")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    network, multilingual = load_network(given.models), load_multilingual(given.models)
    found: list[ReadQuestion] = []
    for file, original, limit in [*given.files, *given.translated]:
        texts, _ = read_squad(original)
        questions = questions_over(file, original, limit, given.seed)
        with tempfile.TemporaryDirectory() as folder:
            retriever = open_folder(texts, Path(folder))
            found += ask_questions(file.name, questions, retriever, network, multilingual)
    weights, scores = fitted(found)
    write(weights, scores, given)
    shown = {"ranking": weights.ranking, "confidence": weights.confidence, "thresholds": weights.thresholds, **scores}
    print(json.dumps(shown, indent=1))
    return 0


def fitted(found: Sequence[ReadQuestion]) -> tuple[ReaderWeights, dict[str, dict[str, float]]]:
    """The weights with their thresholds, and the scores of each collection and of all.

    The thresholds of precisions come from the questions that the network for English read; the others' probabilities
    are calibrated to mean the same.
    """
    best, right = out_of_fold(found)
    in_english = np.array([not read.is_multilingual for read in found])
    sample_weight = sample_weights([read for read in found if not read.is_multilingual])
    thresholds = {
        precision: threshold_for(best[in_english], right[in_english], sample_weight, precision)
        for precision in map(float, PRECISIONS)
    }
    weights = replace(fit(found), thresholds=thresholds)
    weights = replace(weights, perhaps=perhaps_for(found, best, right, weights.threshold()))
    scores = {}
    for name in [*dict.fromkeys(read.collection for read in found), "all"]:
        rows = [number for number, read in enumerate(found) if name in (read.collection, "all")]
        scores[name] = describe(
            [found[row] for row in rows], best[rows], right[rows], weights.threshold(), weights.perhaps
        )
    return weights, scores


def write(weights: ReaderWeights, scores: Mapping[str, object], given: argparse.Namespace) -> None:
    """Write reader.json to the folder of models."""
    files = [f"{file.name}:{limit}" for file, _, limit in given.files]
    translated = [f"{file.name}={original.name}:{limit}" for file, original, limit in given.translated]
    training = json.loads(given.card.read_text(encoding="utf-8")) if given.card else {}
    stored = {
        "card": {
            "date": date.today().isoformat(),
            **training,
            "fitted_on": [*files, *translated],
            "command": f"python -m retrieval.training.fit_confidence {' '.join(files)}"
            f"{' --translated ' if translated else ''}{' '.join(translated)} --seed {given.seed}",
            "scores": scores,
        },
        "files": {
            path.name: sha256_of_model_file(path)
            for path in sorted(given.models.glob("reader.*"))
            if path.name != WEIGHTS_FILE.name
        },
        **_stored(weights),
        "multilingual": _stored(weights.multilingual) if weights.multilingual else None,
        "thresholds": {str(precision): threshold for precision, threshold in weights.thresholds.items()},
        "perhaps": weights.perhaps,
    }
    (given.models / WEIGHTS_FILE.name).write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _stored(weights: ReaderWeights) -> dict[str, object]:
    return {"ranking": dict(weights.ranking), "bias": weights.bias, "confidence": dict(weights.confidence)}


if __name__ == "__main__":
    sys.exit(main())
