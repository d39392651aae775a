"""Names in a text, what they are of, and the words that name something."""

from time import perf_counter

import pytest

from retrieval.conversation.names import content, is_country, is_empty, kind_of, names, years


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Which members of the Bank of Japan met Foreign Minister Bárcena in México City?",
            ["Bank of Japan", "Foreign Minister Bárcena", "México City"],
        ),
        ("Exports fell", []),
        ("Costa Rica exports", ["Costa Rica"]),
        ("JALAC met", ["JALAC"]),
        ("McBride resigned", ["McBride"]),
        ("¿Dónde vive Ana de la Torre?", ["Ana de la Torre"]),
        ("onde fica o Rio de Janeiro?", ["Rio de Janeiro"]),
        ("who is O’Brien-Smith", ["O’Brien-Smith"]),
        ("", []),
        ("\x00 \n", []),
    ],
)
def test_names_are_sequences_of_capitalised_words_and_the_first_word_alone_is_not_one(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    ("name", "before", "kind"),
    [
        ("Peru", "", "country"),
        ("Brasil", "", "country"),
        ("チリ", "", "country"),
        ("the Netherlands", "", "country"),
        ("Queen Astrid", "", "person"),
        ("Bárcena", "met Minister ", "person"),
        ("Bárcena", "met ", "open"),
        ("Bank of Japan", "", "thing"),
        ("Universidad de Chile", "", "thing"),
        ("NATO", "", "thing"),
        ("March 2021", "", "time"),
        ("Lund", "", "open"),
        ("", "", "open"),
    ],
)
def test_a_name_tells_what_it_is_of_by_its_words_or_leaves_it_open(name, before, kind):
    assert kind_of(name, before) == kind


def test_a_country_is_known_in_each_language_and_in_any_case():
    assert all(map(is_country, ["germany", "Alemania", "alemanha", "ドイツ", "GERMANY"]))
    assert not any(map(is_country, ["Bavaria", "", "419"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in 2021", ["2021"]),
        ("on March 3rd", ["3"]),
        ("from 1998 to 2003, in 12 towns", ["1998", "2003", "12"]),
        ("2021年", ["2021"]),
        ("1,200 people at 3.5 per cent", []),
        ("TPP11 and 3D", []),
        ("in 9876", []),
        ("", []),
    ],
)
def test_years_and_days_are_told_from_other_numbers(text, found):
    assert years(text) == found


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("How much was the service charge of 2021?", ["service", "charge", "2021"]),
        ("who are they", []),
        ("¿quién lo firmó sin permiso?", ["firmó", "permiso"]),
        ("quem mora na cidade até hoje?", ["mora", "cidade", "hoje"]),
        ("it's Ana’s", ["Ana’s"]),
        ("", []),
    ],
)
def test_content_words_name_something(text, named):
    assert content(text) == named
    assert not any(map(is_empty, named))


@pytest.mark.parametrize("word", ["Peru", "of", "Peru of the", "1", "1,", "1st", "a.", "O’", "é", "de la", "2021"])
def test_a_very_long_text_is_read_quickly(word):
    text = f"{word} " * 30_000
    started = perf_counter()
    for read in (names, years, content, kind_of):
        read(text)
    assert perf_counter() - started < 5
