"""How models/reader.json was made: weights that order candidates, and the probability that the first is right.

    python -m retrieval.training.fit_confidence SQUAD.json.gz [MORE.json.gz ...]
        [--models retrieval/models] [--questions 1200] [--seed 0]

Each file becomes a folder and an index; a sample of its questions is asked as a user would ask them, and each stretch
the reader finds is an example. For the order a stretch is right where it touches an accepted answer at its place, or
shares at least half of its words with one; for the probability, where a person who sees its quotation sees an accepted
answer at its place, or where it says the same as one. Every fifth answerable
question is made unanswerable: what was found of its own paragraph is taken away, and the question left out
if an accepted answer stands in what is left. What ships is fitted to all questions; thresholds and scores are of
probabilities that were fitted without the question they are of, in five folds. The threshold for a precision is the
lowest from which on that share of the answers is right.
"""

from __future__ import annotations

import argparse
import json
import string
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from retrieval.answer.agreement import is_same, normalise
from retrieval.answer.candidates import READ_PASSAGES, Query, RankedSpan, in_order, query_of, rank_spans, weigh
from retrieval.answer.network import SpanScorer
from retrieval.answer.ranking import MODELS, ReaderWeights, weighted_sum
from retrieval.answer.reader import load_network
from retrieval.answer.spelling import correct_spelling
from retrieval.encoder.prepared import sha256_of_model_file
from retrieval.index.retriever import Retriever
from retrieval.query import clean_question
from retrieval.schema import Candidate, Hit, Span
from retrieval.settings import MAX_TARGET_PRECISION, MIN_TARGET_PRECISION
from retrieval.training.squad import SquadQuestion, open_folder, read_squad, sample

_ORDER = {"span": 1.0, "relevance": 0.5, "behind_best": -2.0}  # of the first reading, before any weights are known
RANKING = ("span", "relevance", "cosine", "behind_best", "shared", "shared_before", "pairs")
CONFIDENCE = ("span", "relevance", "cosine", "ahead", "agreeing", "overlap", "missing", "reason")
TAKEN_AWAY = 5  # every so manieth answerable question
FOLDS = 5
PRECISIONS = np.linspace(MIN_TARGET_PRECISION, MAX_TARGET_PRECISION, 10).round(2)

Sort = Literal["answerable", "taken away", "near"]
"""Whether the documents answer it; "near": they do not, and it was written to look as if they did (SQuAD 2.0)."""
# How often each is met, as it is taken for probabilities and thresholds: a guess at what people ask of documents they
# know; the last for false answers on the seeds' dev split (eval/LOG.md, 2026-11-26).
SHARES: dict[Sort, float] = {"answerable": 0.73, "taken away": 0.15, "near": 0.12}
EVEN: dict[Sort, float] = {"answerable": 1.0, "taken away": 1.0, "near": 1.0}

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question after reading: the spans found, and what weighing them needs."""

    collection: str
    question: SquadQuestion
    query: Query
    hits: tuple[Hit, ...]
    spans: tuple[RankedSpan, ...]
    sort: Sort

    @property
    def is_answerable(self) -> bool:
        return self.sort == "answerable"


def ask(
    collection: str, questions: Sequence[SquadQuestion], retriever: Retriever, network: SpanScorer
) -> Iterator[ReadQuestion]:
    """Each question read once; those that found nothing are left out."""
    flat = ReaderWeights(ranking=_ORDER, bias=0.0, confidence={}, thresholds={})
    idf = retriever.store.sparse.idf
    answerable = 0
    for question in tqdm(questions, desc=collection, file=sys.stderr):
        query = correct_spelling(question.question, retriever.store, network.knows)
        hits = retriever.search(clean_question(query), 2 * READ_PASSAGES)
        answerable += bool(question.answers)
        taken_away = bool(question.answers) and answerable % TAKEN_AWAY == 0
        if taken_away:
            hits = [hit for hit in hits if hit.document.doc_id != question.document]
            if any(says(hit, question) for hit in hits[:READ_PASSAGES]):
                continue
        hits = hits[:READ_PASSAGES]
        weighed = query_of(query, idf)
        spans = rank_spans(weighed, hits, network, flat)
        if spans:
            sort: Sort = "taken away" if taken_away else "answerable" if question.answers else "near"
            yield ReadQuestion(collection, question, weighed, tuple(hits), tuple(spans), sort)


def says(hit: Hit, question: SquadQuestion) -> bool:
    return any(text.lower() in hit.passage.text.lower() for text, _ in question.answers)


def is_right(candidate: Candidate | RankedSpan, question: SquadQuestion) -> bool:
    """Whether the answer touches an accepted one at its place, or shares half of its words with one elsewhere."""
    return touches(candidate, candidate.answer, question) or _likeness(candidate, question) >= 0.5


def is_shown(candidate: Candidate | RankedSpan, question: SquadQuestion) -> bool:
    """Whether the quotation holds an accepted answer at its place, or the answer says the same as one elsewhere."""
    mine = normalise(candidate.hit.passage.text[slice(*candidate.answer)])
    return touches(candidate, (candidate.start, candidate.end), question, whole=True) or any(
        is_same(mine, normalise(text)) for text, _ in question.answers
    )


def touches(candidate: Candidate | RankedSpan, span: Span, question: SquadQuestion, whole: bool = False) -> bool:
    """Whether the span of the passage touches an accepted answer in the question's paragraph; `whole`: holds one."""
    document = candidate.hit.document
    if document.doc_id != question.document:
        return False
    spans = candidate.hit.passage.reading.spans(*span, document.text)
    return any(
        (start <= at and at + len(text) <= end) if whole else (start < at + len(text) and at < end)
        for text, at in question.answers
        for start, end in spans
    )


