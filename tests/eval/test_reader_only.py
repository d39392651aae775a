"""The reader alone, scored by hand on paragraphs of two sentences."""

import math

import numpy as np
import pytest

from eval.dataset import Evidence, Question
from eval.reader_only import CHARACTER, EXACT, SENTENCE, TOKEN, Readings, compared, measured, question_values
from retrieval.answer.decoding import ScoredSpan

TEXT = "Lund has 14 piers. It opened in 1871 with 14 boats."
SENTENCES = [(0, 18), (19, 51)]
PIERS = Question(
    "a",
    "test",
    "fact",
    "en",
    "How many piers?",
    ("14", "14 piers"),
    (Evidence("p", ((9, 11),)), Evidence("p", ((9, 17),))),
)
NOBODY = Question("b", "test", "unanswerable", "en", "Who built it?")


def span(words, last=False):
    start = TEXT.rindex(words) if last else TEXT.index(words)
    return ScoredSpan(start, start + len(words), 1.0)


def test_a_sentence_is_right_where_it_holds_the_answer_at_its_own_place():
    def right(best):
        return question_values(PIERS, TEXT, SENTENCES, best)[SENTENCE]

    assert right(span("14")) == 1.0
    assert right(span("Lund")) == 1.0  # another span of the right sentence
    assert right(span("14", last=True)) == 0.0  # the right words in another sentence
    assert right(None) == 0.0


def test_a_span_is_compared_by_words_and_by_characters():
    values = question_values(PIERS, TEXT, SENTENCES, span("has 14 piers"))
    assert (values[EXACT], values[TOKEN]) == (0.0, pytest.approx(4 / 5))
    assert values[CHARACTER] == pytest.approx(2 * 7 / (7 + 10))  # 14piers in has14piers


def test_an_unanswerable_question_is_right_only_without_a_span():
    assert question_values(NOBODY, TEXT, SENTENCES, span("1871")) == {EXACT: 0.0, TOKEN: 0.0}
    assert question_values(NOBODY, TEXT, SENTENCES, None) == {EXACT: 1.0, TOKEN: 1.0}


def readings(exact, confidence, answerable):
    values = {EXACT: np.array(exact), TOKEN: np.array(exact)}
    return Readings(values=values, confidence=np.array(confidence), answerable=np.array(answerable))


MIXED = readings([1.0, 0.0, 0.0, 0.0], [3.0, 2.0, 1.0, -math.inf], [1.0, 0.0, 1.0, 0.0])


def test_means_count_answerable_questions_and_squad2_counts_all():
    found = measured(MIXED)
    assert (found[EXACT]["value"], found[EXACT]["n"]) == (0.5, 2)
    # answering the first alone: it and the two unanswerable ones are right
    assert (found["SQuAD 2.0 exact match"]["value"], found["SQuAD 2.0 exact match"]["n"]) == (0.75, 4)
    assert found["AUROC answerable"]["value"] == 0.75  # of four pairs, only 1 < 2 is the wrong way round


def test_squad2_is_left_out_where_every_question_can_be_answered():
    assert measured(readings([1.0, 0.0], [1.0, 2.0], [1.0, 1.0])).keys() == {EXACT, TOKEN}


def test_two_networks_are_compared_by_every_measure():
    better = readings([1.0, 0.0, 1.0, 0.0], [3.0, 1.0, 2.0, -math.inf], [1.0, 0.0, 1.0, 0.0])
    found = compared(MIXED, better)
    assert found[EXACT]["value"] == 0.5
    assert (found["SQuAD 2.0 F1"]["value"], found["AUROC answerable"]["value"]) == (0.25, 0.25)
    assert {row["value"] for row in compared(MIXED, MIXED).values()} == {0.0}
