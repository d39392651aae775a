"""Files that an admin sends, from the message to the index, and documents that are removed again."""

import asyncio
import errno
import os
import threading
from contextlib import closing

import pytest
from telegram import Bot, CallbackQuery, Document

import bot.telegram.collection as collection
from bot.telegram.api.errors import NotDelivered, Refused
from bot.telegram.asking import Task
from bot.telegram.memory.records import Origin, Received
from bot.telegram.messages.buttons import NO_ID, Press, read_press
from bot.telegram.messages.notices import NOTICES, notice
from bot.telegram.messages.pages import document_key
from bot.telegram.messages.uploads import NO_UPLOADS, ON_PAGE
from bot.telegram.settings import TELEGRAM
from retrieval.answer.reader import Reader
from retrieval.errors import IndexProblem
from retrieval.library import Library
from tests.bot.telegram.harness import ENGLISH, Harness
from tests.conftest import SPAN_ALONE, AskedNetwork

ADMIN = 7
BOT = Bot("99:" + "A" * 35)
LIGHTHOUSE = b"The Lighthouse\n\nThe lighthouse of Holm was opened in 1904 by the mayor. It is white.\n"
QUESTION = "When was the lighthouse of Holm opened?"
NEWER = b"The Lighthouse\n\nThe lighthouse of Holm was opened in 1905 by the mayor. It is red.\n"


@pytest.fixture
def bot(small, tmp_path, fake):
    """A bot that takes documents from one admin. Its reader knows when a lighthouse was opened."""
    reader = Reader(AskedNetwork({"lighthouse opened": {"1904": 3.0}}), SPAN_ALONE)
    library = Library(tmp_path / "index", encoder=fake, reader=reader)
    made = Harness(library, tmp_path, admins=frozenset({ADMIN}), has_uploads=True, per_user=100, per_chat=100)
    with closing(made) as opened:
        yield opened


def task(bot, number=1, past=None):
    bot.memory.receive(number, "{}", ADMIN, ADMIN)
    return Task(number, Origin(ADMIN, ADMIN, number), ENGLISH, past=past)


async def add(bot, name, content, past=None, number=1, size=None):
    bot.sender.files[f"f{number}"] = content
    sent = Document(f"f{number}", "u", file_name=name, file_size=len(content) if size is None else size)
    await bot.uploads.add(task(bot, number, past), sent)


def upload(bot, name="lighthouse.txt", content=LIGHTHOUSE, **how):
    """What the bot says in the end."""
    asyncio.run(add(bot, name, content, **how))
    return bot.sender.edited[-1][1] if bot.sender.edited else bot.sender.texts[-1]


def press(bot, pressed, by=ADMIN):
    message = {"message_id": 1001, "date": 1, "chat": {"id": by, "type": "private"}, "text": "x"}
    person = {"id": by, "is_bot": False, "first_name": "Ann"}
    body = {"id": "1", "from": person, "chat_instance": "1", "message": message, "data": pressed.data()}
    query = CallbackQuery.de_json(body, BOT)
    asyncio.run(bot.uploads.pressed(query, Task(1, Origin(by, by, None), ENGLISH), pressed))
    return bot.sender.edited[-1][1] if bot.sender.edited else bot.sender.alerts[-1]


def files(docs):
    folder = docs / "uploads"
    return sorted(os.listdir(folder)) if folder.exists() else []


def say(name, **values):
    return notice(name, ENGLISH, values).text


# Adding


def test_a_file_is_read_indexed_and_acknowledged_with_a_question_to_try(bot, docs):
    said = upload(bot)
    assert bot.sender.texts == ["Reading lighthouse.txt …"]
    assert said == ("Added: The Lighthouse\nlighthouse.txt\n1 passage\n\nTry one of these:")
    assert files(docs) == ["lighthouse.txt"]
    found = bot.answerer.current().ask(QUESTION)
    assert found.answers[0].citations[0].document == "uploads/lighthouse.txt"
    (suggestion,) = bot.memory.suggest([QUESTION])
    assert bot.memory.suggestion(suggestion.id) == QUESTION


def test_a_name_with_folders_and_direction_marks_stays_in_the_folder(bot, docs, tmp_path):
    upload(bot, "../../etc/\u202ehouse.txt")
    assert files(docs) == ["house.txt"]
    assert not (tmp_path.parent / "etc").exists()


def test_the_same_file_is_not_stored_twice_under_any_name(bot, docs):
    upload(bot)
    assert upload(bot, "other.txt", number=2) == say("file known", file="uploads/lighthouse.txt")
    assert upload(bot, "b.txt", (docs / "harbour.txt").read_bytes(), number=3) == say("file known", file="harbour.txt")
    assert files(docs) == ["lighthouse.txt"]


