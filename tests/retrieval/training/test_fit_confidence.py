"""How weights are fitted: which answers are right, how much each question weighs, where the threshold lies."""

import json
from dataclasses import replace

import numpy as np
import pytest

from retrieval.answer.ranking import ReaderWeights, load_weights
from retrieval.answer.reader import NETWORK_FILE, Reader
from retrieval.encoder.prepared import sha256_of_model_file
from retrieval.errors import ModelError
from retrieval.settings import MAX_TARGET_PRECISION, MIN_TARGET_PRECISION
from retrieval.training import fit_confidence
from retrieval.training.fit_confidence import (
    CONFIDENCE,
    FOLDS,
    RANKING,
    SENTENCE,
    SHARES,
    ReadQuestion,
    ask_questions,
    describe,
    first_candidate,
    fit,
    is_right,
    is_shown,
    out_of_fold,
    perhaps_for,
    questions_over,
    reweigh,
    sample_weights,
    threshold_for,
    token_f1,
    utility,
)
from retrieval.training.squad import SquadQuestion
from tests.conftest import CORPUS, SPAN_ALONE, FakeNetwork

ASKED = "When was the harbour of Lund opened?"
OPENED = SquadQuestion("q", ASKED, "harbour.txt", (("1871", CORPUS["harbour.txt"].index("1871")),))


def candidates(small, odds):
    return Reader(FakeNetwork(odds), SPAN_ALONE).read(
        ASKED, small.search(ASKED), small.store.sparse.idf, small.retriever.encoder
    )


def test_an_answer_is_right_at_an_accepted_position_or_in_its_words(small):
    first, second = candidates(small, {"1871": 3.0, "astrid": 1.0})[:2]
    assert is_right(first, OPENED) and is_shown(first, OPENED)
    assert not is_right(second, OPENED)
    assert is_shown(second, OPENED)  # another word of the same sentence: the quotation shows the answer


def test_the_same_words_elsewhere_are_right_and_others_are_not(small):
    best = candidates(small, {"3.2": 3.0})[0]
    assert best.hit.document.doc_id == "news/bridge.md"
    assert not is_right(best, OPENED) and not is_shown(best, OPENED)
    elsewhere = replace(OPENED, document="mill.txt", answers=(("3.2", 0),))
    assert is_right(best, elsewhere) and is_shown(best, elsewhere)


@pytest.mark.parametrize(
    ("one", "other", "f1"),
    [("the harbour", "Harbour!", 1.0), ("in 1871", "1871", 2 / 3), ("Lund", "Malmö", 0.0), ("", "the", 1.0)],
)
def test_token_f1_is_squads(one, other, f1):
    assert token_f1(one, other) == pytest.approx(f1)


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


def test_a_question_whose_document_is_removed_is_left_out_if_its_answer_occurs_elsewhere(small):
    asked = [OPENED] * 10
    found = list(ask_questions("a", asked, small.retriever, FakeNetwork({"1871": 3.0})))
    assert [read.kind for read in found].count("answerable") == 8
    assert [read.kind for read in found].count("removed") == 2
    assert not any(is_shown(span, OPENED) for read in found if read.kind == "removed" for span in read.spans)
    written = replace(OPENED, answers=(("burned", 0),))
    assert len(list(ask_questions("a", [written] * 10, small.retriever, FakeNetwork({})))) == 8


def test_the_feature_that_separates_right_from_wrong_gets_a_positive_weight(small):
    near = SquadQuestion("n", "When was the mill of Lund opened?", "mill.txt", ())
    network = FakeNetwork({"1871": 3.0, "14": 1.0})
    found = [
        *ask_questions("a", [OPENED] * 8, small.retriever, network),
        *ask_questions("b", [near] * 8, small.retriever, FakeNetwork({})),
    ]
    weights = fit(found)
    assert set(weights.ranking) == set(RANKING) and weights.ranking["span"] > 0
    assert set(weights.confidence) == set(CONFIDENCE)


def test_probabilities_are_calibrated_for_the_assumed_shares(small):
    near = SquadQuestion("n", "When was the mill of Lund opened?", "mill.txt", ())
    found = list(
        ask_questions("a", [OPENED] * 10 + [near] * 20, small.retriever, FakeNetwork({"1871": 1.0, "14": 1.0}))
    )
    weights = fit(found)
    firsts = [reweigh(read, weights)[0] for read in found]
    right = [is_shown(first, read.question) for first, read in zip(firsts, found, strict=True)]
    expected = np.average(right, weights=sample_weights(found))
    assert np.average([first.confidence for first in firsts], weights=sample_weights(found)) == pytest.approx(
        expected, abs=0.01
    )
    assert expected == pytest.approx(SHARES["answerable"])


