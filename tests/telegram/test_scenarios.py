"""What a person sees, played against a Bot API server: the same scenarios over ours and over two third-party ones.

One bot serves them all, open to everybody. Its reader was told the answers.
"""

import pytest

from bot.language.language import language_of
from bot.language.wording import CLOSEST_PASSAGE, NO_ANSWER, NOT_SURE, UNSURE
from bot.telegram.messages.about import DELETE
from bot.telegram.messages.answers import RECEIPT
from bot.telegram.messages.notices import NOTICES
from bot.telegram.messages.pages import ALL_DOCUMENTS
from bot.telegram.messages.rows import BACK, COPY_CITATION, NEXT_ANSWER, REASON_LABELS, SOURCE, WHY
from tests.telegram.backends import FakeBackend, replies
from tests.telegram.bot_process import BotProcess, told_telegram
from tests.telegram.document_folder import BRIDGE, HARBOUR, LIGHTHOUSE, MILL, PIERS, UNKNOWN
from tests.telegram.methods import NOT_MODIFIED
from tests.telegram.playing import alert, ask, edited, start_of, stays, words

pytestmark = pytest.mark.model
REFUSAL = NO_ANSWER


@pytest.fixture(scope="module")
def bot(backend, built_folder, tmp_path_factory):
    folder = built_folder.copy_to(tmp_path_factory.mktemp("bot") / "folder")
    with BotProcess(told_telegram(folder.index, "--public", "--inline"), backend, folder.docs.parent / "log") as bot:
        yield bot
    refused = backend.server.refusals if isinstance(backend, FakeBackend) else []
    assert [words for words in refused if NOT_MODIFIED not in words] == []


# Asking


def test_a_question_is_answered_in_the_documents_words_with_the_place(backend, bot):
    answer = ask(backend.private(), MILL)
    assert words(answer, "bold") == ["Anders Holm", "Anders Holm"]
    assert answer.text.startswith("Anders Holm\n\nThe miller was called Anders Holm.\n\n[1] The Old Mill, ")
    assert all(said in answer.text for said in ("[1]", "The Old Mill", "mill.txt", "line 3", "4 May 1999"))
    assert words(answer, "blockquote") == ["The miller was called Anders Holm."]
    assert [button["text"] for button in answer.buttons[-1]] == ["👍", "👎", WHY]
    assert "The miller was called Anders Holm." in answer.button(COPY_CITATION)["copy_text"]["text"]


def test_a_question_that_no_document_answers_is_refused_and_its_closest_passage_cited(backend, bot):
    refusal = ask(backend.private(), UNKNOWN)
    assert words(refusal, "bold") == [REFUSAL]
    first, closest, cited, unknown = refusal.text.split("\n\n")
    assert (first, closest.split("\n")[0]) == (REFUSAL, CLOSEST_PASSAGE)
    assert cited.startswith("[1] ") and ", line" in cited
    assert cited.endswith("\n" + RECEIPT.format(id=words(refusal, "code")[-1]))
    assert "telephone" in unknown
    assert [button["text"] for button in refusal.buttons[-1]] == ["👍", "👎", WHY]
    assert "[2]" not in refusal.text


def test_what_the_bot_is_not_sure_of_is_offered_in_these_words_with_the_place(backend, bot):
    perhaps = ask(backend.private(), PIERS)
    assert perhaps.text.startswith(f"{NOT_SURE}\n\n")
    assert words(perhaps, "bold") == ["14", "14"]
    assert all(said in perhaps.text for said in ("[1]", "harbour.txt", "line 3", UNSURE.format(percent="27%")))
    assert [button["text"] for button in perhaps.buttons[-1]] == ["👍", "👎", WHY]


def test_a_follow_up_leans_on_a_perhaps_like_on_an_answer(backend, bot):
    room = backend.private()
    ask(room, PIERS)
    assert "(Searched: Which" in (answer := ask(room, "Which ones?")).text
    assert "piers" in answer.text.split("\n")[0]


def test_thanks_are_answered_without_a_citation(backend, bot):
    reply = ask(backend.private(), "thanks")
    assert reply.buttons == () and "[1]" not in reply.text


def test_questions_of_one_chat_are_answered_in_order_each_as_a_reply(backend, bot):
    room = backend.private()
    asked = [room.send_text(question) for question in (MILL, BRIDGE, UNKNOWN)]
    answers = replies(room, 3)
    assert [answer.reply_to for answer in answers] == asked
    assert [key in answer.text for key, answer in zip(("Holm", "840", REFUSAL), answers, strict=True)] == [True] * 3