def test_other_content_under_the_same_name_is_stored_beside_it(bot, docs):
    upload(bot)
    said = upload(bot, content=NEWER, number=2)
    assert "lighthouse (2).txt" in said and "Another file is called lighthouse.txt" in said
    assert files(docs) == ["lighthouse (2).txt", "lighthouse.txt"]
    assert (docs / "uploads" / "lighthouse.txt").read_bytes() == LIGHTHOUSE


@pytest.mark.parametrize("name", ["run.exe", "photo.jpg", "SOURCES.toml", ".txt", None])
def test_a_file_of_a_kind_that_is_not_read_is_refused_before_it_is_downloaded(bot, docs, name):
    assert upload(bot, name).startswith(NOTICES["format not read"].split("{")[0])
    assert (files(docs), bot.sender.edited) == ([], [])


@pytest.mark.parametrize(("base_url", "limit"), [(TELEGRAM, 20), ("http://127.0.0.1:1", 64)])
def test_a_file_over_the_limit_is_refused_before_it_is_downloaded(bot, docs, base_url, limit):
    object.__setattr__(bot.config, "base_url", base_url)
    assert upload(bot, size=limit * 1_000_000 + 1) == say("file too large", limit=limit)
    assert files(docs) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("broken.pdf", b"%PDF-1.7 and nothing more", "it is damaged or cut off; get an intact copy"),
        ("empty.txt", b" \n ", "there is no text in it"),
        ("zip.docx", b"PK\x03\x04 rubbish", ""),
    ],
)
def test_a_file_that_can_not_be_read_does_not_stay(bot, docs, name, content, reason):
    said = upload(bot, name, content)
    assert said.startswith(f"I can't read {name}: {reason}")
    assert str(docs) not in said
    assert files(docs) == []


def test_a_failed_download_is_said_and_nothing_is_stored(bot, docs):
    for problem in (Refused("file is too big"), NotDelivered("down")):

        async def failing(chat_id, file_id, problem=problem):
            raise problem

        bot.sender.download = failing
        assert upload(bot) == say("download failed", file="lighthouse.txt")
    assert files(docs) == []


def test_a_full_disk_is_said_and_no_half_file_stays(bot, docs, monkeypatch):
    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert upload(bot) == NOTICES["disk full"]
    assert files(docs) == []


def test_a_file_leaves_again_where_the_index_can_not_be_refreshed_and_no_path_is_said(bot, docs, monkeypatch):
    def broken(*_):
        raise IndexProblem(f"the index at {docs} is broken")

    monkeypatch.setattr(collection, "build_index", broken)
    assert upload(bot) == NOTICES["failed"]
    assert files(docs) == []


def test_two_files_at_once_are_added_one_after_the_other(bot, docs, monkeypatch):
    build, running, most = collection.build_index, [], []

    def watched(*given):
        running.append(1)
        most.append(len(running))
        report = build(*given)
        running.pop()
        return report

    monkeypatch.setattr(collection, "build_index", watched)

    async def both():
        await asyncio.gather(add(bot, "a.txt", LIGHTHOUSE), add(bot, "b.txt", NEWER, number=2))

    asyncio.run(both())
    assert most == [1, 1]
    assert files(docs) == ["a.txt", "b.txt"]
    assert sum(text.startswith("Added") for _, text in bot.sender.edited) == 2


def test_questions_are_answered_while_a_file_is_being_indexed(bot, monkeypatch):
    build, is_building, may_go_on = collection.build_index, threading.Event(), threading.Event()

    def slow(*given):
        is_building.set()
        assert may_go_on.wait(10)
        return build(*given)

    monkeypatch.setattr(collection, "build_index", slow)

    async def ask_meanwhile():
        adding = asyncio.create_task(add(bot, "a.txt", LIGHTHOUSE))
        await asyncio.to_thread(is_building.wait, 10)
        found = await bot.answerer.run(lambda library: library.ask("When was the harbour of Lund opened?"))
        may_go_on.set()
        await adding
        return found

    assert asyncio.run(ask_meanwhile()).question.startswith("When")


def test_a_stop_in_the_middle_leaves_no_file(bot, docs, monkeypatch):
    build, is_building, is_cancelled = collection.build_index, threading.Event(), threading.Event()

    def slow(docs, index, settings, on_progress, encoder):
        is_building.set()
        assert is_cancelled.wait(10)
        return build(docs, index, settings, on_progress, encoder)

    monkeypatch.setattr(collection, "build_index", slow)

    async def stopped():
        adding = asyncio.create_task(add(bot, "a.txt", LIGHTHOUSE))
        await asyncio.to_thread(is_building.wait, 10)
        adding.cancel()
        await asyncio.gather(adding, return_exceptions=True)
        is_cancelled.set()

    asyncio.run(stopped())  # which waits for the thread
    assert files(docs) == []


