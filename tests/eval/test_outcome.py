"""What a person got, judged: every stage that can lose a question, and every measure."""

import json
from dataclasses import replace

import numpy as np
import pytest

from eval import run
from eval.dataset import Evidence, Question
from eval.measures import SEARCH_MEASURES
from eval.outcome import (
    RERANKED,
    RIGHT,
    Judged,
    answer_values,
    first_answer,
    is_right_answer,
    judged_json,
    judged_of,
    outcome_json,
    outcome_of,
    ranking_of,
    reranked_values,
    stage_of,
)
from eval.run import pool, score_collection
from eval.scores import WEIGHTED_ERROR, by, compare, estimates, flips, main_language, reliability
from eval.systems import System, rank_fuse
from retrieval import Answer, AnswerText, Citation, Library
from retrieval.answer.decision import choose_answers
from retrieval.answer.reader import Reader
from retrieval.errors import EvaluationError
from retrieval.index.build import build_index
from retrieval.settings import IndexSettings
from tests.conftest import EMPEROR, FakeNetwork, no_report, write_corpus
from tests.eval.test_relevance import collection

EVIDENCE = Evidence("bridge.md", ((10, 40),))
COST = Question("q1", "dev", "fact", "en", "What did it cost?", ("$3.2 million",), (EVIDENCE,))
UNKNOWN = Question("q2", "dev", "unanswerable", "en", "Who built it?")
HELLO = Question("q3", "dev", "smalltalk", "en", "hello")


def said(text="$3.2 million", document="bridge.md", spans=((10, 40),), quote="The bridge cost $3.2 million."):
    citation = Citation(
        number=1,
        document=document,
        title="The Bridge",
        date=None,
        section=None,
        spans=spans,
        lines=(3, 3),
        quote=quote,
    )
    return AnswerText(text=text, confidence=0.8, citations=(citation,))


def given(*answers, status="answered", confidence=0.8):
    return Answer(
        question="?",
        searched="?",
        status=status,
        confidence=confidence,
        answers=answers,
        threshold=0.5,
        perhaps_threshold=0.5,
        elapsed_ms={"total": 1.0},
    )


def test_right_means_the_right_words_from_the_right_place():
    assert is_right_answer(COST, said())
    assert not is_right_answer(COST, said(document="mill.txt"))  # the same words, cited from elsewhere
    assert not is_right_answer(COST, said(spans=((50, 60),)))
    assert not is_right_answer(COST, said(text="$4 million", quote="It cost $4 million."))
    assert is_right_answer(COST, said(text="The bridge cost $3.2 million."))  # it stands in what is shown


def test_an_answer_is_scored_by_what_was_shown():
    values = answer_values(COST, given(said()), said())
    assert values == {
        "exact match": 1.0,
        "token F1": 1.0,
        "right shown": 1.0,
        "right and answered": 1.0,
        RIGHT: 1.0,
        "utility": 1.0,
        "answerable answered": 1.0,
        "answerable perhaps": 0.0,
        "answerable abstained": 0.0,
        "best right": 1.0,
        "best exact match": 1.0,
        "best token F1": 1.0,
        "precision": 1.0,
        "citation precision": 1.0,
    }


def test_a_refusal_of_an_answerable_question_is_zero_and_in_no_precision():
    values = answer_values(COST, given(status="abstained", confidence=0.3), said())
    names = ("exact match", "token F1", "right shown", "right and answered", RIGHT, "answerable answered", "utility")
    assert [values[name] for name in names] == [0] * 7
    assert values["answerable abstained"] == 1.0
    assert values["best right"] == values["best exact match"] == values["best token F1"] == 1.0
    assert "precision" not in values
    assert "citation precision" not in values


def test_a_perhaps_shows_its_answer_but_is_no_answered_question():
    values = answer_values(COST, given(said(), status="perhaps", confidence=0.3), said())
    assert (values["right shown"], values[RIGHT], values["exact match"], values["right and answered"]) == (1, 1, 1, 0)
    assert "precision" not in values


def test_an_unanswerable_question_is_scored_on_refusing_alone():
    names = ("false answers", "unanswerable perhaps", "unanswerable abstained")
    refused = answer_values(UNKNOWN, given(status="abstained"), None)
    assert refused == {RIGHT: 1.0, "utility": 1.0, **dict(zip(names, (0.0, 0.0, 1.0), strict=True))}
    offered = answer_values(UNKNOWN, given(said(), status="perhaps"), said())
    assert offered == {RIGHT: 0.0, "utility": 0.4, **dict(zip(names, (0.0, 1.0, 0.0), strict=True))}
    answered = answer_values(UNKNOWN, given(said()), said())
    shares = dict(zip(names, (1.0, 0.0, 0.0), strict=True))
    assert answered == {RIGHT: 0.0, "utility": -1.0, **shares, "precision": 0.0, "citation precision": 0.0}