def test_a_question_of_markup_and_odd_characters_is_answered(backend, bot):
    room = backend.private()
    for question in (
        "<b>Who & what</b> is @somebody_else? https://evil.example.com /start",
        "😀 \u202eabc\u0301 *_`[",
        "?",
    ):
        assert ask(room, question).text


def test_a_hostile_document_is_quoted_to_the_letter_and_calls_nobody(backend, bot):
    answer = ask(backend.private(), LIGHTHOUSE)
    assert (
        "The lighthouse <i>burned down</i> in 1904, said @keeper_of_light at https://evil.example.com/ping"
        in answer.text
    )
    assert "Notes <b>of</b> @keeper_of_light & co" in answer.text
    assert "<b>@keeper_of_light & _co_.txt" in answer.text


def test_a_question_over_a_thousand_characters_is_not_taken(backend, bot):
    assert "1,000 characters" in ask(backend.private(), "When was it opened? " * 51).text


def test_ask_alone_says_how_to_ask(backend, bot):
    assert "/ask" in ask(backend.private(), "/ask").text


def test_a_follow_up_leans_on_the_question_before(backend, bot):
    room = backend.private()
    ask(room, HARBOUR)
    assert "(Searched: Who opened the harbour of Lund?)" in (answer := ask(room, "Who opened it?")).text
    assert "Queen Astrid" in answer.text


@pytest.mark.needs("reply")
def test_a_reply_to_an_answer_continues_that_conversation(backend, bot):
    room = backend.private()
    first = ask(room, HARBOUR)
    ask(room, BRIDGE)
    answer = ask(room, "Who opened it?", reply_to=first.message_id)
    assert "Lund" in answer.text.split("\n")[0] and "ridge" not in answer.text.split("\n")[0]
    assert "Queen Astrid" in answer.text


@pytest.mark.needs("edit")
def test_an_edited_question_edits_its_answer(backend, bot):
    room = backend.private()
    asked = room.send_text(MILL)
    (answer,) = replies(room, 1)
    room.edit_text(asked, BRIDGE)
    assert "Holm" not in edited(room, answer.message_id, "840 metres").text
    stays(room, 1)


@pytest.mark.needs("photo")
def test_a_photo_gets_one_polite_line_in_private(backend, bot):
    room = backend.private()
    room.send_photo()
    assert replies(room, 1)[0].text == NOTICES["only text"]
    stays(room, 1)


# Commands


def test_start_offers_questions_that_are_answered_when_pressed(backend, bot):
    room = backend.private()
    welcome = ask(room, "/start")
    assert len(welcome.buttons) == 3
    room.press(welcome.message_id, welcome.buttons[0][0])
    _, question, answer = replies(room, 3)
    assert question.text.startswith(start_of("question was"))
    assert "[1]" in answer.text and not answer.text.startswith(REFUSAL)


def test_help_names_every_command(backend, bot):
    text = ask(backend.private(), "/help").text
    assert all(command in text for command in ("/ask", "/sources", "/privacy", "/forget"))
    assert "/status" not in text


def test_sources_lists_the_documents_and_opens_their_sections(backend, bot):
    room = backend.private()
    listed = ask(room, "/sources")
    assert "6 documents" in listed.text and "The Harbour of Lund" in listed.text and "4 May 1999" in listed.text
    number = next(line for line in listed.text.splitlines() if "The Bridge" in line).split(".")[0]
    room.press(listed.message_id, listed.button(number))
    opened = edited(room, listed.message_id, "news/bridge.md")
    assert "Length" in opened.text
    room.press(listed.message_id, opened.button(ALL_DOCUMENTS))
    edited(room, listed.message_id, "6 documents")


def test_privacy_says_how_long_answers_are_kept(backend, bot):
    assert "90 days" in ask(backend.private(), "/privacy").text


def test_forget_deletes_every_trace_from_the_file(backend, bot):
    room = backend.private()
    ask(room, "When was the harbour of Zyxwvutown opened?")
    files = [path for path in (bot.log.parent / "state").glob("feedback.sqlite*")]
    assert any(b"Zyxwvutown" in path.read_bytes() for path in files)
    asked = ask(room, "/forget")
    room.press(asked.message_id, asked.button(DELETE))
    assert "1 question" in edited(room, asked.message_id, "Deleted").text
    assert not any(b"Zyxwvutown" in path.read_bytes() for path in (bot.log.parent / "state").glob("feedback.sqlite*"))


