"""The view of a source: the passage, the steps to the text around it, and a document that changed or is gone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.language import Language
from bot.telegram.messages.buttons import read_press
from bot.telegram.messages.rows import answer_rows
from bot.telegram.messages.section import section_message
from bot.telegram.messages.source import (
    AT_QUOTATION,
    DOCUMENT_CHANGED,
    DOCUMENT_GONE,
    DocumentNow,
    cited_in,
    is_first_view,
    source_message,
    source_press,
)
from tests.bot.telegram.messages.made import WORDS, check, hostile_citations, kept_answer, kept_citation, said

EN = Language("en")
SAME = DocumentNow("a.txt", "sha")


@settings(max_examples=300, deadline=None)
@given(
    hostile_citations(),
    st.integers(0, 9),
    st.integers(0, 9),
    st.sampled_from([SAME, DocumentNow("a.txt", "other"), DocumentNow("\x1b[1mb@c.txt", "sha"), None]),
)
def test_no_text_breaks_the_view_of_a_source(citation, before, after, now):
    kept = kept_answer(citation)
    check(source_message(kept, EN, source_press("AbCd1234", 1, before, after).n, now))


@settings(max_examples=150, deadline=None)
@given(hostile_citations(), WORDS, st.integers(1, 200), st.integers(0, 3) | st.just(AT_QUOTATION))
def test_no_text_breaks_the_view_of_a_section(citation, words, times, page):
    text = words * times + citation.citation.quote + words * times
    check(section_message(kept_answer(citation), citation, EN, text, page))


def test_the_ladder_climbs_to_both_ends_of_what_was_kept():
    before = "".join(f"Sentence number {number} stands before. " for number in range(40))
    citation = kept_citation(more=(before, " A short end."))
    kept = kept_answer(citation)
    n = source_press(kept.id, 1).n
    seen = []
    while True:
        message = source_message(kept, EN, n, SAME)
        check(message)
        seen.append(said(message, "blockquote"))
        if not message.rows:
            break
        n = read_press(message.rows[0][0].data).n
    assert seen[0] == ["It opened in 1871."]
    assert seen[1][0].startswith("Sentence number 2")
    assert seen[-1][0] == before.strip()
    assert seen[-1][-1] == "A short end."
    assert all(part in before for step in seen for part in step[:1] if len(step) > 1)


def test_a_source_says_when_its_document_changed_or_is_gone():
    kept, n = kept_answer(kept_citation()), source_press("AbCd1234", 1).n
    texts = [source_message(kept, EN, n, now).text for now in (SAME, DocumentNow("a.txt", "other"), None)]
    assert [DOCUMENT_CHANGED in text for text in texts] == [False, True, False]
    assert [DOCUMENT_GONE in text for text in texts] == [False, False, True]


def test_a_source_says_what_its_document_is_called_now():
    kept, n = kept_answer(kept_citation()), source_press("AbCd1234", 1).n
    text = source_message(kept, EN, n, DocumentNow("old/b.txt", "sha")).text
    assert "This document is now called old/b.txt." in text
    assert DOCUMENT_GONE not in text and DOCUMENT_CHANGED not in text


def test_a_source_that_is_not_cited_is_none():
    kept = kept_answer(kept_citation())
    assert source_message(kept, EN, source_press("AbCd1234", 2).n, SAME) is None
    assert source_message(kept, EN, 0, SAME) is None


def test_the_buttons_of_a_view_are_distinguished_from_those_of_an_answer():
    kept = kept_answer(kept_citation(more=("Before it. ", " After it.")))
    below = read_press(answer_rows(kept, EN)[0][0].data)
    view = source_message(kept, EN, below.n, SAME)
    assert is_first_view(below.n)
    assert len(view.rows[0]) == 2
    assert not any(is_first_view(read_press(button.data).n) for button in view.rows[0])


def test_there_is_no_source_for_a_number_without_a_citation():
    kept = kept_answer(kept_citation())
    assert cited_in(kept, 999_999_999) is None
