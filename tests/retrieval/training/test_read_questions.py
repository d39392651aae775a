"""Questions asked as a user would ask them, and which answers are right."""

import json
from dataclasses import replace

import pytest

from retrieval.answer.reader import Reader
from retrieval.training.read_questions import ask_questions, is_right, is_shown, questions_over, token_f1
from tests.conftest import SPAN_ALONE, FakeNetwork
from tests.retrieval.training.questions import ASKED, OPENED


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


def test_a_question_whose_document_is_removed_is_left_out_if_its_answer_occurs_elsewhere(small):
    asked = [OPENED] * 10
    found = list(ask_questions("a", asked, small.retriever, FakeNetwork({"1871": 3.0})))
    assert [read.kind for read in found].count("answerable") == 8
    assert [read.kind for read in found].count("removed") == 2
    assert not any(is_shown(span, OPENED) for read in found if read.kind == "removed" for span in read.spans)
    written = replace(OPENED, answers=(("burned", 0),))
    assert len(list(ask_questions("a", [written] * 10, small.retriever, FakeNetwork({})))) == 8


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