def test_a_file_that_was_stored_before_a_restart_is_acknowledged_after_it(bot, docs):
    upload(bot)
    before = Received(update_id=1, json="{}", state="received", received_at=0, attempts=1)
    assert upload(bot, past=before).startswith("Added: The Lighthouse")
    assert files(docs) == ["lighthouse.txt"]


def test_a_file_that_ended_the_process_three_times_is_given_up(bot, docs):
    before = Received(update_id=1, json="{}", state="received", received_at=0, attempts=3)
    assert upload(bot, past=before) == NOTICES["failed"]
    assert files(docs) == []


# Removing


def listed(bot):
    asyncio.run(bot.uploads.remove(task(bot), ""))
    return bot.sender.sent[-1][1]


def test_a_document_is_removed_after_a_yes(bot, docs):
    upload(bot)
    ((button,),) = listed(bot).rows
    assert button.text == "lighthouse.txt"
    assert press(bot, read_press(button.data)) == "Remove lighthouse.txt from the collection? The file is deleted."
    assert files(docs) == ["lighthouse.txt"]
    assert press(bot, Press(document_key("lighthouse.txt"), "delete")) == say("removed", file="lighthouse.txt")
    assert files(docs) == []
    assert bot.answerer.current().ask(QUESTION).status != "answered"
    assert (docs / "harbour.txt").exists()


def test_a_document_is_found_by_its_name(bot):
    upload(bot)
    asyncio.run(bot.uploads.remove(task(bot), "LIGHTHOUSE.txt"))
    yes, no = bot.sender.sent[-1][1].rows[0]
    assert read_press(yes.data) == Press(document_key("lighthouse.txt"), "delete")
    assert read_press(no.data) == Press(NO_ID, "keep")


@pytest.mark.parametrize("name", ["harbour.txt", "../harbour.txt", "none.txt", "\u202e"])
def test_only_uploaded_documents_can_be_removed(bot, docs, name):
    asyncio.run(bot.uploads.remove(task(bot), name))
    assert bot.sender.texts[-1] == NOTICES["no such upload"]
    assert press(bot, Press(document_key(name), "delete")) == NOTICES["document gone"]
    assert (docs / "harbour.txt").exists()


def test_many_documents_are_listed_in_pages(bot, docs):
    (docs / "uploads").mkdir()
    for number in range(ON_PAGE + 2):
        (docs / "uploads" / f"{number:02}.txt").write_text("x")
    first = listed(bot)
    assert [row[0].text for row in first.rows[:-1]] == [f"{number:02}.txt" for number in range(ON_PAGE)]
    assert first.text.startswith("10 documents were added here.")
    assert [button.text for button in first.rows[-1]] == ["1/2", "▶"]
    press(bot, read_press(first.rows[-1][1].data))
    assert bot.sender.edited[-1][1] == first.text


def test_an_empty_list_says_how_to_add_a_document(bot):
    assert listed(bot).text == NO_UPLOADS


def test_the_only_document_stays(bot, docs):
    upload(bot)
    for name in ("harbour.txt", "mill.txt", "news/bridge.md"):
        (docs / name).unlink()
    upload(bot, "b.txt", NEWER, number=2)
    press(bot, Press(document_key("b.txt"), "delete"))
    assert press(bot, Press(document_key("lighthouse.txt"), "delete")) == say("last document", file="lighthouse.txt")
    assert files(docs) == ["lighthouse.txt"]


def test_a_document_is_there_again_where_the_index_can_not_be_refreshed(bot, docs, monkeypatch):
    upload(bot)

    def broken(*_):
        raise IndexProblem(f"the index at {docs} is broken")

    monkeypatch.setattr(collection, "build_index", broken)
    assert press(bot, Press(document_key("lighthouse.txt"), "delete")) == NOTICES["failed"]
    assert files(docs) == ["lighthouse.txt"]


@pytest.mark.parametrize("action", ["uploads", "remove", "delete"])
def test_buttons_of_someone_who_is_no_admin_do_nothing(bot, docs, action):
    upload(bot)
    bot.sender.edited.clear()
    assert press(bot, Press(document_key("lighthouse.txt"), action), by=8) == NOTICES["unknown command"]
    assert files(docs) == ["lighthouse.txt"]
