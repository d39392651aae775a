"""Intervals and tests by hand: they find a difference that exists, none that does not, and are repeatable."""

import numpy as np
import pytest

from eval.measures import aurc, weighted_mean
from eval.significance import difference, estimate, holm, mean_difference, mean_estimate


def test_an_interval_holds_its_mean_and_is_the_same_each_time():
    values = np.array([1.0] * 80 + [0.0] * 20)
    found = mean_estimate(values)
    assert (found.value, found.n) == (0.8, 100)
    assert 0.70 < found.low < 0.76 < 0.84 < found.high < 0.90  # +- 1.96 * sqrt(.8 * .2 / 100) is .72 to .88
    assert mean_estimate(values) == found
    assert mean_estimate(values, seed=1) != found


def test_questions_without_a_value_are_left_out_and_counted_out():
    found = mean_estimate(np.array([1.0, np.nan, 0.0, np.nan]))
    assert (found.value, found.n) == (0.5, 2)
    assert mean_estimate(np.array([np.nan])).n == 0


def test_an_interval_of_what_never_varies_is_a_point():
    found = mean_estimate(np.ones(12))
    assert (found.low, found.high) == (1.0, 1.0)


def test_the_paired_test_by_counting():
    # Four of four questions better: with 2 ** 4 sign changes, two are as far out (all one way, all the other).
    found = mean_difference(np.zeros(4), np.ones(4))
    assert found.value == 1.0
    assert found.p == pytest.approx(2 / 16)


def test_the_same_system_twice_does_not_differ():
    values = np.array([1.0, 0.0, 1.0, np.nan])
    found = mean_difference(values, values)
    assert (found.value, found.p, found.n) == (0.0, 1.0, 3)


def test_the_paired_test_weights_each_group_of_questions():
    # answerable 0 -> 1 for one of two, unanswerable -1 -> 1 for one of eight: .7 * .5 + .3 * .25
    answerable = np.array([1.0] * 2 + [0.0] * 8)
    before, after = np.array([0.0, 0.0, -1.0, *[1.0] * 7]), np.array([1.0, 0.0, *[1.0] * 8])

    def statistic(values):
        both, groups = np.concatenate([before, values]), np.tile(answerable, 2)
        return lambda rows: weighted_mean(both[rows], groups[rows])

    found = difference(statistic(after), statistic(after), n=10)
    assert found.value == pytest.approx(0.7 * 0.5 + 0.3 * 0.25)
    assert found.low < found.value < found.high
    # permutations give +-.35 +-.075: as far out where both are swapped, or neither is
    assert found.p == pytest.approx(0.5, abs=0.05)
    assert difference(statistic(before), statistic(before), n=10).value == 0.0


def test_one_question_proves_nothing():
    found = mean_difference(np.array([0.0]), np.array([1.0]))
    assert (found.value, found.p) == (1.0, 1.0)


def test_a_difference_that_is_there_is_seen_and_chance_is_not():
    rng = np.random.default_rng(0)
    first = (rng.random(200) < 0.5).astype(float)
    better = np.where(rng.random(200) < 0.3, 1.0, first)
    other = (rng.random(200) < 0.5).astype(float)
    assert mean_difference(first, better).p < 0.01
    assert mean_difference(first, other).p > 0.05


def test_pairing_sees_what_two_intervals_do_not():
    rng = np.random.default_rng(1)
    hard = rng.random(100)
    first, second = hard, hard + 0.02
    assert mean_estimate(first).high > mean_estimate(second).low  # the intervals overlap widely
    assert mean_difference(first, second).p < 0.001


def test_which_questions_are_answered_is_part_of_the_difference():
    first = np.array([1.0, 1.0, np.nan, np.nan])
    second = np.array([1.0, 1.0, 0.0, 0.0])
    assert mean_difference(first, second).value == pytest.approx(-0.5)


def test_statistics_other_than_means_are_compared_by_swapping_sides():
    right = np.array([1.0] * 10 + [0.0] * 10)
    sure, unsure = np.linspace(1, 0, 20), np.linspace(0, 1, 20)  # the first is sure of the right ones
    confidence, both = np.concatenate([unsure, sure]), np.concatenate([right, right])

    def statistic(rows):
        return aurc(confidence[rows], both[rows])

    found = difference(statistic, statistic, 20)
    assert found.value < -0.4
    assert found.p < 0.01
    assert found.high < 0
    assert difference(statistic, statistic, 20) == found


def test_an_area_has_an_interval_too():
    confidence, right = np.linspace(1, 0, 50), np.array([1.0] * 30 + [0.0] * 20)
    found = estimate(lambda rows: aurc(confidence[rows], right[rows]), 50)
    assert found.low < found.value < found.high
    assert estimate(lambda rows: aurc(confidence[rows], right[rows]), 0).n == 0


def test_holm_by_hand():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {"a": 0.03, "c": 0.06, "b": 0.06}
    assert holm({"a": 0.9, "b": 0.8}) == {"b": 1.0, "a": 1.0}
