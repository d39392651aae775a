"""Access, limits, restarts and a changing index, over any Bot API server: each scenario has a bot of its own."""

import shutil

import pytest

from bot.language.wording import NO_ANSWER
from bot.telegram.messages.rows import SOURCE
from bot.telegram.messages.source import DOCUMENT_CHANGED
from tests.telegram.backends import replies, until
from tests.telegram.bot_process import BotProcess, told_telegram
from tests.telegram.document_folder import BRIDGE, MILL
from tests.telegram.playing import alert, ask, edited, start_of, stays

pytestmark = pytest.mark.model
PRIVATE, SLOW_DOWN = start_of("not allowed"), start_of("slow down")


def test_strangers_get_one_line_and_nothing_else(backend, folder):
    friend, stranger = backend.user("Friend"), backend.user("Stranger")
    with BotProcess(told_telegram(folder.index, "--allow", str(friend["id"])), backend, folder.docs.parent / "log"):
        room, strange = backend.private(friend), backend.private(stranger)
        answer = ask(room, MILL)
        line = ask(strange, MILL)
        assert str(stranger["id"]) in line.text and "Holm" not in line.text
        strange.send_text(BRIDGE)
        strange.send_text("/start")
        said = alert(backend, strange, line, answer.button(SOURCE.format(number=1))["callback_data"])
        assert said["text"].startswith(PRIVATE)
        if "inline" in backend.can:
            assert backend.inline_answer(backend.inline_query(MILL, stranger))["results"] == []
        if "edit" in backend.can:
            strange.edit_text(strange.send_text("a"), MILL)
        stays(room, 1)
        assert len(strange.replies()) == 1


def test_who_asks_too_fast_is_told_once(backend, folder):
    with BotProcess(told_telegram(folder.index, "--public", "--per-user", "2"), backend, folder.docs.parent / "log"):
        room = backend.private()
        for _ in range(2):
            ask(room, MILL)
        assert ask(room, MILL).text.startswith(SLOW_DOWN)
        room.send_text(MILL)
        other = backend.private()
        assert "Holm" in ask(other, MILL).text
        assert len(room.replies()) == 3


def test_buttons_work_after_a_restart_and_after_the_documents_changed(backend, folder):
    command, log = told_telegram(folder.index, "--public"), folder.docs.parent / "log"
    room = backend.private()
    with BotProcess(command, backend, log) as bot:
        answer = ask(room, MILL)
        assert bot.stop() == 0
    (folder.docs / "mill.txt").write_text("The Old Mill\n\nAll of this is new.\n", encoding="utf-8")
    (folder.docs / "guide.txt").unlink()
    folder.build()
    with BotProcess(command, backend, log):
        room.press(answer.message_id, answer.button(SOURCE.format(number=1)))
        opened = replies(room, 2)[-1]
        assert DOCUMENT_CHANGED in opened.text and "The miller was called Anders Holm." in opened.text
        alert(backend, room, answer, answer.button("👍")["callback_data"])
        edited(room, answer.message_id, "👍 ✓")
        assert ask(room, MILL).text.startswith(NO_ANSWER)


def test_a_new_index_is_used_and_a_deleted_one_stays_in_use(backend, folder):
    command = told_telegram(folder.index, "--public", "--per-user", "1000", "--per-chat", "1000")
    with BotProcess(command, backend, folder.docs.parent / "log"):
        room = backend.private()
        ask(room, MILL)
        (folder.docs / "mill.txt").write_text("The Old Mill\n\nThe miller was called Bo Ek.\n", encoding="utf-8")
        folder.build()
        until(lambda: "Bo Ek" in ask(room, MILL).text, "an answer from the new index")
        shutil.rmtree(folder.index)
        assert "840" in ask(room, BRIDGE).text


def test_a_bot_that_is_not_public_and_allows_nobody_answers_nobody(backend, folder):
    with BotProcess(told_telegram(folder.index), backend, folder.docs.parent / "log"):
        assert ask(backend.private(), MILL).text.startswith(PRIVATE)


def test_an_admin_sees_the_status_and_may_ask(backend, folder):
    admin = backend.user("Admin")
    with BotProcess(told_telegram(folder.index, "--admin", str(admin["id"])), backend, folder.docs.parent / "log"):
        room = backend.private(admin)
        assert "Anders Holm" in ask(room, MILL).text
        status = ask(room, "/status").text
        assert "Documents: 6, in 7 passages" in status and "Questions answered: 1 today, 1 in all" in status
