"""Text on one line: nothing in it that a terminal obeys, cut between words, dates and counts as people write them."""

import unicodedata

import pytest

from bot.plain_text import (
    AT_LEAST,
    TOO_MANY_DIGITS,
    counted,
    encodable,
    excerpt,
    line_spans,
    merged,
    parse_integer,
    shown_date,
    visible,
)


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


def test_a_lone_surrogate_is_encoded_as_a_question_mark():
    assert encodable("caf\udce9 𝕏").encode("utf-8") == "caf? 𝕏".encode()


def test_spans_that_touch_or_overlap_are_merged_in_order_and_empty_ones_are_left_out():
    assert merged([(6, 7), (0, 2), (2, 3), (4, 4), (6, 9), (7, 8)]) == [(0, 3), (6, 9)]
    assert merged([]) == []


@pytest.mark.parametrize("text", ["", "-1", "2.0", "two", "1 ", "٣", "²"])
def test_what_is_not_an_integer_of_at_least_the_minimum_is_an_error(text):
    with pytest.raises(ValueError) as raised:
        parse_integer(text, 0)
    assert str(raised.value) == f"{AT_LEAST.format(minimum=0)}, not {text!r}"


def test_an_integer_has_a_minimum_and_at_most_nine_digits():
    assert [parse_integer(text, 16) for text in ("16", "0017", "999999999")] == [16, 17, 999_999_999]
    with pytest.raises(ValueError, match=f"^{AT_LEAST.format(minimum=16)}, not '15'$"):
        parse_integer("15", 16)
    for text in ("1000000000", "9" * 10_000):  # int() refuses the second
        with pytest.raises(ValueError, match=f"^{TOO_MANY_DIGITS.format(digits=9)}$"):
            parse_integer(text, 16)


def test_a_count_has_its_noun_and_commas():
    assert (counted(1, "passage"), counted(1200, "passage")) == ("1 passage", "1,200 passages")


def test_lines_end_at_every_line_break_and_the_last_one_may_be_empty():
    assert ["a\r\nb\rc\n"[start:end] for start, end in line_spans("a\r\nb\rc\n")] == ["a", "b", "c", ""]
