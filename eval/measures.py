"""The measures of rankings, answers and confidence. Pure.

Rankings are scored by ir-measures, which runs trec_eval's code. A query without hits counts as zero. Answers are
compared after SQuAD's normalisation, which is independent of the retriever's own.
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

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
UNANSWERABLE_SHARE = 0.3
"""What unanswerable questions count for where they are weighted, however many a collection has: three in ten."""
_REWARDS = {  # by outcome: (answerable and right, answerable and wrong, unanswerable)
    "answered": (1.0, -1.0, -1.0),
    "perhaps": (0.7, 0.0, 0.4),
    "abstained": (0.0, 0.0, 1.0),
}
_NOTHING = "(nothing)"
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
# Thai, Lao, Burmese, Khmer, kana and Chinese characters: scripts without spaces between words
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The questions of one of ten equal bins of confidence, numbered from 0.

    `n` questions, their mean confidence, the share that is right, and the bin's share of all questions. All but `n` are
    weighted where the questions are.
    """

    number: int
    n: int
    confidence: float
    right: float
    share: float


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


def character_f1(answer: str, accepted: Collection[str]) -> float:
    """The highest F1 of characters with an accepted answer, 0 to 1, for languages without spaces between words.

    In lower case, without punctuation and white space. Source: So et al., JaQuAD, 2022; Kurihara et al., LREC 2022.
    """
    return max((_f1(_characters(answer), _characters(right)) for right in accepted), default=float(not answer))


def _characters(text: str) -> list[str]:
    return [char for char in text.lower() if not char.isspace() and not unicodedata.category(char).startswith("P")]


def is_unspaced(texts: Iterable[str]) -> bool:
    """Whether most letters of the texts belong to scripts without spaces between words."""
    text = "".join(texts)
    return 2 * len(_UNSPACED.findall(text)) > sum(char.isalpha() for char in text)


def holds(shown: str, accepted: Collection[str]) -> bool:
    """Whether the text shown contains an accepted answer as whole words, after SQuAD's normalisation.

    In scripts without spaces, each character is a word.
    """
    padded = f" {_words_of(shown)} "
    return any(f" {words} " in padded for right in accepted if (words := _words_of(right)))


def _words_of(text: str) -> str:
    return " ".join(_UNSPACED.sub(r" \g<0> ", normalise(text)).split())


def utility(status: str, *, is_right: bool, is_answerable: bool) -> float:
    """What an outcome is worth to the person who asked, -1 to 1; 0 for a question taken for small talk.

    An answerable question: right 1, right as "perhaps" .7, wrong -1, else 0. An unanswerable one: refused 1, "perhaps"
    .4, answered -1.
    """
    if status not in _REWARDS:
        return 0.0
    right, wrong, unanswerable = _REWARDS[status]
    return (right if is_right else wrong) if is_answerable else unanswerable


def question_weights(answerable: Values) -> Values:
    """A weight per question, 1 on average, so that the unanswerable ones together count UNANSWERABLE_SHARE.

    Each is its group's wanted share over its actual share; all are 1 where there is only one group.
    """
    share = float(answerable.mean()) if len(answerable) else 0.0
    if share in (0.0, 1.0):
        return np.ones(len(answerable))
    return np.where(answerable == 1, (1 - UNANSWERABLE_SHARE) / share, UNANSWERABLE_SHARE / (1 - share))


def weighted_mean(values: Values, answerable: Values) -> float:
    """The mean of the values with UNANSWERABLE_SHARE for the unanswerable questions; NaN without questions."""
    return float((question_weights(answerable) * values).mean()) if len(values) else math.nan


def squad2_score(if_answered: Values, answerable: Values, confidence: Values) -> float:
    """The best mean over all thresholds: SQuAD 2.0's best exact match or F1, 0 to 1; NaN without questions.

    `if_answered` is each question's value if it is answered. If it is refused, an unanswerable one counts 1 and an
    answerable one 0. Questions of equal confidence are answered together. Source: Rajpurkar, Jia and Liang, ACL 2018.
    """
    if not len(confidence):
        return math.nan
    order = np.argsort(-confidence, kind="stable")
    gains = np.cumsum((if_answered - (1 - answerable))[order])
    last_of_its_confidence = np.append(confidence[order][1:] != confidence[order][:-1], True)
    best_gain = max(0.0, float(gains[last_of_its_confidence].max()))
    return (float((1 - answerable).sum()) + best_gain) / len(confidence)


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


def calibration(confidence: Values, right: Values, weights: Values | None = None) -> list[CalibrationBin]:
    """The non-empty bins of ten equal bins of confidence, lowest first; without weights, every question counts 1."""
    weights = np.ones(len(confidence)) if weights is None else weights
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    counts = np.bincount(bins)
    totals, stated, found = (np.bincount(bins, values) for values in (weights, weights * confidence, weights * right))
    return [
        CalibrationBin(
            number=int(number),
            n=int(counts[number]),
            confidence=float(stated[number] / totals[number]),
            right=float(found[number] / totals[number]),
            share=float(totals[number] / weights.sum()),
        )
        for number in np.flatnonzero(counts)
    ]


def calibration_error(confidence: Values, right: Values, weights: Values | None = None) -> float:
    """Expected calibration error over ten equal bins, 0 the best; NaN without questions.

    Source: Guo et al., ICML 2017.
    """
    rows = calibration(confidence, right, weights)
    return sum(row.share * abs(row.confidence - row.right) for row in rows) if rows else math.nan
