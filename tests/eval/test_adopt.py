"""People's verdicts become questions: a review as it is typed."""

from contextlib import closing

import pytest

from bot.feedback.store import FeedbackStore
from eval.adopt import Desk, review
from eval.dataset import Question, question_line, read_questions
from retrieval.answer.answer import answer
from retrieval.schema import Turn, quote_spans


@pytest.fixture
def desk(small, tmp_path):
    """A desk whose reviewer types `typed`, and what was said to them in `heard`."""

    class Scripted(Desk):
        typed: list[str]
        heard: list[str]

    store = FeedbackStore(tmp_path / "feedback.sqlite")
    typed: list[str] = []
    heard: list[str] = []

    def ask(prompt: str) -> str:
        heard.append(prompt)
        if not typed:
            raise EOFError
        return typed.pop(0)

    documents = [small.store.document(number) for number in small.store.document_numbers()]
    questions = tmp_path / "questions.jsonl"
    taken = Question("a001", "dev", "smalltalk", "en", "hello")
    questions.write_text(question_line(taken) + "\n", encoding="utf-8")
    with closing(store):
        yield Desk(store, documents, questions, ask, heard.append), typed, heard


def judged(desk, small, question="When was the harbour of Lund opened?", reason="wrong answer", history=()):
    id_ = desk.store.keep(answer(question, small), history, "terminal")
    desk.store.say(id_, 0, "wrong", reason)
    return id_


def test_a_wrong_answer_becomes_a_question_with_evidence_typed_and_looked_up(desk, small):
    desk, typed, heard = desk
    judged(desk, small, history=(Turn("Where is Lund?", ""),))
    typed += ["a", "follow-up", "was OPENED in 1871\nby queen astrid", "", "1870", "1871", "in 1871", "", ""]
    assert review(desk) == 1
    added = read_questions(desk.questions)[-1]
    assert (added.id, added.split, added.kind, added.answers) == ("a002", "dev", "follow-up", ("1871", "in 1871"))
    (place,) = added.evidence
    text = next(document.text for document in desk.documents if document.doc_id == place.document)
    assert quote_spans(text, place.spans) == "was opened in 1871 by Queen Astrid"
    assert added.history == (Turn("Where is Lund?", ""),)
    assert "the evidence does not say that" in heard  # 1870
    assert "said: wrong, wrong answer" in heard
    assert desk.store.verdicts() == []


def test_evidence_is_chosen_from_what_was_cited_and_found(desk, small):
    desk, typed, heard = desk
    judged(desk, small)
    typed += ["a", "fact", "9", "1", "", "1871", "", "en"]
    assert review(desk) == 1
    assert any(line.startswith("  1: “The harbour of Lund was opened") for line in heard)
    assert any(line.startswith("a number from 1 to") for line in heard)
    assert read_questions(desk.questions)[-1].evidence[0].document == "harbour.txt"


def test_what_should_have_been_refused_needs_no_evidence(desk, small):
    desk, typed, _ = desk
    judged(desk, small, "Who is the emperor of Lund?", "should have refused")
    typed += ["a", "unanswerable", "en"]
    assert review(desk) == 1
    added = read_questions(desk.questions)[-1]
    assert (added.kind, added.evidence, added.answers) == ("unanswerable", (), ())


def test_a_quotation_that_stands_nowhere_or_twice_is_not_taken(desk, small):
    desk, typed, heard = desk
    judged(desk, small)
    typed += ["a", "fact", "the harbour is closed", "the", "", "-"]
    assert review(desk) == 0
    assert "no document has these words" in heard
    assert any("places; type more of them" in line for line in heard)
    assert "a question that can be answered needs evidence" in heard
    assert len(desk.store.verdicts()) == 1  # given up, so it waits


def test_dismissed_is_done_with_skipped_waits_and_leaving_keeps_the_rest(desk, small):
    desk, typed, heard = desk
    for question in ("What burned down?", "What did the bridge cost?", "Who opened the harbour?"):
        judged(desk, small, question)
    typed += ["x", "d", "s", "q"]
    assert review(desk) == 0
    assert "one of a, d, s, q" in heard
    assert len(desk.store.verdicts()) == 2
    assert review(desk) == 0  # end of input at once
    assert len(desk.store.verdicts()) == 2


def test_a_question_the_set_has_is_not_adopted_twice(desk, small):
    desk, typed, heard = desk
    judged(desk, small, "Hello?!  harbour", "should have refused")
    typed += ["a", "unanswerable", "en"]
    assert review(desk) == 1
    judged(desk, small, "hello HARBOUR")
    typed += ["a"]
    assert review(desk) == 0
    assert "the set has this question already, as a002; dismiss it, or mend that line" in heard


def test_a_question_that_stands_alone_keeps_no_turns(desk, small):
    desk, typed, _ = desk
    judged(desk, small, history=(Turn("Where is Lund?", ""),))
    typed += ["a", "fact", "1", "", "1871", "", "en"]
    review(desk)
    assert read_questions(desk.questions)[-1].history == ()


def test_evidence_follows_a_quotation_that_has_moved(desk, small):
    desk, typed, _ = desk
    judged(desk, small)
    moved = [
        type(document)(**{**{f: getattr(document, f) for f in document.__slots__}, "text": "New.\n\n" + document.text})
        for document in desk.documents
    ]
    typed += ["a", "fact", "1", "", "1871", "", "en"]
    assert review(Desk(desk.store, moved, desk.questions, desk.ask, desk.say)) == 1
    (place,) = read_questions(desk.questions)[-1].evidence
    text = next(document.text for document in moved if document.doc_id == place.document)
    assert "1871" in quote_spans(text, place.spans)
