"""`quoth chat`: the conversation in the terminal. Questions and commands in, rendered answers out.

In a terminal, prompt_toolkit edits the line; otherwise each line of the input is a question or a command. The library
and the place where ratings go are passed in, so nothing here opens an index or loads a model.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style
from rich.console import Console, Group, RenderableType
from rich.pager import Pager
from rich.table import Table
from rich.text import Text

from bot.feedback.store import REASONS, Reason, Verdict
from bot.language.wording import (
    EXAMPLE,
    FAIRLY_SURE_FROM,
    FOR_EXAMPLE,
    NOT_SURE,
    OPERATORS,
    VERY_SURE_FROM,
    WHERE_TO_LOOK,
)
from bot.page_picture import page_picture
from bot.plain_text import counted, encodable, visible
from bot.terminal.chat_library import ChatLibrary, document_now, is_listed
from bot.terminal.render import (
    is_plain,
    render_answer,
    render_document,
    render_sources,
    render_text,
    render_why,
)
from bot.terminal.session import Session
from bot.terminal.typed_lines import SavedLines, open_typed_lines
from bot.terminal.viewer import open_file, write_picture
from retrieval.errors import DocumentError, QuothError
from retrieval.schema import Answer, Citation, Document, Turn

PROMPT = "> "
CONTEXT_LINES = 5
OPEN_PICTURE = "--open"
COMMANDS = {
    "/open": "N: show the lines around citation N (/open N all: the whole document)",
    "/page": f"N: write the page of citation N as a picture, for PDF files (/page N {OPEN_PICTURE}: open it, too)",
    "/more": "show the next answer to the last question",
    "/why": "show how the last answer was found",
    "/right": "rate the last answer as right",
    "/wrong": f"rate the last answer as wrong; you may add a reason: {', '.join(REASONS)}",
    "/sources": "list the documents",
    "/clear": "forget the conversation and clear the screen",
    "/help": "show this help",
    "/quit": "leave, as Ctrl-D does; Ctrl-C cancels the line or the question",
}
HELP = "Type a question, or one of these commands:"
CONFIDENCE_HELP = (
    "Each answer ends with its confidence, the probability that it is right:\n"
    f"Very sure: {VERY_SURE_FROM:.0%} or more. Fairly sure: {FAIRLY_SURE_FROM:.0%} or more. Not very sure: less.\n"
    f"An answer that is more likely to be wrong begins with “{NOT_SURE}”"
)
TOOLBAR = "/help lists the commands"
NOW_CALLED = "{document} is now called {name}."
CHANGED_SINCE = "{document} has changed since. This is what it said:"
GONE_SINCE = "{document} is no longer in the folder. This is what it said:"
ASK_FIRST = "Ask a question first."
CANCELLED = "Cancelled."
NO_CITATIONS = "The last answer has no citation to open."
NO_MORE_ANSWERS = "There is nothing more to show."
MORE_ANSWERS = "{count}: /more shows the next one."
RATING_SAVED = "Saved. `quoth eval adopt` can add this question to the evaluation set."
UNKNOWN_REASON = f"/wrong takes no reason or one of these: {', '.join(REASONS)}."
UNKNOWN_COMMAND = "There is no command {name}; the closest is {nearest}. /help lists the commands."
UNKNOWN_CITATION = "{command} takes the number of a citation: {numbers}."
NO_PAGES = "{document} has no pages to show; /open shows its lines."
NO_PICTURE = "{document} has changed or is gone, so its page can't be shown; ask again."
PICTURE = "Page {page} of {pages}: {path}"

Rate = Callable[[Answer, Sequence[Turn], Verdict, Reason | None], None]
"""Saves a rating of an answer, which was given after these turns. May raise QuothError."""


def run(
    library: ChatLibrary,
    rate: Rate,
    stdin: TextIO,
    console: Console,
    talk: Console,
    folder: str | None = None,
    typed_lines_path: Path | None = None,
    prompt_input: Input | None = None,
    prompt_output: Output | None = None,
) -> int:
    """The exit status: 0, or 1 where lines came from a pipe or a file and one of them failed.

    Answers go to `console`; greeting, notices and errors to `talk`. The greeting names the documents' `folder`, unless
    that is None. The session is interactive if `stdin.isatty()` or
    `prompt_input` is given. The file `typed_lines_path` stores the lines typed, for the next session; None stores none.
    Ctrl-C cancels the question in an interactive session and raises KeyboardInterrupt in any other.
    """
    chat = TerminalChat(library, rate, console, talk)
    if prompt_input is None and not stdin.isatty():
        return _run_lines(chat, stdin)
    typed_lines = open_typed_lines(typed_lines_path, chat.notify)
    _greet(chat, folder)
    for line in _typed(_prompt(typed_lines, prompt_input, prompt_output)):
        if isinstance(typed_lines, SavedLines) and typed_lines.problem:
            chat.notify(typed_lines.problem)
            typed_lines.problem = None
        try:
            chat.handle(line)
        except KeyboardInterrupt:
            chat.notify(CANCELLED)
        if chat.is_left:
            break
        console.print()
    return 0


def _prompt(typed_lines: History, prompt_input: Input | None, prompt_output: Output | None) -> PromptSession[str]:
    """The line editor: earlier lines with the arrow keys, commands completed, a toolbar below."""
    return PromptSession(
        PROMPT,
        history=typed_lines,
        completer=command_completer(),
        bottom_toolbar=TOOLBAR,
        style=Style([("bottom-toolbar", "noreverse ansibrightblack")]),
        reserve_space_for_menu=len(COMMANDS) + 1,
        input=prompt_input,
        output=prompt_output,
    )


def command_completer() -> WordCompleter:
    """Completes a command at the beginning of a line, but not a slash inside a question."""
    return WordCompleter(list(COMMANDS), meta_dict=dict(COMMANDS), sentence=True)


def _run_lines(chat: TerminalChat, stdin: TextIO) -> int:
    """Answer each line in turn. Each line is printed before its answer, so the output is a transcript."""
    for line in stdin:
        if line.strip():
            chat.console.print(Text(PROMPT + visible(line.strip())))
            chat.handle(line)
            chat.console.print()
        if chat.is_left:
            break
    return 1 if chat.has_failed else 0


def _typed(prompt: PromptSession[str]) -> Iterator[str]:
    """Lines typed until Ctrl-D; Ctrl-C drops the line that is being typed."""
    while True:
        try:
            yield prompt.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _greet(chat: TerminalChat, folder: str | None) -> None:
    try:
        sources = chat.library.sources()
    except QuothError as error:
        chat.fail(str(error))
        return
    passages = sum(source.passages for source in sources)
    chat.notify(greeting(len(sources), passages, folder))


def greeting(documents: int, passages: int, folder: str | None = None) -> str:
    """The first line of a session; `folder` is the name of the documents' folder, None for the samples."""
    named = f"{folder}: " if folder else ""
    return f"{named}{counted(documents, 'document')}, {counted(passages, 'passage')}. Ask a question, or type /help."