def test_status_is_for_admins(backend, bot):
    assert ask(backend.private(), "/status").text == NOTICES["unknown command"]


@pytest.mark.needs("language")
@pytest.mark.parametrize("code", ["es", "pt-br", "ja"])
def test_fixed_texts_come_in_the_persons_language(backend, bot, code):
    room = backend.private(backend.user("Ana", code))
    spoken = language_of(code)
    assert spoken.translate(REFUSAL) != REFUSAL
    assert ask(room, "Telephone").text.startswith(spoken.translate(REFUSAL))
    assert ask(room, UNKNOWN).text.startswith(REFUSAL)  # clearly an English question
    assert ask(room, "/ask").text == spoken.translate(NOTICES["empty"])


# Buttons


def test_a_source_opens_its_passage_with_more_before_and_after(backend, bot):
    room = backend.private()
    answer = ask(room, BRIDGE)
    room.press(answer.message_id, answer.button(SOURCE.format(number=1)))
    opened = replies(room, 2)[-1]
    assert "news/bridge.md" in opened.text and "The bridge is 840 metres long." in opened.text
    if "cost" not in opened.text:
        room.press(opened.message_id, opened.button("Before"))
        edited(room, opened.message_id, "$3.2 million")
    assert len(room.replies()) == 2


@pytest.mark.parametrize("question", [UNKNOWN, PIERS])
def test_the_passage_of_a_refusal_or_a_perhaps_opens_like_an_answers(backend, bot, question):
    room = backend.private()
    shown = ask(room, question)
    room.press(shown.message_id, shown.button(SOURCE.format(number=1)))
    opened = replies(room, 2)[-1]
    cited = shown.text[shown.text.index("[1] ") :]
    assert opened.text.split("\n")[:2] == cited.split("\n")[:2]


def test_the_next_answer_is_another_documents(backend, bot):
    room = backend.private()
    answer = ask(room, HARBOUR)
    room.press(answer.message_id, answer.button(NEXT_ANSWER))
    second = replies(room, 2)[-1]
    assert "Answer 2 of" in second.text
    assert ("guide.txt" in answer.text) != ("guide.txt" in second.text) or "chronicle.txt" in second.text


def test_thumbs_up_is_noted_and_shown(backend, bot):
    room = backend.private()
    answer = ask(room, MILL)
    assert alert(backend, room, answer, answer.button("👍")["callback_data"])["text"] == NOTICES["thanks"]
    edited(room, answer.message_id, "👍 ✓")


def test_thumbs_down_asks_what_is_wrong(backend, bot):
    room = backend.private()
    answer = ask(room, MILL)
    room.press(answer.message_id, answer.button("👎"))
    asked = edited(room, answer.message_id, REASON_LABELS["wrong source"])
    with pytest.raises(LookupError):
        asked.button(REASON_LABELS["should have answered"])
    noted = alert(backend, room, answer, asked.button(REASON_LABELS["wrong source"])["callback_data"])
    assert noted["text"] == NOTICES["thanks"]
    edited(room, answer.message_id, "👎 ✓")


def test_a_perhaps_can_be_said_to_be_no_answer_at_all(backend, bot):
    room = backend.private()
    perhaps = ask(room, PIERS)
    room.press(perhaps.message_id, perhaps.button("👎"))
    asked = edited(room, perhaps.message_id, REASON_LABELS["should have refused"])
    noted = alert(backend, room, perhaps, asked.button(REASON_LABELS["should have refused"])["callback_data"])
    assert noted["text"] == NOTICES["thanks"]
    edited(room, perhaps.message_id, "👎 ✓")


def test_a_refusal_can_be_said_to_be_wrong(backend, bot):
    room = backend.private()
    refusal = ask(room, UNKNOWN)
    room.press(refusal.message_id, refusal.button("👎"))
    asked = edited(room, refusal.message_id, REASON_LABELS["should have answered"])
    room.press(refusal.message_id, asked.button(BACK))
    edited(room, refusal.message_id, "👍")


@pytest.mark.parametrize(
    "data",
    ["v1:AAAAAAAAAAAA:source:1", "v1:../../etc:source:1", "v0:x:next:0", "hello", "v1:-:forget", "v1::next:0", "😀"],
)
def test_an_unknown_button_gets_an_alert_and_nothing_else(backend, bot, data):
    room = backend.private()
    answer = ask(room, MILL)
    said = alert(backend, room, answer, data)
    assert (said["text"], said["show_alert"]) == (NOTICES["expired"], True)
    stays(room, 1)


