"""The commands of `quoth chat`: what each shows, and what is said to one that does not exist."""

import io
import re

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document as TypedText
from rich.console import Console
from rich.pager import Pager

from bot.language.language import Language
from bot.language.wording import FAIRLY_SURE, NOT_VERY_SURE, VERY_SURE, WHERE_TO_LOOK, confidence_words
from bot.terminal.chat import ASK_FIRST, UNKNOWN_CITATION, TerminalChat
from bot.terminal.chat_commands import (
    COMMANDS,
    CONFIDENCE_HELP,
    GROUPS,
    HELP,
    UNKNOWN_COMMAND,
    CommandCompleter,
    handle,
)
from bot.terminal.checking import NO_RECEIPT
from bot.terminal.explaining import EXPECTED
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
        ("/open 2", UNKNOWN_CITATION.format(command="/open", numbers="1")),
        ("/section x", UNKNOWN_CITATION.format(command="/section", numbers="1")),
        ("/before 7", UNKNOWN_CITATION.format(command="/before", numbers="1")),
        ("/open ²", UNKNOWN_CITATION.format(command="/open", numbers="1")),
        ("/open " + "9" * 9999, UNKNOWN_CITATION.format(command="/open", numbers="1")),
        ("/more\n/open 0", UNKNOWN_CITATION.format(command="/open", numbers="1 to 2")),
        ("/whynot", EXPECTED),
        ("/cite 12345678", NO_RECEIPT.format(id="12345678", command="/cite")),
        ("/verify never", NO_RECEIPT.format(id="never", command="/verify")),
    ],
)
def test_a_wrong_command_is_corrected(command, line):
    _, _, talk = piped(f"How long?\n{command}\n")
    assert " ".join(talk.split()).endswith(line)


@pytest.mark.parametrize("typed", ["/open", "/OPEN 1", "/open [1]", "/Open 1."])
def test_a_command_is_understood_in_any_case_and_a_number_as_it_is_shown(typed):
    _, out, _ = piped(f"How long?\n{typed}\n")
    assert "2 **It was signed after four years of talks.**" in out


def test_commands_before_the_first_question_say_so():
    commands = ["/open 1", "/section", "/page", "/before", "/after", "/more", "/why", "/whynot x", "/right", "/wrong"]
    commands += ["/verify", "/cite"]
    status, out, talk = piped("\n".join(commands) + "\n")
    assert talk.splitlines() == [ASK_FIRST] * len(commands)
    assert (status, out.split("\n\n")) == (0, [f"> {command}" for command in commands[:-1]] + ["> /cite\n"])


def test_help_lists_every_command_in_groups():
    _, out, _ = piped("/help\n")
    assert " ".join(HELP.split()) in " ".join(out.split())
    assert [line.split()[0] for line in out.splitlines() if line.startswith("/")] == list(COMMANDS)
    assert [line for line in out.splitlines() if line in GROUPS] == list(GROUPS)


def test_help_in_another_language_translates_what_the_catalogue_has():
    _, out, _ = piped("¿Cuánto tiempo duraron las negociaciones?\n/help\n")
    assert Language("es").translate(WHERE_TO_LOOK) in out


def test_every_command_runs_after_an_answer_and_before_one():
    for lines in ("", "How long?\n"):
        for name in COMMANDS:
            status, _, talk = piped(f"{lines}{name}\n")
            assert UNKNOWN_COMMAND.split("{")[0] not in talk
            assert status == 0, (name, talk)


def test_help_explains_confidence_as_answers_show_it():
    _, out, _ = piped("/help\n")
    words = " ".join(out.split())
    assert CONFIDENCE_HELP in words
    levels = re.findall(r"(\w[\w ]+): (?:(\d+)% or more|less)\.", words[words.index(CONFIDENCE_HELP) :])
    assert [name for name, _ in levels] == [
        level.removesuffix(" · {percent}") for level in (VERY_SURE, FAIRLY_SURE, NOT_VERY_SURE)
    ]
    very, fairly, _ = (float(percent or 0) / 100 for _, percent in levels)
    assert confidence_words(very) == VERY_SURE != confidence_words(very - 0.01)
    assert confidence_words(fairly) == FAIRLY_SURE != confidence_words(fairly - 0.01)


def test_sources_are_listed():
    _, out, _ = piped("/sources\n")
    assert out == "> /sources\n1 Talks\n  16 May 2022, 1 passage, talks.txt\n"


def test_what_is_longer_than_the_screen_goes_through_the_pager_with_plain_marks():
    def chat(height: int) -> tuple[KeepingPager, Console]:
        pager = KeepingPager()
        console = Console(
            file=io.StringIO(), width=60, height=height, force_terminal=True, color_system="standard", no_color=False
        )
        fake = FakeLibrary()
        chat = TerminalChat(fake, fake, console, console, pager=pager)
        handle(chat, "How long?")
        handle(chat, "/open 1")
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
    chat = TerminalChat(fake, fake, console, console, pager=pager)
    handle(chat, "/sources")
    assert (pager.shown, text_of(console)) == ([], "1 Talks\n  16 May 2022, 1 passage, talks.txt")


def test_open_shows_some_lines_around_and_open_all_the_whole_document():
    fake = FakeLibrary(document_text=TEXT + "later\n" * 30)
    short, whole = (piped(f"How long?\n/open 1{extent}\n", fake)[1] for extent in ("", " all"))
    assert short.rstrip().splitlines()[-2:] == ["6 later", "7 later"]
    assert whole.rstrip().splitlines()[-2:] == ["33 later", "34"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("/s", ["/section", "/sources"]),
        ("/WH", ["/why", "/whynot"]),
        ("/", list(COMMANDS)),
        ("/x", []),
        ("what is /s", []),
        ("s", []),
    ],
)
def test_completion_offers_commands_only_where_the_line_begins_with_one(line, offered):
    completions = CommandCompleter().get_completions(TypedText(line), CompleteEvent())
    assert [completion.text for completion in completions] == offered