def test_a_right_answer_offered_as_perhaps_is_shown_but_not_answered():
    values = answer_values(COST, given(said(), status="perhaps", confidence=0.4), said())
    names = ("right shown", RIGHT, "right and answered", "answerable answered", "answerable perhaps", "utility")
    assert [values[name] for name in names] == [1.0, 1.0, 0.0, 0.0, 1.0, 0.7]
    assert values["token F1"] == 1.0  # it was shown
    assert "precision" not in values  # which counts claims, not offers


def test_a_wrong_answer_costs_and_a_wrong_offer_does_not():
    wrong = said(text="$4 million", quote="It cost $4 million.")
    answered, offered = (answer_values(COST, given(wrong, status=status), wrong) for status in ("answered", "perhaps"))
    assert (answered["utility"], offered["utility"]) == (-1.0, 0.0)
    assert (answered["right shown"], offered["right shown"]) == (0.0, 0.0)


def test_the_passage_that_the_reader_puts_first_is_judged(small, docs):
    found = small.ask("When was the harbour of Lund opened?")
    asked = collection(docs, COST)
    first = next(iter(ranking_of([found.candidates[0].hit], asked)))
    assert reranked_values(found, asked, {first: 1}) == {RERANKED: 1.0}
    assert reranked_values(found, asked, {"elsewhere": 1, first: 0}) == {RERANKED: 0.0}
    assert reranked_values(replace(found, candidates=()), asked, {first: 1}) == {RERANKED: 0.0}
    assert reranked_values(found, asked, None) == {}


def test_small_talk_is_right_where_it_is_taken_for_it():
    assert answer_values(HELLO, given(status="smalltalk"), None) == {RIGHT: 1.0}
    assert answer_values(HELLO, given(status="abstained"), None) == {RIGHT: 0.0}


@pytest.mark.parametrize(
    ("question", "answer", "values", "in_passages", "is_read", "stage"),
    [
        (COST, given(said()), {RIGHT: 1.0, "best right": 1.0}, True, True, "right"),
        (COST, given(), {RIGHT: 0.0, "best right": 0.0}, False, False, "evidence in no passage"),
        (COST, given(), {RIGHT: 0.0, "best right": 0.0}, True, False, "passage not read"),
        (COST, given(), {RIGHT: 0.0, "best right": 0.0}, True, True, "reader chose another span"),
        (COST, given(status="abstained"), {RIGHT: 0.0, "best right": 1.0}, True, True, "refused wrongly"),
        (COST, given(status="smalltalk"), {RIGHT: 0.0, "best right": 0.0}, True, True, "taken for small talk"),
        (UNKNOWN, given(said()), {RIGHT: 0.0}, False, False, "answered wrongly"),
        (UNKNOWN, given(said(), status="perhaps"), {RIGHT: 0.0}, False, False, "offered wrongly"),
        (COST, given(said(), status="perhaps"), {RIGHT: 1.0, "best right": 1.0}, True, True, "right"),
        (HELLO, given(status="abstained"), {RIGHT: 0.0}, False, False, "not taken for small talk"),
    ],
)
def test_the_stage_that_lost_a_question_is_the_first(question, answer, values, in_passages, is_read, stage):
    assert stage_of(question, answer, values, is_in_passages=in_passages, is_read=is_read) == stage


@pytest.fixture
def scored(small, docs, monkeypatch):
    """The small corpus asked three questions, one of which no document answers."""
    bridge = small.store.document_by_id("news/bridge.md")
    mill = small.store.document_by_id("mill.txt")
    cost = bridge.text.index("The bridge cost")
    fire = mill.text.index("The old mill burned")
    asked = (
        replace(COST, question="What did the bridge cost?", evidence=(Evidence(bridge.doc_id, ((cost, cost + 29),)),)),
        Question("q4", "dev", "fact", "en", "When did the old mill burn down?", ("May 4, 1999", "burned down"),
                 (Evidence(mill.doc_id, ((fire, fire + 25),)),)),
        UNKNOWN,
        HELLO,
    )  # fmt: skip
    monkeypatch.setattr(run, "open_system", lambda *_: small)
    monkeypatch.setattr(System, "signature", lambda *_: {"passages": {"number": 3}})
    return lambda search_only=False: score_collection(
        collection(docs, *asked), System(), lambda *_: None, search_only=search_only
    )


