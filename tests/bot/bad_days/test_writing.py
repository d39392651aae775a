"""Full disks and folders that can't be written; Ctrl-C; several builders at once."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import retrieval.index.build
import retrieval.index.retriever
import retrieval.index.writer
from bot.cli import INTERRUPTED
from retrieval.encoder.encoder import Progress
from retrieval.encoder.vectors import Vectors
from retrieval.errors import IndexProblem
from retrieval.index.build import build_index
from retrieval.index.sparse import SparseIndex
from retrieval.index.store import open_store
from retrieval.index.writer import building
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.bot.bad_days.commands import (
    assert_one_clear_line,
    contents,
    finish,
    generation,
    no_permissions_override,
    start,
)
from tests.bot.conftest import Quoth, Ran
from tests.conftest import FakeEncoder, no_report, write_corpus

# Disks and folders that can't be written


def test_a_disk_that_fills_up_while_the_index_is_written_changes_nothing(
    quoth: Quoth, docs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
):
    before, found = contents(index), quoth("search", "harbour of Lund", "--json").out
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for target, name in (
        (SparseIndex, "save"),
        (retrieval.index.writer.np, "save"),
        (retrieval.index.writer.os, "replace"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(target, name, full)
            ran = quoth("index")
        assert_one_clear_line(ran, "No space left on device", "make room", "not touched")
        assert contents(index) == before
    assert quoth("search", "harbour of Lund", "--json").out == found
    assert "added: new.txt" in quoth("index").out


@pytest.mark.parametrize("limit_bytes", [1, 30_000])
def test_a_file_that_may_not_grow_changes_nothing(quoth: Quoth, docs: Path, index: Path, limit_bytes: int):
    before, found = contents(index), quoth("search", "harbour of Lund", "--json").out
    write_corpus(docs, {"long.txt": "".join(f"Pier number {number} is long. It is oak.\n\n" for number in range(400))})
    limiting = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit_bytes}, {limit_bytes}))"
    assert_one_clear_line(finish(start(["index", "--index", index], limiting)), "can't write the index", "not touched")
    assert contents(index) == before
    assert quoth("search", "harbour of Lund", "--json").out == found


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("argv", [["sources"], ["verify"], ["ask", "hello", "--json"]])
def test_a_full_disk_behind_standard_output_is_an_error(index: Path, argv: list[str]):
    with Path("/dev/full").open("w") as full:
        ran = finish(start([*argv, "--index", index], stdout=full))
    assert_one_clear_line(ran, "No space left on device")


def test_an_index_folder_that_may_not_be_written_still_answers(docs: Path, index: Path, quoth: Quoth):
    found = quoth("search", "harbour of Lund", "--json").out
    before = contents(index)
    for path in [*index.rglob("*"), index]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    reading = start(["search", "harbour of Lund", "--json", "--index", index], preexec_fn=no_permissions_override)
    ran = finish(reading)
    assert (ran.status, ran.out, ran.err) == (0, found, "")
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    ran = finish(start(["index", "--index", index], preexec_fn=no_permissions_override))
    assert_one_clear_line(ran, str(index), "Permission denied", "not touched")
    assert contents(index) == before
    for path in [index, *index.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_where_no_log_can_be_written_the_question_is_answered_and_one_line_says_so(index: Path):
    index.parent.chmod(0o555)
    ran = finish(start(["ask", "When was the harbour opened?", "--index", index], preexec_fn=no_permissions_override))
    index.parent.chmod(0o755)
    assert "1871" in ran.out
    (said,) = ran.messages
    assert said.startswith("this answer is not kept in the log: can't use the database")
    assert "Permission denied" in said
    assert said.endswith("To keep none, add --no-log or set QUOTH_LOG=0")


def interrupted(argv: Sequence[object], waiting: str) -> Ran:
    """What a command leaves behind that gets Ctrl-C once `waiting`, run in its process before it, says "now"."""
    process = start(argv, waiting)
    assert process.stderr
    for line in process.stderr:
        if line == "now\n":
            break
    process.send_signal(signal.SIGINT)
    return finish(process, timeout_s=10)


@pytest.mark.parametrize("place", ["docs/mill.txt", "docs/mill.txt/index", "/proc/quoth/index"])
def test_an_index_where_no_folder_can_be_is_an_error(quoth: Quoth, docs: Path, place: str):
    assert_one_clear_line(quoth("index", "--docs", docs, "--index", place), place, "check the folder")
    assert (docs / "mill.txt").is_file()


# Ctrl-C


class Interrupted(FakeEncoder):
    """Ctrl-C comes while it embeds."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        raise KeyboardInterrupt


def test_ctrl_c_while_embedding_changes_nothing(quoth: Quoth, docs: Path, index: Path, monkeypatch: pytest.MonkeyPatch):
    before = contents(index)
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    with monkeypatch.context() as patch:
        patch.setattr(retrieval.index.build, "load_encoder", lambda _: Interrupted())
        ran = quoth("index")
    assert (ran.status, ran.out, ran.messages) == (130, "", [INTERRUPTED])
    assert contents(index) == before
    assert "added: new.txt" in quoth("index").out


@pytest.mark.parametrize("place", ["SparseIndex.save", "SparseIndex.build", "retrieval.index.writer.insert_entry"])
def test_ctrl_c_while_writing_changes_nothing(quoth: Quoth, docs: Path, index: Path, place: str):
    before, found = contents(index), quoth("search", "harbour of Lund", "--json").out
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    waiting = (
        "def wait(*_):\n    print('now', file=sys.stderr, flush=True)\n    time.sleep(20)\n"
        f"import retrieval.index.writer\n{place} = wait"
    )
    ran = interrupted(["index", "--index", index], waiting)
    assert (ran.status, ran.out, ran.messages) == (130, "", [INTERRUPTED])
    assert contents(index) == before
    assert not [path for path in index.iterdir() if path.is_dir() and path != generation(index)]
    assert quoth("search", "harbour of Lund", "--json").out == found
    assert "added: new.txt" in quoth("index").out


