"""What is searched of a question, and which questions can't be."""

import pytest

from retrieval.errors import QuestionError
from retrieval.query import MAX_QUESTION_CHARS, clean_question


@pytest.mark.parametrize("question", ["", "  \n ", "?!…", "\x00\x07"])
def test_a_question_without_a_word_is_refused(question):
    with pytest.raises(QuestionError, match="empty"):
        clean_question(question)


def test_control_characters_are_no_part_of_a_question():
    assert clean_question("When\x00 was\r\n it\x1b[31m \u202eopened?") == "When was it[31m opened?"


def test_an_overlong_question_is_refused_with_both_lengths():
    with pytest.raises(QuestionError, match=f"99,999 characters; at most {MAX_QUESTION_CHARS:,}"):
        clean_question("why " * 25_000)
