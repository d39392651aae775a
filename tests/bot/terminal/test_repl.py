"""Sessions of `quoth chat`, as a person types them and as a pipe feeds them."""

import io
import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document as TypedText
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console
from rich.pager import Pager

from bot.language.wording import FAIRLY_SURE, NOT_VERY_SURE, VERY_SURE, confidence_words
from bot.terminal.repl import (
    ASK_FIRST,
    CANCELLED,
    COMMANDS,
    CONFIDENCE_HELP,
    HELP,
    RATING_SAVED,
    UNKNOWN_CITATION,
    UNKNOWN_COMMAND,
    UNKNOWN_REASON,
    TerminalChat,
    command_completer,
    greeting,
    run,
)
from retrieval.conversation.follow_up import contextualise
from retrieval.errors import DocumentError, QuestionError
from retrieval.schema import (
    Answer,
    AnswerText,
    Document,
    Hit,
    Passage,
    ReadingText,
    Section,
    Source,
    Turn,
    cite,
)

TEXT = "Round one was in May.\nIt was signed after four years of talks.\nTea followed.\n"
TALKS = Document("talks.txt", TEXT, "0" * 64, "utf-8", "Talks", "2022-05-16", None, (Section(None, None, False),))
READING = ReadingText(TEXT.replace("\n", " "), ((0, 0, len(TEXT)),))
HIT = Hit(0, Passage("talks.txt", 0, READING, ((0, len(TEXT)),)), TALKS, 0.83, 1, 0.71, 12.4)
SIGNED = cite(1, HIT, 22, 62, (42, 52))
TEA = cite(1, HIT, 63, 76)
BACKWARDS = replace(TEA, spans=((63, 76), (22, 32)), lines=(2, 3), quote="Tea followed. […] It was sig", mark=None)
UP, CTRL_C, CTRL_D = "\x1b[A", "\x03", "\x04"


@dataclass
class FakeLibrary:
    """Answers by a word of the question, and records what it searched and how its answers were rated."""

    searched: list[str] = field(default_factory=list)
    document_text: str = TEXT
    ratings: list[tuple[str, list[str], str, str | None]] = field(default_factory=list)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        searched = contextualise(question, history)
        self.searched.append(searched)
        if "empty" in question:
            raise QuestionError("no word to search for;\nask in a sentence")
        if "slow" in question:
            signal.raise_signal(signal.SIGINT)  # what Ctrl-C does to a running question
        blank = Answer(
            question=question,
            searched=searched,
            status="answered",
            confidence=0.9,
            hits=(HIT,),
            threshold=0.35,
            elapsed_ms={"total": 66.2},
        )
        if "hello" in question:
            return replace(blank, status="smalltalk", reply="Hello!", hits=())
        if "Zermatt" in question:
            return replace(blank, status="abstained", confidence=0.1, unknown_words=("Zermatt",))
        return replace(
            blank,
            answers=(AnswerText("four years", 0.9, (SIGNED,)), AnswerText("tea", 0.4, (replace(BACKWARDS, number=2),))),
        )

    def sources(self) -> list[Source]:
        return [Source("talks.txt", "Talks", "2022-05-16", None, TALKS.sections, 1)]

    def document(self, doc_id: str) -> Document:
        return replace(TALKS, doc_id=doc_id, text=self.document_text)

    def rate(self, answer, history, verdict, reason) -> None:
        self.ratings.append((answer.question, [turn.question for turn in history], verdict, reason))


class KeepingPager(Pager):
    def __init__(self) -> None:
        self.shown: list[str] = []

    def show(self, content: str) -> None:
        self.shown.append(content)


def plain_console(height: int = 25) -> Console:
    return Console(file=io.StringIO(), width=60, height=height, color_system=None, highlight=False)


def text_of(console: Console) -> str:
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def piped(lines: str, fake: FakeLibrary | None = None) -> tuple[int, str, str]:
    """Exit status, standard output and talk of a session fed from a pipe."""
    console, talk = plain_console(), plain_console()
    fake = fake or FakeLibrary()
    status = run(fake, fake.rate, io.StringIO(lines), console, talk)
    return status, text_of(console), text_of(talk)


def typed(keys: str, fake: FakeLibrary | None = None, typed_lines_path=None) -> tuple[int, str]:
    """Exit status and screen of a session typed at a terminal; prompts and echo go elsewhere."""
    console = plain_console()
    fake = fake or FakeLibrary()
    with create_pipe_input() as keyboard:
        keyboard.send_text(keys)
        status = run(
            library=fake,
            rate=fake.rate,
            stdin=io.StringIO(),
            console=console,
            talk=console,
            typed_lines_path=typed_lines_path,
            prompt_input=keyboard,
            prompt_output=DummyOutput(),
        )
    return status, text_of(console)


