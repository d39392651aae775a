"""The gate holds what was reached, and knows a loss from chance."""

from dataclasses import replace

import pytest

from eval import gate
from eval.dataset import Question
from eval.gate import check_arms, check_losses, dev_questions
from eval.outcome import RIGHT, Outcome
from eval.run import Scored
from tests.eval.test_relevance import collection


def outcome(number: int, right: float, ndcg: float = 1.0) -> Outcome:
    values = {"nDCG@10": ndcg, "success@5": ndcg, "right and shown": right, RIGHT: right, "best right": right}
    return Outcome(
        id=f"q{number}", split="dev", kind="fact", language="en", question="?", searched="?", document="a.txt",
        answers=("x",), gold="x", status="answered", confidence=0.9 if right else 0.4, said=None, found={}, rank=1,
        stage="right" if right else "refused wrongly", elapsed_ms=1.0, values=values,
    )  # fmt: skip


GOOD = [outcome(number, 1.0) for number in range(40)]


def failing(baseline, now):
    return {check.name for check in check_losses(baseline, now) if not check.holds}


def test_the_same_again_passes():
    assert failing(GOOD, GOOD) == set()


def test_a_significant_loss_fails_and_says_which():
    worse = [outcome(number, 0.0 if number < 12 else 1.0) for number in range(40)]
    assert {"right and shown", RIGHT} <= failing(GOOD, worse)
    assert "nDCG@10" not in failing(GOOD, worse)


def test_one_question_lost_of_forty_is_chance():
    assert failing(GOOD, [outcome(0, 0.0), *GOOD[1:]]) == set()


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
        return Scored("x", tuple(outcome(n, 1.0, value) for n in range(4)), {}, {})

    monkeypatch.setattr(gate, "score", scored)
    checks = check_arms(collection(docs), lambda *_: None)
    assert [check.holds for check in checks] == [holds, holds]
    assert checks[0].told == f"nDCG@10 fused 0.800, alone {arm:.3f}"


def test_the_gate_looks_at_the_dev_split_of_the_main_language_alone(docs):
    rows = [("a", "dev", "en"), ("b", "test", "en"), ("c", "dev", "es")]
    asked = collection(docs, *(Question(id_, split, "smalltalk", language, "hi") for id_, split, language in rows))
    assert [question.id for question in dev_questions(asked).questions] == ["a"]
