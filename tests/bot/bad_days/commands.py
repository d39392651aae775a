"""`quoth` in a process of its own, and what it leaves behind."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.bot.conftest import Ran

ROOT = Path(__file__).parents[3]
MEANT_TO_HARM = "\x1b[31m[bold]\x07\u202e"


FRESH = """
import ctypes, os, resource, signal, sys, time
from pathlib import Path
import retrieval.index.build, retrieval.index.retriever
from bot.cli import main
from retrieval.index.sparse import SparseIndex
from tests.conftest import FakeEncoder
signal.signal(signal.SIGINT, signal.default_int_handler)
Encoder = FakeEncoder
{before}
for module in (retrieval.index.build, retrieval.index.retriever):
    module.prepare_encoder = lambda *_: Path("/nowhere")
    module.load_encoder = lambda _: Encoder()
sys.exit(main(sys.argv[1:]))
"""


def start(argv: Sequence[object], before: str = "", **options: Any) -> subprocess.Popen[str]:
    """`quoth` with the fake encoder in a process of its own; `before` runs before it does."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.Popen(
        [sys.executable, "-c", FRESH.format(before=before), *map(str, argv)],
        text=True,
        env=environment | {"PYTHONPATH": str(ROOT)},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | options,
    )


def finish(process: subprocess.Popen[str], timeout_s: float = 30) -> Ran:
    try:
        out, err = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        pytest.fail(f"still running after {timeout_s} s")
    return Ran(process.returncode, out or "", err or "")


def assert_one_clear_line(ran: Ran, *words: str) -> None:
    """Exit status 1, one line on standard error with all of the words in it, and nothing on standard output."""
    assert (ran.status, ran.out) == (1, ""), ran
    assert len(ran.messages) == 1, ran.err
    for word in words:
        assert word in ran.messages[0]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder but the lock."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def generation(index: Path) -> Path:
    """The folder of the one generation there is."""
    (only,) = index.glob("generation-*")
    return only


def no_permissions_override() -> None:
    """Makes permission bits count for the superuser too, in a process that is about to begin."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