def test_a_whole_session():
    questions = "How long were the talks?\nAnd in Peru?\n/more\n/more\n/open 2\n/open 1\nhello\n"
    status, out, talk = piped(questions + "is it Zermatt?\n/open 1\n")
    assert status == 0
    assert (
        out
        == """\
> How long were the talks?
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022
    talks.txt, line 2
Very sure (90%), 66 ms

> And in Peru?
(Searched: And in Peru? long talks)
“It was signed after **four years** of talks.”

[1] Talks, 16 May 2022
    talks.txt, line 2
Very sure (90%), 66 ms

> /more
“Tea followed. […] It was sig”

[2] Talks, 16 May 2022
    talks.txt, lines 2-3
Not very sure (40%)

> /more

> /open 2
Talks, 16 May 2022
talks.txt, lines 2-3

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
(Searched: is it Zermatt? Peru)
I found no clear answer.
Not found in any document: Zermatt
Closest passage: Round one was in May. It was signed after
four years of talks. Tea followed. (Talks, talks.txt)

> /open 1
"""
    )
    assert (
        talk
        == """\
1 more answer: /more shows the next one.
1 more answer: /more shows the next one.
There are no more answers.
The last answer has no citation to open."""
    )


def test_a_typed_session_greets_answers_and_leaves_quietly():
    assert typed("hello\r" + CTRL_D) == (0, f"{greeting(1, 1)}\nHello!\n")


def test_quit_leaves_and_what_stands_behind_it_is_not_asked():
    fake = FakeLibrary()
    assert typed("/quit\rhello\r", fake)[0] == 0
    assert piped("/quit\nhello\n", fake)[0] == 0
    assert fake.searched == []


def test_a_follow_up_is_searched_with_the_words_it_leans_on():
    fake = FakeLibrary()
    typed("How long were the talks?\rAnd in Peru?\r" + CTRL_D, fake)
    assert fake.searched == ["How long were the talks?", "And in Peru? long talks"]


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
    assert UNKNOWN_REASON in messages
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
    chat = TerminalChat(fake, fake.rate, console, console)
    chat.handle("How long?")
    chat.handle("/open 1")
    assert text_of(console).endswith("talks.txt is gone; run `quoth index`")


def test_an_empty_line_asks_nothing():
    fake = FakeLibrary()
    typed("   \r\r" + CTRL_D, fake)
    assert piped("\n  \n", fake) == (0, "", "")
    assert fake.searched == []


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("/opne 1", UNKNOWN_COMMAND.format(name="/opne", nearest="/open")),
        ("/SOURCE", UNKNOWN_COMMAND.format(name="/SOURCE", nearest="/sources")),
        ("/\x1b[2J", UNKNOWN_COMMAND.format(name="/␛[2J", nearest="/why")),
        ("/ 1", UNKNOWN_COMMAND.format(name="/", nearest="/why")),
        ("/open", UNKNOWN_CITATION.format(numbers="1")),
        ("/open 2", UNKNOWN_CITATION.format(numbers="1")),
        ("/open ²", UNKNOWN_CITATION.format(numbers="1")),
        ("/open " + "9" * 9999, UNKNOWN_CITATION.format(numbers="1")),
        ("/more\n/open 0", UNKNOWN_CITATION.format(numbers="1 to 2")),
    ],
)
def test_a_wrong_command_is_corrected(command, line):
    _, _, talk = piped(f"How long?\n{command}\n")
    assert " ".join(talk.split()).endswith(line)


def test_commands_before_the_first_question_say_so():
    assert piped("/open 1\n/more\n/why\n")[2].splitlines() == [ASK_FIRST] * 3


def test_help_names_every_command():
    _, out, _ = piped("/help\n")
    assert HELP in out
    assert [line.split()[0] for line in out.splitlines() if line.startswith("/")] == list(COMMANDS)


def test_every_command_of_the_help_has_an_action_and_every_action_is_in_the_help():
    fake, console, talk = FakeLibrary(), plain_console(), plain_console()
    chat = TerminalChat(fake, fake.rate, console, talk)
    assert list(chat.actions()) == list(COMMANDS)
    for name in COMMANDS:
        chat.handle(name)
    unknown = UNKNOWN_COMMAND.split("{")[0]
    assert unknown not in text_of(talk)
    chat.handle("/nonsense")
    assert unknown in text_of(talk)


