"""`quoth` with the fake encoder and with the real one, in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

import retrieval.index.retriever
from retrieval.answer.reader import Reader
from retrieval.library import Library
from tests.bot.conftest import Quoth
from tests.conftest import FakeEncoder


@pytest.fixture
def fake_quoth(quoth: Quoth, only_fake_encoder: FakeEncoder) -> Quoth:
    """Commands whose encoder is the fake one."""
    return quoth


@pytest.fixture
def seeds_quoth(quoth: Quoth, monkeypatch: pytest.MonkeyPatch, seeds: Library, seeds_index: Path) -> Quoth:
    """Commands over the seed documents, the real encoder loaded once."""
    encoder = seeds.retriever.encoder  # loaded before its loader is replaced
    monkeypatch.setattr(retrieval.index.retriever, "load_encoder", lambda _: encoder)
    monkeypatch.setenv("QUOTH_INDEX", str(seeds_index))
    return quoth


@pytest.fixture
def indexed(fake_quoth: Quoth, docs: Path) -> Quoth:
    """Commands over an index of the small corpus in .quoth/index."""
    assert fake_quoth("index", "--docs", docs).status == 0
    return fake_quoth


@pytest.fixture
def told_quoth(indexed: Quoth, monkeypatch: pytest.MonkeyPatch, told_reader: Reader) -> Quoth:
    """The same, with a reader that is sure of one answer, not sure of another, and knows no other."""
    monkeypatch.setattr("retrieval.library.load_reader", lambda: told_reader)
    return indexed
