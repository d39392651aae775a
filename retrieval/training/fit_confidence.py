"""Fits models/reader.json: the weights that rank candidates, and the probability that the first is right.

    python -m retrieval.training.fit_confidence SQUAD.json.gz[:QUESTIONS] [MORE.json.gz ...]
        [--translated SPANISH.json.gz=SQUAD.json.gz[:QUESTIONS] ...] [--models retrieval/models] [--seed 0]

Each file becomes a folder and an index. A sample of its questions is asked as a user would ask them, and each span that
the reader finds is a training example. For ranking, a span is right if it overlaps an accepted answer at its position
or shares at least half of its words with one. For the probability, it is right if its quotation shows an accepted
answer at its position, or if it agrees with one.

Every fifth answerable question is made unanswerable: the hits from its own paragraph are removed, and the question is
left out if the other hits contain an accepted answer. The shipped weights are fitted to all questions. Thresholds and
scores use cross-validation: each probability comes from weights fitted without that question's fold, one of five. The
threshold for a precision is the lowest that reaches it; the one for "perhaps" gives the highest utility.

Questions in languages that the network does not read are answered with sentences, which have weights of their own.
--translated asks the questions of one file over the paragraphs of another that has the same ids.
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
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from retrieval.answer.agreement import is_same, normalise
from retrieval.answer.candidates import (
    READ_PASSAGES,
    Query,
    RankedSpan,
    in_order,
    rank_spans,
    weighted_query,
    with_probabilities,
)
from retrieval.answer.network import SpanScorer
from retrieval.answer.ranking import MODELS, WEIGHTS_FILE, ReaderWeights, SentenceWeights, sigmoid, weighted_sum
from retrieval.answer.reader import load_network
from retrieval.answer.sentences import needs_sentences, rank_sentences
from retrieval.answer.spelling import correct_spelling
from retrieval.encoder.prepared import sha256_of_model_file
from retrieval.index.retriever import Retriever
from retrieval.query import clean_question
from retrieval.schema import Candidate, Hit, SentenceFeatures, Span
from retrieval.settings import MAX_TARGET_PRECISION, MIN_TARGET_PRECISION
from retrieval.training.squad import SquadQuestion, contains_answer, open_folder, read_squad, sample

_INITIAL_RANKING = {"span": 1.0, "relevance": 0.5, "behind_best": -2.0}  # orders spans before weights are fitted
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
    "shared",
    "shared_before",
)
SENTENCE = ("sentence", "cosine", "ahead", "shared", "missing_numbers")
REMOVED_EVERY = 5  # one answerable question in five is made unanswerable
FOLDS = 5
PRECISIONS = np.linspace(MIN_TARGET_PRECISION, MAX_TARGET_PRECISION, 10).round(2)

QuestionKind = Literal["answerable", "removed", "adversarial"]
"""Whether the documents answer a question.

"removed": the passages that answer it were removed. "adversarial": it was written to look answerable (SQuAD 2.0).
"""
# The share of each kind that probabilities and thresholds assume. Three questions in ten count as unanswerable.
SHARES: dict[QuestionKind, float] = {"answerable": 0.7, "removed": 0.15, "adversarial": 0.15}
EQUAL_SHARES: dict[QuestionKind, float] = {"answerable": 1.0, "removed": 1.0, "adversarial": 1.0}

_FULL = 100  # questions; a collection of three must not weigh as much as one of hundreds
_FLAT = 0.005  # less utility than that is chance, and a person gains from what is offered

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question after reading: the spans found, and what computing their probabilities needs.

    `sentences` are the candidates where the question is answered with sentences; `spans` is empty then.
    """

    collection: str
    question: SquadQuestion
    query: Query
    hits: tuple[Hit, ...]
    spans: tuple[RankedSpan, ...]
    kind: QuestionKind
    sentences: tuple[Candidate, ...] = ()

    @property
    def is_answerable(self) -> bool:
        return self.kind == "answerable"


