"""Buttons: who may press them, what they do, and that they work even if a message may not have arrived."""

import asyncio
from contextlib import closing
from dataclasses import replace

import pytest
from telegram import Bot, CallbackQuery

import bot.telegram.answer_presses
import bot.telegram.asking
import bot.telegram.cited
from bot.language.language import language_of
from bot.telegram.api.errors import Uncertain
from bot.telegram.asking import Task
from bot.telegram.cited import PagePictures, document_now
from bot.telegram.memory.records import Origin, Received
from bot.telegram.messages.buttons import NO_ID, Press, read_press
from bot.telegram.messages.message import Message
from bot.telegram.messages.notices import NOTICES, notice
from bot.telegram.messages.rows import COPY_CITATION, NEXT_ANSWER, REASON_LABELS, SOURCE, WHY, reason_press
from bot.telegram.messages.source import source_press
from bot.telegram.presses import Presses
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.bot.made_report import CHANGED_REPORT, NAME, cited, write_report
from tests.bot.telegram.harness import QUESTION, Harness
from tests.conftest import EMPEROR, PIERS, no_report, write_corpus

BOT = Bot("99:" + "A" * 35)
ME = {"id": 99, "is_bot": True, "first_name": "Quoth"}
ENGLISH = language_of("en")
ANN, BO, GROUP, SHOWN = 7, 8, -5, 1001
PAST = Received(update_id=1, json="{}", state="received", received_at=0, attempts=1)
EXPIRED, NOT_YOURS = NOTICES["expired"], NOTICES["not yours"]


@pytest.fixture
def harness(small, tmp_path):
    with closing(Harness(small, tmp_path, per_user=100, per_chat=100)) as opened:
        yield opened


def person(number):
    return {"id": number, "is_bot": False, "first_name": "Somebody"}


def message(chat, number=SHOWN, sender=ME, **more):
    kind = {"type": "private", "first_name": "Ann"} if chat > 0 else {"type": "supergroup", "title": "Readers"}
    return {"message_id": number, "date": 1, "chat": {"id": chat, **kind}, "from": sender, "text": "x", **more}


def press(harness, pressed, by=ANN, chat=ANN, presses=None, past=None, **more):
    body = {"id": "1", "from": person(by), "chat_instance": "1", "message": message(chat, **more)}
    query = CallbackQuery.de_json({**body, "data": pressed.data()}, BOT)
    presses = presses or Presses(harness.components, harness.asking, harness.uploads, harness.gaps)
    harness.memory.receive(1, "{}", by, chat)
    asyncio.run(presses.pressed(query, Task(1, Origin(chat, by, None), ENGLISH, past=past)))


def kept(harness, small, user=ANN, chat=ANN, texts=1):
    """An answer of so many texts that was sent, but of which nobody knows whether it arrived."""
    found = small.ask(QUESTION)
    found = replace(found, answers=found.answers[:1] * texts)
    return harness.memory.keep_answer(found, Origin(chat, user, None), (), small.document).answer.id


def labels(rows):
    return [button.text for row in rows for button in row]


# /forget


@pytest.mark.parametrize("action", ["forget", "keep"])
def test_in_a_group_only_who_wrote_forget_may_press_its_buttons(harness, small, action):
    answers = [kept(harness, small, user, GROUP) for user in (ANN, BO)]
    command = {"reply_to_message": message(GROUP, 1, person(ANN))}
    press(harness, Press(NO_ID, action), BO, GROUP, **command)
    assert harness.sender.alerts[0].startswith(NOT_YOURS)
    assert harness.sender.edited == []
    assert [harness.memory.answer(id_) is not None for id_ in answers] == [True, True]
    press(harness, Press(NO_ID, action), ANN, GROUP, **command)
    assert [harness.memory.answer(id_) is not None for id_ in answers] == [action == "keep", True]
    assert len(harness.sender.edited) == 1


TOPIC = message(GROUP, 1, person(ANN), forum_topic_created={"name": "Mills", "icon_color": 1})


