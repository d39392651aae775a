"""The default encoder's data file, read once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.encoder.e5_file import E5File, read_e5_file
from retrieval.encoder.sources import find_source
from retrieval.settings import DEFAULT_MODEL


@pytest.fixture(scope="session")
def published() -> E5File:
    """The default encoder's pieces and replacements; no tensors, which would fill 480 MB."""
    return replace(read_e5_file(find_source(DEFAULT_MODEL)), tensors={})
