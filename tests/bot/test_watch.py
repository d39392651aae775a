"""A folder that is watched: each change is followed, errors are said once, and the watch goes on."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.watch import FOLDER_GONE, FolderWatch
from retrieval.index.store import open_store
from retrieval.library import Library
from tests.bot.bad_days.commands import start
from tests.conftest import CORPUS, FakeEncoder, write_corpus


def until(is_so: Callable[[], bool], what: str, timeout_s: float = 30.0) -> None:
    end = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class Watched:
    """A watch in a thread; `said` is what it told."""

    def __init__(self, index: Path, encoder: FakeEncoder) -> None:
        self.said: list[str] = []
        self.index, self.watch = index, FolderWatch(index, self.said.append, encoder)
        self.thread = threading.Thread(target=self.watch.run)

    def names(self) -> list[str]:
        store = open_store(self.index)
        try:
            return [source.document for source in store.sources()]
        finally:
            store.close()

    def says(self, *lines: str) -> None:
        """Waits until it has said these lines since the last call, and nothing else."""
        until(lambda: len(self.said) >= len(lines), f"{lines} is said: {self.said}")
        assert self.said == list(lines)
        self.said.clear()


@pytest.fixture
def watched(small: Library, tmp_path: Path, docs: Path, fake: FakeEncoder) -> Iterator[Watched]:
    """The small corpus, watched; its index is in another folder."""
    watched = Watched(tmp_path / "index", fake)
    write_corpus(docs, {"first.txt": "The first file was written before the watch began.\n"})
    watched.thread.start()
    watched.says("1 file changed: 1 added; 4 passages")
    yield watched
    watched.watch.stop()
    watched.thread.join(timeout=20)
    assert not watched.thread.is_alive()


def test_files_that_are_added_updated_and_removed_are_followed(watched: Watched, docs: Path):
    write_corpus(docs, {"light.txt": "The lighthouse was built in 1931.\n", "deep/er/new.md": "It is new.\n"})
    (docs / "mill.txt").unlink()
    watched.says("3 files changed: 2 added, 1 removed; 5 passages")
    assert watched.names() == ["deep/er/new.md", "first.txt", "harbour.txt", "light.txt", "news/bridge.md"]
    write_corpus(docs, {"light.txt": "The lighthouse was built in 1932.\n"})
    watched.says("1 file changed: 1 updated; 5 passages")


def test_files_that_are_not_read_change_nothing(watched: Watched, docs: Path):
    write_corpus(docs, {"photo.jpg": "x", ".hidden.txt": "x", "~$a.docx": "x"})
    write_corpus(docs, {"light.txt": "The lighthouse was built in 1931.\n"})
    watched.says("1 file changed: 1 added; 5 passages")


def test_a_file_that_can_not_be_read_is_said_once_and_followed_when_it_is_corrected(watched: Watched, docs: Path):
    (docs / "bad.txt").write_bytes(random.Random(0).randbytes(2000))
    until(lambda: bool(watched.said), "the bad file is said")
    assert watched.said.pop().startswith("skipped: bad.txt: ")
    write_corpus(docs, {"bad.txt": "The bad file is good now.\n"})
    watched.says("1 file changed: 1 added; 5 passages")


def test_a_file_that_is_still_being_written_is_whole_in_the_end(watched: Watched, docs: Path):
    with (docs / "log.txt").open("w", encoding="utf-8") as file:
        for number in range(25):
            file.write(f"Ship number {number} came in.\n\n")
            file.flush()
            time.sleep(0.1)
    until(lambda: "log.txt" in watched.names(), "the file is indexed")
    until(lambda: "number 24" in open_store(watched.index).document_by_id("log.txt").text, "its end is indexed")


def test_an_error_is_said_once_and_the_watch_goes_on(watched: Watched, docs: Path):
    write_corpus(docs, {"SOURCES.toml": "rubbish"})
    until(lambda: bool(watched.said), "the error is said")
    write_corpus(docs, {"SOURCES.toml": "rubbish", "light.txt": "The lighthouse was built in 1931.\n"})
    time.sleep(2.5)
    (error,) = watched.said
    assert "SOURCES.toml" in error
    watched.said.clear()
    (docs / "SOURCES.toml").unlink()
    watched.says("1 file changed: 1 added; 5 passages")


def test_a_folder_that_goes_and_comes_back_is_followed_again(watched: Watched, docs: Path):
    docs.rename(docs.with_name("away"))
    watched.says(FOLDER_GONE.format(folder="docs"))
    docs.with_name("away").rename(docs)
    write_corpus(docs, {"light.txt": "The lighthouse was built in 1931.\n"})
    watched.says("1 file changed: 1 added; 5 passages")


def test_quoth_watch_follows_a_folder_with_its_index_inside_and_ends_quietly_with_ctrl_c(tmp_path: Path):
    docs = write_corpus(tmp_path / "notes", CORPUS)
    process = start(["watch", docs], cwd=tmp_path)
    assert process.stderr
    lines: list[str] = []
    reading = threading.Thread(target=lambda: lines.extend(iter(process.stderr.readline, "")))
    reading.start()
    try:
        until(lambda: any(line.startswith(f"watching {docs}") for line in lines), "it watches")
        write_corpus(docs, {"light.txt": "The lighthouse was built in 1931.\n"})
        until(lambda: "1 file changed: 1 added; 4 passages\n" in lines, "it follows")
        time.sleep(2.5)  # the index it has written lies in the folder, and is no change
        told = len(lines)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        reading.join(timeout=10)
        process.communicate()
    assert len(lines) == told