def _likeness(candidate: Candidate | RankedSpan, question: SquadQuestion) -> float:
    mine = candidate.hit.passage.text[slice(*candidate.answer)]
    return max((token_f1(mine, text) for text, _ in question.answers), default=0.0)


def token_f1(one: str, other: str) -> float:
    """SQuAD's measure: harmonic mean of precision and recall of words, without case, articles and punctuation."""
    mine, theirs = (Counter(_words(text)) for text in (one, other))
    shared = (mine & theirs).total()
    return 2 * shared / (mine.total() + theirs.total()) if mine and theirs else float(mine == theirs)


def _words(text: str) -> list[str]:
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return [word for word in bare.split() if word not in ("a", "an", "the")]


def fit_ranking(found: Sequence[ReadQuestion]) -> dict[str, float]:
    """The logistic model of which candidate is right, over questions that have a right one."""
    rows: list[list[float]] = []
    labels: list[bool] = []
    for read in found:
        right = [is_right(span, read.question) for span in read.spans]
        if any(right):
            rows += [[getattr(span.features, name) for name in RANKING] for span in read.spans]
            labels += right
    model = LogisticRegression(C=10.0, max_iter=2000).fit(np.array(rows), labels)
    return dict(zip(RANKING, map(float, model.coef_[0]), strict=True))


def weighed_again(read: ReadQuestion, weights: ReaderWeights) -> list[Candidate]:
    """The spans as candidates in the order of these weights, with all their features."""
    ranked = in_order([replace(span, score=weighted_sum(span.features, weights.ranking)) for span in read.spans])
    return weigh(read.query, ranked, read.hits, weights)


def counts(found: Sequence[ReadQuestion], shares: Mapping[Sort, float] = SHARES) -> Floats:
    """What each question counts: each collection the same, and in it the sorts that are there by their shares; 1 on
    average."""
    numbers = Counter((read.collection, read.sort) for read in found)
    totals: dict[str, float] = {}
    for name, sort in numbers:
        totals[name] = totals.get(name, 0.0) + shares[sort]
    each = len(found) / len(totals)
    return np.array([each * shares[a.sort] / totals[a.collection] / numbers[(a.collection, a.sort)] for a in found])


def fit_confidence(found: Sequence[ReadQuestion], ranking: Mapping[str, float]) -> tuple[float, dict[str, float]]:
    """The logistic model of whether the first candidate is right: bias and weights.

    What tells right from wrong is fitted with each sort counted alike, how likely that makes it with their shares.
    """
    unsure = ReaderWeights(ranking=ranking, bias=0.0, confidence={}, thresholds={})
    firsts = [weighed_again(read, unsure)[0] for read in found]
    rows = [[getattr(first.features, name) for name in CONFIDENCE] for first in firsts]
    labels = [is_shown(first, read.question) for first, read in zip(firsts, found, strict=True)]
    model = LogisticRegression(C=1.0, max_iter=5000).fit(rows, labels, sample_weight=counts(found, EVEN))
    odds = model.decision_function(rows)[:, None]
    scale = LogisticRegression(C=100.0).fit(odds, labels, sample_weight=counts(found))
    slope = float(scale.coef_[0, 0])
    bias = float(scale.intercept_[0] + slope * model.intercept_[0])
    return bias, {name: slope * float(weight) for name, weight in zip(CONFIDENCE, model.coef_[0], strict=True)}


