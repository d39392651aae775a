"""The measures by hand, and against trec_eval itself."""

import copy
import json
import random

import numpy as np
import pytest
import pytrec_eval

from eval.measures import (
    SEARCH_MEASURES,
    CalibrationBin,
    aurc,
    auroc,
    calibration,
    calibration_error,
    character_f1,
    exact_match,
    holds,
    is_unspaced,
    normalise,
    question_weights,
    risk_coverage,
    search_scores,
    squad2_score,
    token_f1,
    utility,
    weighted_mean,
)


def mean(scores: dict[str, dict[str, float]], name: str) -> float:
    return sum(row[name] for row in scores.values()) / len(scores)


def test_a_query_that_found_nothing_counts_as_zero():
    qrels = {"q1": {"p1": 1}, "q2": {"p2": 1}, "q3": {"p3": 1}}
    scores = search_scores(qrels, {"q1": {"p1": 0.9}, "q2": {}})  # q2 found nothing, q3 was never asked
    assert mean(scores, "success@1") == pytest.approx(1 / 3)
    assert scores["q2"] == scores["q3"] == dict.fromkeys(SEARCH_MEASURES, 0.0)


def test_a_query_with_nothing_right_in_the_index_counts_as_zero_and_does_not_vanish():
    scores = search_scores({"q1": {"p1": 1}, "q2": {}}, {"q1": {"p1": 1.0}, "q2": {"p1": 1.0}})
    assert set(scores) == {"q1", "q2"}
    assert mean(scores, "nDCG@10") == 0.5


def test_a_document_whose_name_is_the_querys_still_counts():
    scores = search_scores({"same": {"same": 1}}, {"same": {"same": 0.9, "other": 0.8}})
    assert scores["same"]["success@1"] == 1.0


def test_scoring_twice_gives_the_same_and_leaves_run_and_qrels_alone():
    qrels, run = {"q1": {"p1": 1, "p9": 0}}, {"q1": {"p9": 0.9, "p1": 0.8, "p3": 0.1}}
    before = copy.deepcopy((qrels, run))
    first = search_scores(qrels, run)
    assert first == search_scores(qrels, run)
    assert (qrels, run) == before
    assert first["q1"]["MRR@10"] == 0.5


def test_ties_keep_the_order_of_the_run_and_not_of_the_names():
    assert search_scores({"q": {"z": 1}}, {"q": {"z": 0.5, "a": 0.5}})["q"]["success@1"] == 1.0
    assert search_scores({"q": {"a": 1}}, {"q": {"z": 0.5, "a": 0.5}})["q"]["success@1"] == 0.0


def test_ndcg_recall_and_reciprocal_rank_by_hand():
    # right ones at ranks 2 and 3, a third never found
    scores = search_scores({"q": {"a": 1, "b": 1, "c": 1}}, {"q": {"x": 4.0, "a": 3.0, "b": 2.0, "y": 1.0}})["q"]
    gained = 1 / np.log2(3) + 1 / np.log2(4)
    ideal = 1 / np.log2(2) + 1 / np.log2(3) + 1 / np.log2(4)
    assert scores["nDCG@10"] == pytest.approx(gained / ideal)
    assert scores["recall@5"] == pytest.approx(2 / 3)
    assert scores["MRR@10"] == 0.5
    assert (scores["success@1"], scores["success@3"]) == (0.0, 1.0)


def test_hits_below_rank_ten_do_not_count():
    run = {"q": {f"x{number}": 20.0 - number for number in range(10)} | {"right": 1.0}}
    assert set(search_scores({"q": {"right": 1}}, run)["q"].values()) == {0.0}


def test_scores_are_those_of_trec_eval_on_random_runs():
    chooser = random.Random(0)
    names = [f"d{number}" for number in range(40)]
    qrels = {f"q{n}": {name: chooser.randint(0, 2) for name in chooser.sample(names, 12)} for n in range(30)}
    run = {query: {name: chooser.random() for name in chooser.sample(names, 25)} for query in qrels}
    run = {query: dict(sorted(row.items(), key=lambda item: -item[1])) for query, row in run.items()}
    theirs = pytrec_eval.RelevanceEvaluator(
        qrels, {"ndcg_cut.10", "recall.5,10", "success.1,5,10", "recip_rank"}
    ).evaluate(run)
    ours = search_scores(qrels, run)
    for query in qrels:
        for name, their_name in [
            ("nDCG@10", "ndcg_cut_10"),
            ("recall@5", "recall_5"),
            ("recall@10", "recall_10"),
            ("success@1", "success_1"),
            ("success@5", "success_5"),
            ("success@10", "success_10"),
        ]:
            assert ours[query][name] == pytest.approx(theirs[query][their_name]), (query, name)
        reciprocal = theirs[query]["recip_rank"]
        assert ours[query]["MRR@10"] == pytest.approx(reciprocal if reciprocal >= 0.1 else 0.0)


