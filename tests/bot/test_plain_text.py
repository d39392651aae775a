"""Text on one line: nothing in it that a terminal obeys, cut between words, dates and counts as people write them."""

import unicodedata

import pytest

from bot.plain_text import counted, excerpt, shown_date, visible


def test_no_character_that_a_terminal_obeys_survives_and_each_keeps_its_place():
    everything = "".join(map(chr, range(0x3000))) + "𝕏 \ud800 \udfff end"
    safe = visible(everything)
    assert len(safe) == len(everything)
    assert not [char for char in safe if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    reordering = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    assert not [char for char in safe if unicodedata.bidirectional(char) in reordering]
    assert visible("\u061c\u200e\u200f") == "���"
    assert visible("\x1b\x07\x08\r\x7f\x9b\u202e\t\n") == "␛␇␈␍␡��  "


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2022-05-16", "16 May 2022"),
        ("2022-05-06", "6 May 2022"),
        ("2022-12", "December 2022"),
        ("2022", "2022"),
        ("2022-13", "2022-13"),
        ("spring \x1b2022", "spring ␛2022"),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_is_known(iso, words):
    assert shown_date(iso) == words


def test_an_excerpt_is_cut_between_words():
    assert excerpt("one two\nthree", 13) == "one two three"
    assert excerpt("one two\nthree", 12) == "one two…"
    assert excerpt("x" * 50, 10) == "x" * 9 + "…"


def test_a_count_has_its_noun_and_commas():
    assert (counted(1, "passage"), counted(1200, "passage")) == ("1 passage", "1,200 passages")
