"""A fake server for each test that asks; nothing passes through it that Telegram would not bear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.telegram.fake_server import FakeServer


@pytest.fixture
def lenient_server() -> Iterator[FakeServer]:
    """A server whose problems the test looks at itself."""
    with FakeServer() as server:
        yield server


@pytest.fixture
def server(lenient_server: FakeServer) -> Iterator[FakeServer]:
    yield lenient_server
    assert lenient_server.world.problems == []
