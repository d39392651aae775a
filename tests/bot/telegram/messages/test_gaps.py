"""What admins see of questions without a good answer, as whole messages."""

import pytest
from hypothesis import given, settings

from bot.feedback.gaps import AskedAgain, Gap, Unanswered
from bot.language.language import Language
from bot.telegram.messages.buttons import NO_ID, Press, read_press
from bot.telegram.messages.gaps import NO_GAPS, SHOWN, again_message, ask_gaps_again, gaps_message
from tests.bot.telegram.messages.made import WORDS, check, said

EN = Language("en")


def gap(question="Who is @emperor?", times=5, refused=4, wrong=1):
    asked = Unanswered(
        question=question, history=(), searched=question, times=times, asked_at=0, refused=refused, rated_wrong=wrong
    )
    return Gap((asked,))


def test_gaps_are_questions_with_how_often_they_were_asked_in_vain():
    message = gaps_message(EN, [gap(), gap("When?", 1, 1, 0)])
    check(message)
    assert message.text == (
        "Questions without a good answer\n\n"
        "1. Who is @emperor?\nasked 5 times, 4 refused, 1 rated wrong\n\n"
        "2. When?\nasked 1 time, 1 refused"
    )
    assert [[button.text for button in row] for row in message.rows] == [["Ask again"]]
    assert read_press(message.rows[0][0].data) == Press(NO_ID, "again", 0)
    assert read_press(ask_gaps_again(EN)[0][0].data) == Press(NO_ID, "again", 1)
    assert gaps_message(EN, []).text == again_message(EN, [], []).text == NO_GAPS


def test_of_many_gaps_only_the_first_are_shown_and_the_others_counted():
    message = gaps_message(EN, [gap(f"Question {number}?") for number in range(SHOWN + 3)])
    check(message)
    assert message.text.endswith("And 3 more.")
    assert f"Question {SHOWN - 1}?" in message.text and f"Question {SHOWN}?" not in message.text


def test_after_asking_again_those_with_an_answer_show_it_and_where_it_stands(small):
    answer = small.ask("When was the harbour of Lund opened?")
    closed, half = AskedAgain(gap(), 1, 1, answer), AskedAgain(gap("When?", 2, 2, 0), 2, 1, answer)
    message = again_message(EN, [gap()] * 3, [closed, half, AskedAgain(gap("Why?", 1, 1, 0), 1, 0, None)])
    check(message)
    assert message.text == (
        "Answered now: 1 of 3\n\n"
        "1. Who is @emperor?\nasked 5 times, 4 refused, 1 rated wrong\n✓ 1871 (harbour.txt)\n\n"
        "2. When?\nasked 2 times, 2 refused\n~ 1871 (harbour.txt)\n\n"
        "3. Why?\nasked 1 time, 1 refused"
    )
    assert said(message, "bold") == ["Answered now: 1 of 3", "1871", "1871"]


@settings(max_examples=100, deadline=None)
@given(WORDS)
def test_no_question_breaks_the_list(question):
    check(gaps_message(EN, [gap(question)] * SHOWN))


@pytest.mark.parametrize("code", ["es", "pt", "ja"])
def test_the_list_is_a_message_in_every_language(code):
    check(gaps_message(Language(code), [gap()]))
