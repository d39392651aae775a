"""What is small talk, what is a question, and which line small talk gets."""

import pytest

from retrieval.conversation.small_talk import small_talk


@pytest.mark.parametrize(
    "said",
    [
        "hi",
        "Hello!",
        "hey there",
        "Good morning",
        "¡Hola!",
        "thanks",
        "Thank you so much!",
        "thx",
        "Who are you?",
        "what's your name?",
        "how are you?",
        "bye",
        "こんにちは",
        "ok thanks",
        "ok",
        "great answer!",
        "You are very smart.",
        "that's wrong",
        "not helpful",
        "it was not good",
        "👍",
        " 🙏🏽 ",
    ],
)
def test_small_talk_gets_a_line_and_no_citation(said, small):
    found = small.ask(said)
    assert found.status == "smalltalk" and found.reply
    assert (found.answers, found.hits) == ((), ())


def test_praise_and_blame_get_each_their_line():
    assert small_talk("not bad") == small_talk("great job") != small_talk("no that is wrong")
    assert small_talk("great job") == small_talk("awesome") != small_talk("useless")
    assert small_talk("useless") == small_talk("this did not help")
    assert small_talk("thanks, that was very helpful") == small_talk("thanks")


@pytest.mark.parametrize(
    "asked",
    [
        "Who are the members of JALAC?",
        "what is the good of it",
        "thanks to whom did it open",
        "How are you affected by the tariff?",
        "later plans",
        "is it good?",
        "was that helpful",
        "good wine",
        "the wrong mill",
        "no",
        "all",
        "mill",
        "nights in Lund",
        "👍 who opened the harbour?",
        "?!",
    ],
)
def test_a_question_is_no_small_talk(asked):
    assert small_talk(asked) is None
