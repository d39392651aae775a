"""Whole answers to questions about a small collection: minutes, news, a change log, a manual, a letter."""

from pathlib import Path

import pytest

from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.schema import Answer, Turn
from retrieval.settings import IndexSettings
from retrieval.spans import quote_spans
from tests.conftest import FakeEncoder, no_report, reader_that_knows, write_corpus

CORPUS = {
    "CHANGELOG.md": """# Changelog

## 2.1.0 – 2024-05-02

The pump stops by itself when the tank is full to the brim.

## 2.0.0 – 2023-01-10

The display shows the humidity of the room in per cent.
""",
    "manual.md": """# The Dehumidifier

A dehumidifier takes the water out of the air of a damp room. It weighs 12 kg.

## Care

The filter of the dehumidifier has to be washed every two weeks in warm water. Let the filter dry for a whole day
before it goes back into the machine.

## Errors

The machine shows E4 when the tank of the dehumidifier is missing. Put the tank back and wait for three minutes.
""",
    "minutes-2023-09-12.txt": """LARKFIELD ASSOCIATION

Minutes of the committee meeting in the laundry room of Larkfield Court

The lift of block B will be replaced by the firm of Castell in November. The reserve fund stands at 34,900 pounds.
""",
    "minutes-2023-11-14.txt": """LARKFIELD ASSOCIATION

Minutes of the second committee meeting in the laundry room of Larkfield Court

The lift of block B has been out of order for three weeks because rails were worn. Nobody likes the new hedge.
""",
    "news.md": """# Lund and Ystad sign a ferry agreement

Lund, January 26, 2022 – The mayors of Lund and Ystad signed an agreement on a ferry between the two harbours.

# The harbour celebrates its jubilee

Lund, June 16, 2021 – The harbour of Lund celebrated its jubilee with a regatta and with fireworks at midnight.

# A new crane

Lund, May 2, 2020 – The harbour office bought a crane that carries the weight of twenty elephants at once.
""",
    "story.txt": """The Lamp

There were three lamps upon the coast, and the keeper of all of them was a man called Barnabas Quill.
""",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("collection")
    encoder = FakeEncoder(max_tokens=122)
    build_index(write_corpus(folder / "docs", CORPUS), folder / "index", IndexSettings(), no_report, encoder)
    return Library(folder / "index", encoder=encoder, reader=reader_that_knows({}))


def shown(answer: Answer) -> list[str]:
    """The heading, the lines with their places, and the notes of an answer about the collection."""
    assert answer.kind == "collection"
    lines = [answer.heading.line()] if answer.heading else []
    for number, text in enumerate(answer.answers, 1):
        (citation,) = text.citations
        assert (citation.number, citation.quote) == (number, text.text)
        where = citation.document + (f" {citation.date}" if citation.date else "")
        lines.append(f"{number} {text.text} [{where}]")
    return [*lines, *(note.line() for note in answer.notes)]


def test_the_documents_are_listed_by_title_in_the_order_of_their_numbers(library):
    answer = library.ask("which documents do you have?")
    assert shown(answer) == [
        "6 documents:",
        "1 Changelog [CHANGELOG.md 2024-05-02]",
        "2 The Dehumidifier [manual.md]",
        "3 Minutes of the committee meeting in the laundry room of Larkfield Court [minutes-2023-09-12.txt 2023-09-12]",
        "4 Minutes of the second committee meeting in the laundry room of Larkfield Court"
        " [minutes-2023-11-14.txt 2023-11-14]",
        "5 Lund and Ystad sign a ferry agreement [news.md 2022-01-26]",
        "6 The Lamp [story.txt]",
    ]
    assert (answer.status, answer.confidence, answer.is_together) == ("answered", 1.0, True)
    assert [source.document for source in library.sources()] == [text.citations[0].document for text in answer.answers]


def test_every_line_is_an_exact_slice_of_its_document(library):
    for question in ("what can I ask?", "latest news", "summarise all documents", "what is document 2 about?"):
        for text in library.ask(question).answers:
            (citation,) = text.citations
            assert quote_spans(library.document(citation.document).text, citation.spans) == text.text


def test_what_can_be_asked_are_the_articles_too(library):
    assert [line for line in shown(library.ask("what can I ask here?")) if "news.md" in line] == [
        "5 Lund and Ystad sign a ferry agreement [news.md 2022-01-26]",
        "6 The harbour celebrates its jubilee [news.md 2021-06-16]",
        "7 A new crane [news.md 2020-05-02]",
    ]


def test_the_news_are_dated_articles_sections_and_documents_newest_first(library):
    assert shown(library.ask("latest news")) == [
        "Newest first (5 of 7):",
        "1 The pump stops by itself when the tank is full to the brim. [CHANGELOG.md 2024-05-02]",
        "2 Minutes of the second committee meeting in the laundry room of Larkfield Court"
        " [minutes-2023-11-14.txt 2023-11-14]",
        "3 Minutes of the committee meeting in the laundry room of Larkfield Court [minutes-2023-09-12.txt 2023-09-12]",
        "4 The display shows the humidity of the room in per cent. [CHANGELOG.md 2023-01-10]",
        "5 Lund, January 26, 2022 – The mayors of Lund and Ystad signed an agreement on a ferry between the two"
        " harbours. [news.md 2022-01-26]",
        "Left out, because they have no date: 2",
    ]


def test_the_news_of_a_period(library):
    assert shown(library.ask("news from 2021 to 2022"))[:2] == [
        "Newest first (from 2021 to 2022):",
        "1 Lund, January 26, 2022 – The mayors of Lund and Ystad signed an agreement on a ferry between the two"
        " harbours. [news.md 2022-01-26]",
    ]
    assert len(library.ask("noticias de 2021").answers) == 1


def test_a_period_without_news_is_a_refusal_that_says_so(library):
    answer = library.ask("summarise the news of 1999")
    assert (answer.status, shown(answer)) == ("abstained", ["Nothing in the documents is dated: 1999"])


def test_documents_by_date_and_the_undated_ones_last(library):
    listed = shown(library.ask("list the documents by date, oldest first"))
    assert [line.split("[")[-1] for line in listed[1:-1]] == [
        "news.md 2020-05-02]",
        "news.md 2021-06-16]",
        "news.md 2022-01-26]",
        "minutes-2023-09-12.txt 2023-09-12]",
        "minutes-2023-11-14.txt 2023-11-14]",
        "CHANGELOG.md 2024-05-02]",
        "manual.md]",
        "story.txt]",
    ]
    assert (listed[0], listed[-1]) == ("Oldest first:", "Without a date, at the end: 2")


def test_the_newest_document_is_one(library):
    assert shown(library.ask("which is the newest document?"))[:2] == [
        "Newest first (1 of 6):",
        "1 Changelog [CHANGELOG.md 2024-05-02]",
    ]


def test_what_a_document_is_about_is_its_opening_and_central_sentences_in_its_order(library):
    answer = library.ask("what is document 2 about?")
    assert shown(answer)[:2] == [
        "From “The Dehumidifier”:",
        "1 A dehumidifier takes the water out of the air of a damp room. [manual.md]",
    ]
    assert len(answer.answers) == 3
    starts = [text.citations[0].spans[0][0] for text in answer.answers]
    assert starts == sorted(starts)


def test_a_section_is_asked_for_by_its_heading(library):
    assert {text.citations[0].section for text in library.ask("summarise the section Care").answers} == {"Care"}


def test_a_file_of_articles_or_releases_is_about_each_of_them(library):
    assert shown(library.ask("summarise the changelog")) == [
        "From “Changelog”:",
        "1 The pump stops by itself when the tank is full to the brim. [CHANGELOG.md 2024-05-02]",
        "2 The display shows the humidity of the room in per cent. [CHANGELOG.md 2023-01-10]",
    ]


def test_what_each_document_is_about_is_its_opening(library):
    assert shown(library.ask("what are the documents about?"))[-1] == (
        "6 There were three lamps upon the coast, and the keeper of all of them was a man called Barnabas Quill."
        " [story.txt]"
    )


def test_a_number_too_high_is_a_refusal_that_says_how_many_there_are(library):
    answer = library.ask("what is document 12 about?")
    note = "There is no document 12. The documents are numbered from 1 to 6."
    assert (answer.status, shown(answer)) == ("abstained", [note])


def test_the_latest_on_a_topic_is_newest_first_and_only_about_it(library):
    assert shown(library.ask("what's the latest on the lift?")) == [
        "On “the lift”, newest first:",
        "1 The lift of block B has been out of order for three weeks because rails were worn."
        " [minutes-2023-11-14.txt 2023-11-14]",
        "2 The lift of block B will be replaced by the firm of Castell in November."
        " [minutes-2023-09-12.txt 2023-09-12]",
    ]


def test_which_documents_are_about_a_topic_is_a_line_for_each(library):
    answer = library.ask("which documents mention the tank?")
    assert {text.citations[0].document for text in answer.answers} == {"CHANGELOG.md", "manual.md"}
    assert all("tank" in text.text for text in answer.answers)


def test_a_summary_of_a_topic_quotes_several_documents(library):
    answer = library.ask("summarise the lift")
    assert {text.citations[0].document for text in answer.answers} == {
        "minutes-2023-09-12.txt",
        "minutes-2023-11-14.txt",
    }


def test_a_topic_that_no_document_has_is_an_ordinary_question(library):
    answer = library.ask("summarise quantum chromodynamics")
    assert (answer.status, answer.kind) == ("abstained", "fact")


def test_restrictions_narrow_what_is_listed(library):
    assert [text.citations[0].document for text in library.ask("which documents are there? in:minutes").answers] == [
        "minutes-2023-09-12.txt",
        "minutes-2023-11-14.txt",
    ]
    assert [text.citations[0].date for text in library.ask("latest news after:2024").answers] == ["2024-05-02"]
    assert len(library.ask("summarise the lift before:2023-10").answers) == 1


def test_the_second_one_is_the_second_line_of_the_answer_before(library):
    listed = Turn("news from 2021 to 2022", "", "", ("news.md",))
    assert shown(library.ask("summarise the second one", [listed])) == [
        "From “The harbour celebrates its jubilee”:",
        "1 Lund, June 16, 2021 – The harbour of Lund celebrated its jubilee with a regatta and with fireworks at"
        " midnight. [news.md 2021-06-16]",
    ]


def test_this_document_is_the_one_that_was_replied_to(library):
    answer = library.ask("summarise this", [], first_in=("story.txt",))
    assert {text.citations[0].document for text in answer.answers} == {"story.txt"}


def test_a_long_list_is_cut_and_says_so(tmp_path):
    corpus = {
        f"{number:02}.txt": f"Letter {number}\n\nDear all, this is letter number {number}.\n" for number in range(57)
    }
    encoder = FakeEncoder()
    build_index(write_corpus(tmp_path / "docs", corpus), tmp_path / "index", IndexSettings(), no_report, encoder)
    library = Library(tmp_path / "index", encoder=encoder, reader=reader_that_knows({}))
    answer = library.ask("how many documents are there?")
    assert (answer.heading.line(), len(answer.answers)) == ("20 of 57 documents:", 20)
    by_date = library.ask("documents by date")
    assert (by_date.heading.line(), [note.line() for note in by_date.notes]) == (
        "20 of 57 documents:",
        ["None of the documents has a date."],
    )
    assert library.ask("latest news").notes[0].line() == "None of the documents has a date."


def test_a_text_without_a_title_is_listed_by_its_first_sentence(tmp_path):
    first = "This version applied from 2 March 2021 to 13 May 2024, and nobody at the office has missed it since then."
    corpus = {"old.txt": f"*** {first} Account data is deleted within ninety days of the end of an account. ***\n"}
    encoder = FakeEncoder()
    build_index(write_corpus(tmp_path / "docs", corpus), tmp_path / "index", IndexSettings(), no_report, encoder)
    library = Library(tmp_path / "index", encoder=encoder, reader=reader_that_knows({}))
    assert library.sources()[0].title.endswith(" …")
    assert shown(library.ask("which documents are there?")) == ["1 document:", f"1 *** {first} [old.txt]"]
