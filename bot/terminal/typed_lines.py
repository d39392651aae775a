"""The lines typed in `quoth chat`, in a file for the next session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

NOT_SAVED = "The lines you type will not be saved: {reason}"
DAMAGED = "{path} is damaged; delete it to start a new one"


class SavedLines(FileHistory):
    """A file of typed lines. If writing fails (a full disk), `problem` says so and writing stops."""

    problem: str | None = None
    _is_broken = False

    def store_string(self, string: str) -> None:
        if self._is_broken:
            return
        try:
            super().store_string(string)
        except (OSError, UnicodeError) as error:
            self._is_broken = True
            self.problem = NOT_SAVED.format(reason=error)


def open_typed_lines(path: Path | None, notify: Callable[[str], None]) -> History:
    """The lines in the file, which is created if it is missing.

    Without a path, or if the file can't be used, they are in memory only; `notify` gets the reason.
    """
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # questions are private
        with path.open("a", encoding="utf-8"):
            pass
        path.read_text(encoding="utf-8")
    except OSError as error:
        notify(NOT_SAVED.format(reason=error))
    except UnicodeDecodeError:
        notify(NOT_SAVED.format(reason=DAMAGED.format(path=path)))
    else:
        return SavedLines(str(path))
    return InMemoryHistory()
