"""The evaluation set, checked against the documents and the rules of the guide."""

import json
import re
from collections import Counter

import pytest

from eval.dataset import (
    KINDS,
    QUESTIONS,
    Evidence,
    kind_file,
    locate,
    overlaps,
    question_line,
    question_of,
    read_questions,
    touches,
)
from eval.split import REGIONS, split_of
from retrieval.errors import EvaluationError
from retrieval.spans import INTERRUPTION, quote_spans
from retrieval.text import STOP_WORDS, stem, words
from tests.conftest import SEEDS

ASKED = read_questions()
TEXTS = {path.name: path.read_bytes().decode("utf-8") for path in SEEDS.glob("*.txt")}
ANSWERABLE = [question for question in ASKED if question.is_answerable]


def folded(text: str) -> str:
    return " ".join(text.replace(INTERRUPTION, " ").split())


def test_there_are_enough_questions_of_every_kind_and_language():
    english = Counter(question.kind for question in ASKED if question.language == "en")
    assert len(ASKED) >= 160
    assert set(english) == set(KINDS)
    assert english["unanswerable"] >= 30
    assert min(english.values()) >= 10
    others = Counter(question.language for question in ASKED)
    assert (others["es"] >= 10, others["pt"] >= 10, others["ja"] >= 6) == (True, True, True)


def test_every_kind_is_in_both_splits():
    for split in ("dev", "test"):
        kinds = Counter(question.kind for question in ASKED if question.split == split and question.language == "en")
        assert set(kinds) == set(KINDS)
        assert min(kinds.values()) >= 4, kinds


def test_all_documents_and_all_their_regions_are_asked_about():
    regions = json.loads(REGIONS.read_text(encoding="utf-8"))
    assert regions.keys() == TEXTS.keys()
    for document, rows in regions.items():
        assert (rows[0][0], rows[-1][1]) == (0, len(TEXTS[document]))
        for first, last, _ in rows:
            held = [
                one
                for question in ANSWERABLE
                for one in question.evidence
                if one.document == document and any(first <= start < last for start, _ in one.spans)
            ]
            assert held, (document, first, last)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_all_evidence_is_in_its_document_and_every_answer_in_the_evidence(question):
    quotes = []
    for one in question.evidence:
        text = TEXTS[one.document]
        for start, end in one.spans:
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
        quotes.append(folded(quote_spans(text, one.spans)).lower())
    for accepted in question.answers:
        assert any(folded(accepted).lower() in quote for quote in quotes), accepted
    assert len({one.spans for one in question.evidence}) == len(question.evidence)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_a_question_is_in_the_split_of_its_clearest_evidence(question):
    assert question.split == split_of(question.evidence[0])


def test_few_questions_have_further_evidence_in_the_other_split():
    leaking = [
        question.id for question in ANSWERABLE if any(split_of(one) != question.split for one in question.evidence[1:])
    ]
    assert len(leaking) <= 0.1 * len(ANSWERABLE), leaking


PARAPHRASES = [question for question in ANSWERABLE if question.kind == "paraphrase" and question.language == "en"]


@pytest.mark.parametrize("question", PARAPHRASES, ids=lambda question: question.id)
def test_a_paraphrase_shares_at_most_a_word_with_its_clearest_evidence(question):
    asked = {stem(word) for word, _ in words(question.question) if word not in STOP_WORDS}
    said = {stem(word) for word, _ in words(quote_spans(TEXTS[question.document], question.evidence[0].spans))}
    assert len(asked & said) <= 1, asked & said


def test_only_follow_ups_have_a_history():
    assert {bool(question.history) for question in ASKED if question.kind == "follow-up"} == {True}
    assert not any(question.history for question in ASKED if question.kind != "follow-up")


def test_no_question_is_asked_twice():
    asked = Counter((re.sub(r"\W+", " ", question.question.lower()), question.history) for question in ASKED)
    assert [question for question, count in asked.items() if count > 1] == []


def test_a_line_reads_back_as_it_was_written():
    for question in ASKED:
        assert question_of(json.loads(question_line(question))) == question
    lines = "".join(path.read_text(encoding="utf-8") for path in sorted(QUESTIONS.iterdir()))
    assert lines == "".join(f"{question_line(question)}\n" for question in ASKED)


def test_every_kind_has_a_file_of_its_own_small_enough_to_read():
    assert {path.name for path in QUESTIONS.iterdir()} == {f"{kind}.jsonl" for kind in KINDS}
    for kind in KINDS:
        assert {question.kind for question in read_questions(kind_file(kind))} == {kind}
        assert kind_file(kind).stat().st_size <= 120_000


def test_paraphrases_and_other_languages_are_enough_for_intervals():
    counted = Counter(
        (question.split, question.kind if question.language == "en" else "other language") for question in ANSWERABLE
    )
    assert counted["test", "paraphrase"] >= 40
    assert counted["test", "other language"] >= 50


GOOD = {"id": "q1", "split": "dev", "kind": "fact", "language": "en", "question": "Who?", "answers": [], "evidence": []}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1"),
        (json.dumps(GOOD | {"kind": "hard"}), "unknown split or kind: dev, hard"),
        (json.dumps(GOOD | {"answers": ["Ada"]}), "both answers and evidence, or neither"),
        (json.dumps(GOOD) + "\n" + json.dumps(GOOD), "line 2 .*the id q1 is used twice"),
        (json.dumps({"id": "q1"}), "split"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, message):
    path = tmp_path / "questions.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_questions(path)
    with pytest.raises(EvaluationError, match="can't read the questions"):
        read_questions(tmp_path / "missing")


def test_a_folder_of_files_is_one_set_whose_ids_are_unique(tmp_path):
    for name, id_ in (("b.jsonl", "q1"), ("a.jsonl", "q2"), ("notes.txt", "q1")):
        (tmp_path / name).write_text(json.dumps(GOOD | {"id": id_}) + "\n", encoding="utf-8")
    assert [question.id for question in read_questions(tmp_path)] == ["q2", "q1"]
    (tmp_path / "c.jsonl").write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"c\.jsonl, line 1 .*the id q1 is used twice"):
        read_questions(tmp_path)


def test_a_quotation_is_found_whatever_its_white_space_case_marks_and_dashes():
    text = "He said: “It’s a  free–trade\nagreement.” It was."
    (span,) = locate('"it\'s a free-trade agreement."', text)
    assert text[slice(*span)] == "“It’s a  free–trade\nagreement.”"
    assert len(locate("it", text)) == 2
    assert locate("not there", text) == locate("  ", text) == []


def test_the_same_words_in_another_document_are_no_evidence():
    evidence = (Evidence("a.txt", ((10, 20),)),)
    assert touches("a.txt", [(19, 30)], evidence)
    assert not touches("a.txt", [(20, 30)], evidence)  # spans are half open
    assert not touches("b.txt", [(10, 20)], evidence)
    assert overlaps([(0, 1), (5, 9)], [(8, 12)])