def ask_questions(
    collection: str, questions: Sequence[SquadQuestion], retriever: Retriever, network: SpanScorer
) -> Iterator[ReadQuestion]:
    """Each question after one reading; questions for which nothing is found are left out."""
    initial = ReaderWeights(ranking=_INITIAL_RANKING, bias=0.0, confidence={}, thresholds={})
    idf = retriever.store.sparse.idf
    answerable = 0
    for question in tqdm(questions, desc=collection, file=sys.stderr):
        query = clean_question(correct_spelling(question.question, retriever.store, network.is_common_word))
        hits = retriever.search(query, 2 * READ_PASSAGES)
        answerable += bool(question.answers)
        is_removed = bool(question.answers) and answerable % REMOVED_EVERY == 0
        if is_removed:
            hits = [hit for hit in hits if hit.document.doc_id != question.document]
            if any(contains_answer(hit.passage.text, question) for hit in hits[:READ_PASSAGES]):
                continue
        hits = hits[:READ_PASSAGES]
        reader_query = weighted_query(query, idf)
        spans: list[RankedSpan] = []
        sentences: list[Candidate] = []
        if needs_sentences(query, hits):
            sentences = rank_sentences(reader_query, hits, retriever.encoder, None)
        else:
            spans = rank_spans(reader_query, hits, network, initial)
        if spans or sentences:
            yield ReadQuestion(
                collection=collection,
                question=question,
                query=reader_query,
                hits=tuple(hits),
                spans=tuple(spans),
                kind=_kind_of(question, is_removed),
                sentences=tuple(sentences),
            )


def _kind_of(question: SquadQuestion, is_removed: bool) -> QuestionKind:
    if is_removed:
        return "removed"
    return "answerable" if question.answers else "adversarial"


def is_right(candidate: Candidate | RankedSpan, question: SquadQuestion) -> bool:
    """Whether the answer overlaps an accepted one at its position, or shares half of its words with one elsewhere."""
    return overlaps_answer(candidate, candidate.answer, question) or _best_f1(candidate, question) >= 0.5


def is_shown(candidate: Candidate | RankedSpan, question: SquadQuestion) -> bool:
    """Whether the quotation shows an accepted answer at its position, or the answer agrees with one elsewhere."""
    answer = normalise(candidate.hit.passage.text[slice(*candidate.answer)])
    return overlaps_answer(candidate, (candidate.start, candidate.end), question, whole=True) or any(
        is_same(answer, normalise(text)) for text, _ in question.answers
    )


def overlaps_answer(
    candidate: Candidate | RankedSpan, span: Span, question: SquadQuestion, whole: bool = False
) -> bool:
    """Whether the span overlaps an accepted answer in the question's paragraph; with `whole`, contains one."""
    document = candidate.hit.document
    if document.doc_id != question.document:
        return False
    spans = candidate.hit.passage.reading.spans(*span, document.text)
    return any(
        (start <= offset and offset + len(text) <= end) if whole else (start < offset + len(text) and offset < end)
        for text, offset in question.answers
        for start, end in spans
    )


def _best_f1(candidate: Candidate | RankedSpan, question: SquadQuestion) -> float:
    """The highest token F1 of the answer with an accepted one."""
    answer = candidate.hit.passage.text[slice(*candidate.answer)]
    return max((token_f1(answer, text) for text, _ in question.answers), default=0.0)


def token_f1(one: str, other: str) -> float:
    """SQuAD's token F1: harmonic mean of precision and recall of words, without case, articles and punctuation."""
    mine, theirs = (Counter(_words(text)) for text in (one, other))
    shared = (mine & theirs).total()
    return 2 * shared / (mine.total() + theirs.total()) if mine and theirs else float(mine == theirs)


def _words(text: str) -> list[str]:
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return [word for word in bare.split() if word not in ("a", "an", "the")]


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


