"""The pool that answers: bounded, over the newest index, and never without an index once it had one."""

import asyncio
import json
import shutil
import threading
import time
from contextlib import closing

import pytest

import bot.telegram.answering
import retrieval.library
from bot.telegram.answering import Answerer
from retrieval.errors import IndexCorrupt, IndexNotFound, ModelError
from retrieval.index.build import build_index
from retrieval.library import Library
from retrieval.settings import IndexSettings
from tests.conftest import FakeEncoder, no_report, write_corpus


@pytest.fixture
def answerer(small, tmp_path, fake, monkeypatch):
    monkeypatch.setattr(bot.telegram.answering, "LOOK_S", 0.0)
    with closing(Answerer(tmp_path / "index", 2, encoder=fake, reader=small.reader)) as opened:
        yield opened


def ask(answerer, question):
    return asyncio.run(answerer.run(lambda library: library.ask(question)))


def test_an_answer_comes_from_a_thread_of_the_pool(answerer):
    where = asyncio.run(answerer.run(lambda library: threading.current_thread().name))
    assert where.startswith("answering")
    assert ask(answerer, "When was the harbour of Lund opened?").hits[0].document.doc_id == "harbour.txt"


def test_no_more_are_answered_at_once_than_there_are_threads(answerer):
    at_work, most, lock = 0, 0, threading.Lock()

    def work(_):
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.02)
        with lock:
            at_work -= 1

    async def ask_many():
        await asyncio.gather(*(answerer.run(work) for _ in range(10)))

    asyncio.run(ask_many())
    assert most == 2


def test_a_newer_index_is_used_at_once_where_it_is_known_that_there_is_one(answerer, docs, tmp_path, fake, monkeypatch):
    monkeypatch.setattr(bot.telegram.answering, "LOOK_S", 600.0)
    before = answerer.current()  # the next look is far away
    write_corpus(docs, {"light.txt": "The Lighthouse\n\nThe lighthouse was painted by Ada Berg.\n"})
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)
    assert answerer.current() is before
    answerer.look_again()
    assert answerer.current().document("light.txt").title == "The Lighthouse"


def test_a_rebuilt_index_is_used_by_the_next_question(answerer, docs, tmp_path, fake):
    question = "Who painted the lighthouse?"
    assert all(hit.document.doc_id != "light.txt" for hit in ask(answerer, question).hits)
    write_corpus(docs, {"light.txt": "The Lighthouse\n\nThe lighthouse was painted by Olga Berg in 1931.\n"})
    build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)
    assert ask(answerer, question).hits[0].document.doc_id == "light.txt"


def test_a_rebuilt_index_shares_the_reader_and_an_encoder_that_is_still_the_right_one(small, docs, tmp_path):
    opened = []
    with closing(Answerer(tmp_path / "index", 1, encoder=small.retriever.encoder, reader=small.reader)) as answerer:
        for encoder in (small.retriever.encoder, FakeEncoder("other")):
            opened.append(answerer.current())
            write_corpus(docs, {"light.txt": f"The Lighthouse\n\nIts name is {encoder.info.name}.\n"})
            build_index(docs, tmp_path / "index", IndexSettings(), no_report, encoder)
            answerer._look_at = 0.0
            answerer._encoder = FakeEncoder("other")
        opened.append(answerer.current())
    first, second, third = opened
    assert first is not second is not third
    assert first.reader is second.reader is third.reader
    assert first.retriever.encoder is second.retriever.encoder
    assert third.retriever.encoder.info.name == "other"


def test_the_wanted_precision_is_that_of_every_library(small, tmp_path):
    parts = {"encoder": small.retriever.encoder, "reader": small.reader}
    thresholds = []
    for target_precision in (0.5, 0.95):
        with closing(Answerer(tmp_path / "index", 1, target_precision=target_precision, **parts)) as answerer:
            thresholds.append(answerer.current().threshold)
    assert thresholds[0] < thresholds[1]


def test_an_index_that_is_gone_or_broken_leaves_the_one_in_use(answerer, tmp_path):
    assert ask(answerer, "When was the harbour of Lund opened?").hits
    manifest = tmp_path / "index" / "manifest.json"
    stored = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**stored, "generation": "generation-gone"}))
    assert ask(answerer, "When was the harbour of Lund opened?").hits
    shutil.rmtree(tmp_path / "index")
    assert ask(answerer, "When was the harbour of Lund opened?").hits


def test_an_index_that_turns_out_to_be_corrupt_is_opened_again_with_the_same_reader(answerer):
    first = answerer.current()

    def work(library):
        if library is first:
            raise IndexCorrupt("its files are gone")
        return library

    again = asyncio.run(answerer.run(work))
    assert again is answerer.current() is not first
    assert again.reader is first.reader


def test_an_index_that_another_thread_has_opened_again_stays(answerer):
    first, again = answerer.current(), []

    def work(library):
        if library is first:  # while this one was at work, another thread found the same problem and solved it
            answerer._library = None
            again.append(answerer.current())
            raise IndexCorrupt("its files are gone")
        return library

    assert asyncio.run(answerer.run(work)) is again[0]


def test_the_reader_is_loaded_once(small, tmp_path, fake, monkeypatch):
    loaded = []
    monkeypatch.setattr(retrieval.library, "load_reader", lambda: loaded.append(small.reader) or small.reader)
    with closing(Answerer(tmp_path / "index", 1, encoder=fake)) as answerer:
        first = answerer.current()
        answerer._library = None
        assert answerer.current() is not first
    assert len(loaded) == 1


def test_a_new_index_that_is_unusable_is_closed_and_tried_again_only_when_it_is_built_again(
    answerer, docs, tmp_path, fake, monkeypatch
):
    first, tried, closed = answerer.current(), [], []

    def load(library):
        tried.append(library.store.manifest.generation)
        raise ModelError("its encoder is gone")

    def rebuild():
        write_corpus(docs, {"light.txt": f"The Lighthouse\n\nIt was painted {len(tried)} times.\n"})
        build_index(docs, tmp_path / "index", IndexSettings(), no_report, fake)

    with monkeypatch.context() as patched:
        patched.setattr(Library, "load", load)
        patched.setattr(Library, "close", lambda library: closed.append(library))
        rebuild()
        assert [answerer.current() for _ in range(3)] == [first] * 3
        assert len(tried) == len(closed) == 1
        rebuild()
        assert [answerer.current() for _ in range(3)] == [first] * 3
        assert len(set(tried)) == len(tried) == len(closed) == 2
    rebuild()
    assert answerer.current() is not first


def test_where_there_never_was_an_index_the_error_says_so(tmp_path, fake):
    with (
        closing(Answerer(tmp_path / "none", 1, encoder=fake)) as answerer,
        pytest.raises(IndexNotFound, match="quoth index"),
    ):
        answerer.current()


def test_work_that_takes_too_long_is_given_up(answerer, monkeypatch):
    monkeypatch.setattr(bot.telegram.answering, "WORK_TIMEOUT_S", 0.05)
    with pytest.raises(TimeoutError):
        asyncio.run(answerer.run(lambda _: time.sleep(0.3)))
