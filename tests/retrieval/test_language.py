"""The language of a text, and what has to be loaded to tell it."""

import subprocess
import sys

import pytest

from retrieval.language import is_function_word, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("When was the harbour of Lund opened?", "en"),
        ("is there a plumber near me open on sundays?", "en"),
        ("¿Quién inauguró el puerto de Lund?", "es"),
        ("cuando se inauguro el puerto de lund", "es"),
        ("Quando foi inaugurado o porto de Lund?", "pt"),
        ("Quem é o presidente da JALAC?", "pt"),
        ("Wann wurde der Hafen von Lund eröffnet?", "de"),
        ("Когда был открыт порт в Лунде?", "ru"),
        ("ルンドの港はいつ開かれましたか", "ja"),
        ("Pacific Allianceとは何ですか", "ja"),
        ("隆德的港口是什么时候开放的", "zh"),
        ("룬드 항구는 언제 열렸습니까?", "ko"),
        ("ท่าเรือเปิดเมื่อไหร่", "th"),
        ("JALAC", None),
        ("Lund harbour", None),
        ("Ildefonso Guajardo Villarreal", None),
        ("1871, 1872 1873", None),
        ("港口", None),
        ("", None),
    ],
)
def test_the_language_of_a_text(text, language):
    assert language_of(text) == language


def test_a_few_foreign_names_do_not_change_the_language_of_a_text():
    assert language_of("The tower (東京タワー) was opened in 1958, and it was the highest tower of Japan.") == "en"


def test_where_stop_words_leave_it_open_the_classifier_decides():
    assert language_of("Que cientista experimentou veneno de cobra no século 18?") == "pt"


@pytest.mark.parametrize(
    ("word", "language", "is_one"),
    [("tell", "en", True), ("didn", "en", True), ("harbour", "en", False), ("quien", "es", True),
     ("quantos", "pt", True), ("quien", "xx", False)],
)  # fmt: skip
def test_function_words_are_known_folded_and_in_every_form(word, language, is_one):
    assert is_function_word(word, language) == is_one


def test_an_english_question_loads_no_library():
    code = (
        "import sys, retrieval.library\n"
        "from retrieval.language import language_of\n"
        "assert language_of('When was the harbour of Lund opened?') == 'en'\n"
        "print([name for name in ('stopwordsiso', 'py3langid', 'simplemma') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
