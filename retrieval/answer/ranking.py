"""The weights of the reader: they put spans in order and turn the first one's features into a probability. Pure.

The weights stand in models/reader.json with their card; training/fit_confidence.py fitted them to judged questions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np

from retrieval.errors import ModelError
from retrieval.schema import Features, RankingFeatures
from retrieval.settings import TARGET_PRECISION

MODELS = Path(__file__).parent.parent / "models"
WEIGHTS_FILE = MODELS / "reader.json"


@dataclass(frozen=True, slots=True)
class ReaderWeights:
    """What each feature counts, by its name.

    `ranking` weighs features into the score that orders spans; `confidence`, with `bias`, into the log odds that the
    first span is right. `thresholds` maps a target precision to the probability from which an answer is given;
    `perhaps` is the probability from which one is offered, 1 where none is.
    `multilingual` are the weights for the multilingual network's scores, whose probabilities mean the same, so that the
    thresholds here hold for them too; None where there is no such network.
    """

    ranking: Mapping[str, float]
    bias: float
    confidence: Mapping[str, float]
    thresholds: Mapping[float, float]
    perhaps: float = 1.0
    multilingual: ReaderWeights | None = None

    def threshold(self, target_precision: float = TARGET_PRECISION) -> float:
        """The threshold for a target precision, interpolated linearly between the fitted ones."""
        fitted = sorted(self.thresholds)
        return float(np.interp(target_precision, fitted, [self.thresholds[precision] for precision in fitted]))

    def perhaps_threshold(self, target_precision: float = TARGET_PRECISION) -> float:
        """The probability from which an answer is offered, never above the one from which it is given."""
        return min(self.perhaps, self.threshold(target_precision))


def load_weights(path: Path = WEIGHTS_FILE) -> ReaderWeights:
    """The fitted weights. Raises ModelError."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        thresholds = {float(precision): threshold for precision, threshold in stored["thresholds"].items()}
        return ReaderWeights(
            ranking=stored["ranking"],
            bias=stored["bias"],
            confidence=stored["confidence"],
            thresholds=thresholds,
            perhaps=float(stored["perhaps"]),
            multilingual=ReaderWeights(**stored["multilingual"], thresholds=thresholds)
            if stored["multilingual"]
            else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"can't load the reader's weights from {path}: {error}; install Quoth again") from error


def weighted_sum(features: RankingFeatures, weights: Mapping[str, float]) -> float:
    """Each named feature times its weight, added up."""
    return sum(weight * float(getattr(features, name)) for name, weight in weights.items())


def probability(features: Features, weights: ReaderWeights) -> float:
    """The fitted probability that the answer is right, 0 to 1."""
    return sigmoid(weights.bias + weighted_sum(features, weights.confidence))


def sigmoid(log_odds: float) -> float:
    """The probability that has these log odds, 0 to 1."""
    return 1 / (1 + exp(-max(min(log_odds, 60.0), -60.0)))