def test_a_whole_collection_is_scored_in_order_and_each_question_once(scored):
    found = scored()
    assert [outcome.id for outcome in found.outcomes] == ["q1", "q4", "q2", "q3"]
    first = found.outcomes[0]
    assert first.rank == 1
    assert first.evidence_quote == "The bridge cost $3.2 million."
    assert first.values.keys() >= SEARCH_MEASURES.keys() | {"reader right", "reader token F1"}
    unanswerable = {"false answers", "unanswerable perhaps", "unanswerable abstained"}
    assert set(found.outcomes[2].values) == {RIGHT, "utility", *unanswerable}
    assert found.outcomes[3].stage == "right"
    assert found.signature["answerable"] == 2


def test_a_search_only_score_counts_answerable_questions_and_reads_nothing(scored):
    found = scored(search_only=True)
    assert [outcome.id for outcome in found.outcomes] == ["q1", "q4"]
    assert found.outcomes[0].values.keys() == SEARCH_MEASURES.keys()
    assert (found.outcomes[0].status, found.outcomes[0].answer) == ("searched", None)


def test_an_outcome_reads_back_as_it_was_stored(scored):
    for outcome in scored().outcomes:
        back = outcome_of(json.loads(json.dumps(outcome_json(outcome))))
        assert back == replace(outcome, ranking={}, elapsed_ms=back.elapsed_ms)


def test_what_the_baseline_stores_reads_back(scored):
    for outcome in scored().outcomes:
        back = judged_of(json.loads(json.dumps(judged_json(outcome))))
        assert (back.id, back.answer, back.values, back.is_right) == (
            outcome.id,
            outcome.answer,
            outcome.values,
            outcome.is_right,
        )


def test_asking_twice_gives_the_same(scored):
    def still(found):
        return [replace(outcome, elapsed_ms=0.0) for outcome in found.outcomes]

    assert still(scored()) == still(scored())


def test_means_divide_by_all_questions_they_apply_to(scored):
    found = estimates(scored().outcomes)
    assert found["success@1"].n == 2  # what can be answered
    assert found["false answers"].n == 1
    assert found[RIGHT].n == 4
    assert found["AURC"].n == found["utility"].n == 3  # all but small talk
    groups = by(scored().outcomes, lambda outcome: outcome.kind)
    assert groups["smalltalk"] == {RIGHT: (1.0, 1)}
    assert groups["fact"]["success@5"] == (1.0, 2)


def judged(id_, kind, status, confidence, **values):
    return Judged(id_, "dev", kind, "en", status, confidence, None, "right", values)


THREE_RIGHT_OF_FOUR = [
    judged("a", "fact", "answered", 0.95, **{RIGHT: 1.0, "utility": 1.0, "best right": 1.0}),
    judged("b", "fact", "perhaps", 0.45, **{RIGHT: 1.0, "utility": 0.7, "best right": 1.0}),
    judged("c", "fact", "answered", 0.91, **{RIGHT: 0.0, "utility": -1.0, "best right": 0.0}),
    judged("d", "unanswerable", "abstained", 0.05, **{RIGHT: 1.0, "utility": 1.0}),
    judged("e", "smalltalk", "smalltalk", 0.0, **{RIGHT: 1.0}),
]


def test_utility_weights_answerable_and_unanswerable_questions():
    found = estimates(THREE_RIGHT_OF_FOUR)["utility"]
    assert (found.value, found.n) == (pytest.approx(0.7 * (1 + 0.7 - 1) / 3 + 0.3 * 1), 4)
    assert estimates(THREE_RIGHT_OF_FOUR[:3])["utility"].value == pytest.approx((1 + 0.7 - 1) / 3)  # one group alone


def test_utility_is_compared_with_its_weights():
    a, b, c, d, e = THREE_RIGHT_OF_FOUR
    refused = [a, b, replace(c, values=c.values | {"utility": 0.0}), d, e]
    assert compare(THREE_RIGHT_OF_FOUR, refused, ["utility"])["utility"].value == pytest.approx(0.7 / 3)


def test_stated_and_found_precision_by_hand():
    # weights: .7 / .75 for each answerable question, .3 / .25 for the unanswerable one
    low, middle, high = reliability(THREE_RIGHT_OF_FOUR)
    assert (low["bin"], low["stated"], low["right"], low["n"], low["weighted right"]) == (0, 0.05, 0.0, 1, 0.0)
    assert low["weighted stated"] == pytest.approx(0.05)
    assert (middle["bin"], middle["right"]) == (4, 1.0)
    assert (high["bin"], high["stated"], high["right"], high["n"]) == (9, pytest.approx(0.93), 0.5, 2)
    plain, weighted = (estimates(THREE_RIGHT_OF_FOUR)[name].value for name in ("calibration error", WEIGHTED_ERROR))
    assert plain == pytest.approx((0.05 + 0.55 + 2 * 0.43) / 4)
    assert weighted == pytest.approx((1.2 * 0.05 + 0.7 / 0.75 * (0.55 + 2 * 0.43)) / 4)
    assert reliability(()) == []


