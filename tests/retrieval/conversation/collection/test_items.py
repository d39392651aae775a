"""What is listed of a collection, in which order, and what a period leaves of it."""

from retrieval.conversation.collection.items import Item, articles, by_date, contents, documents, news, within
from retrieval.schema import Section
from tests.retrieval.conversation.collection.made_sources import SOURCES, source


def named(items):
    return [(item.document, item.section, item.date) for item in items]


def test_a_document_s_date_is_stated_or_in_its_name_or_the_newest_of_its_sections():
    found = {item.document: item.date for item in documents(SOURCES)}
    assert found["minutes/2023-09-12_minutes.txt"] == "2023-09-12"
    assert found["CHANGELOG.md"] == "2024-05-02"
    assert found["chapter-07.txt"] is None
    assert documents([source("2021-07-report.txt", "Report")])[0].date == "2021-07"


def test_a_file_of_several_articles_counts_as_its_articles():
    assert [item for item in named(articles(SOURCES)) if item[0] == "news.txt"] == [
        ("news.txt", 0, "2022-01-26"),
        ("news.txt", 1, "2021-06-16"),
        ("news.txt", 2, None),
    ]


def test_a_dated_section_is_news_of_its_own_and_its_document_is_not_repeated():
    assert [item[1:] for item in named(news(SOURCES)) if item[0] == "CHANGELOG.md"] == [
        (0, "2024-05-02"),
        (1, "2023-01-10"),
    ]


def test_sections_below_one_dated_heading_are_one_piece_of_news():
    release = source(
        "CHANGES.md",
        "Changes",
        None,
        Section("2.0 (2024-05-02) > Added", "2024-05-02", False),
        Section("2.0 (2024-05-02) > Fixed", "2024-05-02", False),
        Section("1.0 (2023-01-10)", "2023-01-10", False),
    )
    assert [item.section for item in news([release])] == [0, 2]


def test_a_dated_document_with_one_dated_section_is_news_with_and_without_it():
    letter = source(
        "letter.md", "A letter", "2020-03", Section(None, None, False), Section("PS 4 May", "2020-05-04", False)
    )
    assert named(news([letter])) == [("letter.md", None, "2020-03"), ("letter.md", 1, "2020-05-04")]


def test_newest_first_undated_last_and_ties_as_they_come():
    items = [Item("a", None, None), Item("b", None, "2020"), Item("c", None, "2021-05"), Item("d", None, "2021-05")]
    assert [item.document for item in by_date(items)] == ["c", "d", "b", "a"]
    assert [item.document for item in by_date(items, is_oldest_first=True)] == ["b", "c", "d", "a"]


def test_a_date_that_may_be_in_the_period_is_in_it():
    items = [
        Item("a", None, "2022"),
        Item("b", None, "2022-05-16"),
        Item("c", None, "2021-12-31"),
        Item("d", None, None),
    ]
    assert [item.document for item in within(items, "2022-05", "2022-06")] == ["a", "b"]


def test_of_few_documents_the_sections_are_listed_and_of_many_the_documents():
    handbook = source("handbook.md", "Handbook", None, *(Section(f"Part {n} > {n}.1", None, False) for n in range(4)))
    assert [item.section for item in contents([handbook])] == [0, 1, 2, 3]
    many = [source(f"{n}.txt", f"Letter {n}") for n in range(30)]
    assert contents(many) == documents(many)
    assert contents(SOURCES) == articles(SOURCES)
