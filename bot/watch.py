"""Keeps an index up to date while files change: in `quoth watch`, and beside an open chat or bot.

The library watchfiles tells of changes. It is imported only when a folder is watched.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.index_report import change_lines
from retrieval.documents.files import is_junk
from retrieval.encoder.encoder import Encoder
from retrieval.errors import QuothError
from retrieval.index.build import build_index
from retrieval.index.manifest import read_manifest
from retrieval.index.retriever import open_retriever
from retrieval.index.store import open_store
from retrieval.index.verify import changed_files

QUIET_MS = 1_000
"""How long no file may change before the index is refreshed: programs write a file in several steps."""
LONGEST_WAIT_MS = 15_000
"""Files that change all the time are read after this time, too."""
_LOOK_MS, _RETRY_S, _STOP_S = 1_000, 1.0, 10.0
FOLDER_GONE = "the folder {folder} is gone; waiting for it to come back"

Say = Callable[[str], None]
"""Told one line for a person."""


class _StoppedWatching(Exception):
    """The watch ends in the middle of a build."""


class FolderWatch:
    """Follows the folder of an index. Errors of a build are said once, and the watch goes on.

    `encoder` is used where it fits the index; otherwise the watch loads the index's own.
    """

    def __init__(self, index: Path, say: Say, encoder: Encoder | None = None) -> None:
        self._index, self._say, self._encoder = index, say, encoder
        self._stop = threading.Event()
        self._last_problem = ""

    def stop(self) -> None:
        """End the watch soon, also where it is building."""
        self._stop.set()

    def run(self) -> None:
        """Watch until stopped. Raises IndexProblem where there is no usable index at the start."""
        docs = Path(read_manifest(self._index).docs)
        while not self._stop.is_set():
            if docs.is_dir():
                self._follow(docs)
            else:
                self._report(FOLDER_GONE.format(folder=docs.name))
            self._stop.wait(_RETRY_S)

    def _follow(self, docs: Path) -> None:
        """Refresh the index at first and after each change, until the watch is stopped or the folder is gone."""
        from watchfiles import Change, watch

        def is_wanted(_: Change, path: str) -> bool:
            below = Path(path).relative_to(docs)  # the index inside the folder is hidden, and does not count
            return not any(is_junk(part) for part in below.parts)

        is_due = True
        changes = watch(
            docs,
            watch_filter=is_wanted,
            step=QUIET_MS,
            debounce=LONGEST_WAIT_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            stop_event=self._stop,
            ignore_permission_denied=True,
        )
        try:
            for changed in changes:
                if not docs.is_dir():
                    return
                if changed or is_due:
                    is_due = self._refresh()
        except OSError as error:  # the folder has just gone, or the system watches too many files
            self._report(f"can't watch {docs.name}: {error}")

    def _refresh(self) -> bool:
        """Refresh the index; whether a file changed meanwhile, such as one that is still being written."""
        try:
            if self._changed():
                for line in self._build():
                    self._say(line)
                self._last_problem = ""
                return self._changed()
        except _StoppedWatching:
            pass
        except QuothError as error:
            self._report(str(error))
        return False

    def _changed(self) -> bool:
        with closing(open_store(self._index)) as store:
            return bool(changed_files(store))

    def _build(self) -> Iterator[str]:
        manifest = read_manifest(self._index)
        if self._encoder is None or self._encoder.info.fingerprint != manifest.encoder_fingerprint:
            with closing(open_store(self._index)) as store:
                self._encoder = open_retriever(store).encoder
        report = build_index(Path(manifest.docs), self._index, manifest.settings, self._check_stopped, self._encoder)
        return change_lines(report)

    def _check_stopped(self, stage: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise _StoppedWatching

    def _report(self, problem: str) -> None:
        if problem != self._last_problem:
            self._last_problem = problem
            self._say(problem)


@contextmanager
def watching(index: Path, say: Say, encoder: Encoder) -> Iterator[None]:
    """Keep the index up to date in a thread while the block runs."""
    watch = FolderWatch(index, say, encoder)
    thread = threading.Thread(target=watch.run, name="watching", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watch.stop()
        thread.join(_STOP_S)