@pytest.mark.parametrize(
    "more", [{}, {"reply_to_message": TOPIC}], ids=["nothing replied to", "the first message of a topic"]
)
def test_in_a_group_nobody_may_where_it_is_not_known_who_wrote_forget(harness, small, more):
    id_ = kept(harness, small, ANN, GROUP)
    press(harness, Press(NO_ID, "forget"), ANN, GROUP, **more)
    assert harness.sender.alerts[0].startswith(NOT_YOURS)
    assert harness.memory.answer(id_) is not None


def test_in_private_forget_is_pressed_by_the_person_whose_chat_it_is(harness, small):
    id_ = kept(harness, small)
    press(harness, Press(NO_ID, "forget"))
    assert harness.memory.answer(id_) is None


# Sources


def test_a_source_of_an_answer_whose_number_is_not_known_leaves_the_answer_as_it_is(harness, small):
    press(harness, source_press(kept(harness, small), 1))
    assert harness.sender.edited == []
    assert "harbour.txt" in harness.sender.texts[0]


def test_more_of_a_source_takes_the_place_of_its_view(harness, small):
    press(harness, source_press(kept(harness, small), 1, 1, 0))
    assert harness.sender.sent == []
    assert [number for number, _ in harness.sender.edited] == [SHOWN]


def kept_from(harness, library, question):
    """The id of the answer to the question, as it was sent."""
    return harness.memory.keep_answer(library.ask(question), Origin(ANN, ANN, None), (), library.document).answer.id


@pytest.mark.parametrize("question", [EMPEROR, PIERS])
def test_the_passage_of_a_refusal_or_a_perhaps_is_opened_with_more_around_it(told, tmp_path, question):
    with closing(Harness(told, tmp_path, per_user=100, per_chat=100)) as harness:
        id_ = kept_from(harness, told, question)
        press(harness, source_press(id_, 1))
        assert harness.sender.texts[0].startswith("[1] The Harbour of Lund\nharbour.txt, line 3")
        press(harness, source_press(id_, 1, 1, 0))
        assert "The Harbour of Lund\n" in harness.sender.edited[0][1].split("line 3")[1]


# Pages


@pytest.fixture
def paged(fake, told_reader, tmp_path):
    """A harness over a PDF file; the id of an answer that cites its second page is kept in it."""
    document = write_report(tmp_path / "docs")
    build_index(tmp_path / "docs", tmp_path / "index", IndexSettings(), no_report, fake)
    library = Library(tmp_path / "index", encoder=fake, reader=told_reader)
    answer = replace(library.ask("Who crossed the sound?"), status="abstained", answers=(), nearest=cited(document))
    with closing(Harness(library, tmp_path, per_user=100, per_chat=100)) as harness:
        kept = harness.memory.keep_answer(answer, Origin(ANN, ANN, None), (), library.document)
        yield harness, Press(kept.answer.id, "picture", 1)


def test_the_page_of_a_citation_is_sent_once_in_a_while_as_a_picture(paged):
    harness, page = paged
    presses = Presses(harness.components, harness.asking, harness.uploads, harness.gaps)
    for _ in range(2):
        press(harness, page, presses=presses)
    ((destination, picture),) = harness.sender.sent
    assert destination.reply_to == SHOWN
    assert picture.is_photo and picture.png.startswith(b"\x89PNG")
    assert (picture.caption.text, picture.name) == ("Ferries, page 2 of 2", "page-2.png")
    assert harness.sender.alerts == [None, NOTICES["page sent"]]


@pytest.mark.parametrize("change", [lambda path: path.write_bytes(CHANGED_REPORT), lambda path: path.unlink()])
def test_a_page_of_a_file_that_changed_or_is_gone_is_said_in_one_sentence(paged, tmp_path, change):
    harness, page = paged
    change(tmp_path / "docs" / NAME)
    press(harness, page)
    assert (harness.sender.alerts, harness.sender.sent) == ([NOTICES["no page"]], [])


def test_a_page_of_a_document_without_pages_is_expired(harness, small):
    press(harness, Press(kept(harness, small), "picture", 1))
    press(harness, Press(kept(harness, small), "picture", 99))
    assert harness.sender.alerts == [EXPIRED, EXPIRED]


