"""Questions that the documents answer, shown above the first prompt once they are found."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from prompt_toolkit.application import Application, run_in_terminal
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from bot.language.wording import TRY_ONE
from bot.plain_text import visible
from bot.terminal.chat import TerminalChat
from retrieval.errors import QuothError

SAMPLE_QUESTIONS = 3
_LEAVING_S = 2.0
TryQuestions = Callable[[], Iterable[str | None]]
"""Tries questions one by one: each that is answered, and None for each that is not."""


class SampleQuestions:
    """Finds questions in a thread while the first line is being typed, and prints them above it.

    Once a line has been typed, they would only be in the way, and no more is tried.
    """

    def __init__(self, try_questions: TryQuestions, chat: TerminalChat) -> None:
        self._try_questions, self._chat = try_questions, chat
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, app: Application[Any]) -> None:
        """Begin to look for questions, once, for the prompt that is running."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._find, args=(app,), daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Try no more, and show none any more."""
        self._is_over.set()

    def leave(self) -> None:
        """Stop, and wait for the question that is being tried: a network must not run while the process ends."""
        self.stop()
        if self._thread is not None:
            self._thread.join(_LEAVING_S)

    def _find(self, app: Application[Any]) -> None:
        found: list[str] = []
        try:
            for question in self._try_questions():
                found += [question] if question is not None else []
                if self._is_over.is_set() or len(found) >= SAMPLE_QUESTIONS:
                    break
        except QuothError:  # the index was replaced or damaged meanwhile; the first question will tell
            return
        if found and app.loop is not None and not self._is_over.is_set():
            app.loop.call_soon_threadsafe(self._show, found)

    def _show(self, questions: Sequence[str]) -> None:
        if not self._is_over.is_set():
            run_in_terminal(lambda: self._print(questions))

    def _print(self, questions: Sequence[str]) -> None:
        heading = self._chat.language.translate(TRY_ONE)
        lines = [Padding(Text(visible(question), style="dim"), (0, 0, 0, 2)) for question in questions]
        self._chat.talk.print(Group(Text(heading, style="dim"), *lines))