def test_help_explains_confidence_as_answers_show_it():
    _, out, _ = piped("/help\n")
    assert " ".join(CONFIDENCE_HELP.split()) in " ".join(out.split())
    levels = re.findall(r"(\w[\w ]+): (?:(\d+)% or more|less)\.", CONFIDENCE_HELP)
    assert [name for name, _ in levels] == [
        level.removesuffix(" ({percent})") for level in (VERY_SURE, FAIRLY_SURE, NOT_VERY_SURE)
    ]
    very, fairly, _ = (float(percent or 0) / 100 for _, percent in levels)
    assert confidence_words(very) == VERY_SURE != confidence_words(very - 0.01)
    assert confidence_words(fairly) == FAIRLY_SURE != confidence_words(fairly - 0.01)


def test_why_and_sources_are_shown():
    _, out, _ = piped("How long?\n/why\n/sources\n")
    assert "Searched: How long?\n# dense sparse score document, section\n1  0.71   12.4  0.83 talks.txt" in out
    assert "> /sources\n1 Talks\n  16 May 2022, 1 passage, talks.txt" in out


def test_what_is_longer_than_the_screen_goes_through_the_pager_with_plain_marks():
    def chat(height: int) -> tuple[KeepingPager, Console]:
        pager = KeepingPager()
        console = Console(
            file=io.StringIO(), width=60, height=height, force_terminal=True, color_system="standard", no_color=False
        )
        fake = FakeLibrary()
        chat = TerminalChat(fake, fake.rate, console, console, pager=pager)
        chat.handle("How long?")
        chat.handle("/open 1")
        return pager, console

    pager, _ = chat(height=7)
    assert len(pager.shown) == 1
    assert "2 **It was signed after four years of talks.**" in pager.shown[0]
    assert "\x1b" not in pager.shown[0]
    pager, console = chat(height=8)
    assert pager.shown == []
    assert "\x1b[1;32mIt was signed after four years of talks.\x1b[0m" in console.file.getvalue()


def test_the_pager_is_not_used_where_the_output_is_not_a_terminal():
    pager = KeepingPager()
    console = plain_console(height=2)
    fake = FakeLibrary()
    chat = TerminalChat(fake, fake.rate, console, console, pager=pager)
    chat.handle("/sources")
    assert (pager.shown, text_of(console)) == ([], "1 Talks\n  16 May 2022, 1 passage, talks.txt")


def test_open_shows_some_lines_around_and_open_all_the_whole_document():
    fake = FakeLibrary(document_text=TEXT + "later\n" * 30)
    short, whole = (piped(f"How long?\n/open 1{extent}\n", fake)[1] for extent in ("", " all"))
    assert short.rstrip().splitlines()[-2:] == ["6 later", "7 later"]
    assert whole.rstrip().splitlines()[-2:] == ["33 later", "34"]


def test_bytes_that_are_no_text_are_asked_as_question_marks():
    fake = FakeLibrary()
    piped("caf\udce9 au lait\n", fake)
    assert fake.searched == ["caf? au lait"]


def test_a_hostile_question_is_echoed_as_text():
    _, out, _ = piped("[red]hello \x1b[31m\x07\n")
    assert out == "> [red]hello ␛[31m␇\nHello!\n"


@pytest.mark.parametrize(
    ("line", "offered"),
    [("/s", ["/sources"]), ("/", list(COMMANDS)), ("/x", []), ("what is /s", []), ("s", [])],
)
def test_completion_offers_commands_only_where_the_line_begins_with_one(line, offered):
    completions = command_completer().get_completions(TypedText(line), CompleteEvent())
    assert [completion.text for completion in completions] == offered


def test_a_library_that_can_not_list_its_documents_still_answers():
    def damaged() -> list[Source]:
        raise DocumentError("the index is damaged; run `quoth index`")

    console = plain_console()
    with create_pipe_input() as keyboard:
        keyboard.send_text("hello\r" + CTRL_D)
        fake = FakeLibrary()
        fake.sources = damaged
        status = run(
            library=fake,
            rate=fake.rate,
            stdin=io.StringIO(),
            console=console,
            talk=console,
            prompt_input=keyboard,
            prompt_output=DummyOutput(),
        )
    assert status == 0
    assert text_of(console) == "the index is damaged; run `quoth index`\nHello!\n"
