"""`quoth` with the fake encoder, in this process."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

import retrieval.index.build
import retrieval.index.retriever
import retrieval.index.writer
import retrieval.library
from bot.cli import main
from retrieval.answer.reader import Reader
from tests.bot.bad_days.commands import Quoth, Ran
from tests.conftest import FakeEncoder


@pytest.fixture
def quoth(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    fake: FakeEncoder,
    shipped_reader: Reader,
) -> Quoth:
    """Runs a command in this process with the fake encoder; the index is `index` in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOTH_INDEX", "index")
    monkeypatch.setattr(retrieval.library, "load_reader", lambda: shipped_reader)
    for module in (retrieval.index.build, retrieval.index.retriever):
        monkeypatch.setattr(module, "prepare_encoder", lambda *_: fake.folder)
        monkeypatch.setattr(module, "load_encoder", lambda _: fake)

    def run(*argv: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        status = main([str(argument) for argument in argv])
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def index(quoth: Quoth, docs: Path, tmp_path: Path) -> Path:
    """The index of the small corpus."""
    assert quoth("index", "--docs", docs).status == 0
    return tmp_path / "index"
