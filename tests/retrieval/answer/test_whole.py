"""The whole of a list or a table, wherever passages divide it."""

import pytest

from retrieval.answer.whole import MAX_WHOLE_CHARS, with_whole
from retrieval.citing import cite_in
from retrieval.documents.passages import split_passages
from retrieval.documents.read import read_document
from retrieval.schema import AnswerText, Citation, Document, Passage
from retrieval.settings import PassageSettings
from tests.conftest import FakeEncoder

PARTS = (
    "# Spare parts\n\n| No. | Part | Weight | State |\n|---|---|---|---|\n| 1 | bolt | 47 g | open |\n"
    "| 2 | nut | 84 g | done |\n| 3 | washer | 5 g | open |\n\nAsk in the shop.\n"
)
SHOP = "# Shop\n\nBring:\n\n- a bag\n- a list of parts\n- money\n- some time\n\nIt opens at nine.\n"


def read(text: str, tokens: int = 500) -> tuple[Document, list[Passage]]:
    """The document and its passages of at most so many words."""
    parsed = read_document("a.md", text.encode())
    settings = PassageSettings(size_tokens=tokens, overlap_sentences=1)
    return parsed.document, [
        passage for passage, _ in split_passages(parsed, settings, FakeEncoder().count_tokens, 500)
    ]


def cited(document: Document, passages: list[Passage], words: str) -> AnswerText:
    """An answer that quotes the sentence with these words."""
    for passage in passages:
        for start, end in passage.sentences:
            if words in passage.text[start:end]:
                citation = cite_in(1, document, passage, start, end)
                return AnswerText(citation.quote, 0.5, (citation,))
    raise AssertionError(words)


def whole(text: str, words: str, query: str, tokens: int = 500) -> Citation | None:
    document, passages = read(text, tokens)
    found = with_whole(cited(document, passages, words), document, passages, query)
    if found is None:
        return None
    citation = found[0].citations[0]
    assert found[0].text == citation.quote
    assert all(document.text[start:end] for start, end in citation.spans)
    return citation


@pytest.mark.parametrize("words", ["washer", "Spare parts"])
def test_a_column_that_the_question_names_is_given_with_its_name(words):
    found = whole(PARTS, words, "what are the parts?")
    assert (found.lead, found.quote) == ("Part", "bolt […] nut […] washer")
    assert found.mark == (0, len(found.quote))


def test_a_column_that_says_little_alone_is_given_with_the_rest_of_its_rows():
    found = whole(PARTS, "bolt", "what are the weights?")
    assert found.quote == "1 | bolt | 47 g | open 2 | nut | 84 g | done 3 | washer | 5 g | open"
    assert found.lead == "No. | Part | Weight | State"


def test_only_the_rows_with_a_word_of_the_question_count():
    assert whole(PARTS, "bolt", "what is still open?").quote == "1 | bolt | 47 g | open […] 3 | washer | 5 g | open"


def test_one_row_is_no_list():
    assert whole(PARTS, "bolt", "which ones are done?") is None


@pytest.mark.parametrize("tokens", [500, 8])
def test_a_list_is_given_whole_wherever_passages_divide_it(tokens):
    passages = read(SHOP, tokens)[1]
    assert (len(passages) > 1) == (tokens == 8)
    found = whole(SHOP, "list of parts", "what do I need?", tokens)
    assert (found.lead, found.quote) == ("Bring:", "a bag a list of parts money some time")
    assert whole(SHOP, "Bring:", "what do I need?", tokens).quote == found.quote


def test_a_sentence_outside_lists_and_tables_stays_as_it_is():
    assert whole(SHOP, "nine", "what are the hours?") is None


def test_of_a_long_list_the_beginning_is_given_and_the_rest_is_counted():
    lines = [f"- part number {number} of the large machine\n" for number in range(100)]
    document, passages = read("Parts:\n\n" + "".join(lines))
    text, left_out = with_whole(cited(document, passages, "number 7 "), document, passages, "what are the parts?")
    assert text.text.startswith("part number 0 of the large machine part number 1 ")
    assert MAX_WHOLE_CHARS - 50 < len(text.text.replace(" part", "part")) <= MAX_WHOLE_CHARS
    assert left_out == 100 - text.text.count("number")
    row = "| {} | a part of the large machine | somewhere in the old hall |\n"
    table = "| No. | What | Where |\n|---|---|---|\n" + "".join(row.format(number) for number in range(100))
    assert whole(table, "old hall", "which ones are there?") is None


def test_a_place_inside_the_whole_is_cited_once():
    document, passages = read(SHOP)
    first, second = (cited(document, passages, words) for words in ("a bag", "money"))
    text = AnswerText(first.text, 0.5, (*first.citations, *second.citations))
    found, left_out = with_whole(text, document, passages, "what do I need?")
    assert ([citation.quote for citation in found.citations], left_out) == (
        ["a bag a list of parts money some time"],
        0,
    )
