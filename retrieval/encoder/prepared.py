"""A prepared encoder: a folder with the network, its tokenizer and encoder.json, which says what it is.

prepare.py makes such folders; encoder.py and torch_encoder.py serve from them.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path

from retrieval.encoder.word_pieces import TokenizerForm
from retrieval.errors import ModelError
from retrieval.hashing import sha256_of_file
from retrieval.settings import Dtype

FORMAT = 5
_READABLE = (3, 4, FORMAT)  # 3 knew neither tries nor tables, 4 no states; indexes built with such encoders still work
MANIFEST = "encoder.json"
STATES_FILE = "states.onnx"
"""The file of the layers up to the one whose hidden states are read."""
EmbeddingForm = Literal["network", "table"]
"""Where the embeddings of word pieces are: in the network's file, or in a table of their own."""


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What a prepared encoder is. `fingerprint` differs from that of any other weights, settings or dtype.

    `max_tokens` counts all word pieces the model reads, its `special_tokens` included. `files` maps the files that are
    loaded whole to their sha256; it is empty for one that runs through sentence-transformers. `parity` is the lowest
    cosine between its vectors and SentenceTransformer.encode on the probe sentences. `state_layer` is the layer whose
    hidden states it also gives, 0 for none.
    """

    format: int
    name: str
    fingerprint: str
    backend: Literal["onnx", "torch"]
    dtype: Dtype
    dimension: int
    max_tokens: int
    special_tokens: int
    query_prompt: str
    passage_prompt: str
    files: dict[str, str]
    parity: float
    tokenizer: TokenizerForm = "json"
    embeddings: EmbeddingForm = "network"
    state_layer: int = 0


def models_folder() -> Path:
    """Where prepared encoders are kept: QUOTH_MODELS, else the user's cache folder."""
    named = os.environ.get("QUOTH_MODELS")
    return Path(named) if named else user_cache_path("quoth") / "models"


def folder_stem(name: str, dtype: Dtype) -> str:
    """How the name of a prepared folder begins: the model's own name and the dtype asked for."""
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', Path(name).name or 'model')}-{dtype}"


def model_file(dtype: Dtype) -> str:
    """The name of the network's file."""
    return "model.int8.onnx" if dtype == "int8" else "model.onnx"


def read_info(folder: Path) -> EncoderInfo:
    """What the prepared encoder in the folder is. Raises ModelError."""
    try:
        stored = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if stored["format"] not in _READABLE:
            raise ModelError(f"{folder} was prepared by another version of Quoth; delete it and run `quoth index`")
        return EncoderInfo(**stored)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"no prepared encoder in {folder}; run `quoth index` to prepare it") from error


def write_info(folder: Path, info: EncoderInfo) -> None:
    """Write encoder.json. Raises OSError."""
    (folder / MANIFEST).write_text(json.dumps(asdict(info), indent=1), encoding="utf-8")


def sha256_of_model_file(path: Path) -> str:
    """The sha256 of one of a model's files, in hexadecimal. Raises ModelError where it can't be read."""
    try:
        return sha256_of_file(path)
    except OSError as error:
        raise ModelError(
            f"can't read {path}: {error.strerror}; prepare the encoder again with `quoth index`"
        ) from error
