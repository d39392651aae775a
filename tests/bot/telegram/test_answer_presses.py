"""The buttons below an answer: the section of a source, pages of answers shown together, and why."""

from contextlib import closing
from dataclasses import replace

import pytest

from bot.telegram.explaining import ANSWERED_OTHERWISE
from bot.telegram.memory.records import Origin
from bot.telegram.messages.buttons import Press, read_press
from bot.telegram.messages.notices import NOTICES
from bot.telegram.messages.section import PASSAGE
from bot.telegram.messages.source import AT_QUOTATION, SECTION, section_press, source_press
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.bot.telegram.harness import QUESTION, Harness
from tests.bot.telegram.messages.made import check, said
from tests.bot.telegram.test_presses import ANN, EXPIRED, SHOWN, kept_from, labels, press
from tests.conftest import EMPEROR, no_report, write_corpus

SHIPS = "".join(f"Ship {number} sailed to the far north in autumn and came back in spring. " for number in range(90))
SECTION_TEXT = f"{SHIPS}The harbour of Lund was opened in 1871."
DOCUMENT = f"# The Fleet\n\nThe fleet is old.\n\n## Ships\n\n{SECTION_TEXT}\n\n## Fish\n\nCod.\n"


@pytest.fixture
def fleet(fake, told_reader, tmp_path):
    """A harness over a document with a long section; the id of an answer that cites it is kept in it."""
    write_corpus(tmp_path / "docs", {"fleet.md": DOCUMENT})
    build_index(tmp_path / "docs", tmp_path / "index", IndexSettings(), no_report, fake)
    library = Library(tmp_path / "index", encoder=fake, reader=told_reader)
    with closing(Harness(library, tmp_path, per_user=100, per_chat=100)) as harness:
        yield harness, kept_from(harness, library, QUESTION)


def quoted(message):
    """What stands below the citation, which has two lines."""
    return message.split("\n", 2)[2]


def test_a_section_is_read_page_by_page_in_the_place_of_the_passage_and_back(fleet):
    harness, id_ = fleet
    press(harness, source_press(id_, 1))
    view = harness.sender.sent[-1][1]
    section = next(button for row in view.rows for button in row if button.text == SECTION)
    press(harness, read_press(section.data))
    assert harness.sender.edited[-1][1].endswith("The harbour of Lund was opened in 1871.")
    for page in range(3):
        press(harness, section_press(id_, 1, page))
    assert [number for number, _ in harness.sender.edited] == [SHOWN] * 4
    read = " ".join(quoted(text) for _, text in harness.sender.edited[1:])
    assert read.split() == ["Ships", *SECTION_TEXT.split()]
    press(harness, source_press(id_, 1, 1, 1))
    assert "The harbour of Lund was opened in 1871." in harness.sender.edited[-1][1]


def test_the_buttons_of_a_section_turn_its_pages_and_lead_back(fleet, monkeypatch):
    harness, id_ = fleet
    shown, edit = [], harness.sender.edit

    async def watched(chat_id, message_id, message):
        shown.append(message)
        await edit(chat_id, message_id, message)

    monkeypatch.setattr(harness.sender, "edit", watched)
    for page in (0, AT_QUOTATION):
        press(harness, section_press(id_, 1, page))
        check(shown[-1])
    assert [labels(message.rows) for message in shown] == [["1/3", "▶", PASSAGE], ["◀", "3/3", PASSAGE]]
    assert read_press(shown[0].rows[0][1].data) == section_press(id_, 1, 1)
    assert said(shown[1], "bold") == ["1871"]


@pytest.mark.parametrize("change", [lambda path: path.write_text("# Other\n\nText.\n"), lambda path: path.unlink()])
def test_a_section_of_a_file_that_changed_or_is_gone_is_said_in_one_sentence(fleet, tmp_path, fake, change):
    harness, id_ = fleet
    change(tmp_path / "docs" / "fleet.md")
    write_corpus(tmp_path / "docs", {"other.md": "# Other\n\nAnother text.\n"})
    build_index(tmp_path / "docs", tmp_path / "index", IndexSettings(), no_report, fake)
    harness.answerer.look_again()
    press(harness, section_press(id_, 1))
    assert (harness.sender.alerts, harness.sender.edited) == ([NOTICES["no section"]], [])


def test_a_section_of_a_citation_that_there_is_not_is_expired(fleet):
    harness, id_ = fleet
    press(harness, section_press(id_, 7))
    assert harness.sender.alerts == [EXPIRED]


def test_a_page_of_answers_shown_together_is_turned_in_place_and_shows_the_verdict(harness, small):
    found = small.ask(QUESTION)
    many = tuple(replace(found.answers[0], text=f"Text {number}") for number in range(12))
    together = replace(found, answers=many, is_together=True, kind="comparison")
    id_ = harness.memory.keep_answer(together, Origin(ANN, ANN, None), (), small.document).answer.id
    press(harness, Press(id_, "wrong", 1))
    press(harness, Press(id_, "turn", 1))
    ((message_id, text),) = harness.sender.edited
    assert message_id == SHOWN and "Text 8" in text and "Text 7" not in text
    press(harness, Press(id_, "turn", 9))
    assert harness.sender.alerts[-1] == NOTICES["nothing more"]


def test_why_is_not_told_of_an_answer_that_the_documents_no_longer_give(harness, small, docs, tmp_path, fake):
    id_ = kept_from(harness, small, QUESTION)
    press(harness, Press(id_, "why"))
    assert "The reader chose this sentence" in harness.sender.texts[-1]
    (docs / "harbour.txt").unlink()
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)
    harness.answerer.look_again()
    press(harness, Press(id_, "why"))
    assert harness.sender.texts[-1] == ANSWERED_OTHERWISE


def test_why_of_a_refusal_is_about_its_closest_passage(told, tmp_path):
    with closing(Harness(told, tmp_path)) as harness:
        press(harness, Press(kept_from(harness, told, EMPEROR), "why"))
        assert "The closest passage came" in harness.sender.texts[-1]