@dataclass(slots=True)
class TerminalChat:
    """A conversation on a console; `is_left` after /quit, `has_failed` after a line that met an error."""

    library: ChatLibrary
    rate: Rate
    console: Console
    talk: Console
    session: Session = field(default_factory=Session)
    pager: Pager | None = None
    is_left: bool = False
    has_failed: bool = False

    def handle(self, line: str) -> None:
        """Answer one line, a question or a command. A QuothError is shown and ends the line, not the conversation."""
        line = encodable(line).strip()
        try:
            if line.startswith("/"):
                self._command(*line.split())
            elif line:
                self._ask(line)
        except QuothError as error:
            self.fail(str(error))

    def notify(self, text: str) -> None:
        """Print one line that is not an answer."""
        self._print_line(Text(visible(text), style="dim"))

    def fail(self, text: str) -> None:
        """Print one line that says what went wrong."""
        self.has_failed = True
        self._print_line(Text(visible(text), style="red"))

    def _print_line(self, line: Text) -> None:
        self.talk.print(line, soft_wrap=not self.talk.is_terminal)  # in a log a line stays one line

    def _ask(self, question: str) -> None:
        answer = self.library.ask(question, self.session.turns)
        self.session.remember(answer)
        self.console.print(render_answer(answer, is_plain(self.console)))
        if answer.answers:
            self._offer_more()

    def actions(self) -> dict[str, Callable[..., None]]:
        """What each command does, by its name; each action takes the words typed after the name."""
        return {
            "/open": self._open,
            "/page": self._page_picture,
            "/more": self._more,
            "/why": self._why,
            "/right": self._right,
            "/wrong": self._wrong,
            "/sources": self._sources,
            "/clear": self._clear,
            "/help": self._help,
            "/quit": self._quit,
        }

    def _command(self, name: str, *arguments: str) -> None:
        actions = self.actions()
        if name not in actions:
            nearest = difflib.get_close_matches(name.lower(), actions, n=1, cutoff=0)[0]
            self.notify(UNKNOWN_COMMAND.format(name=name, nearest=nearest))
        else:
            actions[name](*arguments)

    def _open(self, number: str = "", extent: str = "", *_: str) -> None:
        citation = self._citation("/open", number)
        if citation:
            document = self._as_cited(citation.document)
            citation = replace(citation, document=document.doc_id)
            context_lines = None if extent == "all" else CONTEXT_LINES
            self._page(lambda plain: render_document(document, citation, plain, context_lines))

    def _citation(self, command: str, number: str) -> Citation | None:
        """The citation with that number; None where there is none, which has been said."""
        citations = {str(shown): citation for shown, citation in self.session.citations().items()}
        if not citations:
            self.notify(NO_CITATIONS if self.session.answer else ASK_FIRST)
        elif number not in citations:
            last = len(citations)
            self.notify(UNKNOWN_CITATION.format(command=command, numbers="1" if last == 1 else f"1 to {last}"))
        return citations.get(number)

    def _page_picture(self, *words: str) -> None:
        numbers = [word for word in words if word != OPEN_PICTURE]
        citation = self._citation("/page", numbers[0] if numbers else "1")
        if citation and citation.page is None:
            self.notify(NO_PAGES.format(document=citation.document))
        elif citation:
            path = self._write_picture(citation)
            if path and OPEN_PICTURE in words:
                open_file(path)

    def _write_picture(self, citation: Citation) -> Path | None:
        """The file with the picture of the citation's page; None where there can be none, which has been said."""
        cited = self.session.document(citation.document) or self.library.document(citation.document)
        document = document_now(self.library, cited)
        if document is None:
            self.notify(NO_PICTURE.format(document=citation.document))
            return None
        try:
            picture = page_picture(self.library.docs(), document, citation)
        except DocumentError as error:
            self.fail(f"{document.doc_id}: {error}")
            return None
        path = write_picture(picture.png, document.doc_id, picture.page)
        shown = PICTURE.format(page=picture.page, pages=picture.pages, path=path)
        self.console.print(Text(visible(shown)), soft_wrap=True)
        return path

    def _as_cited(self, doc_id: str) -> Document:
        """The document with the words that the last answer quotes; says if it was renamed, changed or removed since."""
        cited = self.session.document(doc_id)
        if cited is None:
            return self.library.document(doc_id)
        now = document_now(self.library, cited)
        if now is None:
            said = CHANGED_SINCE if is_listed(self.library, doc_id) else GONE_SINCE
            self.notify(said.format(document=doc_id))
        elif now.doc_id != doc_id:
            self.notify(NOW_CALLED.format(document=doc_id, name=now.doc_id))
        return now or cited

    def _more(self, *_: str) -> None:
        text = self.session.more()
        if text is None:
            self.notify(NO_MORE_ANSWERS if self.session.answer else ASK_FIRST)
        else:
            is_perhaps = self.session.answer is not None and self.session.answer.status == "perhaps"
            self.console.print(render_text(text, is_plain(self.console), is_perhaps))
            self._offer_more()

    def _offer_more(self) -> None:
        if self.session.left:
            self.notify(MORE_ANSWERS.format(count=counted(self.session.left, "more answer")))

    def _why(self, *_: str) -> None:
        answer = self.session.answer
        if answer is None:
            self.notify(ASK_FIRST)
        else:
            self._page(lambda _: render_why(answer))

    def _right(self, *_: str) -> None:
        self._rate("right", None)

    def _wrong(self, *words: str) -> None:
        typed = " ".join(words).lower()
        reason = next((reason for reason in REASONS if typed and reason.startswith(typed)), None)
        if typed and reason is None:
            self.notify(UNKNOWN_REASON)
        else:
            self._rate("wrong", reason)

    def _rate(self, verdict: Verdict, reason: Reason | None) -> None:
        answer = self.session.answer
        if answer is None:
            self.notify(ASK_FIRST)
        else:
            self.rate(answer, self.session.turns[:-1], verdict, reason)
            self.notify(RATING_SAVED)

    def _sources(self, *_: str) -> None:
        sources = self.library.sources()
        self._page(lambda _: render_sources(sources))

    def _clear(self, *_: str) -> None:
        self.session.forget()
        self.console.clear()

    def _help(self, *_: str) -> None:
        self.console.print(
            Group(
                Text(HELP),
                _listed(COMMANDS),
                Text(""),
                Text(WHERE_TO_LOOK),
                _listed(OPERATORS),
                Text(FOR_EXAMPLE.format(example=EXAMPLE)),
                Text(""),
                Text(CONFIDENCE_HELP),
            )
        )

    def _quit(self, *_: str) -> None:
        self.is_left = True

    def _page(self, render: Callable[[bool], RenderableType]) -> None:
        """Print it, through a pager if it is longer than the screen; pagers may drop colour, so marks are plain."""
        shown = render(is_plain(self.console))
        if self.console.is_terminal and len(self.console.render_lines(shown)) >= self.console.height:
            with self.console.pager(self.pager):
                self.console.print(render(True))
        else:
            self.console.print(shown)


def _listed(meanings: Mapping[str, str]) -> Table:
    """What may be typed, each with its meaning."""
    grid = Table.grid(padding=(0, 2))
    for typed, meaning in meanings.items():
        grid.add_row(Text(typed, style="bold"), Text(meaning))
    return grid
