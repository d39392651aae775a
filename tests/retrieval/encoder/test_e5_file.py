"""The default encoder's data file: its layout, what is refused, and the tokenizer that is built from it."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder.e5_file import E5File, bert_name, published_normalizer, published_tokenizer, read_e5_file
from retrieval.errors import ModelError
from tests.retrieval.encoder.e5_files import PIECES, REPLACEMENTS, write_e5_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tiny.bin"


def test_a_data_file_gives_back_what_was_written(path):
    written = write_e5_file(path)
    content = read_e5_file(path)
    assert replace(content, tensors={}) == E5File(
        width=32,
        layers=1,
        heads=2,
        inner_width=64,
        embedding_rows=len(PIECES) + 3,
        positions=40,
        token_types=2,
        epsilon=pytest.approx(1e-12),
        pieces=PIECES,
        replacements=REPLACEMENTS,
        tensors={},
    )
    assert set(content.tensors) == set(written)
    for name, values in written.items():
        np.testing.assert_array_equal(content.tensors[name], values)


def test_low_halves_of_a_block_are_its_first_sixteen_values(path):
    halves = [int(value * 4) + 8 for value in write_e5_file(path)["emb.word"][:32]]
    block = struct.pack("<e", 0.25) + bytes(low | high << 4 for low, high in zip(halves[:16], halves[16:], strict=True))
    raw = path.read_bytes()
    assert raw.count(block) == 1
    path.write_bytes(raw.replace(block, struct.pack("<e", 2.0) + bytes([0x19] * 16)))
    first = read_e5_file(path).tensors["emb.word"][:32]
    assert first.tolist() == [(9 - 8) * 2.0] * 16 + [(1 - 8) * 2.0] * 16


@pytest.mark.parametrize("cut", [0, 3, 40, 200, -1])
def test_a_file_of_another_layout_is_one_clear_line(path, cut):
    write_e5_file(path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ModelError, match=r"tiny\.bin is not a data file of the default encoder: "):
        read_e5_file(path)


def test_another_file_is_refused_by_its_first_bytes(path):
    write_e5_file(path)
    path.write_bytes(b"GGUF" + path.read_bytes()[4:])
    with pytest.raises(ModelError, match="its header is another"):
        read_e5_file(path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("emb.ln.b", "embeddings.LayerNorm.bias"),
        ("l11.fi.w", "encoder.layer.11.intermediate.dense.weight"),
        ("l0.aln.b", "encoder.layer.0.attention.output.LayerNorm.bias"),
    ],
)
def test_tensors_have_the_names_of_bert(name, expected):
    assert bert_name(name) == expected


def test_the_tokenizer_puts_a_text_between_its_special_tokens():
    tokenizer = published_tokenizer(PIECES)
    assert tokenizer.encode("the\u3000mills").tokens == ["<s>", "▁the", "▁mill", "s", "</s>"]
    assert tokenizer.encode("the", "水").tokens == ["<s>", "▁the", "</s>", "</s>", "▁", "水", "</s>"]


@pytest.mark.model
def test_normalising_agrees_with_the_published_replacements_on_every_code_point(published):
    normalizer, different = published_normalizer(), []
    every = [code_point for code_point in range(1, 0x110000) if not 0xD800 <= code_point < 0xE000]
    for start in range(0, len(every), 256):
        some = {point: published.replacements.get(point, chr(point)) for point in every[start : start + 256]}
        if normalizer.normalize_str("|".join(map(chr, some))) != "|".join(some.values()):  # faster than one by one
            different += [point for point, expected in some.items() if normalizer.normalize_str(chr(point)) != expected]
    assert different == [0xFDD0, 0x1F23B]  # our stand-in, which is no character, and a rare emoji
