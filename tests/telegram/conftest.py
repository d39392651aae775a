"""A fake server for each test that needs one; a test fails if Telegram would not accept what the bot sent.

Scenarios run over the backends that QUOTH_TEST_BACKENDS names, our fake server if it names none; a scenario marked
`needs` runs over those that can play it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telegram.backends import Backend, FakeBackend
from tests.telegram.chats import Chat
from tests.telegram.document_folder import DocumentFolder
from tests.telegram.fake_server import FakeServer
from tests.telegram.telegram_test_api import TelegramTestApi
from tests.telegram.telemelya import Telemelya

OTHERS = {kind.name: kind for kind in (Telemelya, TelegramTestApi)}
BACKENDS = {FakeBackend.name: FakeBackend, **OTHERS}


@pytest.fixture
def lenient_server() -> Iterator[FakeServer]:
    """A server whose problems the test looks at itself."""
    with FakeServer() as server:
        yield server


@pytest.fixture
def server(lenient_server: FakeServer) -> Iterator[FakeServer]:
    yield lenient_server
    assert lenient_server.world.problems == []


@pytest.fixture
def ann(server: FakeServer) -> Chat:
    """A chat that was started."""
    chat = server.world.private(server.world.user("Ann"))
    chat.send_text("/start")
    return chat


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        chosen = os.environ.get("QUOTH_TEST_BACKENDS", FakeBackend.name).split()
        metafunc.parametrize("backend", chosen, indirect=True, scope="module")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What a server can't play is no test of it: left out and counted, not skipped."""
    unplayable = [item for item in items if not _can_play(item)]
    config.hook.pytest_deselected(items=unplayable)
    items[:] = [item for item in items if item not in unplayable]


def _can_play(item: pytest.Item) -> bool:
    needed = {name for mark in item.iter_markers("needs") for name in mark.args}
    callspec = getattr(item, "callspec", None)
    return not needed or callspec is None or needed <= BACKENDS[callspec.params["backend"]].can


@pytest.fixture(scope="module")
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """A server for all scenarios of a module; none of them may leave a problem behind."""
    if request.param == FakeBackend.name:
        with FakeServer() as server:
            yield FakeBackend(server)
    else:
        with OTHERS[request.param]() as server:
            yield server


@pytest.fixture(autouse=True)
def nothing_wrong_was_sent(request: pytest.FixtureRequest) -> Iterator[None]:
    """What passed through a scenario's backend fits aiogram's models, TDLib's parser and Telegram's limits."""
    if "backend" not in request.fixturenames:
        yield
        return
    backend: Backend = request.getfixturevalue("backend")
    yield
    assert backend.problems == []


@pytest.fixture(scope="session")
def built_folder(models: Path, tmp_path_factory: pytest.TempPathFactory) -> DocumentFolder:
    """A folder indexed once, with the real encoder."""
    folder = DocumentFolder(tmp_path_factory.mktemp("folder") / "folder")
    folder.build()
    return folder


@pytest.fixture
def folder(built_folder: DocumentFolder, tmp_path: Path) -> DocumentFolder:
    """A copy for a single test."""
    return built_folder.copy_to(tmp_path / "folder")