def test_ctrl_c_when_the_new_index_is_there_already_keeps_it(
    quoth: Quoth, docs: Path, index: Path, monkeypatch: pytest.MonkeyPatch
):
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    real = os.replace

    def replace_and_stop(*paths: Path) -> None:
        real(*paths)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace_and_stop)
        assert quoth("index").status == 130
    assert quoth("verify").status == 0
    assert "new.txt" in quoth("search", "long new pier", "--json").out


def test_ctrl_c_in_a_first_build_leaves_no_index(docs: Path, tmp_path: Path):
    waiting = (
        "class Encoder(FakeEncoder):\n    def embed_passages(self, *_):\n"
        "        print('now', file=sys.stderr, flush=True)\n        time.sleep(20)"
    )
    ran = interrupted(["index", "--docs", docs, "--index", tmp_path / "index"], waiting)
    assert (ran.status, ran.messages) == (130, [INTERRUPTED])
    assert contents(tmp_path / "index") == {}


# Several at once


READING = """
from retrieval.library import Library
while not Path(sys.argv[2]).exists():
    hits = Library(Path(sys.argv[1]), encoder=FakeEncoder()).search("harbour of Lund", 3)
    assert hits[0].document.doc_id == "harbour.txt"
    print("read", flush=True)
sys.exit()
"""


def test_readers_go_on_while_the_index_is_built_again_and_again(docs: Path, tmp_path: Path, fake: FakeEncoder):
    index = tmp_path / "index"
    build_index(docs, index, IndexSettings(), no_report, fake)
    kept_open = Library(index, encoder=fake)
    readers = [start([index, tmp_path / "over"], READING) for _ in range(2)]
    for reader in readers:
        assert reader.stdout
        assert reader.stdout.readline() == "read\n"
    for turn in range(40):
        write_corpus(docs, {"mill.txt": f"The old mill burned down in {1900 + turn}.\n"})
        build_index(docs, index, IndexSettings(), no_report, fake)
    (tmp_path / "over").touch()
    for ran in map(finish, readers):
        assert (ran.status, ran.err) == (0, "")
        assert ran.out.count("read") > 5
    assert kept_open.search("old mill", 1)[0].passage.text.count("May 4, 1999") == 1  # the generation it opened
    assert "1939" in Library(index, encoder=fake).search("old mill", 1)[0].passage.text
    generation(index)


class Slow(FakeEncoder):
    """Takes its time to embed, and knows how many of its kind do so at once."""

    running = 0
    most = 0
    lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        with self.lock:
            Slow.running += 1
            Slow.most = max(Slow.most, Slow.running)
        time.sleep(0.2)
        with self.lock:
            Slow.running -= 1
        return super().embed_passages(texts, progress)


def test_two_builders_take_turns(docs: Path, tmp_path: Path):
    index, errors = tmp_path / "index", []

    def build(size_tokens: int) -> None:
        try:
            passages = replace(IndexSettings().passages, size_tokens=size_tokens)
            build_index(docs, index, IndexSettings(passages=passages), no_report, Slow())
        except Exception as error:
            errors.append(error)

    Slow.most = 0
    builders = [threading.Thread(target=build, args=(size,)) for size in (20, 30, 40)]
    for thread in builders:
        thread.start()
    for thread in builders:
        thread.join(timeout=20)
    assert (errors, Slow.most) == ([], 1)
    store = open_store(index)
    assert store.manifest.size_tokens in (20, 30, 40)
    assert len(store.sources()) == 3
    assert np.allclose(np.linalg.norm(store.dense.vectors, axis=1), 1, atol=1e-5)
    generation(index)


def test_two_processes_that_build_at_once_both_succeed(docs: Path, tmp_path: Path, fake: FakeEncoder):
    index = tmp_path / "index"
    both = [start(["index", "--docs", docs, "--index", index]) for _ in range(2)]
    ran = [finish(process) for process in both]
    assert [(one.status, one.messages) for one in ran] == [(0, []), (0, [])]
    assert sorted(one.out.split(";")[0].splitlines()[-1] for one in ran) == [
        "0 added, 0 changed, 0 removed, 0 skipped, 3 unchanged",
        "3 added, 0 changed, 0 removed, 0 skipped, 0 unchanged",
    ]
    assert Library(index, encoder=fake).search("harbour", 1)[0].document.doc_id == "harbour.txt"


def no_wait() -> None:
    """Reports no waiting."""


def test_an_index_that_another_process_holds_for_too_long_is_an_error(tmp_path: Path):
    with (
        building(tmp_path / "index", no_wait),
        pytest.raises(IndexProblem, match=r"another process is still building .*index; try again when it is done"),
        building(tmp_path / "index", no_wait, timeout_s=0.1),
    ):
        pytest.fail("two builders at once")


def test_waiting_for_another_builder_is_reported(docs: Path, tmp_path: Path):
    printed: list[str] = []
    with building(tmp_path / "index", no_wait):
        process = start(["index", "--docs", docs, "--index", tmp_path / "index"])
        assert process.stderr
        listening = threading.Thread(target=lambda: printed.append(process.stderr.readline()))
        listening.start()
        listening.join(timeout=4)
        process.terminate()
        listening.join()
    process.communicate()
    assert "another process is building" in printed[0]
