"""The measures by hand, the questions against the documents, and what the search must reach on them."""

import json

import pytest

from eval.seeds import Question, is_right, ranks, read_questions, success
from eval.squad import measures
from retrieval.errors import DocumentError
from retrieval.schema import INTERRUPTION, quote_spans
from retrieval.training.squad import read_squad, write_folder
from tests.conftest import SEEDS

QUESTIONS = read_questions()
TEXTS = {path.name: path.read_bytes().decode("utf-8") for path in SEEDS.glob("*.txt")}


def test_a_question_that_finds_nothing_counts_as_zero():
    scores = measures([1, 0, 3, 0])
    assert (scores["success@1"], scores["success@5"], scores["success@10"]) == (0.25, 0.5, 0.5)
    assert scores["MRR@10"] == pytest.approx((1 + 1 / 3) / 4)
    assert success([1, 0, 6, 5], 5) == 0.5


def test_an_interval_holds_its_score_and_is_the_same_each_time():
    scores = measures([1] * 80 + [0] * 20)
    low, high = scores["success@1 interval"]
    assert 0.7 < low < 0.8 < high < 0.9
    assert measures([1] * 80 + [0] * 20) == scores


def test_a_passage_is_right_where_it_holds_half_of_a_place(small):
    hit = small.search("When was the harbour of Lund opened?", 1)[0]
    start = hit.document.text.index("The harbour of Lund was")

    def asked(document, first, last):
        return Question("q", "fact", "harbour", (), ((document, ((first, last),)),))

    assert is_right(hit, asked("harbour.txt", start, start + 20))
    assert not is_right(hit, asked("mill.txt", start, start + 20))
    assert not is_right(hit, asked("harbour.txt", 0, 20))
    assert ranks([asked("harbour.txt", 0, 20)], small) == [0]


def test_the_questions_are_of_every_kind_and_their_ids_are_unique():
    kinds = [question.kind for question in QUESTIONS]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "explain": 15,
        "fact": 80,
        "list": 10,
        "paraphrase": 15,
        "unanswerable": 30,
    }
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS) == 150


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_accepted_answer_stands_in_its_evidence(question):
    quotes = [
        " ".join(quote_spans(TEXTS[name], spans).replace(INTERRUPTION, " ").split())
        for name, spans in question.evidence
    ]
    assert bool(quotes) == bool(question.answers) == (question.kind != "unanswerable")
    assert all(any(answer.lower() in quote.lower() for quote in quotes) for answer in question.answers)


@pytest.mark.model
def test_plain_questions_of_fact_find_a_right_passage_among_the_first_five(seeds):
    facts = [question for question in QUESTIONS if question.kind == "fact"]
    assert success(ranks(facts, seeds), 5) >= 0.95


def test_a_squad_file_is_read_with_its_unanswerable_and_unsure_questions_told_apart(tmp_path):
    questions = [
        {"id": "1", "question": " Who? ", "answers": [{"text": "Ann", "answer_start": 0}], "is_impossible": False},
        {"id": "2", "question": "Why?", "answers": [], "is_impossible": True},
        {"id": "3", "question": "What?", "answers": [{"text": "x", "answer_start": 0, "start_is_guessed": True}]},
    ]
    file = tmp_path / "squad.json"
    file.write_text(json.dumps({"data": [{"paragraphs": [{"context": "Ann came.", "qas": questions}]}]}))
    texts, read = read_squad(file)
    assert [(q.id, q.question, q.answers) for q in read] == [("1", "Who?", (("Ann", 0),)), ("2", "Why?", ())]
    write_folder(texts, tmp_path / "docs")
    assert [path.read_text() for path in (tmp_path / "docs").iterdir()] == ["Ann came."]


@pytest.mark.parametrize("content", ["[]", "{}", "rubbish", '{"data": [{"paragraphs": [{}]}]}'])
def test_what_is_no_squad_file_is_told(tmp_path, content):
    (tmp_path / "f.json").write_text(content)
    with pytest.raises(DocumentError, match="is no SQuAD file"):
        read_squad(tmp_path / "f.json")
