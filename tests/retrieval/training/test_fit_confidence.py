"""How weights are fitted."""

import json
from dataclasses import replace

import numpy as np
import pytest

from retrieval.answer.ranking import ReaderWeights, load_weights
from retrieval.answer.reader import MULTILINGUAL_FILE, NETWORK_FILE
from retrieval.encoder.prepared import sha256_of_model_file
from retrieval.errors import ModelError
from retrieval.settings import MAX_TARGET_PRECISION, MIN_TARGET_PRECISION
from retrieval.training import fit_confidence
from retrieval.training.fit_confidence import (
    CONFIDENCE,
    FOLDS,
    RANKING,
    first_candidate,
    fit,
    out_of_fold,
    reweigh,
)
from retrieval.training.read_questions import ask_questions, is_shown
from retrieval.training.squad import SquadQuestion
from retrieval.training.thresholds import SHARES, sample_weights
from tests.conftest import SPAN_ALONE, FakeNetwork, FakeStateModel
from tests.retrieval.training.questions import OPENED


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


def test_the_multilingual_network_has_weights_of_its_own(small):
    spanish = replace(OPENED, question="¿Qué dice el texto sobre la harbour de Lund, opened por Queen Astrid?")
    wrong = SquadQuestion("n", "¿Cuándo se abrió el zoo de Malmö y quién lo abrió?", "mill.txt", ())
    near = replace(wrong, question="When was the zoo of Malmö opened?")
    asked = [spanish, wrong, OPENED, near] * 6
    small.retriever.encoder.info = replace(small.retriever.encoder.info, state_layer=1)
    found = list(
        ask_questions("a", asked, small.retriever, FakeNetwork({"1871": 3.0}), FakeStateModel({"1871": 2.0, "14": 3.0}))
    )
    assert [read.is_multilingual for read in found].count(True) >= 10
    weights = fit(found)
    assert weights.multilingual is not None and set(weights.multilingual.confidence) == set(CONFIDENCE)
    assert weights.multilingual.ranking != weights.ranking
    for read in found:
        first = first_candidate(read, weights)
        assert (
            first.confidence == reweigh(read, weights.multilingual if read.is_multilingual else weights)[0].confidence
        )


def test_the_shipped_weights_state_how_they_were_made():
    weights = load_weights()
    wanted = sorted(weights.thresholds)
    assert (wanted[0], wanted[-1]) == (MIN_TARGET_PRECISION, MAX_TARGET_PRECISION)
    assert [weights.threshold(one) for one in wanted] == sorted(weights.thresholds.values())
    assert 0 < weights.perhaps_threshold() <= weights.threshold() < 1
    for own in (weights, weights.multilingual):
        assert set(own.ranking) == set(RANKING) and set(own.confidence) == set(CONFIDENCE)
    stored = json.loads((fit_confidence.MODELS / "reader.json").read_text(encoding="utf-8"))
    assert {"date", "data", "licence", "commands", "scores"} <= stored["card"].keys()
    assert stored["files"] == {name: sha256_of_model_file(fit_confidence.MODELS / name) for name in stored["files"]}
    assert {NETWORK_FILE, MULTILINGUAL_FILE} <= stored["files"].keys()


def test_the_second_threshold_is_never_above_the_first():
    weights = replace(SPAN_ALONE, thresholds={0.5: 0.1, 0.9: 0.8}, perhaps=0.3)
    assert [weights.perhaps_threshold(wanted) for wanted in (0.5, 0.9)] == [0.1, 0.3]
    assert ReaderWeights({}, 0.0, {}, {0.9: 0.8}).perhaps_threshold() == 0.8  # none fitted: nothing is only offered


@pytest.mark.parametrize("stored", ["", "[]", "{}", '{"thresholds": [1]}'])
def test_damaged_weights_are_reported(tmp_path, stored):
    (tmp_path / "reader.json").write_text(stored, encoding="utf-8")
    with pytest.raises(ModelError, match="can't load the reader's weights"):
        load_weights(tmp_path / "reader.json")
