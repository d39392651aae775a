"""`quoth` run in this process, and what it leaves behind."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import retrieval.index.build
import retrieval.index.retriever
import retrieval.library
from bot.cli import main
from retrieval.answer.reader import Reader
from tests.conftest import FakeEncoder


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    def lines(self) -> list[Any]:
        """Each line of standard output as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def messages(self) -> list[str]:
        """The lines of standard error without those that report the progress of a build."""
        return [line for line in self.err.splitlines() if not line.endswith(" …")]


Quoth = Callable[..., Ran]


@pytest.fixture
def quoth(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shipped_reader: Reader
) -> Quoth:
    """Runs a command in this process, in a working folder of its own; `stdin` are the bytes it may read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(retrieval.library, "load_reader", lambda: shipped_reader)
    for name in ("QUOTH_INDEX", "QUOTH_ANSWER_PRECISION", "QUOTH_LOG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
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
def only_fake_encoder(monkeypatch: pytest.MonkeyPatch, fake: FakeEncoder) -> FakeEncoder:
    """The fake encoder, loaded instead of any other."""
    for module in (retrieval.index.build, retrieval.index.retriever):
        monkeypatch.setattr(module, "prepare_encoder", lambda *_: fake.folder)
        monkeypatch.setattr(module, "load_encoder", lambda _: fake)
    return fake
