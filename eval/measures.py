"""The measures of rankings, answers and confidence. Pure.

Rankings are scored by ir-measures, which runs trec_eval's code. A query without hits counts as zero. Answers are
compared after SQuAD's normalisation, which is independent of the retriever's own.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, R, Success, nDCG
from scipy.stats import rankdata

from eval.collection import Qrels

Run = Mapping[str, Mapping[str, float]]
"""One system's scores by query and then by the name of the passage or document."""
Values = npt.NDArray[np.float64]

SEARCH_MEASURES = {
    "success@1": Success @ 1,
    "success@3": Success @ 3,
    "success@5": Success @ 5,
    "success@10": Success @ 10,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}
DEPTH = 10
CALIBRATION_BINS = 10
_NOTHING = "(nothing)"
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def search_scores(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    """Each measure by query, for every query of the qrels; zero where nothing relevant was found or exists.

    Ties keep the order of the run: trec_eval would order them by name, so scores are replaced by ranks.
    """
    judged = {query: dict(row) or {_NOTHING: 0} for query, row in qrels.items()}
    ranked = {query: {name: -float(rank) for rank, name in enumerate(row)} for query, row in run.items() if row}
    scores = {query: dict.fromkeys(SEARCH_MEASURES, 0.0) for query in qrels}
    names = {measure: name for name, measure in SEARCH_MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), judged, ranked):
        scores[metric.query_id][names[metric.measure]] = float(metric.value)
    return scores


def normalise(text: str) -> str:
    """Lower case, without punctuation and English articles, white space folded: SQuAD's rules."""
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(answer: str, accepted: Collection[str]) -> float:
    """1 where the normalised answer is an accepted one, else 0; without accepted answers, 1 for an empty answer."""
    return max((float(normalise(answer) == normalise(right)) for right in accepted), default=float(not answer))


def token_f1(answer: str, accepted: Collection[str]) -> float:
    """The highest token F1 with an accepted answer, 0 to 1, after SQuAD's normalisation."""
    return max(
        (_f1(normalise(answer).split(), normalise(right).split()) for right in accepted), default=float(not answer)
    )


def _f1(given: Sequence[str], right: Sequence[str]) -> float:
    if not given or not right:
        return float(given == right)
    shared = sum((Counter(given) & Counter(right)).values())
    return 2 * shared / (len(given) + len(right))


def holds(shown: str, accepted: Collection[str]) -> bool:
    """Whether the text shown contains an accepted answer as whole words, after SQuAD's normalisation."""
    padded = f" {normalise(shown)} "
    return any(f" {words} " in padded for right in accepted if (words := normalise(right)))


def risk_coverage(confidence: Values, right: Values) -> list[tuple[float, float]]:
    """(coverage, risk) points: risk is the share of wrong answers when only the most confident are given.

    Questions of equal confidence are answered together. Source: El-Yaniv and Wiener, JMLR 2010.
    """
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(1 - right[order])
    last_of_its_confidence = np.append(confidence[order][1:] != confidence[order][:-1], True)
    ends = np.flatnonzero(last_of_its_confidence)
    return [(float((end + 1) / len(order)), float(wrong[end] / (end + 1))) for end in ends]


def aurc(confidence: Values, right: Values) -> float:
    """The area under the risk-coverage curve, 0 the best: the mean risk over the questions, most confident first.

    Every member of a group of equal confidence has the group's risk. NaN without questions.
    """
    curve = risk_coverage(confidence, right) if len(confidence) else []
    before, area = 0.0, 0.0
    for coverage, risk in curve:
        area += (coverage - before) * risk
        before = coverage
    return area if curve else math.nan


def auroc(confidence: Values, is_positive: Values) -> float:
    """The probability that a positive has higher confidence than a negative, ties counting half; NaN without both.

    Computed from the rank sum: Mann and Whitney 1947.
    """
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    if not positives or not negatives:
        return math.nan
    above = rankdata(confidence)[is_positive == 1].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def calibration(confidence: Values, right: Values) -> list[tuple[float, float, int]]:
    """(mean confidence, accuracy, number of questions) of each non-empty bin of ten equal bins of confidence."""
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return [
        (float(confidence[bins == number].mean()), float(right[bins == number].mean()), int((bins == number).sum()))
        for number in range(CALIBRATION_BINS)
        if (bins == number).any()
    ]


def calibration_error(confidence: Values, right: Values) -> float:
    """Expected calibration error over ten equal bins, 0 the best; NaN without questions.

    Source: Guo et al., ICML 2017.
    """
    rows = calibration(confidence, right)
    return sum(count * abs(mean - accuracy) for mean, accuracy, count in rows) / len(confidence) if rows else math.nan
