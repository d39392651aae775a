"""Documents that an admin sends and removes, and pictures of their pages, played against the fake server."""

import os

import pytest

from bot.telegram.messages.about import HOW_TO_ADD, KEEP
from bot.telegram.messages.notices import NOTICES
from bot.telegram.messages.rows import PAGE
from bot.telegram.messages.uploads import NO_UPLOADS, REMOVE, REMOVE_NAME
from tests.bot.made_report import CHANGED_REPORT, REPORT
from tests.telegram import faults
from tests.telegram.backends import FakeBackend, replies, until
from tests.telegram.bot_process import BotProcess, told_telegram
from tests.telegram.document_folder import MILL
from tests.telegram.playing import alert, ask, edited, start_of
from tests.telegram.playing import words as styled

pytestmark = pytest.mark.model
SECONDS = 30.0
FERRY = "How many people did the ferry take?"
LIGHTHOUSE = b"The Lighthouse\n\nThe white lighthouse of Holm was opened in 1911 by the mayor. It is white.\n"


@pytest.fixture
def telegram(server):
    return FakeBackend(server)


@pytest.fixture
def room(telegram):
    """An admin's chat with the bot."""
    return telegram.private(telegram.user("Ada"))


@pytest.fixture
def start(telegram, folder, room):
    started = []

    def run(*flags, awaits=True):
        command = told_telegram(folder.index, "--public", "--admin", str(room.id), *flags)
        bot = BotProcess(command, telegram, folder.docs.parent / "log")
        started.append(bot)
        bot.start(awaits_server=awaits)
        return bot

    yield run
    for bot in started:
        bot.__exit__()


def send(room, name, content, **how):
    """What the bot says of the file in the end."""
    return outcome(room, lambda: room.send_file(name, content, **how))


def outcome(room, send):
    """What the bot says in the end of a file that is sent."""
    before = len(room.replies())
    send()
    (said, *_) = replies(room, before + 1, SECONDS)[before:]
    if said.text.startswith("Reading"):
        return until(lambda: next((one for one in room.replies()[before:] if one.edited), None), "outcome", SECONDS)
    return said


def files(folder):
    uploads = folder.docs / "uploads"
    return sorted(os.listdir(uploads)) if uploads.exists() else []


def test_a_document_that_is_sent_can_be_asked_about_shown_and_removed(telegram, folder, start, room):
    start("--uploads")
    added = send(room, "ferries.pdf", REPORT)
    assert added.text.startswith("Added: ") and "ferries.pdf\n2 pages, 1 passage" in added.text
    answer = ask(room, FERRY)
    assert "It took thirty people and one cart." in answer.text
    assert "uploads/ferries.pdf, page 2" in answer.text

    asked = room.press(answer.message_id, answer.button(PAGE.format(number=2)))
    (picture,) = until(lambda: room.replies()[2:], "the picture", SECONDS)
    assert (picture.reply_to, picture.text.split(", ")[-1]) == (answer.message_id, "page 2 of 2")
    assert room.messages[picture.message_id]["photo"][0]["width"] == 1240
    assert "text" not in telegram.callback_answer(asked)
    assert alert(telegram, room, answer, answer.button("Page 2")["callback_data"])["text"] == NOTICES["page sent"]

    (folder.docs / "uploads" / "ferries.pdf").write_bytes(CHANGED_REPORT)
    said = alert(telegram, room, answer, answer.button("Page 2")["callback_data"])
    assert (said["text"], said["show_alert"]) == (NOTICES["no page"], True)

    (folder.docs / "uploads" / "ferries.pdf").write_bytes(REPORT)
    listed = ask(room, "/remove")
    room.press(listed.message_id, listed.button("ferries.pdf"))
    really = edited(room, listed.message_id, REMOVE)
    room.press(listed.message_id, really.button(KEEP))
    edited(room, listed.message_id, NOTICES["kept"])
    assert files(folder) == ["ferries.pdf"]
    again = ask(room, "/remove ferries.pdf")
    room.press(again.message_id, again.button(REMOVE))
    until(lambda: "Removed: ferries.pdf" in [one.text for one in room.replies()], "the removal", SECONDS)
    assert files(folder) == []
    assert ask(room, "/remove").text == NO_UPLOADS
    assert "ferries.pdf" not in ask(room, FERRY).text