# Hand-worked by the rules of SQuAD's official script: lower case, punctuation out, a/an/the out, white space folded.
@pytest.mark.parametrize(
    ("given", "accepted", "exact", "f1"),
    [
        ("The Eiffel Tower!", ["eiffel tower"], 1.0, 1.0),
        ("Eiffel", ["the Eiffel Tower"], 0.0, 2 / 3),  # 1 of 1 word right, 1 of 2 found
        ("in the year 1958", ["1958", "year 1958"], 0.0, 4 / 5),  # in year 1958: 2 of 3 right, 2 of 2 found
        ("US$1.5 billion", ["1.5 billion"], 0.0, 1 / 2),  # us15 billion and 15 billion share "billion"
        ("Paris Paris", ["Paris"], 0.0, 2 / 3),  # a word counts as often as both have it
        ("well-known", ["wellknown"], 1.0, 1.0),  # punctuation goes, no space comes
        ("", ["four years"], 0.0, 0.0),  # refused although there is an answer
        ("four years", [], 0.0, 0.0),  # answered although there is none
        ("", [], 1.0, 1.0),  # rightly refused
        ("tea", ["coffee"], 0.0, 0.0),
    ],
)
def test_exact_match_and_f1_by_squads_rules(given, accepted, exact, f1):
    assert exact_match(given, accepted) == exact
    assert token_f1(given, accepted) == pytest.approx(f1)


def test_an_answer_is_shown_word_by_word_whatever_quotation_marks_stand_around_it():
    assert holds("It was signed after four years of talks.", ["Four years"])
    assert holds("the so-called “kaizen” method", ['the "kaizen" method']) is False  # “ ” are no ASCII punctuation
    assert not holds("It grew by 151 percent.", ["51 percent"])
    assert not holds("It was signed.", [""])
    assert not holds("anything", ["the"])  # nothing is left of it


def test_normalising_is_not_the_searchs_own():
    assert normalise("The Ramírez  banks,") == "ramírez banks"  # accents and endings stay