def sample_weights(found: Sequence[ReadQuestion], shares: Mapping[QuestionKind, float] = SHARES) -> Floats:
    """The weight of each question, 1 on average, shape (len(found),).

    All collections of _FULL questions or more weigh the same, smaller ones in proportion; in each, the kinds of
    question that occur weigh according to their shares.
    """
    numbers = Counter((read.collection, read.kind) for read in found)
    sizes = Counter(read.collection for read in found)
    totals: dict[str, float] = {}
    for name, kind in numbers:
        totals[name] = totals.get(name, 0.0) + shares[kind]
    whole = sum(min(size, _FULL) for size in sizes.values())
    each = {name: len(found) * min(size, _FULL) / whole for name, size in sizes.items()}
    return np.array(
        [each[a.collection] * shares[a.kind] / totals[a.collection] / numbers[(a.collection, a.kind)] for a in found]
    )


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


def fit_sentences(found: Sequence[ReadQuestion]) -> SentenceWeights:
    """The weights of a logistic model of whether the first sentence is right, fitted with SHARES."""
    firsts = [read.sentences[0] for read in found]
    rows = [[getattr(first.features, name) for name in SENTENCE] for first in firsts]
    labels = [is_shown(first, read.question) for first, read in zip(firsts, found, strict=True)]
    scaler = StandardScaler().fit(rows)  # cosines differ by hundredths, which regularisation would keep small
    model = LogisticRegression(C=1.0, max_iter=5000).fit(
        scaler.transform(rows), labels, sample_weight=sample_weights(found)
    )
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    return SentenceWeights(bias, dict(zip(SENTENCE, map(float, weights), strict=True)))


def fit(found: Sequence[ReadQuestion]) -> ReaderWeights:
    """All weights, without thresholds."""
    by_network = [read for read in found if read.spans]
    by_encoder = [read for read in found if read.sentences]
    ranking = fit_ranking(by_network)
    bias, confidence = fit_confidence(by_network, ranking)
    sentences = fit_sentences(by_encoder) if by_encoder else None
    return ReaderWeights(ranking=ranking, bias=bias, confidence=confidence, thresholds={}, sentences=sentences)


def first_candidate(read: ReadQuestion, weights: ReaderWeights) -> Candidate:
    """The candidate that would be shown, with its probability."""
    if read.spans:
        return reweigh(read, weights)[0]
    first = read.sentences[0]
    assert weights.sentences is not None and isinstance(first.features, SentenceFeatures)
    return replace(first, confidence=sigmoid(weights.sentences.log_odds(first.features)))


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


def threshold_for(best: Floats, right: Booleans, sample_weight: Floats, precision: float) -> float:
    """The lowest threshold at which the answers given have that precision; 1 where none has."""
    order = np.argsort(-best, kind="stable")
    precisions = np.cumsum((right * sample_weight)[order]) / np.cumsum(sample_weight[order])
    enough = np.flatnonzero(precisions >= precision)
    return float(best[order][enough[-1]]) if len(enough) else 1.0


def utility(best: float, right: bool, is_answerable: bool, threshold: float, perhaps: float) -> float:
    """What the outcome is worth to a person: -1 for a wrong answer to 1 for a right one or a rightful refusal."""
    if best >= threshold:
        return 1.0 if right else -1.0
    if best >= perhaps:
        return 0.7 * right if is_answerable else 0.4
    return 0.0 if is_answerable else 1.0


def mean_utility(
    found: Sequence[ReadQuestion], best: Floats, right: Booleans, threshold: float, perhaps: float
) -> float:
    """The mean utility, each question with its sample weight."""
    values = [
        utility(p, r, read.is_answerable, threshold, perhaps) for p, r, read in zip(best, right, found, strict=True)
    ]
    return float(np.average(values, weights=sample_weights(found)))


def perhaps_for(found: Sequence[ReadQuestion], best: Floats, right: Booleans, threshold: float) -> float:
    """The lowest threshold for "perhaps" whose mean utility is within _FLAT of the highest."""
    utilities = {
        perhaps: mean_utility(found, best, right, threshold, perhaps)
        for perhaps in (round(step * 0.01, 2) for step in range(1, 100))
    }
    highest = max(utilities.values())
    return min(perhaps for perhaps, value in utilities.items() if value >= highest - _FLAT)


