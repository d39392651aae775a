"""Keyboard mash is told from names, abbreviations and words of the documents by its letters."""

import pytest

from retrieval.conversation.nonsense import is_nonsense


def known(*words):
    return lambda word: word in words


MASH = """asdfgh asdf qwer asdfjkl sdkfjhsdf kjhkjh lkjsdf fdsafdsa qweqwe dsfsdf sldkfj alskdjf aslkdjfh dkjfhg
xcvbxcvb zxcvb dfgdfg hgfhgf fjdksl jfkdls ajsdkl kjasdhf poiuy mnbvcx jsjdjd hdhdhd ksjdnf nvnvnv ododod aaaa hhhhhh
blablabla ああああ"""
NAMES = """Zorbex Schmidt Schwartz Krzysztof Brno Trnka Hrvatska Vltava Knightsbridge Nietzsche Przybylski Szczecin
Ngugi Mbappé Tchaikovsky Dvořák Hjalmar Björk Llanfair Cwmbran Ystwyth Nguyen Xhosa Zhejiang Tbilisi Mtskheta Gdańsk
Ndlovu Tlaxcala Xochimilco Popocatepetl Huitzilopochtli Assad Asda Berty Sérère strengths rhythms twelfths brewer
property were tree salad flash gdpr html cptpp lgbtq xhtml hdfs nginx kwh asd FTPSTL Μπάμπης Щербаков 東京 한국"""


@pytest.mark.parametrize("typed", MASH.split())
def test_keyboard_mash_is_nonsense(typed):
    assert is_nonsense(typed, known())


@pytest.mark.parametrize("typed", NAMES.split())
def test_an_unknown_word_that_could_be_a_name_is_none(typed):
    assert not is_nonsense(typed, known())


def test_a_word_of_the_documents_is_never_nonsense():
    assert not is_nonsense("qwerty", known("qwerty"))
    assert not is_nonsense("qwerty asdf", known("asdf"))


def test_a_known_word_drawn_out_is_none():
    assert not is_nonsense("harbourrrrr", known("harbour"))
    assert not is_nonsense("whennnn", known())


def test_several_short_words_are_nonsense_where_one_may_be_an_abbreviation():
    assert is_nonsense("asd qwe", known()) and is_nonsense("qwe rty", known())
    assert not is_nonsense("asd", known())


def test_numbers_and_longer_messages_are_questions():
    assert not is_nonsense("asdf 12", known())
    assert not is_nonsense("asdf asdf asdf asdf", known())
