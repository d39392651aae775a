"""What people do with an answer: why it was found, its receipt, what would be right; and what admins see of it.

Played as whole exchanges against a Bot API server. Its reader was told the answers.
"""

import re

import pytest

from bot.language.language import language_of
from bot.language.wording import NO_ANSWER, UNSURE
from bot.telegram.messages.about import DELETE
from bot.telegram.messages.gaps import ANSWERED_NOW, ASK_AGAIN, ASK_GAPS_AGAIN
from bot.telegram.messages.notices import NOTICES
from bot.telegram.messages.rows import NEXT_ANSWER, REASON_LABELS, WHY
from tests.telegram.backends import replies, until
from tests.telegram.bot_process import BotProcess, told_telegram
from tests.telegram.document_folder import BRIDGE, HARBOUR, MILL, PIERS, UNKNOWN
from tests.telegram.playing import ask, edited, start_of, stays, words

pytestmark = pytest.mark.model
TELEPHONE = b"The Telephone\n\nAn old lighthouse keeper invented the white lighthouse telephone in 1911.\n"


@pytest.fixture(scope="module")
def admin(backend):
    return backend.user("Ada")


@pytest.fixture(scope="module")
def bot(backend, admin, built_folder, tmp_path_factory):
    folder = built_folder.copy_to(tmp_path_factory.mktemp("bot") / "folder")
    flags = ("--public", "--admin", str(admin["id"]), "--uploads")
    with BotProcess(told_telegram(folder.index, *flags), backend, folder.docs.parent / "log") as bot:
        yield bot


@pytest.fixture
def database(bot):
    """The bytes of the bot's memory."""
    return lambda: b"".join(path.read_bytes() for path in (bot.log.parent / "state").glob("feedback.sqlite*"))


# Why


def test_why_says_in_words_how_the_last_answer_was_found(backend, bot):
    room = backend.private()
    assert ask(room, "/why").text == NOTICES["nothing asked"]
    answer = ask(room, MILL)
    room.press(answer.message_id, answer.button(WHY))
    pressed = replies(room, 3)[-1]
    assert re.fullmatch(
        r"Found by meaning \(\w+\) and by words \(\w+\)\. The reader chose this sentence from \d+ passages\.\n"
        r"Confidence 95%: answers are given from 50%\.",
        pressed.text,
    )
    assert ask(room, "/why").text == pressed.text
    other = backend.private()
    assert ask(other, UNKNOWN).text.startswith(NO_ANSWER)
    assert "The reader found no sure answer" in ask(other, "/why").text


@pytest.mark.needs("reply")
def test_why_as_a_reply_is_about_that_answer(backend, bot):
    room = backend.private()
    first = ask(room, UNKNOWN)
    assert "Anders Holm" in ask(room, MILL).text
    assert "The reader found no sure answer" in ask(room, "/why", reply_to=first.message_id).text


# Receipts


def test_a_receipt_is_verified_and_cited_by_its_id(backend, bot):
    room, other = backend.private(), backend.private()
    assert ask(room, "/cite").text == NOTICES["nothing asked"]
    receipt = words(ask(room, MILL), "code")[-1]
    for chat, command in ((room, "/verify"), (room, f"/verify {receipt}"), (other, f"/verify {receipt.lower()}")):
        assert ask(chat, command).text == f"Receipt {receipt}\n\n[1] Unchanged: mill.txt, line 3"
    cited = ask(room, "/cite")
    assert cited.text == (
        f"“The miller was called Anders Holm.” (The Old Mill, 4 May 1999, mill.txt, line 3; Quoth {receipt})"
    )
    assert words(cited, "code") == [cited.text]
    assert ask(room, f"/cite {receipt} bibtex").text.startswith("@misc{quoth-")
    assert ask(room, "/verify ZZZZ").text == NOTICES["no receipt"].format(id="ZZZZ")


# Right answers