def test_the_main_tables_count_english_or_all_where_there_is_none():
    spanish = [replace(row, language="es") for row in THREE_RIGHT_OF_FOUR]
    assert main_language([*THREE_RIGHT_OF_FOUR, *spanish]) == THREE_RIGHT_OF_FOUR
    assert main_language(spanish) == spanish


def test_several_collections_are_pooled_under_their_names(scored):
    one = scored()
    found = pool("both", [replace(one, name="a", signature=one.signature | {"corpus": "x"}),
                          replace(one, name="b", signature=one.signature | {"corpus": "y"})])  # fmt: skip
    assert [outcome.id for outcome in found.outcomes][:5] == ["a/q1", "a/q4", "a/q2", "a/q3", "b/q1"]
    assert [outcome.document for outcome in found.outcomes][:3] == ["a/news/bridge.md", "a/mill.txt", None]
    assert found.qrels["b/q1"] == one.qrels["q1"]
    assert (found.signature["questions"], found.signature["answerable"]) == (8, 4)
    assert (found.signature["collection"], found.signature["passages"]["number"]) == ("both", 6)


def test_two_results_are_compared_question_by_question(scored):
    first = list(scored().outcomes)
    worse = replace(first[0], stage="refused wrongly", values=first[0].values | {"right and answered": 0.0})
    better = replace(first[0], stage="right", values=first[0].values | {"right and answered": 1.0})
    rest = first[1:]
    found = compare([worse, *rest], [better, *rest], ["right and answered", "nDCG@10"])
    assert found["right and answered"].value == 0.5  # one of the two that can be answered
    assert found["nDCG@10"].value == 0.0
    (flip,) = flips([worse, *rest], [better, *rest])
    assert (flip.id, flip.is_fixed) == ("q1", True)
    (flip,) = flips([better, *rest], [worse, *rest])
    assert not flip.is_fixed


def test_a_system_that_was_never_asked_is_an_error_and_no_zero(scored):
    outcomes = scored().outcomes
    with pytest.raises(EvaluationError, match="different questions"):
        compare(outcomes, outcomes[:2])
    with pytest.raises(EvaluationError, match="different questions"):
        flips(outcomes, ())


def test_a_refusal_has_a_first_answer_too(told):
    refused = told.ask(EMPEROR)
    assert refused.status == "abstained"
    assert refused.answers == ()
    best = first_answer(refused)
    assert best is not None
    assert best.confidence == refused.confidence


def test_the_first_answer_of_a_refusal_is_no_hopeless_one_of_a_newer_document(docs, tmp_path, fake, shipped_reader):
    network = FakeNetwork({"1871": 3.0, "1899": 0.5, "may": -9.0, "4": -9.0})
    write_corpus(docs, {"later.txt": "Port News\n\nMay 4, 2020 – The harbour of Lund was opened in 1899.\n"})
    build_index(docs, tmp_path / "later", IndexSettings(), no_report, fake)
    library = Library(tmp_path / "later", encoder=fake, reader=Reader(network, shipped_reader.weights))
    found = library.ask("When was the harbour of Lund opened?")
    refused = replace(found, status="abstained", answers=())
    possible = [text.text for text in choose_answers(refused.candidates, 0.0)]
    assert "1899" in possible  # it contradicts the best, and is newer
    best = first_answer(refused)
    assert best is not None and (best.text, best.confidence) == ("1871", refused.confidence)


def test_rank_fusion_by_hand():
    dense, sparse = {1: 0.9, 2: 0.8, 3: 0.1}, {1: 0.0, 2: 3.0, 3: 5.0}
    assert rank_fuse(dense, sparse) == [
        (3, pytest.approx(1 / 63 + 1 / 61)),
        (2, pytest.approx(1 / 62 + 1 / 62)),
        (1, pytest.approx(1 / 61)),  # has no word of the query, so no rank by words
    ]
    assert rank_fuse({1: 0.5, 2: 0.5}, {1: 0.0, 2: 0.0})[0][0] == 1
    assert not np.isnan(rank_fuse({1: 0.5}, {1: 0.0})[0][1])