def test_risk_coverage_and_its_area_by_hand():
    confidence, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([1.0, 0.0, 1.0, 0.0])
    assert risk_coverage(confidence, right) == [(0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert aurc(confidence, right) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_questions_of_one_confidence_are_one_step_whatever_their_order():
    confidence = np.array([0.5, 0.5, 0.5, 0.5])
    assert aurc(confidence, np.array([1.0, 1.0, 0.0, 0.0])) == aurc(confidence, np.array([0.0, 0.0, 1.0, 1.0])) == 0.5


def test_auroc_counts_pairs_with_ties_as_half_and_has_no_value_for_one_class():
    # pairs of (positive, negative): .9>.5, .9>.1, .5=.5, .5>.1
    assert auroc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(3.5 / 4)
    assert np.isnan(auroc(np.array([0.9, 0.5]), np.array([1.0, 1.0])))


def test_calibration_error_by_hand():
    confidence, right = np.array([0.95, 0.92, 0.31, 1.0]), np.array([1.0, 0.0, 0.0, 1.0])
    assert calibration(confidence, right) == [
        CalibrationBin(3, 1, pytest.approx(0.31), 0.0, 0.25),
        CalibrationBin(9, 3, pytest.approx((0.95 + 0.92 + 1.0) / 3), pytest.approx(2 / 3), 0.75),
    ]
    assert calibration_error(confidence, right) == pytest.approx((0.31 + 3 * abs(2.87 / 3 - 2 / 3)) / 4)
    assert np.isnan(calibration_error(np.array([]), np.array([])))


def test_utility_is_by_outcome_as_the_design_says():
    answerable = [
        (utility(status, is_right=True, is_answerable=True), utility(status, is_right=False, is_answerable=True))
        for status in ("answered", "perhaps", "abstained")
    ]
    assert answerable == [(1.0, -1.0), (0.7, 0.0), (0.0, 0.0)]
    unanswerable = [
        utility(status, is_right=False, is_answerable=False) for status in ("answered", "perhaps", "abstained")
    ]
    assert unanswerable == [-1.0, 0.4, 1.0]
    assert utility("smalltalk", is_right=False, is_answerable=True) == 0.0
    assert utility("smalltalk", is_right=False, is_answerable=False) == 0.0


def test_unanswerable_questions_count_three_in_ten_however_many_there_are():
    # one of four is unanswerable: its weight is .3 / .25, the others' .7 / .75
    weights = question_weights(np.array([1.0, 1.0, 0.0, 1.0]))
    assert weights == pytest.approx([0.7 / 0.75, 0.7 / 0.75, 1.2, 0.7 / 0.75])
    assert weights.sum() == pytest.approx(4)
    assert list(question_weights(np.ones(2))) == [1.0, 1.0]  # one group alone is not weighted
    assert list(question_weights(np.zeros(2))) == [1.0, 1.0]
    # answerable 1, 0, -1 and unanswerable 1: .7 * 0 + .3 * 1
    assert weighted_mean(np.array([1.0, 0.0, 1.0, -1.0]), np.array([1.0, 1.0, 0.0, 1.0])) == pytest.approx(0.3)
    assert np.isnan(weighted_mean(np.array([]), np.array([])))


def test_a_weighted_calibration_error_by_hand():
    # two answerable, right at .9 and wrong at .5; two unanswerable at .5: weights .7 / .5 and .3 / .5
    confidence, right, answerable = np.array([0.9, 0.5, 0.5, 0.5]), np.array([1.0, 0, 0, 0]), np.array([1.0, 1, 0, 0])
    weights = question_weights(answerable)
    low, high = calibration(confidence, right, weights)
    assert (low.n, low.share, high.share) == (3, pytest.approx((1.4 + 0.6 + 0.6) / 4), pytest.approx(1.4 / 4))
    assert calibration_error(confidence, right, weights) == pytest.approx(0.65 * 0.5 + 0.35 * 0.1)
    assert calibration_error(confidence, right) == pytest.approx(0.75 * 0.5 + 0.25 * 0.1)


def test_squad2s_best_score_sweeps_the_threshold():
    # by confidence: right (1), unanswerable, half right (.5), unanswerable. Refusing all: 2 of 4; the first answered:
    # 3 of 4; two: 2; three: 2.5; all: 1.5
    confidence, answerable = np.array([0.9, 0.8, 0.7, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    assert squad2_score(np.array([1.0, 0.0, 0.5, 0.0]), answerable, confidence) == 3 / 4
    assert squad2_score(np.zeros(4), answerable, confidence) == 2 / 4  # refusing all is best
    # of equal confidence: all answered together (1.5) or none (2)
    assert squad2_score(np.array([1.0, 0.0, 0.5, 0.0]), answerable, np.full(4, 0.5)) == 2 / 4
    assert np.isnan(squad2_score(np.array([]), np.array([]), np.array([])))


@pytest.mark.parametrize(
    ("given", "accepted", "f1"),
    [
        ("東京都", ["東京都"], 1.0),
        ("「東京」。", ["東京"], 1.0),  # punctuation of any script goes
        ("東京都内", ["東京都"], 2 * 3 / 7),  # 3 of 4 right, 3 of 3 found
        ("大阪", ["東京", "大阪府"], 2 * 2 / 5),
        ("", ["東京"], 0.0),
    ],
)
def test_character_f1_by_hand(given, accepted, f1):
    assert character_f1(given, accepted) == pytest.approx(f1)


def test_scripts_without_spaces_are_told_by_most_letters():
    assert is_unspaced(["1867年11月10日", "NHK放送文化研究所"])
    assert not is_unspaced(["Tokyo (東京)", "four years"])
    assert not is_unspaced(["1867"])


def test_an_answer_is_found_in_a_sentence_without_spaces():
    assert holds("首都は東京である。", ["東京"])
    assert not holds("首都は東京である。", ["京都"])
    assert not holds("It cost 1300円.", ["300円"])  # digits are still whole words


def test_every_score_is_a_plain_number():
    scores = search_scores({"q": {"a": 1}}, {"q": {"a": 1.0}})
    assert json.loads(json.dumps(scores)) == scores
