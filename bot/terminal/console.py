"""The terminal that commands write to: results on stdout, talk and progress on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from bot.terminal.render import visible

if TYPE_CHECKING:
    from rich.console import Console


def talk(line: str) -> None:
    """One line on stderr, with nothing in it that a terminal obeys."""
    print(visible(line), file=sys.stderr)


def console(stream: TextIO) -> Console:
    """A console on the stream that takes text as it is, and leaves a closed pipe to its caller."""
    from rich.console import Console

    class Quiet(Console):
        """Leaves a closed pipe to main, where the library would end the program itself."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Quiet(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr, drawn only where that is a terminal; elsewhere a line for each stage.

    What it gives takes the stage, how much of it is done, and how much there is.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    to = console(sys.stderr)
    if not to.is_terminal:
        told: set[str] = set()

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in told:
                told.add(stage)
                talk(f"{stage} …")

        yield tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=to, transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda stage, done, total: shown.update(task, description=stage, completed=done, total=total or None)


def positive(text: str) -> int:
    """A number of 1 or more, as an option's type."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)
