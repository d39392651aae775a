"""People's ratings become questions: reviews as they are typed."""

from contextlib import closing
from dataclasses import replace

import pytest

from bot.feedback.store import RatingStore
from eval.adopt import (
    ALREADY_ASKED,
    EVIDENCE_NEEDED,
    IN_SEVERAL_PLACES,
    LETTERS,
    NO_SUCH_NUMBER,
    NOT_IN_DOCUMENTS,
    NOT_IN_EVIDENCE,
    NOTHING_OFFERED,
    Review,
    adopt_questions,
    append_question,
)
from eval.dataset import Question, kind_file, locate, read_questions
from retrieval.schema import Turn
from retrieval.spans import quote_spans


@pytest.fixture
def scripted(small, tmp_path):
    """A review whose reviewer types the lines in `typed`, and in `heard` what they are shown."""
    ratings = RatingStore(tmp_path / "feedback.sqlite")
    typed: list[str] = []
    heard: list[str] = []

    def ask(prompt: str) -> str:
        heard.append(prompt)
        if not typed:
            raise EOFError
        return typed.pop(0)

    documents = [small.store.document(number) for number in small.store.document_numbers()]
    questions = tmp_path / "questions"
    append_question(questions, Question("a001", "dev", "smalltalk", "en", "hello"))
    with closing(ratings):
        review = Review(ratings=ratings, documents=documents, questions=questions, ask=ask, say=heard.append)
        yield review, typed, heard


def newest(review) -> Question:
    """The question adopted last: ids are numbered."""
    return max(read_questions(review.questions), key=lambda question: question.id)


def rated(review, small, question="When was the harbour of Lund opened?", reason="wrong answer", history=()):
    id_ = review.ratings.add_answer(small.ask(question), history, "terminal")
    review.ratings.rate(id_, 0, "wrong", reason)
    return id_


def test_a_wrong_answer_becomes_a_question_with_evidence_typed_and_looked_up(scripted, small):
    review, typed, heard = scripted
    rated(review, small, history=(Turn("Where is Lund?", ""),))
    typed += ["a", "follow-up", "was OPENED in 1871\nby queen astrid", "", "1870", "1871", "in 1871", "", ""]
    assert adopt_questions(review) == 1
    added = newest(review)
    assert added in read_questions(kind_file("follow-up", review.questions))
    assert (added.id, added.split, added.kind, added.answers) == ("a002", "dev", "follow-up", ("1871", "in 1871"))
    (evidence,) = added.evidence
    text = next(document.text for document in review.documents if document.doc_id == evidence.document)
    assert quote_spans(text, evidence.spans) == "was opened in 1871 by Queen Astrid"
    assert added.history == (Turn("Where is Lund?", ""),)
    assert NOT_IN_EVIDENCE in heard  # 1870
    assert "rated: wrong, wrong answer" in heard
    assert review.ratings.ratings() == []


def test_evidence_is_chosen_from_what_was_cited_and_found(scripted, small):
    review, typed, heard = scripted
    rated(review, small)
    typed += ["a", "fact", "9", "1", "", "1871", "", "en"]
    assert adopt_questions(review) == 1
    assert any(line.startswith("  1: “The harbour of Lund was opened") for line in heard)
    assert any(line.startswith(NO_SUCH_NUMBER.split("{")[0]) for line in heard)
    assert newest(review).evidence[0].document == "harbour.txt"


def test_an_unanswerable_question_needs_no_evidence(scripted, small):
    review, typed, _ = scripted
    rated(review, small, "Who is the emperor of Lund?", "should have refused")
    typed += ["a", "unanswerable", "en"]
    assert adopt_questions(review) == 1
    added = newest(review)
    assert (added.kind, added.evidence, added.answers) == ("unanswerable", (), ())


def test_a_quotation_that_occurs_nowhere_or_twice_is_not_accepted(scripted, small):
    review, typed, heard = scripted
    rated(review, small)
    typed += ["a", "fact", "the harbour is closed", "the", "", "-"]
    assert adopt_questions(review) == 0
    assert NOT_IN_DOCUMENTS in heard
    assert IN_SEVERAL_PLACES.format(count=sum(len(locate("the", one.text)) for one in review.documents)) in heard
    assert EVIDENCE_NEEDED in heard
    assert len(review.ratings.ratings()) == 1  # given up, so it waits


def test_a_number_is_refused_where_no_evidence_is_offered(scripted, small):
    review, typed, heard = scripted
    rated(review, small, "thanks", "should have answered")  # small talk has neither citations nor hits
    typed += ["a", "fact", "1", "-"]
    assert adopt_questions(review) == 0
    assert NOTHING_OFFERED in heard


def test_a_dismissed_rating_is_done_a_skipped_one_waits_and_quitting_leaves_the_rest(scripted, small):
    review, typed, heard = scripted
    for question in ("What burned down?", "What did the bridge cost?", "Who opened the harbour?"):
        rated(review, small, question)
    typed += ["x", "d", "s", "q"]
    assert adopt_questions(review) == 0
    assert LETTERS.format(letters="a, d, s, q") in heard
    assert len(review.ratings.ratings()) == 2
    assert adopt_questions(review) == 0  # end of input at once
    assert len(review.ratings.ratings()) == 2


def test_a_question_that_the_set_has_is_not_adopted_again(scripted, small):
    review, typed, heard = scripted
    rated(review, small, "Hello?!  harbour", "should have refused")
    typed += ["a", "unanswerable", "en"]
    assert adopt_questions(review) == 1
    rated(review, small, "hello HARBOUR")
    typed += ["a"]
    assert adopt_questions(review) == 0
    assert ALREADY_ASKED.format(id="a002") in heard


def test_what_a_person_proposed_is_suggested_where_the_evidence_contains_it(scripted, small):
    review, typed, heard = scripted
    review.ratings.propose(rated(review, small), 7, "by Queen Astrid")
    typed += ["a", "fact", "1", "", "", "en"]
    assert adopt_questions(review) == 1
    assert newest(review).answers == ("by Queen Astrid",)
    assert "proposed: by Queen Astrid" in heard


def test_a_proposal_that_the_evidence_does_not_contain_is_only_shown(scripted, small):
    review, typed, heard = scripted
    review.ratings.propose(rated(review, small), 7, "in 1872")
    typed += ["a", "fact", "1", "", "", "en"]
    assert adopt_questions(review) == 1
    assert newest(review).answers == ("1871",)
    assert "proposed: in 1872" in heard


def test_only_a_follow_up_has_a_history(scripted, small):
    review, typed, _ = scripted
    rated(review, small, history=(Turn("Where is Lund?", ""),))
    typed += ["a", "fact", "1", "", "1871", "", "en"]
    adopt_questions(review)
    assert newest(review).history == ()


def test_evidence_follows_a_quotation_that_has_moved(scripted, small):
    review, typed, _ = scripted
    rated(review, small)
    moved = [replace(document, text="New.\n\n" + document.text) for document in review.documents]
    typed += ["a", "fact", "1", "", "1871", "", "en"]
    assert adopt_questions(replace(review, documents=moved)) == 1
    (evidence,) = newest(review).evidence
    text = next(document.text for document in moved if document.doc_id == evidence.document)
    assert "1871" in quote_spans(text, evidence.spans)
