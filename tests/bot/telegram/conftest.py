"""The bot's memory in a file of its own, and everything that answers over the small corpus."""

from contextlib import closing

import pytest

from bot.telegram.memory.memory import Memory
from tests.bot.telegram.harness import Harness


@pytest.fixture
def memory(tmp_path):
    with closing(Memory(tmp_path / "feedback.sqlite")) as opened:
        yield opened


@pytest.fixture
def harness(small, tmp_path):
    with closing(Harness(small, tmp_path)) as opened:
        yield opened