def describe(
    found: Sequence[ReadQuestion], best: Floats, right: Booleans, threshold: float, perhaps: float
) -> dict[str, float]:
    """Scores at the threshold, by name.

    They are shares of questions, precision, expected calibration error over ten bins, AUROC of answerable against
    unanswerable, and AUROC of right against wrong. Precision and calibration error use the sample weights.
    """
    answerable = np.array([read.is_answerable for read in found])
    weight = sample_weights(found)
    given = best >= threshold
    bins = np.minimum((best * 10).astype(int), 9)
    error = sum(abs((weight * (best - right))[bins == n].sum()) for n in range(10)) / weight.sum()
    both = 0 < answerable.sum() < len(best)
    row = {
        "questions": len(best),
        "answerable": int(answerable.sum()),
        "first_right": right[answerable].mean(),
        "right_and_given": (right & given)[answerable].mean(),
        "given_unanswerable": given[~answerable].mean() if both else 0.0,
        "right_and_shown": (right & (best >= perhaps))[answerable].mean(),
        "abstained_unanswerable": (best < perhaps)[~answerable].mean() if both else 0.0,
        "utility": mean_utility(found, best, right, threshold, perhaps),
        "precision": (right * weight)[given].sum() / weight[given].sum() if given.any() else 0.0,
        "calibration_error": error,
    }
    if both:
        row["auroc_answerable"] = roc_auc_score(answerable, best)
    if 0 < right.sum() < len(right):
        row["auroc_right"] = roc_auc_score(right, best)
    return {name: round(float(value), 4) for name, value in row.items()}


def questions_over(file: Path, original: Path, limit: int, seed: int) -> list[SquadQuestion]:
    """A random sample of the file's questions, with the paragraphs and answers of `original`, joined by id."""
    _, questions = sample(file, len(read_squad(file)[0]), 10**9, seed)
    if file != original:
        originals = {question.id: question for question in read_squad(original)[1]}
        questions = [
            replace(originals[question.id], question=question.question)
            for question in questions
            if question.id in originals
        ]
    return questions[:limit]


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
    network = load_network(given.models)
    found: list[ReadQuestion] = []
    for file, original, limit in [*given.files, *given.translated]:
        texts, _ = read_squad(original)
        questions = questions_over(file, original, limit, given.seed)
        with tempfile.TemporaryDirectory() as folder:
            retriever = open_folder(texts, Path(folder))
            found += ask_questions(file.name, questions, retriever, network)
    weights, scores = fitted(found)
    write(weights, scores, given)
    shown = {"ranking": weights.ranking, "confidence": weights.confidence, "thresholds": weights.thresholds, **scores}
    print(json.dumps(shown, indent=1))
    return 0


def fitted(found: Sequence[ReadQuestion]) -> tuple[ReaderWeights, dict[str, dict[str, float]]]:
    """The weights with their thresholds, and the scores of each collection and of all.

    The thresholds of precisions come from the questions that the network reads; sentences are calibrated to the same
    probabilities.
    """
    best, right = out_of_fold(found)
    by_network = np.array([bool(read.spans) for read in found])
    sample_weight = sample_weights([read for read in found if read.spans])
    thresholds = {
        precision: threshold_for(best[by_network], right[by_network], sample_weight, precision)
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
        "files": {path.name: sha256_of_model_file(path) for path in sorted(given.models.glob("reader.[it]*"))},
        "ranking": dict(weights.ranking),
        "bias": weights.bias,
        "confidence": dict(weights.confidence),
        "sentences": asdict(weights.sentences) if weights.sentences else None,
        "thresholds": {str(precision): threshold for precision, threshold in weights.thresholds.items()},
        "perhaps": weights.perhaps,
    }
    (given.models / WEIGHTS_FILE.name).write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
