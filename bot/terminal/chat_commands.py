"""The commands of `quoth chat`: what each is called, what it does, and how it is found when it is mistyped."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document as TypedText
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.language.language import ENGLISH, Language
from bot.language.wording import (
    EXAMPLE,
    FAIRLY_SURE_FROM,
    FOR_EXAMPLE,
    NOT_SURE,
    OPERATORS,
    VERY_SURE_FROM,
    WHERE_TO_LOOK,
    translatable,
)
from bot.plain_text import encodable
from bot.terminal.chat import TerminalChat
from bot.terminal.checking import cite_receipt, verify_receipt
from bot.terminal.explaining import explain, explain_not
from bot.terminal.listings import render_sources
from bot.terminal.opening import open_citation, open_page, open_section
from bot.terminal.rating import forget_everything, propose_answer, rate_right, rate_wrong
from bot.terminal.reading_on import offer_more, show_after, show_before, show_more
from retrieval.errors import QuothError

HELP = translatable(
    "Type a question, or one of these commands. N is the number of a citation; without it, the passage last shown "
    "is meant."
)
LEVELS = translatable("Very sure: {very} or more. Fairly sure: {fairly} or more. Not very sure: less.")
CONFIDENCE_HELP = translatable("Each answer ends with its confidence, the probability that it is right:")
UNSURE_HELP = translatable("An answer that is more likely to be wrong begins with “{words}”")
UNKNOWN_COMMAND = translatable("There is no command {name}; the closest is {nearest}. /help lists the commands.")

Run = Callable[[TerminalChat, Sequence[str]], None]
"""What a command does with the words typed after its name."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, the words that it takes as /help shows them, what it does, and how."""

    name: str
    words: str
    meaning: str
    run: Run


def _list_sources(chat: TerminalChat, _: Sequence[str]) -> None:
    sources = chat.library.sources()
    chat.page(lambda _: render_sources(sources, chat.language))


def _clear(chat: TerminalChat, _: Sequence[str]) -> None:
    chat.session.forget()
    chat.console.clear()


def _leave(chat: TerminalChat, _: Sequence[str]) -> None:
    chat.is_left = True


def _help(chat: TerminalChat, _: Sequence[str]) -> None:
    language = chat.language
    groups: list[RenderableType] = []
    for heading, commands in GROUPS.items():
        meanings = {f"{command.name} {command.words}".strip(): command.meaning for command in commands}
        groups += [Text(""), Text(language.translate(heading), style="bold"), _listed(meanings, language)]
    levels = language.translate(LEVELS)
    chat.console.print(
        Group(
            Text(language.translate(HELP)),
            *groups,
            Text(""),
            Text(language.translate(WHERE_TO_LOOK)),
            _listed(OPERATORS, language),
            Text(language.translate(FOR_EXAMPLE).format(example=language.translate(EXAMPLE))),
            Text(""),
            Text(language.translate(CONFIDENCE_HELP)),
            Text(levels.format(very=language.percent(VERY_SURE_FROM), fairly=language.percent(FAIRLY_SURE_FROM))),
            Text(language.translate(UNSURE_HELP).format(words=language.translate(NOT_SURE))),
        )
    )


def _listed(meanings: Mapping[str, str], language: Language) -> Table:
    """What may be typed, each with its meaning."""
    grid = Table.grid(padding=(0, 2))
    for typed, meaning in meanings.items():
        grid.add_row(Text(typed, style="bold"), Text(language.translate(meaning)))
    return grid


GROUPS: Mapping[str, tuple[Command, ...]] = {
    translatable("Read on"): (
        Command(
            "/open", "N", translatable("the lines around a citation; /open N all: the whole document"), open_citation
        ),
        Command("/section", "N", translatable("the whole section"), open_section),
        Command(
            "/page", "N", translatable("the page of a PDF file as a picture; /page N --open: opens it, too"), open_page
        ),
        Command("/before", "N", translatable("what stands before the passage"), show_before),
        Command("/after", "N", translatable("what comes after it"), show_after),
        Command("/more", "", translatable("the next answer, then the next passages found"), show_more),
    ),
    translatable("The answer"): (
        Command("/why", "", translatable("how it was found; /why figures: every figure"), explain),
        Command("/whynot", "…", translatable("why the passage with these words is not the answer"), explain_not),
        Command("/right", "", translatable("rate it as right"), rate_right),
        Command("/wrong", "", translatable("rate it as wrong; you may add a reason"), rate_wrong),
        Command("/answer", "…", translatable("say what the right answer would have been"), propose_answer),
        Command("/verify", "ID", translatable("check that the files still say what a receipt cites"), verify_receipt),
        Command("/cite", "ID", translatable("its citations to paste: markdown, text, bibtex or json"), cite_receipt),
    ),
    translatable("The chat"): (
        Command("/sources", "", translatable("list the documents"), _list_sources),
        Command("/clear", "", translatable("forget the conversation and clear the screen"), _clear),
        Command("/forget", "", translatable("delete what this terminal has kept of you"), forget_everything),
        Command("/help", "", translatable("show this help"), _help),
        Command("/quit", "", translatable("leave, as Ctrl-D does; Ctrl-C cancels the line or the question"), _leave),
    ),
}
COMMANDS: Mapping[str, Command] = {command.name: command for commands in GROUPS.values() for command in commands}


def handle(chat: TerminalChat, line: str) -> None:
    """Answer one line, a question or a command. A QuothError is shown and ends the line, not the conversation."""
    line = encodable(line).strip()
    try:
        if line.startswith("/"):
            run_command(chat, *line.split())
        elif line and chat.ask(line).status != "smalltalk":
            offer_more(chat)
    except QuothError as error:
        chat.fail(str(error))


def run_command(chat: TerminalChat, name: str, *words: str) -> None:
    """Run the command of that name, in upper or lower case; of an unknown one, say which is closest."""
    command = COMMANDS.get(name.lower())
    if command is None:
        nearest = difflib.get_close_matches(name.lower(), COMMANDS, n=1, cutoff=0)[0]
        chat.say(UNKNOWN_COMMAND, name=name, nearest=nearest)
    else:
        command.run(chat, words)


class CommandCompleter(Completer):
    """Completes a command at the beginning of a line, but not a slash inside a question."""

    def __init__(self, language: Callable[[], Language] = lambda: ENGLISH) -> None:
        self._language = language

    def get_completions(self, document: TypedText, complete_event: CompleteEvent) -> Iterable[Completion]:
        return self._completions(document.text_before_cursor.lower())

    def _completions(self, typed: str) -> Iterator[Completion]:
        for command in COMMANDS.values() if typed.startswith("/") else ():
            if command.name.startswith(typed):
                meaning = self._language().translate(command.meaning)
                yield Completion(command.name, -len(typed), display_meta=meaning)
