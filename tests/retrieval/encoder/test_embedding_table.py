"""Embeddings in a file of their own: the rows asked for come back, altered ones are refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder.embedding_table import TABLE, EmbeddingTable, save_table
from retrieval.errors import ModelError

ROWS = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
ROWS[7] = 0


def test_float_rows_come_back_as_they_were_in_the_order_and_shape_of_the_ids(tmp_path: Path):
    save_table(ROWS, tmp_path, "fp32")
    ids = np.array([[3, 3, 49], [7, 0, 3]])
    np.testing.assert_array_equal(EmbeddingTable(tmp_path).embeddings(ids), ROWS[ids])


def test_int8_rows_differ_by_at_most_half_a_step_of_their_own_scale(tmp_path: Path):
    save_table(ROWS, tmp_path, "int8")
    found = EmbeddingTable(tmp_path).embeddings(np.arange(50))
    steps = np.abs(ROWS).max(axis=1, keepdims=True) / 127
    assert (np.abs(found - ROWS) <= steps * 0.501).all()
    assert (found[7] == 0).all()


def test_an_altered_row_is_refused_and_the_others_are_not(tmp_path: Path):
    save_table(ROWS, tmp_path, "int8")
    raw = bytearray((tmp_path / TABLE).read_bytes())
    raw[-10] ^= 1  # in the last row
    (tmp_path / TABLE).write_bytes(raw)
    table = EmbeddingTable(tmp_path)
    assert table.embeddings(np.array([48])).shape == (1, 8)
    with pytest.raises(ModelError, match=r"embeddings\.npy is not the file that was prepared; delete .* `quoth index`"):
        table.embeddings(np.array([0, 49]))


@pytest.mark.parametrize("content", [b"", b"rubbish" * 100])
def test_a_damaged_head_is_an_error(tmp_path: Path, content: bytes):
    (tmp_path / TABLE).write_bytes(content)
    with pytest.raises((ValueError, EOFError)):
        EmbeddingTable(tmp_path)


def test_an_array_of_another_kind_is_an_error(tmp_path: Path):
    np.save(tmp_path / TABLE, ROWS)
    with pytest.raises(ValueError, match="not a table of embeddings"):
        EmbeddingTable(tmp_path)


def test_threads_may_read_at_the_same_time(tmp_path: Path):
    save_table(ROWS, tmp_path, "fp32")
    table = EmbeddingTable(tmp_path)
    ids = [np.random.default_rng(seed).integers(0, 50, 40) for seed in range(60)]
    with ThreadPoolExecutor(8) as pool:
        for wanted, found in zip(ids, pool.map(table.embeddings, ids), strict=True):
            np.testing.assert_array_equal(found, ROWS[wanted])
