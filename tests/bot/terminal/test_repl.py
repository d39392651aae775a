"""Sessions of `quoth chat`, as a person types them and as a pipe feeds them."""

import signal

import pytest

from bot.feedback.store import REASONS
from bot.terminal.chat import ASK_FIRST, TerminalChat
from bot.terminal.chat_commands import handle
from bot.terminal.opening import CHANGED_SINCE, GONE_SINCE
from bot.terminal.rating import RATING_SAVED, UNKNOWN_REASON
from bot.terminal.repl import CANCELLED, greeting
from retrieval.errors import DocumentError
from retrieval.schema import Document, Source
from tests.bot.terminal.sessions import (
    CTRL_C,
    CTRL_D,
    FOUR_YEARS,
    TO_ROUND_ONE,
    FakeLibrary,
    piped,
    plain_console,
    text_of,
    typed,
)


def test_a_whole_session():
    questions = "How long were the talks?\nAnd in Peru?\n/more\n/more\n/open 2\n/open 1\nhello\n"
    status, out, talk = piped(questions + "is it Zermatt?\n/open 1\n/more\n/open 2\n")
    assert status == 0
    assert (
        out
        == f"""\
> How long were the talks?
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022
    talks.txt, line 2
Very sure · 90%, 66 ms · Receipt {FOUR_YEARS}

> And in Peru?
(Searched: And in Peru? [How long were the talks?])
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022
    talks.txt, line 2
Very sure · 90%, 66 ms · Receipt {FOUR_YEARS}

> /more
“Tea followed. […] It was sig”

[2] Talks, 16 May 2022
    talks.txt, lines 2–3
Not very sure · 40%

> /more

> /open 2
Talks, 16 May 2022
talks.txt, lines 2–3

1 Round one was in May.
2 **It was sig**ned after four years of talks.
3 **Tea followed.**
4

> /open 1
Talks, 16 May 2022
talks.txt, line 2

1 Round one was in May.
2 **It was signed after four years of talks.**
3 Tea followed.
4

> hello
Hello!

> is it Zermatt?
(Searched: is it Zermatt? [And in Peru?])
I found no clear answer.
Closest passage:
“Round one was in May. It was signed after four years of
talks.”

[1] Talks, 16 May 2022
    talks.txt, lines 1–2
Not found in any document: Zermatt
Receipt {TO_ROUND_ONE}

> /open 1
Talks, 16 May 2022
talks.txt, lines 1–2

1 **Round one was in May.**
2 **It was signed after four years of talks.**
3 Tea followed.
4

> /more

> /open 2
"""
    )
    assert (
        talk
        == """\
1 more answer: /more shows it.
1 more answer: /more shows it.
There is nothing more to show.
There is nothing more to show.
/open takes the number of a citation: 1."""
    )


def test_a_session_with_a_perhaps_and_a_refusal_whose_closest_passage_is_opened_and_rated():
    fake = FakeLibrary()
    lines = "perhaps how long?\n/more\n/open 2\n/right\nis it Zermatt?\n/open 1 all\n/wrong should have a\n"
    status, out, talk = piped(lines, fake)
    assert status == 0
    assert (
        out
        == f"""\
> perhaps how long?
Not sure, but this may be it:
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022
    talks.txt, line 2
Not sure · 90%, 66 ms · Receipt {FOUR_YEARS}

> /more
“Tea followed. […] It was sig”

[2] Talks, 16 May 2022
    talks.txt, lines 2–3
Not sure · 40%

> /open 2
Talks, 16 May 2022
talks.txt, lines 2–3

1 Round one was in May.
2 **It was sig**ned after four years of talks.
3 **Tea followed.**
4

> /right

> is it Zermatt?
(Searched: is it Zermatt? [perhaps how long?])
I found no clear answer.
Closest passage:
“Round one was in May. It was signed after four years of
talks.”

[1] Talks, 16 May 2022
    talks.txt, lines 1–2
Not found in any document: Zermatt
Receipt {TO_ROUND_ONE}

> /open 1 all
Talks, 16 May 2022
talks.txt, lines 1–2

1 **Round one was in May.**
2 **It was signed after four years of talks.**
3 Tea followed.
4

> /wrong should have a
"""
    )
    assert talk.splitlines()[0] == "1 more answer: /more shows it."
    assert " ".join(talk.split()).count(RATING_SAVED) == 2
    assert fake.ratings == [
        ("perhaps how long?", [], "right", None),
        ("is it Zermatt?", ["perhaps how long?"], "wrong", "should have answered"),
    ]


def test_a_typed_session_greets_answers_and_leaves_quietly():
    assert typed("hello\r" + CTRL_D) == (0, f"{greeting(1, 1)}\nHello!\n")


def test_quit_leaves_and_what_stands_behind_it_is_not_asked():
    fake = FakeLibrary()
    assert typed("/quit\rhello\r", fake)[0] == 0
    assert piped("/quit\nhello\n", fake)[0] == 0
    assert fake.searched == []


def test_a_question_is_asked_after_the_turns_before_it():
    fake = FakeLibrary()
    typed("How long were the talks?\rAnd in Peru?\r" + CTRL_D, fake)
    assert fake.searched == ["How long were the talks?", "And in Peru? [How long were the talks?]"]


