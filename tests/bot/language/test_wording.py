"""The wording that terminal and Telegram share: the words for a confidence agree with the percentage beside them."""

import pytest

from bot.language.language import CODES, Language
from bot.language.wording import (
    FAIRLY_SURE,
    NOT_VERY_SURE,
    VERY_SURE,
    confidence_words,
    shown_confidence,
    with_near_spelling,
)


@pytest.mark.parametrize(
    ("confidence", "words", "shown"),
    [
        (1.0, VERY_SURE, 0.99),
        (0.9, VERY_SURE, 0.9),
        (0.896, VERY_SURE, 0.9),
        (0.894, FAIRLY_SURE, 0.89),
        (0.7, FAIRLY_SURE, 0.7),
        (0.694, NOT_VERY_SURE, 0.69),
        (0.0, NOT_VERY_SURE, 0.01),
    ],
)
def test_the_words_for_a_confidence_agree_with_the_percentage_shown(confidence, words, shown):
    assert confidence_words(confidence) == words
    assert shown_confidence(confidence) == shown


@pytest.mark.parametrize("code", CODES)
def test_the_three_levels_are_three_different_words_in_every_language(code):
    assert len({Language(code).translate(text) for text in (VERY_SURE, FAIRLY_SURE, NOT_VERY_SURE)}) == 3


def test_an_unknown_word_is_shown_with_a_similar_word_of_the_documents():
    assert with_near_spelling("habour", {"habour": "harbour"}) == "habour (harbour?)"
    assert with_near_spelling("emperor", {"habour": "harbour"}) == "emperor"
