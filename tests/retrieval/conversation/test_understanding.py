"""Which reading of a question is answered: a fake `read` knows how likely the answer to each query is."""

from dataclasses import replace

import pytest

from retrieval.conversation.understanding import MOST_READINGS, understand
from retrieval.schema import Answer, AnswerText, Turn

BRIDGE = Turn("When was the Old Bridge opened?", "in July 2000", documents=("bridges.txt",))
PAINTER = Turn("Who painted the Mona Lisa?", "Leonardo da Vinci")


class FakeRead:
    """Answers with the likelihood known for a query, 0 for others: "answered" from 0.8, "perhaps" from 0.3."""

    def __init__(self, known):
        self.known, self.read = known, []

    def __call__(self, reading):
        self.read.append(reading.query)
        likely = self.known.get(reading.query, 0.0)
        status = "answered" if likely >= 0.8 else "perhaps" if likely >= 0.3 else "abstained"
        texts = () if status == "abstained" else (AnswerText("text", likely, ()),)
        return Answer(
            question=reading.query,
            searched=reading.query,
            status=status,
            confidence=likely,
            threshold=0.8,
            perhaps_threshold=0.3,
            elapsed_ms={},
            answers=texts,
        )


def understood(question, history, known):
    """What was answered, and all that was read for it."""
    read = FakeRead(known)
    return understand(question, history, read).searched, read.read


def test_the_first_question_is_read_as_it_is():
    assert understood("and when did it open?", [], {}) == ("and when did it open?", ["and when did it open?"])


def test_a_correction_is_read_with_the_part_replaced_only():
    history = [Turn("Where is Peru?", "")]
    assert understood("no, I meant Chile", history, {}) == ("Where is Chile?", ["Where is Chile?"])


def test_a_pronoun_is_read_in_context_first_and_that_is_all_if_it_is_answered():
    question, meant = "how long is it?", "how long is the Old Bridge?"
    assert understood(question, [BRIDGE], {meant: 0.4, question: 0.5}) == (meant, [meant])


@pytest.mark.parametrize(("alone", "searched"), [(0.4, "how long is it?"), (0.2, "how long is the Old Bridge?")])
def test_where_context_gives_no_answer_the_question_alone_must_be_much_likelier(alone, searched):
    known = {"how long is the Old Bridge?": 0.1, "how long is it?": alone}
    assert understood("how long is it?", [BRIDGE], known)[0] == searched


def test_a_question_without_a_word_of_its_own_is_never_read_alone():
    _, read = understood("why?", [BRIDGE], {})
    assert "why?" not in read


def test_the_first_reading_that_is_surely_answered_ends_the_search():
    first, second = "when was Leonardo da Vinci born?", "when was Mona Lisa born?"
    assert understood("when was he born?", [PAINTER], {first: 0.8, second: 0.99}) == (first, [first])
    searched, read = understood("when was he born?", [PAINTER], {first: 0.4, second: 0.9})
    assert (searched, read) == (second, [first, second])


def test_a_later_reading_must_be_clearly_likelier():
    first, second = "when was Leonardo da Vinci born?", "when was Mona Lisa born?"
    assert understood("when was he born?", [PAINTER], {first: 0.4, second: 0.45})[0] == first


def test_only_so_many_readings_are_tried():
    _, read = understood("when was he born?", [PAINTER], {})
    assert len(read) <= MOST_READINGS + 1  # and the question alone


def test_a_question_that_may_stand_alone_is_read_alone_and_in_context():
    history = [Turn("When was the trade agreement signed?", "in 2012")]
    question, meant = "who signed the agreement?", "who signed the trade agreement?"
    assert understood(question, history, {question: 0.4, meant: 0.9})[0] == meant
    assert understood(question, history, {question: 0.4, meant: 0.45})[0] == question
    assert understood(question, history, {question: 0.4, meant: 0.45})[1][0] == question


def test_a_new_question_that_is_answered_alone_is_not_mixed_with_what_came_before():
    question = "What is the capital of France?"
    assert understood(question, [BRIDGE], {question: 0.9}) == (question, [question])
    assert understood(question, [BRIDGE], {})[1] == [question]


def test_a_short_question_that_is_not_surely_answered_is_also_read_with_the_last_topic():
    question, meant = "how many people died?", "how many people died the Old Bridge?"
    assert understood(question, [BRIDGE], {meant: 0.7})[0] == meant
    assert understood(question, [BRIDGE], {question: 0.6, meant: 0.7})[0] == question


def test_nothing_in_context_is_kept_without_an_answer():
    question = "how many people died?"
    assert understood(question, [BRIDGE], {f"{question[:-1]} the Old Bridge?": 0.29})[0] == question


def test_no_topic_is_added_to_a_question_that_names_what_no_document_does():
    known = FakeRead({"who invented the telephone the Old Bridge": 0.9})
    history = [BRIDGE]
    in_context = understand("who invented the telephone", history, known)
    assert in_context.searched == "who invented the telephone the Old Bridge"

    def of_unknown(reading):
        return replace(known(reading), unknown_words=() if reading.form else ("telephone",))

    assert understand("who invented the telephone", history, of_unknown).searched == "who invented the telephone"
