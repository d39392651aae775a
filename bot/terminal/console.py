"""The terminal that commands write to: results on stdout, messages and progress on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from bot.plain_text import parse_integer, visible

if TYPE_CHECKING:
    from rich.console import Console


def talk(line: str) -> None:
    """Print one line on stderr, control characters made visible."""
    print(visible(line), file=sys.stderr)


def console(stream: TextIO) -> Console:
    """A console on the stream that prints text as it is. A closed pipe raises BrokenPipeError."""
    from rich.console import Console

    class PlainConsole(Console):
        """Leaves a closed pipe to main; Rich would end the program itself."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PlainConsole(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on stderr if that is a terminal, else one line for each stage.

    The callable takes the stage, how much of it is done, and how much there is.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    stderr = console(sys.stderr)
    if not stderr.is_terminal:
        yield _line_for_each_stage()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total or None)


def _line_for_each_stage() -> Callable[[str, int, int], None]:
    printed: set[str] = set()

    def report(stage: str, done: int, total: int) -> None:
        if stage not in printed:
            printed.add(stage)
            talk(f"{stage} …")

    return report


def at_least(minimum: int) -> Callable[[str], int]:
    """The type of a command-line option that takes an integer of at least `minimum`."""

    def parse(text: str) -> int:
        try:
            return parse_integer(text, minimum)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return parse


positive = at_least(1)
