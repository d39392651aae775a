"""The gate fails for a significant loss and for nothing else."""

from dataclasses import replace

import pytest

from eval import gate
from eval.collection import seed_collection
from eval.dataset import Question
from eval.gate import check_arms, check_losses, dev_questions
from eval.outcome import RIGHT, Outcome
from eval.run import Scored
from retrieval.errors import EvaluationError
from tests.eval.test_relevance import collection


def outcome(number: int, right: float, ndcg: float = 1.0) -> Outcome:
    values = {"nDCG@10": ndcg, "success@5": ndcg, "right and answered": right, RIGHT: right, "best right": right}
    values |= {"token F1": right, "utility": right}
    return Outcome(
        id=f"q{number}", split="dev", kind="fact", language="en", status="answered",
        confidence=0.9 if right else 0.4, answer="x", stage="right" if right else "refused wrongly", values=values,
        collection="small", question="?",
        searched="?", document="a.txt", accepted=("x",), evidence_quote="x", citation=None, ranking={},
        rank=1, elapsed_ms=1.0,
    )  # fmt: skip


GOOD = [outcome(number, 1.0) for number in range(40)]


def failing(baseline, now):
    return {check.name for check in check_losses(baseline, now) if not check.holds}


def test_the_same_again_passes():
    assert failing(GOOD, GOOD) == set()


def test_a_significant_loss_fails_and_says_which():
    worse = [outcome(number, 0.0 if number < 12 else 1.0) for number in range(40)]
    assert {"right and answered", "utility", RIGHT} <= failing(GOOD, worse)
    assert "nDCG@10" not in failing(GOOD, worse)


def test_one_question_lost_of_forty_is_chance():
    assert failing(GOOD, [outcome(0, 0.0), *GOOD[1:]]) == set()


def without(name):
    return [replace(row, values={one: value for one, value in row.values.items() if one != name}) for row in GOOD]


def test_a_measure_that_the_baseline_lacks_is_skipped_and_says_so():
    checks = {check.name: check for check in check_losses(without("utility"), GOOD)}
    assert list(checks) == list(gate.GUARDED)
    assert [name for name, check in checks.items() if check.is_skipped] == ["utility"]
    assert (checks["utility"].holds, checks["utility"].verdict) == (True, "skip")
    assert checks["utility"].detail == "the baseline lacks it; write it with `quoth eval baseline`"
    assert checks["AURC"].verdict == "ok"


@pytest.mark.parametrize("name", ["utility", "token F1"])
def test_a_measure_that_only_the_baseline_has_fails(name):
    (check,) = (check for check in check_losses(GOOD, without(name)) if not check.holds)
    assert (check.name, check.verdict) == (name, "FAIL")
    assert check.detail == "the baseline has it, but this run did not measure it"


def test_a_gain_never_fails():
    worse = [outcome(number, 0.0 if number < 12 else 1.0) for number in range(40)]
    assert failing(worse, GOOD) == set()


def test_a_measure_where_lower_is_better_fails_when_it_rises():
    # as many right as before, but the wrong ones are now the surest
    before = [outcome(n, float(n >= 10)) for n in range(40)]
    after = [replace(row, confidence=0.1 if row.values[RIGHT] else 0.95) for row in before]
    assert failing(before, after) == {"AURC"}


@pytest.mark.parametrize(("arm", "holds"), [(0.7, True), (0.9, False)])
def test_the_fused_search_may_not_be_below_an_arm(docs, monkeypatch, arm, holds):
    def scored(_, system, *__, **___):
        value = 0.8 if system.fusion == "weighted" else arm
        outcomes = tuple(outcome(n, 1.0, value) for n in range(4))
        return Scored(name="x", outcomes=outcomes, qrels={}, signature={})

    monkeypatch.setattr(gate, "score_collection", scored)
    checks = check_arms(collection(docs), lambda *_: None)
    assert [check.holds for check in checks] == [holds, holds]
    assert checks[0].detail == f"nDCG@10 fused 0.800, alone {arm:.3f}"


def test_the_baseline_reads_back_with_all_that_the_gate_compares(tmp_path):
    path = tmp_path / "baseline.json"
    spare = [replace(row, values=row.values | {"success@3": 1.0}) for row in GOOD]
    scored = Scored(name="seeds", outcomes=tuple(spare), qrels={}, signature={"encoder": "fake"})
    gate.write_baseline(path, scored, "quoth eval baseline")
    back = gate.read_baseline(path)
    assert check_losses(back, GOOD) == check_losses(GOOD, GOOD)
    assert [(row.id, row.answer, row.is_right) for row in back] == [(row.id, "x", True) for row in GOOD]
    assert all(row.values == good.values for row, good in zip(back, GOOD, strict=True))  # without success@3


@pytest.mark.parametrize(
    ("stored", "message"),
    [(None, "can't read a result"), ("[]", "is not a result"), ('{"questions": [{}]}', "not in the current format")],
)
def test_a_baseline_that_is_missing_or_damaged_names_the_command_that_writes_it(tmp_path, stored, message):
    path = tmp_path / "baseline.json"
    if stored is not None:
        path.write_text(stored, encoding="utf-8")
    with pytest.raises(EvaluationError, match=f"{message}.*write it with `quoth eval baseline`"):
        gate.read_baseline(path)


def test_the_committed_baseline_has_the_dev_questions_of_the_set():
    assert {row.id for row in gate.read_baseline(gate.BASELINE)} == {
        question.id for question in dev_questions(seed_collection()).questions
    }


def test_the_gate_looks_at_the_dev_split_of_the_main_language_alone(docs):
    rows = [("a", "dev", "en"), ("b", "test", "en"), ("c", "dev", "es")]
    asked = collection(docs, *(Question(id_, split, "smalltalk", language, "hi") for id_, split, language in rows))
    assert [question.id for question in dev_questions(asked).questions] == ["a"]
