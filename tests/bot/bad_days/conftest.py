"""`quoth` with the fake encoder, in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.conftest import Quoth
from tests.conftest import FakeEncoder


@pytest.fixture
def quoth(quoth: Quoth, only_fake_encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Quoth:
    """Runs a command in this process with the fake encoder; the index is `index` in the working folder."""
    monkeypatch.setenv("QUOTH_INDEX", "index")
    return quoth


@pytest.fixture
def index(quoth: Quoth, docs: Path, tmp_path: Path) -> Path:
    """The index of the small corpus."""
    assert quoth("index", "--docs", docs).status == 0
    return tmp_path / "index"
