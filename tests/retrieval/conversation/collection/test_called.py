"""What documents, articles and sections are called, and how much of a name must be said."""

import pytest

from retrieval.conversation.collection.called import called, name_words, named_items
from tests.retrieval.conversation.collection.made_sources import KNOWN, source


def found(name, closeness="equal", named=None):
    return [(item.document, item.section) for item in called(name, named or KNOWN.named, closeness)]


@pytest.mark.parametrize(
    "name",
    [
        "How to Apply for a Visa",
        "how to apply for visa",
        "How to Aply for a Visa",
        "visa-guide.pdf",
        "visa_guide",
        "the VISA guide",
        "Visa leaflet",
        "the document visa guide",
    ],
)
def test_a_document_is_called_by_its_title_file_or_alias_typos_aside(name):
    assert found(name) == [("visa-guide.pdf", None)]


@pytest.mark.parametrize("name", ["a visa", "the guide to Lund", "apply", "visas", "crane", ""])
def test_a_word_of_a_name_is_no_name(name):
    assert found(name) == []


def test_a_name_of_a_kind_means_the_documents_that_have_it_in_their_name():
    assert found("the manual", "loose") == [("DH40_user_manual.txt", None)]
    assert found("the minutes", "loose") == [
        ("minutes/2023-09-12_minutes.txt", None),
        ("minutes/2023-11-14_minutes.txt", None),
    ]


def test_half_of_a_name_is_enough_where_somebody_asks_what_it_is_about():
    named = named_items(
        [source("a.txt", "Japanese Engagement with LAC"), source("b.txt", "The Pacific Alliance in Norway")], {}
    )
    assert found("japanese engagement", "loose", named) == [("a.txt", None)]
    assert found("Norway", "loose", named) == []
    assert found("Norway", "part", named) == [("b.txt", None)]


def test_a_document_comes_before_an_article_and_a_section_of_the_same_name():
    named = named_items(
        [source("care.md", "Care"), *(one for one in KNOWN.sources if one.document == "DH40_user_manual.txt")], {}
    )
    assert found("care", named=named) == [("care.md", None)]
    assert found("care") == [("DH40_user_manual.txt", 1)]


def test_a_name_without_spaces_is_found_too():
    assert found("神戸に日本法人を設立") == [("oshirase.txt", None)]
    assert found("日本法人を設立", "loose") == [("oshirase.txt", None)]


def test_the_words_of_a_name():
    assert name_words("2023-09-12_Minutes (draft).txt") == ("2023", "9", "12", "minutes", "draft", "txt")
    assert name_words("The Who") == ("who",)
    assert name_words("La de los") == ("la", "de", "los")