@pytest.mark.needs("reply")
def test_what_would_be_right_is_asked_once_after_a_thumb_down_and_the_reply_is_noted(backend, bot, database):
    room = backend.private()
    answer = ask(room, MILL)
    room.press(answer.message_id, answer.button("👎"))
    asked = replies(room, 2)[-1]
    assert (asked.text, asked.reply_to) == (NOTICES["what is right"], answer.message_id)
    reasons = edited(room, answer.message_id, REASON_LABELS["wrong answer"])
    room.press(answer.message_id, reasons.button(REASON_LABELS["wrong answer"]))
    edited(room, answer.message_id, "👎 ✓")
    room.press(answer.message_id, answer.button("👎"))
    said = ask(room, "Xaver Zimmerwald, what else?", reply_to=asked.message_id)
    assert said.text == NOTICES["noted"]
    assert b"Xaver Zimmerwald" in database()
    assert len(room.replies()) == 3
    assert "840 metres" in ask(room, BRIDGE).text


@pytest.mark.needs("edited reply")
def test_a_right_answer_may_be_edited_and_ask_asks_even_there(backend, bot, database):
    room = backend.private()
    answer = ask(room, MILL)
    room.press(answer.message_id, answer.button("👎"))
    asked = replies(room, 2)[-1]
    said = room.send_text("Ulrich Vvvvvvv", reply_to=asked.message_id)
    assert replies(room, 3)[-1].text == NOTICES["noted"]
    room.edit_text(said, "Ulrich Wwwwwww")
    assert replies(room, 4)[-1].text == NOTICES["noted"]
    assert b"Ulrich Wwwwwww" in database()
    assert "840 metres" in ask(room, f"/ask {BRIDGE}", reply_to=asked.message_id).text


@pytest.mark.needs("reply")
def test_a_reply_to_the_disliked_answer_itself_is_noted_unless_it_is_a_question(backend, bot, database):
    room = backend.private()
    answer = ask(room, HARBOUR)
    room.press(answer.message_id, answer.button("👎"))
    replies(room, 2)
    assert "Queen Astrid" in ask(room, "And who opened it?", reply_to=answer.message_id).text
    assert ask(room, "In 1873, by Yolanda", reply_to=answer.message_id).text == NOTICES["noted"]
    assert b"In 1873, by Yolanda" in database()
    later = ask(room, "who opened the harbour", reply_to=answer.message_id)
    assert "Queen Astrid" in later.text


@pytest.mark.needs("reply")
def test_without_a_thumb_down_a_reply_is_a_question_and_nothing_is_noted(backend, bot):
    room = backend.private()
    answer = ask(room, HARBOUR)
    assert "Queen Astrid" in ask(room, "who opened the harbour", reply_to=answer.message_id).text


@pytest.mark.needs("reply")
def test_forget_deletes_what_a_person_said_would_be_right(backend, bot, database):
    room = backend.private()
    answer = ask(room, MILL)
    room.press(answer.message_id, answer.button("👎"))
    asked = replies(room, 2)[-1]
    ask(room, "Wenzel Qwertz", reply_to=asked.message_id)
    assert b"Wenzel Qwertz" in database()
    forget = ask(room, "/forget")
    room.press(forget.message_id, forget.button(DELETE))
    edited(room, forget.message_id, "Deleted")
    assert b"Wenzel Qwertz" not in database()


# Captions and replies


@pytest.mark.needs("caption")
def test_the_caption_of_a_picture_is_a_question_and_the_picture_is_not_spoken_of(backend, bot):
    room = backend.private()
    room.send_photo(MILL)
    assert "Anders Holm" in replies(room, 1)[0].text
    stays(room, 1)


@pytest.mark.needs("caption")
def test_of_an_album_only_the_caption_is_answered_and_one_without_gets_one_line(backend, bot):
    room = backend.private()
    for caption in (MILL, None, None):
        room.send_photo(caption, album="1")
    for _ in range(2):
        room.send_photo(album="2")
    answer, line = replies(room, 2)
    assert "Anders Holm" in answer.text and line.text == NOTICES["only text"]
    stays(room, 2)


