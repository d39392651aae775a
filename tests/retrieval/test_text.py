"""Words with their spans, terms for BM25, and the words that say something."""

from itertools import pairwise

import pytest

from retrieval.text import content_words, fold, stem, terms, words


def test_where_there_are_no_spaces_each_character_is_a_word_with_its_marks():
    assert words("東京タワー") == [("東", (0, 1)), ("京", (1, 2)), ("タ", (2, 3)), ("ワ", (3, 4)), ("ー", (4, 5))]
    assert words("ที่นี่ 5 km") == [("ที่", (0, 3)), ("นี่", (3, 6)), ("5", (7, 8)), ("km", (9, 11))]
    assert [span for _, span in words("か\u3099ス")] == [(0, 2), (2, 3)]


@pytest.mark.parametrize(
    ("written", "folded"), [("ｶﾞ", "ガ"), ("か\u3099", "が"), ("Ａ", "a"), ("Ramírez", "ramirez"), ("각", "각")]
)
def test_folding_keeps_the_marks_that_make_another_letter(written, folded):
    assert fold(written) == folded


def test_japanese_terms_are_pairs_of_neighbours_and_each_han_character():
    assert terms("総合商社 ABC") == ["総", "合", "商", "社", "総合", "合商", "商社", "abc"]
    assert terms("タワーの5年") == ["タワ", "ワー", "ーの", "5", "年"]


def test_a_character_alone_is_a_term():
    assert terms("が 港") == ["が", "港"]


@pytest.mark.parametrize("text", ["ประเทศ", "서울에서", "ປະເທດ", "ប្រទេស", "မြန်မာ"])
def test_other_scripts_without_spaces_and_korean_give_pairs_too(text):
    folded = [word for word, _ in words(text)]
    assert len(folded) > 1
    assert terms(text) == [a + b for a, b in pairwise(folded)]


def test_stems_are_those_of_the_language():
    assert terms("negociaciones", "es") == terms("negociación", "es") != terms("negociaciones")
    assert terms("negotiations", "en") == terms("negotiations") == terms("negotiation")
    assert stem("house", "ja") == "house"


def test_content_words_of_japanese_are_names_and_nouns_without_question_words():
    assert content_words("東京タワーの高さは何メートルですか。第何条") == ["東京", "タワー", "メートル"]
