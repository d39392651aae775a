"""The language of what is said is told also from small talk and short questions, but never from names."""

import pytest

from retrieval.conversation.spoken import spoken_language


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("hola", "es"),
        ("obrigado!", "pt"),
        ("who signed?", "en"),
        ("and why?", "en"),
        ("¿por qué?", "es"),
        ("y cuándo", "es"),
        ("quem são os membros", "pt"),
        ("e quando?", "pt"),
        ("いつ？", "ja"),
        ("JALACは何の略ですか", "ja"),
        ("hi, ¿cuándo abre?", "es"),
        ("quién firmó el acuerdo de la alianza? in:news", "es"),
        ("Wann öffnet das Büro am Montag?", "de"),
    ],
)
def test_the_language_is_told(said, language):
    assert spoken_language(said) == language


@pytest.mark.parametrize(
    "said",
    ["", "ok", "👍", "haha", "???", "asdfgh", "2021", "and in 2021?", "por que?", "Rio de Janeiro hotel", "東京"],
)
def test_what_could_be_of_several_languages_is_of_none(said):
    assert spoken_language(said) is None
