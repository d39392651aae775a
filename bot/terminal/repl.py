"""`quoth chat`: the conversation in the terminal. Lines in, rendered answers out.

In a terminal, prompt_toolkit edits the line; otherwise each line of the input is a question or a command. The library
and the log are passed in, so nothing here opens an index or loads a model.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style
from rich.console import Console
from rich.text import Text

from bot.language.language import ENGLISH, Language
from bot.language.wording import translatable
from bot.plain_text import visible
from bot.terminal.chat import TerminalChat
from bot.terminal.chat_commands import COMMANDS, CommandCompleter, handle
from bot.terminal.chat_library import ChatLibrary, ChatLog
from bot.terminal.listings import documents, passages
from bot.terminal.sample_questions import SampleQuestions, TryQuestions
from bot.terminal.typed_lines import SavedLines, open_typed_lines
from retrieval.errors import QuothError

PROMPT = "> "
TOOLBAR = translatable("/help lists the commands")
GREETING = translatable("{documents}, {passages}. Ask a question, or type /help.")
CANCELLED = translatable("Cancelled.")
_MENU_ROWS = 8  # kept free below the prompt for the completions of a command


def run(
    library: ChatLibrary,
    log: ChatLog,
    stdin: TextIO,
    console: Console,
    talk: Console,
    folder: str | None = None,
    typed_lines_path: Path | None = None,
    try_questions: TryQuestions | None = None,
    prompt_input: Input | None = None,
    prompt_output: Output | None = None,
) -> int:
    """The exit status: 0, or 1 where lines came from a pipe or a file and one of them failed.

    Answers go to `console`; greeting, notices and errors to `talk`. The greeting names the documents' `folder`, unless
    that is None. The session is interactive if `stdin.isatty()` or `prompt_input` is given. The file
    `typed_lines_path` stores the lines typed, for the next session; None stores none. `try_questions` finds
    questions that the documents answer, in a thread of its own; some are shown above the first prompt once they are
    there.
    Ctrl-C cancels the question in an interactive session and raises KeyboardInterrupt in any other.
    """
    chat = TerminalChat(library, log, console, talk)
    if prompt_input is None and not stdin.isatty():
        return _run_lines(chat, stdin)
    typed_lines = open_typed_lines(typed_lines_path, chat.notify)
    _greet(chat, folder)
    prompt = _prompt(chat, typed_lines, prompt_input, prompt_output)
    samples = SampleQuestions(try_questions or tuple, chat)
    for line in _typed(prompt, samples):
        if isinstance(typed_lines, SavedLines) and typed_lines.problem:
            chat.notify(typed_lines.problem)
            typed_lines.problem = None
        try:
            handle(chat, line)
        except KeyboardInterrupt:
            chat.say(CANCELLED)
        if chat.is_left:
            break
        console.print()
    samples.leave()
    return 0


def _prompt(
    chat: TerminalChat, typed_lines: History, prompt_input: Input | None, prompt_output: Output | None
) -> PromptSession[str]:
    """The line editor: earlier lines with the arrow keys, commands completed, a toolbar below."""
    return PromptSession(
        PROMPT,
        history=typed_lines,
        completer=CommandCompleter(lambda: chat.language),
        bottom_toolbar=lambda: chat.language.translate(TOOLBAR),
        style=Style([("bottom-toolbar", "noreverse ansibrightblack")]),
        reserve_space_for_menu=min(len(COMMANDS), _MENU_ROWS) + 1,
        input=prompt_input,
        output=prompt_output,
    )


def _run_lines(chat: TerminalChat, stdin: TextIO) -> int:
    """Answer each line in turn. Each line is printed before its answer, so the output is a transcript."""
    for line in stdin:
        if line.strip():
            chat.console.print(Text(PROMPT + visible(line.strip())))
            handle(chat, line)
            chat.console.print()
        if chat.is_left:
            break
    return 1 if chat.has_failed else 0


def _typed(prompt: PromptSession[str], samples: SampleQuestions) -> Iterator[str]:
    """Lines typed until Ctrl-D; Ctrl-C drops the line that is being typed."""
    while True:
        try:
            line = prompt.prompt(pre_run=lambda: samples.start(prompt.app))
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        samples.stop()
        yield line


def _greet(chat: TerminalChat, folder: str | None) -> None:
    try:
        sources = chat.library.sources()
    except QuothError as error:
        chat.fail(str(error))
        return
    count = sum(source.passages for source in sources)
    chat.notify(greeting(len(sources), count, folder, chat.language))


def greeting(number: int, passage_count: int, folder: str | None = None, language: Language = ENGLISH) -> str:
    """The first line of a session; `folder` is the name of the documents' folder, None for the samples."""
    counts = {"documents": documents(number, language), "passages": passages(passage_count, language)}
    return (f"{folder}: " if folder else "") + language.translate(GREETING).format(**counts)