def test_a_file_of_an_admin_is_added_whatever_its_caption_asks(telegram, folder, start, room):
    start("--uploads")
    file_id = telegram.world.add_file(LIGHTHOUSE)
    document = {"file_id": file_id, "file_unique_id": "d", "file_name": "a.txt", "file_size": len(LIGHTHOUSE)}
    added = outcome(room, lambda: room.send({"document": document, "caption": MILL}))
    assert added.text.startswith("Added: ")
    assert files(folder) == ["a.txt"]
    assert len(room.replies()) == 1


def test_names_kinds_sizes_and_contents_are_checked(telegram, folder, start, room):
    start("--uploads")
    before = {path for path in folder.docs.parent.rglob("*") if "state" not in path.parts}
    hostile = send(room, "../../etc/\u202epasswd.txt", LIGHTHOUSE)
    assert "passwd.txt\n1 passage" in hostile.text and styled(hostile, "code") == ["passwd.txt"]
    assert files(folder) == ["passwd.txt"]
    new = {path for path in folder.docs.parent.rglob("*") if "state" not in path.parts} - before
    assert new == {folder.docs / "uploads", folder.docs / "uploads" / "passwd.txt"}

    assert send(room, "copy.txt", LIGHTHOUSE).text == "This file is in the collection already: uploads/passwd.txt"
    other = send(room, "passwd.txt", LIGHTHOUSE.replace(b"white", b"red"))
    assert "passwd (2).txt" in other.text
    other.button(REMOVE_NAME.format(name="passwd.txt"))
    assert send(room, "run.exe", b"MZ").text.startswith(start_of("format not read"))
    assert send(room, "big.pdf", REPORT, size=65_000_000).text == NOTICES["file too large"].format(limit=64)
    broken = send(room, "broken.pdf", REPORT[:300])
    assert broken.text.startswith("I can't read broken.pdf: ") and str(folder.docs) not in broken.text
    room.send_photo()
    assert replies(room, 7, SECONDS)[-1].text == NOTICES["only files"]
    assert files(folder) == ["passwd (2).txt", "passwd.txt"]
    assert HOW_TO_ADD in ask(room, "/help").text


def test_only_admins_add_documents_and_only_where_it_is_allowed(telegram, folder, start, room):
    other = telegram.private(telegram.user("Bo"))
    bot = start("--uploads")
    assert send(other, "a.txt", LIGHTHOUSE).text == NOTICES["only text"]
    assert ask(other, "/remove").text == NOTICES["unknown command"]
    assert "/remove" not in ask(other, "/help").text
    group = telegram.group()
    group.send_file("a.txt", LIGHTHOUSE, sender=telegram.world.owner_of(room))
    assert "Anders Holm" in ask(group, f"/ask {MILL}").text
    assert len(group.replies()) == 1
    bot.stop()
    start()
    assert send(room, "a.txt", LIGHTHOUSE).text == NOTICES["only text"]
    assert ask(room, "/remove").text == NOTICES["unknown command"]
    assert files(folder) == []


def test_a_file_that_was_sent_before_a_crash_is_added_once_after_it(telegram, folder, start, room):
    bot = start("--uploads")
    telegram.server.fail("getFile", faults.hang(60))
    room.send_file("a.txt", LIGHTHOUSE)
    until(lambda: telegram.server.was_hung("getFile"), "a download on its way", SECONDS)
    bot.kill()
    (folder.docs / "uploads").mkdir()
    (folder.docs / "uploads" / ".quoth-half").write_bytes(LIGHTHOUSE[:20])
    start("--uploads")
    until(lambda: any(one.text.startswith("Added") for one in room.replies()), "the document", SECONDS)
    assert files(folder) == ["a.txt"]


def test_a_failed_download_is_said(telegram, folder, start, room):
    start("--uploads")
    telegram.server.fail("getFile", faults.Fault("refuse", 400, "Bad Request: file is too big"))
    assert send(room, "a.txt", LIGHTHOUSE).text == NOTICES["download failed"].format(file="a.txt")
    assert files(folder) == []