def test_a_probability_comes_from_weights_that_have_not_seen_the_question(small, monkeypatch):
    asked = [replace(OPENED, id=f"q{number}", document=f"{number % 2}.txt") for number in range(16)]
    found = list(ask_questions("a", asked, small.retriever, FakeNetwork({"1871": 3.0, "14": 1.0})))
    seen = []

    def fitted(reads):
        seen.append({read.question.id for read in reads})
        return SPAN_ALONE

    monkeypatch.setattr(fit_confidence, "fit", fitted)
    best, right = out_of_fold(found)
    assert 1 < len(seen) <= FOLDS
    ids = {read.question.id for read in found}
    assert sorted(id_ for fitted_to in seen for id_ in ids - fitted_to) == sorted(ids)  # each is left out once
    assert right.all() and (best > 0.9).all()


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


def test_questions_in_another_language_are_answered_with_sentences_and_have_weights_of_their_own(small):
    spanish = replace(OPENED, question="¿Qué dice el texto sobre la harbour de Lund, opened por Queen Astrid?")
    wrong = SquadQuestion("n", "¿Cuándo se abrió el zoo de Malmö y quién lo abrió?", "mill.txt", ())
    found = list(ask_questions("a", [spanish, wrong] * 6 + [OPENED] * 4, small.retriever, FakeNetwork({"1871": 3.0})))
    assert [bool(read.sentences) for read in found].count(True) >= 10
    weights = fit(found)
    assert weights.sentences is not None and set(weights.sentences.confidence) == set(SENTENCE)
    first = first_candidate(found[0], weights)
    assert not first.is_marked and 0 < first.confidence < 1


def test_questions_of_one_file_are_asked_over_the_paragraphs_of_another(tmp_path):
    def write(name, question, context, answers):
        entry = {"id": "q", "question": question, "answers": answers}
        data = {"data": [{"title": "t", "paragraphs": [{"context": context, "qas": [entry]}]}]}
        (tmp_path / name).write_text(json.dumps(data), encoding="utf-8")
        return tmp_path / name

    english = write("en.json", "When?", "In 1871.", [{"text": "1871", "answer_start": 3}])
    spanish = write("es.json", "¿Cuándo?", "En el año 1871.", [{"text": "1871", "answer_start": 10}])
    (asked,) = questions_over(spanish, english, 10, seed=0)
    assert (asked.question, asked.answers) == ("¿Cuándo?", (("1871", 3),))


def test_the_shipped_weights_state_how_they_were_made():
    weights = load_weights()
    wanted = sorted(weights.thresholds)
    assert (wanted[0], wanted[-1]) == (MIN_TARGET_PRECISION, MAX_TARGET_PRECISION)
    assert [weights.threshold(one) for one in wanted] == sorted(weights.thresholds.values())
    assert 0 < weights.perhaps_threshold() <= weights.threshold() < 1
    assert set(weights.ranking) == set(RANKING) and set(weights.confidence) == set(CONFIDENCE)
    stored = json.loads((fit_confidence.MODELS / "reader.json").read_text(encoding="utf-8"))
    assert {"date", "data", "licence", "commands", "scores"} <= stored["card"].keys()
    assert stored["files"] == {name: sha256_of_model_file(fit_confidence.MODELS / name) for name in stored["files"]}
    assert NETWORK_FILE in stored["files"]


def test_the_second_threshold_is_never_above_the_first():
    weights = replace(SPAN_ALONE, thresholds={0.5: 0.1, 0.9: 0.8}, perhaps=0.3)
    assert [weights.perhaps_threshold(wanted) for wanted in (0.5, 0.9)] == [0.1, 0.3]
    assert ReaderWeights({}, 0.0, {}, {0.9: 0.8}).perhaps_threshold() == 0.8  # none fitted: nothing is only offered


@pytest.mark.parametrize("stored", ["", "[]", "{}", '{"thresholds": [1]}'])
def test_damaged_weights_are_reported(tmp_path, stored):
    (tmp_path / "reader.json").write_text(stored, encoding="utf-8")
    with pytest.raises(ModelError, match="can't load the reader's weights"):
        load_weights(tmp_path / "reader.json")