def test_a_rating_is_stored_with_the_turns_before_the_answer():
    fake = FakeLibrary()
    lines = "/right\nHow long were the talks?\n/right\nAnd in Peru?\n/wrong wrong s\n/wrong nonsense\n/wrong\n"
    _, _, talk = piped(lines, fake)
    assert fake.ratings == [
        ("How long were the talks?", [], "right", None),
        ("And in Peru?", ["How long were the talks?"], "wrong", "wrong source"),
        ("And in Peru?", ["How long were the talks?"], "wrong", None),
    ]
    messages = " ".join(talk.split())
    assert messages.startswith(ASK_FIRST)
    assert UNKNOWN_REASON.format(reasons=", ".join(REASONS)) in messages
    assert messages.count(RATING_SAVED) == 3


def test_clear_forgets_the_conversation():
    fake = FakeLibrary()
    _, out = typed("How long were the talks?\r/clear\rAnd in Peru?\r/clear\r/open 1\r" + CTRL_D, fake)
    assert fake.searched == ["How long were the talks?", "And in Peru?"]
    assert ASK_FIRST in out


def test_ctrl_c_cancels_the_line_and_not_the_session():
    fake = FakeLibrary()
    assert typed("half a line" + CTRL_C + "whole line\r" + CTRL_D, fake)[0] == 0
    assert fake.searched == ["whole line"]


@pytest.fixture
def interruptible():
    """Ctrl-C raises KeyboardInterrupt, also where the tests run in the background, in which shells switch it off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_cancels_a_running_question_and_not_the_session():
    fake = FakeLibrary()
    status, out = typed("a slow one\rhello\r" + CTRL_D, fake)
    assert (status, fake.searched) == (0, ["a slow one", "hello"])
    assert out.splitlines()[1:] == [CANCELLED, "", "Hello!"]


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_a_session_that_comes_from_a_pipe():
    with pytest.raises(KeyboardInterrupt):
        piped("a slow one\nhello\n")


def test_an_error_is_one_line_and_not_the_end():
    status, out = typed("empty\rhello\r" + CTRL_D)
    assert status == 0
    assert out.splitlines()[1:] == ["no word to search for; ask in a sentence", "", "Hello!"]


def test_an_error_in_a_pipe_goes_to_talk_and_into_the_exit_status():
    status, out, talk = piped("empty\nhello\n")
    assert (status, talk) == (1, "no word to search for; ask in a sentence")
    assert out.endswith("> hello\nHello!\n")


def test_a_document_that_can_not_be_read_is_one_line():
    def gone(doc_id: str) -> Document:
        raise DocumentError(f"{doc_id} is gone; run `quoth index`")

    console = plain_console()
    fake = FakeLibrary()
    fake.document = gone
    chat = TerminalChat(fake, fake, console, console)
    handle(chat, "How long?")
    handle(chat, "/open 1")
    assert text_of(console).endswith("talks.txt is gone; run `quoth index`")


def opened(fake: FakeLibrary) -> tuple[str, str]:
    """What /open prints after an answer that cites talks.txt, and what it says about it."""
    _, out, talk = piped("How long?\n/open 1\n", fake)
    return out.split("> /open 1\n")[1], talk.splitlines()[-1]


def test_a_document_that_was_renamed_since_is_opened_under_its_new_name():
    out, talk = opened(FakeLibrary(listed="may/round-one.txt", renamed="may/round-one.txt"))
    assert talk == "talks.txt is now called may/round-one.txt."
    assert "may/round-one.txt, line 2" in out
    assert "**It was signed after four years of talks.**" in out


@pytest.mark.parametrize(
    ("fake", "expected"),
    [
        (FakeLibrary(document_sha256="1" * 64, document_text="Another text.\n"), CHANGED_SINCE),
        (FakeLibrary(listed="other.txt"), GONE_SINCE),
    ],
    ids=["changed", "gone"],
)
def test_a_document_that_was_changed_or_removed_since_is_opened_as_it_was(fake: FakeLibrary, expected: str):
    out, talk = opened(fake)
    assert talk == expected.format(document="talks.txt")
    assert "**It was signed after four years of talks.**" in out
    assert "Another text" not in out


def test_the_greeting_names_the_folder():
    assert greeting(1, 2, "my-notes") == "my-notes: 1 document, 2 passages. Ask a question, or type /help."
    assert greeting(1, 2) == "1 document, 2 passages. Ask a question, or type /help."


def test_an_empty_line_asks_nothing():
    fake = FakeLibrary()
    typed("   \r\r" + CTRL_D, fake)
    assert piped("\n  \n", fake) == (0, "", "")
    assert fake.searched == []


def test_bytes_that_are_no_text_are_asked_as_question_marks():
    fake = FakeLibrary()
    piped("caf\udce9 au lait\n", fake)
    assert fake.searched == ["caf? au lait"]


def test_a_hostile_question_is_echoed_as_text():
    _, out, _ = piped("[red]hello \x1b[31m\x07\n")
    assert out == "> [red]hello ␛[31m␇\nHello!\n"


def test_a_library_that_can_not_list_its_documents_still_answers():
    def damaged() -> list[Source]:
        raise DocumentError("the index is damaged; run `quoth index`")

    fake = FakeLibrary()
    fake.sources = damaged
    assert typed("hello\r" + CTRL_D, fake) == (0, "the index is damaged; run `quoth index`\nHello!\n")
