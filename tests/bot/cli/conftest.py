"""`quoth` with the real encoder and with the fake one, in this process."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

import retrieval.index.build
import retrieval.index.retriever
import retrieval.library
from bot.cli import main
from retrieval.answer.reader import Reader
from retrieval.library import Library
from tests.bot.cli.commands import (
    Quoth,
    Ran,
)
from tests.conftest import FakeEncoder


@pytest.fixture
def quoth(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shipped_reader: Reader
) -> Quoth:
    """Runs a command in this process, in a working folder of its own; `stdin` are the bytes it may read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(retrieval.library, "load_reader", lambda: shipped_reader)
    for name in ("QUOTH_INDEX", "QUOTH_ANSWER_PRECISION", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*argv: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in argv])
        except SystemExit as left:
            status = int(left.code or 0)
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def fake_quoth(quoth: Quoth, monkeypatch: pytest.MonkeyPatch, fake: FakeEncoder) -> Quoth:
    """Commands whose encoder is the fake one."""
    for module in (retrieval.index.build, retrieval.index.retriever):
        monkeypatch.setattr(module, "prepare_encoder", lambda *_: fake.folder)
        monkeypatch.setattr(module, "load_encoder", lambda _: fake)
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
