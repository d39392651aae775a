"""The commands of `quoth chat`: what each shows, and what is said to one that does not exist."""

import io
import re

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document as TypedText
from rich.console import Console
from rich.pager import Pager

from bot.language.wording import FAIRLY_SURE, NOT_VERY_SURE, VERY_SURE, confidence_words
from bot.terminal.repl import (
    ASK_FIRST,
    COMMANDS,
    CONFIDENCE_HELP,
    HELP,
    UNKNOWN_CITATION,
    UNKNOWN_COMMAND,
    TerminalChat,
    command_completer,
)
from tests.bot.terminal.sessions import TEXT, FakeLibrary, piped, plain_console, text_of


class KeepingPager(Pager):
    def __init__(self) -> None:
        self.shown: list[str] = []

    def show(self, content: str) -> None:
        self.shown.append(content)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("/opne 1", UNKNOWN_COMMAND.format(name="/opne", nearest="/open")),
        ("/SOURCE", UNKNOWN_COMMAND.format(name="/SOURCE", nearest="/sources")),
        ("/\x1b[2J", UNKNOWN_COMMAND.format(name="/␛[2J", nearest="/why")),
        ("/ 1", UNKNOWN_COMMAND.format(name="/", nearest="/why")),
        ("/open", UNKNOWN_CITATION.format(command="/open", numbers="1")),
        ("/open 2", UNKNOWN_CITATION.format(command="/open", numbers="1")),
        ("/open ²", UNKNOWN_CITATION.format(command="/open", numbers="1")),
        ("/open " + "9" * 9999, UNKNOWN_CITATION.format(command="/open", numbers="1")),
        ("/more\n/open 0", UNKNOWN_CITATION.format(command="/open", numbers="1 to 2")),
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


@pytest.mark.parametrize(
    ("line", "offered"),
    [("/s", ["/sources"]), ("/", list(COMMANDS)), ("/x", []), ("what is /s", []), ("s", [])],
)
def test_completion_offers_commands_only_where_the_line_begins_with_one(line, offered):
    completions = command_completer().get_completions(TypedText(line), CompleteEvent())
    assert [completion.text for completion in completions] == offered
