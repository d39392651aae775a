"""Which words mean a period, in English, Spanish, Portuguese and Japanese."""

import pytest

from retrieval.conversation.collection.periods import following, read_day, read_period


@pytest.mark.parametrize(
    ("words", "after", "before"),
    [
        ("2022", "2022", "2023"),
        ("in 2022", "2022", "2023"),
        ("of January 2022", "2022-01", "2022-02"),
        ("from December 2022", "2022-12", "2023-01"),
        ("in the year 1871", "1871", "1872"),
        ("on 2022-02-28", None, None),
        ("2022-02-28", "2022-02-28", "2022-03-01"),
        ("2022-03", "2022-03", "2022-04"),
        ("since 2021", "2021", None),
        ("after May 2021", "2021-05", None),
        ("before 2020", None, "2020"),
        ("until March 2020", None, "2020-04"),
        ("between 2019 and 2021", "2019", "2022"),
        ("from May 2019 to March 2021", "2019-05", "2021-04"),
        ("de enero de 2022", "2022-01", "2022-02"),
        ("desde 2021", "2021", None),
        ("entre 2019 y 2021", "2019", "2022"),
        ("antes de mayo de 2020", None, "2020-05"),
        ("em março de 2022", "2022-03", "2022-04"),
        ("marco de 2022", "2022-03", "2022-04"),
        ("até 2020", None, "2021"),
        ("2022年", "2022", "2023"),
        ("2022年1月", "2022-01", "2022-02"),
        ("2021年以降", "2021", None),
        ("2021年5月3日", "2021-05-03", "2021-05-04"),
    ],
)
def test_a_period_ends_where_the_next_one_begins(words, after, before):
    found = read_period(words)
    assert (found and found.after, found and found.before) == (after, before)


@pytest.mark.parametrize(
    "words", ["version 2.1", "the harbour", "last year", "in May", "2022 and more", "room 2022", ""]
)
def test_other_words_mean_no_period(words):
    assert read_period(words) is None


def test_what_follows_a_year_a_month_and_a_day():
    assert [following(date) for date in ("2022", "2022-12", "2022-09", "2024-02-28", "2022-12-31")] == [
        "2023", "2023-01", "2022-10", "2024-02-29", "2023-01-01"
    ]  # fmt: skip


def test_a_month_or_day_without_its_year():
    assert [read_day(words) for words in ("November", "14 November", "noviembre", "the lift")] == [
        "-11", "-11-14", "-11", None
    ]  # fmt: skip
