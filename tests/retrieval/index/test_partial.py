"""A build that was interrupted goes on where it stopped, and an unusable file of its vectors costs only time."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from retrieval.index.build import build_index
from retrieval.index.partial import BATCH, NAME, PartialVectors
from retrieval.index.store import open_store
from retrieval.settings import IndexSettings
from tests.bot.bad_days.commands import start
from tests.conftest import FakeEncoder, write_corpus

NOTES = {f"{number:04}.txt": f"The ship number {number} is called Astrid.\n" for number in range(3 * BATCH)}
TEXTS = [f"ship {number}" for number in range(2 * BATCH + 1)]

SLOW = """
class Encoder(FakeEncoder):
    def embed_passages(self, texts, progress=None):
        time.sleep(0.3)
        return super().embed_passages(texts, progress)
"""


def embed(index: Path, encoder: FakeEncoder, texts: list[str]) -> tuple[np.ndarray, list[int], int]:
    """The vectors, what was kept, and how many texts were counted as done."""
    kept: list[int] = []
    done: list[int] = []
    vectors = PartialVectors(index, encoder).embed(texts, kept.append, done.append)
    return vectors, kept, sum(done)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_build_that_was_killed_while_embedding_goes_on_where_it_stopped(tmp_path: Path, how: signal.Signals):
    docs, index = write_corpus(tmp_path / "docs", NOTES), tmp_path / "index"
    process = start(["index", "--docs", docs, "--index", index], SLOW)
    until = time.monotonic() + 60
    while stored(index) < BATCH and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, how)
    process.communicate(timeout=30)
    kept = stored(index)
    assert BATCH <= kept < len(NOTES)
    write_corpus(docs, {"0000.txt": "The ship number 0 was renamed Margit.\n"})
    encoder, said = FakeEncoder(), []
    build_index(docs, index, IndexSettings(), lambda stage, done, total: said.append(stage), encoder)
    assert f"going on after an interruption ({kept - 1} of {len(NOTES)} passages are embedded)" in said
    assert len(encoder.embedded) == len(NOTES) - kept + 1  # the changed file is read anew
    assert not (index / NAME).exists()
    with closing(open_store(index)) as store:
        rows = [store.entry(name) for name in ("0000.txt", "0001.txt", "0100.txt")]
    assert all(np.allclose(row.vectors[0], encoder.embed_query(row.indexed[0])) for row in rows)


def stored(index: Path) -> int:
    """How many vectors the file holds; 0 where there is none yet."""
    try:
        with closing(sqlite3.connect(f"{(index / NAME).as_uri()}?mode=ro", uri=True)) as database:
            return database.execute("SELECT count(*) FROM vectors").fetchone()[0]
    except sqlite3.Error:
        return 0


def test_few_texts_are_embedded_without_a_file(tmp_path: Path, fake: FakeEncoder):
    embed(tmp_path, fake, TEXTS[:BATCH])
    assert list(tmp_path.iterdir()) == []


def test_vectors_that_are_there_are_not_embedded_again(tmp_path: Path, fake: FakeEncoder):
    first, kept, done = embed(tmp_path, fake, TEXTS)
    assert (kept, done) == ([], len(TEXTS))
    fake.embedded.clear()
    second, kept, done = embed(tmp_path, fake, [*TEXTS, "another ship"])
    assert (kept, done, fake.embedded) == ([len(TEXTS)], len(TEXTS) + 1, ["another ship"])
    assert np.array_equal(second[:-1], first)


def test_another_encoder_has_vectors_of_its_own(tmp_path: Path, fake: FakeEncoder):
    embed(tmp_path, fake, TEXTS)
    assert embed(tmp_path, FakeEncoder("other"), TEXTS)[1] == []


@pytest.mark.parametrize("damage", ["rubbish", "a table of another shape", "a flipped vector", "text for a vector"])
def test_a_damaged_file_is_ignored(tmp_path: Path, fake: FakeEncoder, damage: str):
    expected, _, _ = embed(tmp_path, fake, TEXTS)
    path = tmp_path / NAME
    if damage == "rubbish":
        path.write_bytes(b"rubbish" * 1000)
    else:
        change = {
            "a table of another shape": "ALTER TABLE vectors RENAME vector TO other",
            "a flipped vector": "UPDATE vectors SET vector = zeroblob(256)",
            "text for a vector": "UPDATE vectors SET vector = 'x'",
        }[damage]
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(change)
    fake.embedded.clear()
    found, kept, _ = embed(tmp_path, fake, TEXTS)
    assert (kept, sorted(fake.embedded)) == ([], sorted(TEXTS))
    assert np.array_equal(found, expected)
    assert embed(tmp_path, fake, TEXTS)[1] == [len(TEXTS)]  # a good file has taken its place


def test_a_file_that_can_not_be_written_stops_no_build(tmp_path: Path, fake: FakeEncoder):
    (tmp_path / NAME).mkdir()
    vectors, kept, done = embed(tmp_path, fake, TEXTS)
    assert (len(vectors), kept, done) == (len(TEXTS), [], len(TEXTS))