def test_a_page_is_drawn_again_only_for_other_words(paged, monkeypatch):
    harness, page = paged
    found, drawn = harness.memory.answer(page.id).answer.citation(1), []
    draw = bot.telegram.cited.draw_page
    monkeypatch.setattr(bot.telegram.cited, "draw_page", lambda *given: drawn.append(1) or draw(*given))
    pictures, library = PagePictures(), harness.answerer.current()
    assert pictures.of(library, found) is pictures.of(library, found)
    assert len(drawn) == 1
    start, end = found.citation.spans[0]
    other = replace(found.citation, spans=((start, end - 1),), quote=found.citation.quote[:-1])
    pictures.of(library, replace(found, citation=other))
    assert len(drawn) == 2


# Further answers


def state_of_update(harness):
    return harness.memory.unfinished()[0].state


@pytest.mark.parametrize("make", [lambda id_: Press(id_, "next", 1), lambda id_: source_press(id_, 1)])
def test_a_press_whose_answer_may_have_been_sent_before_the_restart_sends_nothing(harness, small, make):
    pressed = make(kept(harness, small, texts=2))
    press(harness, pressed)
    assert state_of_update(harness) == "sending"
    assert len(harness.sender.sent) == 1
    press(harness, pressed, past=harness.memory.unfinished()[0])
    assert len(harness.sender.sent) == 1


def test_a_press_that_sent_nothing_before_the_restart_is_answered(harness, small):
    press(harness, Press(kept(harness, small, texts=2), "next", 1), past=PAST)
    assert len(harness.sender.sent) == 1


def test_each_part_of_a_further_answer_is_recorded_and_the_first_is_never_sent_again(harness, small, monkeypatch):
    id_ = kept(harness, small, texts=2)
    monkeypatch.setattr(
        bot.telegram.answer_presses, "answer_messages", lambda *_: [Message("first"), Message("second")]
    )
    states, send = [], harness.sender.send

    async def watched(destination, message, delivery):
        sent = await send(destination, message, delivery)
        if message.text == "second":
            await delivery.abort()  # for example because Telegram asks to wait
        states.append((state_of_update(harness), harness.memory.answer(id_).message_ids))
        return sent

    monkeypatch.setattr(harness.sender, "send", watched)
    press(harness, Press(id_, "next", 1))
    assert states == [("sending", ()), ("sending", (1001,))]
    assert harness.memory.answer(id_).message_ids == (1001, 1002)


# Judging


def test_a_reason_brings_back_the_buttons_of_its_answer(harness, small):
    id_ = kept(harness, small, texts=2)
    for position in (0, 1):
        press(harness, reason_press(id_, position, "wrong source"))
    first, second = map(labels, harness.sender.rows)
    assert NEXT_ANSWER in first and "👎 ✓" in first
    assert second == [SOURCE.format(number=1), COPY_CITATION, "👍", "👎 ✓", WHY]
    assert harness.memory.verdict(id_, ANN) == "wrong"


@pytest.mark.parametrize(
    ("question", "reasons"),
    [
        (PIERS, ("wrong answer", "wrong source", "should have refused")),
        (EMPEROR, ("wrong answer", "wrong source", "should have answered")),
    ],
)
def test_a_perhaps_and_a_refusal_are_rated_with_the_reasons_that_fit(told, tmp_path, question, reasons):
    with closing(Harness(told, tmp_path, per_user=100, per_chat=100)) as harness:
        id_ = kept_from(harness, told, question)
        press(harness, Press(id_, "wrong"))
        assert labels(harness.sender.rows[-1])[:-1] == [REASON_LABELS[reason] for reason in reasons]
        press(harness, reason_press(id_, 0, reasons[-1]))
        assert labels(harness.sender.rows[-1]) == [SOURCE.format(number=1), COPY_CITATION, "👍", "👎 ✓", WHY]
        assert harness.memory.verdict(id_, ANN) == "wrong"
        press(harness, Press(id_, "right"))
        assert harness.memory.verdict(id_, ANN) == "right"


