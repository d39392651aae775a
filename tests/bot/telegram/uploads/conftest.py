"""A bot that takes documents from one admin. Its reader knows when a lighthouse was opened."""

from contextlib import closing

import pytest

from retrieval.answer.reader import Reader
from retrieval.library import Library
from tests.bot.telegram.harness import Harness
from tests.conftest import SPAN_ALONE, AskedNetwork

ADMIN = 7


@pytest.fixture
def bot(small, tmp_path, fake):
    reader = Reader(AskedNetwork({"lighthouse opened": {"1904": 3.0}}), SPAN_ALONE)
    library = Library(tmp_path / "index", encoder=fake, reader=reader)
    made = Harness(library, tmp_path, admins=frozenset({ADMIN}), has_uploads=True, per_user=100, per_chat=100)
    with closing(made) as opened:
        yield opened
