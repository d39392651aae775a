"""Answers that are shown at once: numbered lines with their sources, in pages that each fit one message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.language import CODES, Language
from bot.telegram.memory.kept import KeptText
from bot.telegram.messages.answers import answer_messages, combined
from bot.telegram.messages.buttons import Press, read_press
from bot.telegram.messages.results import inline_results
from bot.telegram.messages.rows import SOURCE, WHY, answer_rows
from bot.telegram.messages.together import LINES_ON_PAGE, pages_of
from retrieval.schema import Note
from tests.bot.telegram.messages.made import WORDS, check, hostile_citations, kept_answer, kept_citation, said

EN = Language("en")
HEADING = Note("{number} documents speak of it:", {"number": "2"})


def text_of(number, **cited):
    return KeptText(f"In {1870 + number}", 0.9, (kept_citation(number, quote=f"In {1870 + number}", **cited),))


def together(*texts, **changes):
    return kept_answer(**{"answers": texts, "is_together": True, "kind": "comparison"} | changes)


CLOSED = KeptText("1899", 0.8, tuple(kept_citation(n, quote="Closed in 1899.", mark=(10, 14)) for n in (2, 3)))


def test_a_comparison_is_one_message_of_numbered_lines_each_with_a_source_button():
    first = text_of(1, title="The Mill", document="mill.txt")
    kept = together(first, CLOSED, heading=HEADING, receipt="7K3M9Q2A")
    (message,) = answer_messages(kept, EN)
    check(message)
    assert message.text == (
        "2 documents speak of it:\n\n"
        "[1] In 1871\nThe Mill\nmill.txt, lines 3–4\n\n"
        "[2] 1899\nClosed in 1899.\nLund\na.txt, lines 3–4\nAnd in 1 more passage.\n"
        "Receipt 7K3M9Q2A\n\nVery sure · 95%"
    )
    assert said(message, "bold") == ["In 1871", "1899", "1899"]
    assert said(message, "expandable_blockquote") == ["Closed in 1899."]
    sources = [SOURCE.format(number=number) for number in (1, 2)]
    assert [[button.text for button in row] for row in message.rows] == [sources, ["👍", "👎", WHY]]


def test_the_lines_of_a_list_stand_below_the_document_that_they_are_from():
    mill = text_of(1, title="The Mill", document="mill.txt", date="1999-05-04")
    kept = together(mill, text_of(2, section="Opening"), CLOSED, kind="list")
    (message,) = answer_messages(kept, EN)
    check(message)
    assert message.text == (
        "The Mill, 4 May 1999\nmill.txt\nIn 1871\n[1] lines 3–4\n\n"
        "Lund\na.txt\nIn 1872\n[2] section “Opening”, lines 3–4\n"
        "Closed in 1899.\n[2] lines 3–4\nAnd in 1 more passage.\n\nVery sure · 95%"
    )
    assert said(message, "bold") == ["The Mill", "Lund", "1899"]
    assert said(message, "blockquote") == ["In 1871", "In 1872", "Closed in 1899."]


def test_documents_are_lines_of_titles_and_what_is_counted_and_not_read_has_no_confidence():
    named = KeptText("The Mill", 1.0, (kept_citation(1, quote="The Mill", title="The Mill", date="1999"),))
    quoted = KeptText("It burned down.", 1.0, (kept_citation(2, quote="It burned down."),))
    (message,) = answer_messages(together(named, quoted, kind="collection"), EN)
    check(message)
    assert message.text == ("[1] The Mill, 1999\na.txt, lines 3–4\n\n[2] Lund\nIt burned down.\na.txt, lines 3–4")
    assert (said(message, "bold"), said(message, "expandable_blockquote")) == (
        ["The Mill", "Lund"],
        ["It burned down."],
    )


def test_our_own_heading_may_be_all_there_is_to_say():
    (message,) = answer_messages(kept_answer(answers=(), kind="collection", heading=HEADING), EN)
    assert message.text == "2 documents speak of it:"
    assert [button.text for row in message.rows for button in row] == ["👍", "👎", WHY]


def test_more_lines_than_a_page_holds_are_turned_in_place():
    kept = together(*(text_of(number) for number in range(1, LINES_ON_PAGE + 3)))
    (first,), (second,) = answer_messages(kept, EN, 0), answer_messages(kept, EN, 1)
    for message in (first, second):
        check(message)
    assert f"[{LINES_ON_PAGE}] " in first.text and f"[{LINES_ON_PAGE + 1}] " not in first.text
    assert f"[{LINES_ON_PAGE + 1}] " in second.text
    assert [button.text for button in first.rows[-2]] == ["1/2", "▶"]
    assert read_press(first.rows[-2][1].data) == Press("AbCd1234", "turn", 1)
    assert read_press(second.rows[-1][1].data) == Press("AbCd1234", "wrong", 1)
    with pytest.raises(IndexError):
        answer_messages(kept, EN, 2)


def test_long_lines_take_more_pages_and_none_is_left_out():
    texts = [KeptText("x", 0.9, (kept_citation(n, quote=f"{n} " + "word " * 90),)) for n in range(1, 16)]
    kept = together(*texts)
    pages = pages_of(kept, EN)
    assert [text for page in pages for text in page] == texts
    assert len(pages) > 2
    for number in range(len(pages)):
        (message,) = answer_messages(kept, EN, number)
        check(message)


def test_an_inline_result_is_a_page_under_its_heading():
    (result,) = inline_results(EN, together(text_of(1), text_of(2), heading=HEADING))
    assert (result.title, result.description) == ("2 documents speak of it:", "In 1871")
    assert result.message.rows == ()


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(CODES))
def test_no_text_of_a_document_breaks_a_page(data, code):
    texts = []
    for number in range(1, data.draw(st.integers(2, 12))):
        texts.append(KeptText(data.draw(WORDS), 0.5, (data.draw(hostile_citations(number)),)))
    kind = data.draw(st.sampled_from(["comparison", "list", "collection"]))
    kept = together(*texts, heading=Note("{x}:", {"x": data.draw(WORDS)}), question=data.draw(WORDS), kind=kind)
    for page in range(len(pages_of(kept, EN))):
        messages = answer_messages(kept, Language(code), page)
        for message in (*messages, combined(messages, "(Shortened.)")):
            check(message)
    assert answer_rows(kept, EN)