def fit(found: Sequence[ReadQuestion]) -> ReaderWeights:
    """All weights but the thresholds."""
    ranking = fit_ranking(found)
    bias, confidence = fit_confidence(found, ranking)
    return ReaderWeights(ranking=ranking, bias=bias, confidence=confidence, thresholds={})


def out_of_fold(found: Sequence[ReadQuestion]) -> tuple[Floats, Booleans]:
    """The first candidate's probability, by weights fitted to the other folds' questions, and whether it is right."""
    best, right = np.zeros(len(found)), np.zeros(len(found), np.bool_)
    folds = np.array([zlib.crc32(read.question.id.encode()) % FOLDS for read in found])
    for fold in set(folds):
        weights = fit([read for read, other in zip(found, folds, strict=True) if other != fold])
        for number in map(int, np.flatnonzero(folds == fold)):
            first = weighed_again(found[number], weights)[0]
            best[number], right[number] = first.score, is_shown(first, found[number].question)
    return best, right


def threshold_for(best: Floats, right: Booleans, count: Floats, precision: float) -> float:
    """The lowest probability from which on the answers given are right in that share; 1 where none is."""
    order = np.argsort(-best, kind="stable")
    shares = np.cumsum((right * count)[order]) / np.cumsum(count[order])
    enough = np.flatnonzero(shares >= precision)
    return float(best[order][enough[-1]]) if len(enough) else 1.0


def describe(found: Sequence[ReadQuestion], best: Floats, right: Booleans, threshold: float) -> dict[str, float]:
    """Shares of questions at the threshold, AUROC of answerable against not and of right against wrong, and the
    expected calibration error over ten bins; precision and error with each sort's share of questions."""
    answerable = np.array([read.is_answerable for read in found])
    count = counts(found)
    given = best >= threshold
    bins = np.minimum((best * 10).astype(int), 9)
    error = sum(abs((count * (best - right))[bins == n].sum()) for n in range(10)) / count.sum()
    both = 0 < answerable.sum() < len(best)
    row = {
        "questions": len(best),
        "answerable": int(answerable.sum()),
        "first_right": right[answerable].mean(),
        "right_and_given": (right & given)[answerable].mean(),
        "given_unanswerable": given[~answerable].mean() if both else 0.0,
        "precision": (right * count)[given].sum() / count[given].sum() if given.any() else 0.0,
        "calibration_error": error,
    }
    if both:
        row["auroc_answerable"] = roc_auc_score(answerable, best)
    if 0 < right.sum() < len(right):
        row["auroc_right"] = roc_auc_score(right, best)
    return {name: round(float(value), 4) for name, value in row.items()}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--questions", type=int, default=1200, help="of each file at most")
    parser.add_argument("--card", type=Path, help="JSON to put into the card, of the training")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    network = load_network(given.models)
    found: list[ReadQuestion] = []
    for file in given.files:
        texts, _ = read_squad(file)
        _, questions = sample(file, len(texts), given.questions, given.seed)
        with tempfile.TemporaryDirectory() as folder:
            retriever = open_folder(texts, Path(folder))
            found += ask(file.name, questions, retriever, network)
    best, right = out_of_fold(found)
    thresholds = {wanted: threshold_for(best, right, counts(found), wanted) for wanted in map(float, PRECISIONS)}
    weights = replace(fit(found), thresholds=thresholds)
    scores = {}
    for name in [*(file.name for file in given.files), "all"]:
        rows = [number for number, read in enumerate(found) if name in (read.collection, "all")]
        scores[name] = describe([found[row] for row in rows], best[rows], right[rows], weights.threshold())
    write(weights, scores, given)
    shown = {"ranking": weights.ranking, "sure": weights.confidence, "thresholds": thresholds, **scores}
    print(json.dumps(shown, indent=1))
    return 0


def write(weights: ReaderWeights, scores: Mapping[str, object], given: argparse.Namespace) -> None:
    """reader.json below the folder of models."""
    training = json.loads(given.card.read_text(encoding="utf-8")) if given.card else {}
    stored = {
        "card": {
            "date": date.today().isoformat(),
            **training,
            "fitted_on": [file.name for file in given.files],
            "command": f"python -m retrieval.training.fit_confidence {' '.join(file.name for file in given.files)}"
            f" --questions {given.questions} --seed {given.seed}",
            "scores": scores,
        },
        "files": {path.name: sha256_of_model_file(path) for path in sorted(given.models.glob("reader.[it]*"))},
        "ranking": dict(weights.ranking),
        "bias": weights.bias,
        "sure": dict(weights.confidence),
        "thresholds": {str(precision): threshold for precision, threshold in weights.thresholds.items()},
    }
    (given.models / "reader.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
