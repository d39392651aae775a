"""Numbers of lists are written as office programs show them."""

from __future__ import annotations

import pytest

from retrieval.documents.office.list_numbers import written


@pytest.mark.parametrize(
    ("number_format", "numbers", "expected"),
    [
        ("decimal", (1, 12), "1 12"),
        ("decimalZero", (1, 12), "01 12"),
        ("lowerLetter", (1, 26, 27, 28, 53), "a z aa bb aaa"),
        ("upperLetter", (2, 27), "B AA"),
        ("lowerRoman", (4, 9, 1994), "iv ix mcmxciv"),
        ("upperRoman", (48,), "XLVIII"),
        ("russianUpper", (1, 3), "А В"),
        ("chineseCountingThousand", (3, 10, 12, 20, 47), "三 十 十二 二十 四十七"),
        ("none", (1,), ""),
        ("aFormatOfTheFuture", (3,), "3"),
        ("lowerRoman", (0, 4000), "0 4000"),
        ("lowerLetter", (0, 261), "0 261"),
    ],
)
def test_numbers_are_written_in_their_format_and_as_digits_out_of_its_range(number_format, numbers, expected):
    assert " ".join(written(number, number_format) for number in numbers) == expected
