"""`quoth chat`: the terminal loop over given streams. Questions and commands in, rendered answers out.

Where the input is a terminal, prompt_toolkit edits the line; where it is not, each line is a question or a command.
What answers, lists and reads the documents is handed in, so the loop knows nothing of indexes and models.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style
from rich.console import Console, Group, RenderableType
from rich.pager import Pager
from rich.table import Table
from rich.text import Text

from bot.feedback.store import REASONS, Reason, Verdict
from bot.terminal.render import (
    counted,
    is_plain,
    render_answer,
    render_document,
    render_sources,
    render_text,
    render_why,
    visible,
)
from bot.terminal.session import Session
from retrieval.errors import QuothError
from retrieval.schema import Answer, Document, Source, Turn

PROMPT = "> "
CONTEXT_LINES = 5
COMMANDS = {
    "/open": "N: the document around citation N (/open N all: the whole of it)",
    "/more": "the next answer to the last question",
    "/why": "how the last answer was found",
    "/right": "the last answer was right; kept for the evaluation set",
    "/wrong": f"REASON: it was not ({', '.join(REASONS)})",
    "/sources": "the documents",
    "/clear": "forget the conversation and clear the screen",
    "/help": "this list",
    "/quit": "leave (so does Ctrl-D); Ctrl-C cancels a line or a question",
}


@dataclass(frozen=True, slots=True)
class Library:
    """What the loop calls: `ask` takes the question and the text to search; `document` takes a doc_id; `judge` keeps
    what the person says of an answer, which comes with the turns before it.

    Each may raise QuothError, which is said in one line.
    """

    ask: Callable[[str, str], Answer]
    sources: Callable[[], Sequence[Source]]
    document: Callable[[str], Document]
    judge: Callable[[Answer, Sequence[Turn], Verdict, Reason | None], None]


def run(
    library: Library,
    stdin: TextIO,
    console: Console,
    talk: Console,
    history_path: Path | None = None,
    prompt_input: Input | None = None,
    prompt_output: Output | None = None,
) -> int:
    """The exit status: 0, or 1 where lines came from a pipe or a file and one of them failed.

    Answers go to `console`; `talk` gets greeting, notices and errors (the same console where a person types). A
    person types where `stdin.isatty()` or `prompt_input` is given. `history_path` keeps the lines typed between runs,
    None keeps none. Ctrl-C cancels a question a person typed; where lines come from a pipe, KeyboardInterrupt goes up.
    """
    chat = Chat(library, console, talk)
    if prompt_input is None and not stdin.isatty():
        return _run_lines(chat, stdin)
    history = _open_history(history_path, chat.say)
    _greet(chat)
    prompt: PromptSession[str] = PromptSession(
        PROMPT,
        history=history,
        completer=command_completer(),
        bottom_toolbar="/help lists the commands",
        style=Style([("bottom-toolbar", "noreverse ansibrightblack")]),
        reserve_space_for_menu=len(COMMANDS) + 1,
        input=prompt_input,
        output=prompt_output,
    )
    for line in _typed(prompt):
        if isinstance(history, _KeptHistory) and history.problem:
            chat.say(history.problem)
            history.problem = None
        try:
            chat.handle(line)
        except KeyboardInterrupt:
            chat.say("Cancelled.")
        if chat.is_left:
            break
        console.print()
    return 0


def command_completer() -> WordCompleter:
    """Completes a command where a line begins with it; a slash inside a question is left alone."""
    return WordCompleter(list(COMMANDS), meta_dict=dict(COMMANDS), sentence=True)


def _run_lines(chat: Chat, stdin: TextIO) -> int:
    """Each line answered in turn, the line before its answer, so that the output reads as a transcript."""
    for line in stdin:
        if line.strip():
            chat.console.print(Text(PROMPT + visible(line.strip())))
            chat.handle(line)
            chat.console.print()
        if chat.is_left:
            break
    return 1 if chat.has_failed else 0


def _typed(prompt: PromptSession[str]) -> Iterator[str]:
    """Lines typed until Ctrl-D; Ctrl-C drops the line begun."""
    while True:
        try:
            yield prompt.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _greet(chat: Chat) -> None:
    try:
        sources = chat.library.sources()
    except QuothError as error:
        chat.fail(str(error))
        return
    passages = sum(source.passages for source in sources)
    chat.say(f"{counted(len(sources), 'document')}, {counted(passages, 'passage')}. Ask a question; /help for help.")


@dataclass(slots=True)
class Chat:
    """A conversation on a console; `is_left` once /quit was given, `has_failed` once a line met an error."""

    library: Library
    console: Console
    talk: Console
    session: Session = field(default_factory=Session)
    pager: Pager | None = None
    is_left: bool = False
    has_failed: bool = False

    def handle(self, line: str) -> None:
        """Answers one line, a question or a command; a QuothError ends the line, not the conversation."""
        # A terminal hands over bytes that are no UTF-8 as lone surrogates; nothing further on could encode them.
        line = line.encode("utf-8", "replace").decode("utf-8").strip()
        try:
            if line.startswith("/"):
                self._command(*line.split())
            elif line:
                self._ask(line)
        except QuothError as error:
            self.fail(str(error))

    def say(self, text: str) -> None:
        """One line that is no answer."""
        self._print_line(Text(visible(text), style="dim"))

    def fail(self, text: str) -> None:
        """One line that says what went wrong."""
        self.has_failed = True
        self._print_line(Text(visible(text), style="red"))

    def _print_line(self, line: Text) -> None:
        self.talk.print(line, soft_wrap=not self.talk.is_terminal)  # in a log a line stays one line

    def _ask(self, question: str) -> None:
        answer = self.session.remember(self.library.ask(question, self.session.searched(question)))
        self.console.print(render_answer(answer, is_plain(self.console)))
        if answer.status == "answered":
            self._offer_more()

    def _command(self, name: str, *arguments: str) -> None:
        actions: dict[str, Callable[..., None]] = {
            "/open": self._open,
            "/more": self._more,
            "/why": self._why,
            "/right": self._right,
            "/wrong": self._wrong,
            "/sources": self._sources,
            "/clear": self._clear,
            "/help": self._help,
            "/quit": self._quit,
        }
        if name not in actions:
            nearest = difflib.get_close_matches(name.lower(), actions, n=1, cutoff=0)[0]
            self.say(f"No command {name}; the nearest is {nearest}. /help lists them all.")
        else:
            actions[name](*arguments)

    def _open(self, number: str = "", extent: str = "", *_: str) -> None:
        citations = {str(shown): citation for shown, citation in self.session.citations().items()}
        if not citations:
            self.say("The last answer cites nothing." if self.session.answer else "Ask something first.")
        elif number not in citations:
            last = len(citations)
            self.say(f"/open takes a citation's number, {'1' if last == 1 else f'1 to {last}'}.")
        else:
            citation = citations[number]
            document = self.library.document(citation.document)
            around = None if extent == "all" else CONTEXT_LINES
            self._page(lambda plain: render_document(document, citation, plain, around))

    def _more(self, *_: str) -> None:
        text = self.session.more()
        if text is None:
            self.say("There are no more answers." if self.session.answer else "Ask something first.")
        else:
            self.console.print(render_text(text, is_plain(self.console)))
            self._offer_more()

    def _offer_more(self) -> None:
        if self.session.left:
            self.say(f"/more: {counted(self.session.left, 'further answer')}")

    def _why(self, *_: str) -> None:
        answer = self.session.answer
        if answer is None:
            self.say("Ask something first.")
        else:
            self._page(lambda _: render_why(answer))

    def _right(self, *_: str) -> None:
        self._judge("right", None)

    def _wrong(self, *words: str) -> None:
        said = " ".join(words).lower()
        reason = next((reason for reason in REASONS if said and reason.startswith(said)), None)
        if said and reason is None:
            self.say(f"/wrong takes one of: {', '.join(REASONS)}; or nothing.")
        else:
            self._judge("wrong", reason)

    def _judge(self, verdict: Verdict, reason: Reason | None) -> None:
        answer = self.session.answer
        if answer is None:
            self.say("Ask something first.")
        else:
            self.library.judge(answer, self.session.turns[:-1], verdict, reason)
            self.say("Kept. `quoth eval adopt` makes a question of the evaluation set from it.")

    def _sources(self, *_: str) -> None:
        sources = self.library.sources()
        self._page(lambda _: render_sources(sources))

    def _clear(self, *_: str) -> None:
        self.session.forget()
        self.console.clear()

    def _help(self, *_: str) -> None:
        grid = Table.grid(padding=(0, 2))
        for name, meaning in COMMANDS.items():
            grid.add_row(Text(name, style="bold"), Text(meaning))
        self.console.print(Group(Text("Anything without a slash is a question."), grid))

    def _quit(self, *_: str) -> None:
        self.is_left = True

    def _page(self, render: Callable[[bool], RenderableType]) -> None:
        """Prints it, through a pager where it is longer than the screen; pagers may drop colour, so marks are plain."""
        shown = render(is_plain(self.console))
        if self.console.is_terminal and len(self.console.render_lines(shown)) >= self.console.height:
            with self.console.pager(self.pager):
                self.console.print(render(True))
        else:
            self.console.print(shown)


class _KeptHistory(FileHistory):
    """A history file that may fail while it is written (a full disk): `problem` then says so, and writing stops."""

    problem: str | None = None
    _is_broken = False

    def store_string(self, string: str) -> None:
        if self._is_broken:
            return
        try:
            super().store_string(string)
        except (OSError, UnicodeError) as error:
            self._is_broken = True
            self.problem = f"the history is no longer kept: {error}"


def _open_history(path: Path | None, say: Callable[[str], None]) -> History:
    """The history in the file, made if there is none; one in memory, with a line saying why, where it can't be used."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # questions are private
        with path.open("a", encoding="utf-8"):
            pass
        path.read_text(encoding="utf-8")
    except OSError as error:
        say(f"What you type won't be kept: {error}")
    except UnicodeDecodeError:
        say(f"What you type won't be kept: {path} is damaged; delete it to begin anew.")
    else:
        return _KeptHistory(str(path))
    return InMemoryHistory()
