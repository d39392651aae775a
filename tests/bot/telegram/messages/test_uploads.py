"""Messages about uploaded documents: what they say, and that no name, title or remark can break them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.language import CODES, Language
from bot.telegram.memory.records import Suggestion
from bot.telegram.messages.about import KEEP
from bot.telegram.messages.buttons import NO_ID, Press, read_press
from bot.telegram.messages.message import CAPTION_UNITS, units
from bot.telegram.messages.pages import document_key
from bot.telegram.messages.source import page_caption
from bot.telegram.messages.uploads import (
    REMOVE,
    added_message,
    reading_message,
    remove_message,
    uploads_message,
)
from retrieval.schema import Place
from tests.bot.telegram.messages.made import WORDS, check, kept_citation, said

EN, ES = Language("en"), Language("es")
LANGUAGES = st.sampled_from(CODES).map(Language)
NAMES = WORDS.map(lambda words: f"{words}.pdf")


def added(language=EN, **changes):
    given_ = {
        "title": "Ferries",
        "name": "ferries.pdf",
        "places": {"page": 12},
        "passages": 34,
        "remarks": (),
        "beside": None,
        "suggestions": (),
    }
    return added_message(language, **given_ | changes)


@settings(max_examples=150, deadline=None)
@given(LANGUAGES, WORDS, NAMES, st.lists(WORDS.map(lambda words: words * 20), max_size=12), st.none() | NAMES)
def test_nothing_in_a_file_breaks_its_acknowledgement(language, title, name, remarks, beside):
    suggestions = [Suggestion("AbCd1234", f"When was {title} opened?")]
    check(added(language, title=title, name=name, remarks=remarks, beside=beside, suggestions=suggestions))


@settings(max_examples=100, deadline=None)
@given(LANGUAGES, NAMES, st.integers(0, 3))
def test_no_name_breaks_a_question_or_a_list(language, name, page):
    check(reading_message(language, name))
    check(remove_message(language, name))
    check(uploads_message(language, [name] * 20, page))


@settings(max_examples=100, deadline=None)
@given(LANGUAGES, WORDS, WORDS)
def test_no_title_breaks_the_caption_of_a_page(language, title, document):
    caption = page_caption(kept_citation(title=title * 40, document=document).citation, language, 3, 1200)
    check(caption)
    assert units(caption.text) <= CAPTION_UNITS


def test_an_acknowledgement_tells_what_was_added_and_what_could_not_be_read():
    remarks = ["pages 3 and 4 are scans without text", *(f"remark {number}" for number in range(9))]
    message = added(remarks=remarks, suggestions=[Suggestion("AbCd1234", "When was it opened?")])
    assert message.text.startswith("Added: Ferries\nferries.pdf\n12 pages, 34 passages\n\n• pages 3 and 4 are scans")
    assert message.text.count("•") == 8 and "\n…\n" in message.text
    assert message.text.endswith("Try one of these:")
    assert read_press(message.rows[0][0].data) == Press("AbCd1234", "ask")
    assert "12 páginas, 34 pasajes" in added(ES).text


def test_sizes_are_counted_in_what_people_count():
    assert "\n1 slide, 1 passage" in added(places={"slide": 1}, passages=1).text
    assert "\n1,200 rows, 34 passages" in added(places={"row": 1200}).text
    assert "\n2 messages, 34 passages" in added(places={"message": 2}).text
    assert "\n34 passages" in added(places={"chapter": 9, "anchor": 4}).text


def test_a_name_that_was_taken_is_named_with_a_button_that_removes_it():
    message = added(name="ferries (2).pdf", beside="ferries.pdf")
    assert said(message, "code") == ["ferries (2).pdf", "ferries.pdf"]
    (button,) = message.rows[-1]
    assert (button.text, read_press(button.data)) == (
        "Remove ferries.pdf",
        Press(document_key("ferries.pdf"), "remove"),
    )


def test_a_document_is_removed_only_by_yes():
    ((yes, no),) = remove_message(EN, "ferries.pdf").rows
    assert (yes.text, read_press(yes.data).action) == (REMOVE, "delete")
    assert (no.text, read_press(no.data)) == (KEEP, Press(NO_ID, "keep"))


def test_the_caption_of_a_page_has_the_title_and_the_page():
    citation = kept_citation(title="Ferries", place=Place(0, "page", "2")).citation
    caption = page_caption(citation, EN, 2, 1200)
    assert (caption.text, said(caption, "italic")) == ("Ferries, page 2 of 1,200", ["Ferries"])
    assert page_caption(kept_citation(title="").citation, EN, 1, 1).text == "a.txt, page 1 of 1"
