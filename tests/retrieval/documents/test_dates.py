import pytest

from retrieval.documents.dates import date_in_name, dateline, find_dates, whole_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("June 16, 2022", "2022-06-16"),
        ("May 16th, 2022", "2022-05-16"),
        ("September 13,2021", "2021-09-13"),
        ("16 May 2022", "2022-05-16"),
        ("APRIL 2019", "2019-04"),
        ("2022-01-26", "2022-01-26"),
        ("16 de mayo de 2022", "2022-05-16"),
        ("3 de março de 2020", "2020-03-03"),
        ("2022年5月16日", "2022-05-16"),
        ("Aug. 4, 1999", "1999-08-04"),
        ("Auguſt 12, 1666", "1666-08-12"),
        ("APRİL 2020", "2020-04"),
        ("June 31, 2021", "2021-06"),
        ("February 29, 2020", "2020-02-29"),
    ],
)
def test_full_dates_are_read_as_exactly_as_they_are_written(text, iso):
    assert whole_date(text) == iso


@pytest.mark.parametrize("text", ["May 3", "2022", "3/4/2021", "in May 2022 we met", "no. 12", "maybe 2 2022"])
def test_a_line_that_is_not_only_a_date_has_none(text):
    assert whole_date(text) is None


def test_a_label_before_a_date_is_left_out():
    assert whole_date("Published: 4 May 2021") == "2021-05-04"


@pytest.mark.parametrize(
    ("paragraph", "iso", "rest"),
    [
        ("June 16, 2022.- On the occasion", "2022-06-16", "On the occasion"),
        ("Ottawa, Canada, May 13, 2022. On the occasion", "2022-05-13", "On the occasion"),
        ("January 26, 2022 – The signing", "2022-01-26", "The signing"),
    ],
)
def test_a_dateline_opens_a_news_item(paragraph, iso, rest):
    found = dateline(paragraph)
    assert found is not None
    assert (found[0], paragraph[found[1] :]) == (iso, rest)


@pytest.mark.parametrize(
    "paragraph",
    [
        "On April 28, 2011, in response to",
        "It took effect on May 4, 2020. Then it ended.",
        "Founded by Ann and Bob, May 4, 2020 was its first day.",
    ],
)
def test_a_date_inside_a_sentence_is_not_a_dateline(paragraph):
    assert dateline(paragraph) is None


def test_a_date_inside_another_is_found_once():
    assert list(find_dates("From 16 May 2022 on")) == [((5, 16), "2022-05-16")]


def test_a_name_that_begins_with_a_month_is_of_that_month_whatever_years_follow():
    names = (
        "2024-03-results-2023.txt",
        "2024-report.pdf",
        "notes/x-2024-03-y.md",
        "model-2000-manual.pdf",
        "2023-2024-budget.txt",
    )
    assert [date_in_name(name) for name in names] == ["2024-03", "2024", "2024-03", None, None]