@pytest.mark.needs("group", "caption")
def test_in_a_group_a_caption_counts_where_the_bot_is_meant(backend, bot):
    group = backend.group()
    group.send_photo(MILL)
    group.send_photo(f"@quoth_test_bot {MILL}")
    assert "Anders Holm" in replies(group, 1)[0].text
    group.send_photo(f"/ask {BRIDGE}")
    assert "840 metres" in replies(group, 2)[1].text


@pytest.mark.needs("file")
def test_a_file_with_a_caption_is_a_document_from_admins_and_a_question_from_others(backend, bot):
    other = backend.private()
    document = {"file_id": "none", "file_unique_id": "d", "file_name": "a.txt", "file_size": 3}
    other.send({"document": document, "caption": MILL})
    assert "Anders Holm" in replies(other, 1)[0].text


@pytest.mark.needs("reply")
def test_a_reply_searches_the_documents_of_the_answer_first(backend, bot):
    room = backend.private()
    answer = ask(room, HARBOUR)
    chronicle = next(one for one in (answer, *_further(room, answer)) if "chronicle.txt" in one.text)
    elsewhere = ask(room, "When was the harbour opened?", reply_to=answer.message_id)
    assert "harbour.txt" in elsewhere.text or "guide.txt" in elsewhere.text
    assert chronicle


def _further(room, answer):
    """The answers behind "Next answer"."""
    while NEXT_ANSWER in str(answer.buttons):
        count = len(room.replies())
        room.press(answer.message_id, answer.button(NEXT_ANSWER))
        answer = replies(room, count + 1)[-1]
        yield answer


# The language


@pytest.mark.needs("language")
def test_the_texts_of_an_answer_follow_the_language_of_its_question(backend, bot):
    room = backend.private(backend.user("Ana", "en"))
    spanish = language_of("es")
    answer = ask(room, "¿Quién inventó el teléfono en la ciudad?")
    assert answer.text.startswith(spanish.translate(NO_ANSWER))
    room.press(answer.message_id, answer.button("👎"))
    edited(room, answer.message_id, spanish.translate(REASON_LABELS["wrong answer"]))
    replies(room, 2)
    english = ask(room, PIERS)
    assert english.text.endswith(UNSURE.format(percent="27%"))


# Gaps


@pytest.mark.needs("file")
def test_admins_see_the_questions_without_an_answer_and_ask_them_again_over_new_documents(backend, bot, admin):
    other, room = backend.private(), backend.private(admin)
    assert ask(other, "/gaps").text == NOTICES["unknown command"]
    ask(other, "Where is the white lighthouse keeper?")
    listed = ask(room, "/gaps")
    assert "1. " in listed.text and "refused" in listed.text
    count = len(room.replies())
    room.press(listed.message_id, listed.button(ASK_AGAIN))
    edited(room, listed.message_id, ANSWERED_NOW.split("{")[0])
    room.send_file("telephone.txt", TELEPHONE)
    added = until(lambda: next((one for one in room.replies()[count:] if one.edited), None), "the document", 30)
    assert added.text.startswith("Added: ")
    room.press(added.message_id, added.button(ASK_GAPS_AGAIN))
    shown = until(lambda: room.replies()[count + 1 :], "the outcome", 30)[-1]
    assert shown.text.startswith(ANSWERED_NOW.split("{")[0]) and shown.reply_to == added.message_id


def test_nothing_of_this_is_offered_to_whoever_may_not_use_it(backend, bot):
    text = ask(backend.private(), "/help").text
    assert "/gaps" not in text and "/why" in text and "/verify" in text and "/cite" in text
    assert start_of("unknown command") in ask(backend.private(), "/gaps").text