def test_the_reasons_asked_for_stand_below_the_same_answer(harness, small):
    press(harness, Press(kept(harness, small, texts=2), "wrong", 1))
    (rows,) = harness.sender.rows
    assert {read_press(row[0].data).n // 4 for row in rows[:-1]} == {1}


@pytest.mark.parametrize("action", ["right", "wrong", "back", "reason"])
def test_a_button_of_an_answer_that_there_is_not_gets_an_alert(harness, small, action):
    id_ = kept(harness, small)
    press(harness, Press(id_, action, 99))
    assert harness.sender.alerts[0].startswith(EXPIRED)
    assert harness.memory.verdict(id_, ANN) is None


# Suggestions


def test_a_suggestion_pressed_too_often_says_the_question_no_more(small, tmp_path):
    with closing(Harness(small, tmp_path, per_user=2)) as harness:
        (suggestion,) = harness.memory.suggest([QUESTION])
        presses = Presses(harness.components, harness.asking, harness.uploads, harness.gaps)
        for _ in range(4):
            press(harness, Press(suggestion.id, "ask"), presses=presses)
        said = notice("question was", ENGLISH, {"question": QUESTION}).text
        assert [text == said for text in harness.sender.texts] == [True, False, True, False, False]
        assert harness.sender.texts[-1].startswith(NOTICES["slow down"].split("{")[0])


def test_a_suggestion_is_answered_even_if_its_question_may_not_have_arrived(harness):
    (suggestion,) = harness.memory.suggest([QUESTION])
    harness.sender.problems.append(Uncertain("timed out"))
    press(harness, Press(suggestion.id, "ask"))
    ((destination, said),) = harness.sender.sent
    assert "harbour of Lund" in said.text
    assert destination.reply_to is None


def test_the_rest_of_the_answer_to_a_suggestion_is_sent_after_the_restart(harness, monkeypatch):
    parts = [Message("first"), Message("second")]
    monkeypatch.setattr(bot.telegram.asking, "answer_messages", lambda kept, language: parts)
    (suggestion,) = harness.memory.suggest([QUESTION])
    press(harness, Press(suggestion.id, "ask"))
    assert harness.sender.texts[1:] == ["first", "second"]
    harness.memory._run("DELETE FROM messages WHERE message_id = 1003")
    press(harness, Press(suggestion.id, "ask"), past=PAST)
    assert harness.sender.texts[3:] == ["second"]
    assert harness.sender.sent[3][0].reply_to == 1001


def test_an_answer_to_a_suggestion_that_may_have_been_sent_is_offered_after_the_restart(harness):
    (suggestion,) = harness.memory.suggest([QUESTION])
    press(harness, Press(suggestion.id, "ask"))
    harness.memory._run("DELETE FROM messages")
    press(harness, Press(suggestion.id, "ask"), past=replace(PAST, state="sending"))
    offered = read_press(harness.sender.sent[2][1].rows[0][0].data)
    assert (offered.action, offered.id) == ("next", harness.memory.answer_to(ANN, 1001).answer.id)


def test_an_older_answer_to_the_suggested_question_is_not_taken_for_the_one_begun_before_the_restart(harness):
    (suggestion,) = harness.memory.suggest([QUESTION])
    press(harness, Press(suggestion.id, "ask"))
    harness.memory._run("UPDATE answers SET asked_at = 1")
    press(harness, Press(suggestion.id, "ask"), past=replace(PAST, received_at=2))
    assert harness.sender.texts[2] == harness.sender.texts[1]


# A source that is opened later


@pytest.mark.parametrize(
    ("happened", "expected"),
    [("nothing", "harbour.txt"), ("renamed", "news/port.txt"), ("changed", "harbour.txt"), ("removed", None)],
)
def test_a_cited_document_is_found_in_the_current_index_also_after_it_was_renamed(
    harness, small, docs, tmp_path, fake, happened, expected
):
    found = harness.memory.answer(kept(harness, small)).answer.citation(1)
    path = docs / "harbour.txt"
    if happened == "renamed":
        path.rename(docs / "news/port.txt")
    elif happened == "changed":
        write_corpus(docs, {"harbour.txt": "The harbour of Lund was closed in 1999.\n"})
    elif happened == "removed":
        path.unlink()
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)
    with Library(tmp_path / "index", encoder=fake) as library:
        now = document_now(library, found)
    assert (now and now.doc_id) == expected
    assert (now and now.sha256 == found.passage.sha256) == (None if expected is None else happened != "changed")
