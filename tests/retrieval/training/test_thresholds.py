"""How much each question weighs, where the thresholds lie, and what an outcome is worth."""

import numpy as np
import pytest

from retrieval.training.read_questions import ReadQuestion, ask_questions
from retrieval.training.squad import SquadQuestion
from retrieval.training.thresholds import SHARES, describe, perhaps_for, sample_weights, threshold_for, utility
from tests.conftest import FakeNetwork
from tests.retrieval.training.questions import OPENED


def test_each_kind_of_question_weighs_its_share():
    found = [
        ReadQuestion("a", OPENED, None, (), (), kind)
        for kind in ["answerable"] * 5 + ["removed"] * 3 + ["adversarial"] * 2
    ]
    weights = sample_weights(found)
    assert weights.sum() == pytest.approx(10)
    assert weights[:5].sum() == pytest.approx(10 * SHARES["answerable"])
    assert weights[8:].sum() == pytest.approx(10 * SHARES["adversarial"])
    assert sample_weights(found[:5]) == pytest.approx(1)
    one = ReadQuestion("b", OPENED, None, (), (), "adversarial")
    weights = sample_weights([*found, one])
    assert weights[:10].sum() == pytest.approx(10) and weights[10] == pytest.approx(1)


def test_large_collections_weigh_the_same():
    large, larger = (
        [ReadQuestion(name, OPENED, None, (), (), "answerable")] * number for name, number in (("a", 100), ("b", 300))
    )
    weights = sample_weights([*large, *larger])
    assert weights[:100].sum() == pytest.approx(200) and weights[100:].sum() == pytest.approx(200)


def test_the_threshold_is_the_lowest_that_gives_the_precision():
    best, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    assert threshold_for(best, right, np.ones(4), 1.0) == 0.8
    assert threshold_for(best, right, np.ones(4), 0.75) == 0.6
    assert threshold_for(best, right, np.array([1, 1, 9, 1.0]), 0.75) == 0.8
    assert threshold_for(best, ~right, np.ones(4), 0.9) == 1.0


def test_scores_are_those_at_the_threshold(small):
    near = SquadQuestion("n", "When was the mill of Lund opened?", "mill.txt", ())
    found = list(ask_questions("a", [OPENED, near], small.retriever, FakeNetwork({"1871": 3.0})))
    scores = describe(found, np.array([0.9, 0.4]), np.array([True, False]), 0.5, 0.5)
    assert (scores["first_right"], scores["right_and_given"], scores["given_unanswerable"]) == (1, 1, 0)
    assert scores["auroc_answerable"] == scores["precision"] == 1
    assert scores["utility"] == 1
    worse = describe(found, np.array([0.9, 0.95]), np.array([True, False]), 0.5, 0.5)
    assert worse["given_unanswerable"] == 1
    assert worse["utility"] == pytest.approx((SHARES["answerable"] - SHARES["adversarial"]) / 0.85, abs=1e-4)


@pytest.mark.parametrize(
    ("probability", "is_right", "is_answerable", "value"),
    [
        (0.9, True, True, 1),
        (0.9, False, True, -1),
        (0.9, False, False, -1),
        (0.5, True, True, 0.7),
        (0.5, False, True, 0),
        (0.5, False, False, 0.4),
        (0.1, True, True, 0),
        (0.1, False, False, 1),
    ],
)
def test_the_utility_of_an_outcome(probability, is_right, is_answerable, value):
    assert utility(probability, is_right, is_answerable, threshold=0.8, perhaps=0.3) == value


def test_perhaps_begins_where_offering_helps_more_than_it_misleads(small):
    near = SquadQuestion("n", "When was the mill of Lund opened?", "mill.txt", ())
    found = list(ask_questions("a", [OPENED, OPENED, near, near], small.retriever, FakeNetwork({"1871": 3.0})))
    best, right = np.array([0.9, 0.5, 0.4, 0.2]), np.array([True, True, False, False])
    assert perhaps_for(found, best, right, threshold=0.8) == 0.41  # above every unanswerable one
