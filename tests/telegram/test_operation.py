"""Access, limits, restarts and a changing index, over any Bot API server: each scenario has a bot of its own."""

import shutil

import pytest

from tests.telegram.backends import replies, until
from tests.telegram.bot_process import BotProcess, quoth_telegram
from tests.telegram.library import BRIDGE, MILL
from tests.telegram.playing import alert, ask, edited, stays

pytestmark = pytest.mark.model
REFUSAL = "No sure answer in the documents."


def test_strangers_get_one_line_and_nothing_else(backend, library):
    friend, stranger = backend.user("Friend"), backend.user("Stranger")
    with BotProcess(quoth_telegram(library.index, "--allow", str(friend["id"])), backend, library.docs.parent / "log"):
        room, strange = backend.private(friend), backend.private(stranger)
        answer = ask(room, MILL)
        line = ask(strange, MILL)
        assert str(stranger["id"]) in line.text and "Holm" not in line.text
        strange.send_text(BRIDGE)
        strange.send_text("/start")
        said = alert(backend, strange, line, answer.button("Source 1")["callback_data"])
        assert "not open to everyone" in said["text"]
        if "inline" in backend.can:
            assert backend.inline_answer(backend.inline_query(MILL, stranger))["results"] == []
        if "edit" in backend.can:
            strange.edit_text(strange.send_text("a"), MILL)
        stays(room, 1)
        assert len(strange.replies()) == 1


def test_who_asks_too_fast_is_told_once(backend, library):
    with BotProcess(quoth_telegram(library.index, "--public", "--per-user", "2"), backend, library.docs.parent / "log"):
        room = backend.private()
        for _ in range(2):
            ask(room, MILL)
        assert "Please wait" in ask(room, MILL).text
        room.send_text(MILL)
        other = backend.private()
        assert "Holm" in ask(other, MILL).text
        assert len(room.replies()) == 3


def test_buttons_work_after_a_restart_and_after_the_documents_changed(backend, library):
    command, log = quoth_telegram(library.index, "--public"), library.docs.parent / "log"
    room = backend.private()
    with BotProcess(command, backend, log) as bot:
        answer = ask(room, MILL)
        assert bot.stop() == 0
    (library.docs / "mill.txt").write_text("The Old Mill\n\nAll of this is new.\n", encoding="utf-8")
    (library.docs / "guide.txt").unlink()
    library.build()
    with BotProcess(command, backend, log):
        room.press(answer.message_id, answer.button("Source 1"))
        opened = replies(room, 2)[-1]
        assert "The document has changed since" in opened.text and "The miller was called Anders Holm." in opened.text
        alert(backend, room, answer, answer.button("👍")["callback_data"])
        edited(room, answer.message_id, "👍 ✓")
        assert ask(room, MILL).text.startswith(REFUSAL)


def test_an_index_that_is_gone_is_told_and_one_that_comes_back_is_used(backend, library):
    command = quoth_telegram(library.index, "--public", "--per-user", "1000", "--per-chat", "1000")
    with BotProcess(command, backend, library.docs.parent / "log"):
        room = backend.private()
        ask(room, MILL)
        (library.docs / "mill.txt").write_text("The Old Mill\n\nThe miller was called Bo Ek.\n", encoding="utf-8")
        library.build()
        until(lambda: "Bo Ek" in ask(room, MILL).text, "an answer from the new index")
        shutil.rmtree(library.index)
        assert ask(room, BRIDGE).text


def test_a_bot_that_is_not_public_and_allows_nobody_answers_nobody(backend, library):
    with BotProcess(quoth_telegram(library.index), backend, library.docs.parent / "log"):
        assert "not open to everyone" in ask(backend.private(), MILL).text


def test_an_admin_sees_figures_and_may_ask(backend, library):
    admin = backend.user("Admin")
    with BotProcess(quoth_telegram(library.index, "--admin", str(admin["id"])), backend, library.docs.parent / "log"):
        room = backend.private(admin)
        assert "Anders Holm" in ask(room, MILL).text
        status = ask(room, "/status").text
        assert "documents: 6" in status and "answers: 1" in status
