"""/answer and /forget: the right answer in a person's words, and all of it deleted."""

from bot.terminal.chat import ASK_FIRST
from bot.terminal.rating import NO_WORDS, RATING_SAVED, forgotten
from tests.bot.terminal.sessions import FakeLibrary, piped


def test_the_right_answer_is_stored_with_the_rating_of_the_last_answer():
    fake = FakeLibrary()
    _, _, talk = piped("How long?\nAnd in Peru?\n/wrong wrong a\n/answer five  years\n", fake)
    assert fake.ratings == [
        ("And in Peru?", ["How long?"], "wrong", "wrong answer"),
        ("And in Peru?", ["How long?"], "wrong", "five years"),
    ]
    assert " ".join(talk.split()).count(RATING_SAVED) == 2


def test_an_answer_needs_words_and_a_question_before_it():
    fake = FakeLibrary()
    _, _, talk = piped("/answer five years\nHow long?\n/answer\n", fake)
    assert fake.ratings == []
    assert ASK_FIRST in talk
    assert NO_WORDS in " ".join(talk.split())


def test_after_forget_there_is_no_last_answer():
    fake = FakeLibrary()
    _, _, talk = piped("How long?\n/forget\n/right\n/cite\n", fake)
    assert fake.ratings == []
    assert forgotten(3) in " ".join(talk.split())
    assert talk.count(ASK_FIRST) == 2


def test_one_question_that_is_deleted_is_a_question():
    assert forgotten(1) == "Deleted: 1 question of this terminal, with its answer, receipt and rating."
    assert forgotten(2) == "Deleted: 2 questions of this terminal, with their answers, receipts and ratings."