def test_a_button_of_another_chat_gets_an_alert(backend, bot):
    mine, other = backend.private(), backend.private()
    answer, here = ask(mine, MILL), ask(other, BRIDGE)
    for label in (SOURCE.format(number=1), "👍"):
        said = alert(backend, other, here, answer.button(label)["callback_data"])
        assert said["text"] == NOTICES["expired"]
    stays(other, 1)


def test_a_button_pressed_twice_does_no_harm(backend, bot):
    room = backend.private()
    answer = ask(room, MILL)
    for _ in range(2):
        assert alert(backend, room, answer, answer.button("👍")["callback_data"])["text"] == NOTICES["thanks"]
    stays(room, 1)


# Groups


@pytest.mark.needs("group", "reply", "photo")
def test_a_group_is_answered_only_where_the_bot_is_meant(backend, bot):
    group = backend.group()
    silent = [MILL, "/start@other_bot", "/ask@other_bot " + MILL, "@quoth_test_bot2 " + MILL, "me@quoth_test_bot.org"]
    for text in silent:
        group.send_text(text)
    group.send_photo()
    meant = ["/ask " + MILL, f"/ask@quoth_test_bot {MILL}", f"@quoth_test_bot {MILL}", f"😀 {MILL} @Quoth_Test_Bot"]
    asked = []
    for number, text in enumerate(meant, 1):  # one at a time: groups take twenty messages a minute
        asked.append(group.send_text(text))
        assert "Anders Holm" in replies(group, number)[-1].text
    asked.append(group.send_text(BRIDGE, reply_to=group.replies()[0].message_id))
    assert [reply.reply_to for reply in replies(group, 5)] == asked


@pytest.mark.needs("group", "topic")
def test_an_answer_stays_in_its_topic(backend, bot):
    forum = backend.group(is_forum=True)
    topics = [forum.topic("Mills"), forum.topic("Bridges")]
    for topic in topics:
        assert ask(forum, "/ask " + MILL, thread=topic).thread == topic
    answer = forum.replies()[0]
    forum.press(answer.message_id, answer.button(SOURCE.format(number=1)))
    assert replies(forum, 3)[-1].message_id > answer.message_id


@pytest.mark.needs("group", "pressed reply")
def test_in_a_group_nobody_presses_the_buttons_of_anothers_forget(backend, bot):
    group, ann, bo = backend.group(), backend.user("Ann"), backend.user("Bo")
    for person in (ann, bo):
        ask(group, "/ask " + MILL, sender=person)
    asked = ask(group, "/forget@quoth_test_bot", sender=ann)
    said = backend.callback_answer(group.press(asked.message_id, asked.button(DELETE), bo))
    assert (said["text"], said["show_alert"]) == (NOTICES["not yours"], True)
    group.press(asked.message_id, asked.button(DELETE), ann)
    assert "1 question" in edited(group, asked.message_id, "Deleted").text
    again = ask(group, "/forget@quoth_test_bot", sender=bo)
    group.press(again.message_id, again.button(DELETE), bo)
    assert "1 question" in edited(group, again.message_id, "Deleted").text


# Inline


@pytest.mark.needs("inline")
def test_an_inline_query_is_answered_with_citations_for_this_person_alone(backend, bot):
    answer = backend.inline_answer(backend.inline_query(MILL))
    assert answer["is_personal"] is True
    assert answer["results"][0]["title"] == "Anders Holm"
    assert "mill.txt" in answer["results"][0]["input_message_content"]["message_text"]


@pytest.mark.needs("inline")
def test_an_inline_query_is_offered_what_the_bot_is_not_sure_of_in_these_words(backend, bot):
    (result,) = backend.inline_answer(backend.inline_query(PIERS))["results"]
    assert (result["title"], result["description"]) == ("14", f"{NOT_SURE} The Harbour of Lund, 4 May 1999")
    assert result["input_message_content"]["message_text"].startswith(NOT_SURE)


@pytest.mark.needs("inline")
def test_only_the_last_of_a_persons_keystrokes_is_answered(backend, bot):
    person = backend.user()
    first, second = (backend.inline_query(text, person) for text in ("Who was", MILL))
    assert backend.inline_answer(second)["results"]
    assert first not in backend.answered_inline()


@pytest.mark.needs("inline")
def test_an_empty_inline_query_gets_no_results(backend, bot):
    assert backend.inline_answer(backend.inline_query(" "))["results"] == []
