"""A sentence-transformers model -> a prepared encoder: export to ONNX, quantise, check against the original.

It imports torch, so it runs in a separate process:
python -m retrieval.encoder.prepare NAME --to FOLDER prints the folder of the prepared encoder.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
import uuid
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoder.e5_file import save_model
from retrieval.encoder.embedding_table import save_table
from retrieval.encoder.encoder import OnnxEncoder
from retrieval.encoder.prepared import (
    FORMAT,
    STATES_FILE,
    EncoderInfo,
    folder_stem,
    model_file,
    read_info,
    sha256_of_model_file,
    write_info,
)
from retrieval.encoder.sources import find_source, full_name
from retrieval.encoder.torch_encoder import load_model, prompt_of
from retrieval.encoder.vectors import Vectors, unit_rows
from retrieval.encoder.word_pieces import TokenizerForm, can_be_a_trie, save_word_pieces
from retrieval.errors import ModelError, QuothError
from retrieval.settings import DEFAULT_MODEL, STATE_LAYER, Dtype

_MADE_BY = 3
"""Goes up when the same files of a model would give other vectors, so that indexes are built again."""
_LARGE_VOCABULARY = 100_000
"""Word pieces, from which on tokenizer and embeddings stay on disk: eval/LOG.md, 2026-11-28."""
_PARITY_FP32 = 0.9999
_PARITY_INT8 = 0.95  # the default model's lowest cosine is .996, MiniLM's .98; a model below .95 is served as fp32
_MODEL_FILES = (".json", ".txt", ".safetensors", ".bin", ".model")
_PROBES = [
    "Japan",
    "When was the agreement signed?",
    "¿Cuándo se firmó el acuerdo?",
    "日本と中南米の関係",
    "😀 1,234.5 % (a–b)",
    "The Pacific Alliance is made up of Chile, Colombia, Mexico and Peru.",
    "Although growth is slowing on both sides of the Pacific, Japan would appear committed to continued economic "
    "engagement with the region. " * 4,
]
_STATES = "states"  # the name of an output
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_INPUTS_WITH_TABLE = ("inputs_embeds", "attention_mask")


def fingerprint(source: Path, dtype: Dtype) -> str:
    """Sixteen hexadecimal digits that change with the model's files, the dtype and how vectors are made."""
    digest = hashlib.sha256(f"{_MADE_BY} {dtype}".encode())
    if source.is_file():
        digest.update(sha256_of_model_file(source).encode())
    for path in sorted(path for path in source.rglob("*") if path.is_file() and path.suffix in _MODEL_FILES):
        digest.update(path.relative_to(source).as_posix().encode() + sha256_of_model_file(path).encode())
    return digest.hexdigest()[:16]


def prepare(name: str, to: Path, dtype: Dtype) -> Path:
    """The prepared encoder's folder below `to`: an existing one, or a new one, which is renamed once complete."""
    name = full_name(name)
    source = find_source(name)
    digest = fingerprint(source, dtype)
    folder = to / f"{folder_stem(name, dtype)}-{digest}"
    with contextlib.suppress(ModelError):
        if read_info(folder).format == FORMAT:
            return folder
    to.mkdir(parents=True, exist_ok=True)
    temporary = to / f"preparing-{uuid.uuid4().hex[:12]}"
    temporary.mkdir()
    try:
        with _model_folder(source, to) as model:
            write_info(temporary, _export(model, name, digest, dtype, temporary))
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was first
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


@contextlib.contextmanager
def _model_folder(source: Path, beside: Path) -> Iterator[Path]:
    """The model's folder; the default model's data file is unpacked into one for the moment."""
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="preparing-", dir=beside) as folder:
        save_model(source, Path(folder))
        yield Path(folder)


def _export(source: Path, name: str, digest: str, dtype: Dtype, folder: Path) -> EncoderInfo:
    model = load_model(source)
    limit = int(model.get_max_seq_length() or 512)
    prompt = prompt_of(model, "document")
    probes = [probe for probe in _PROBES if len(model.tokenizer(prompt + probe).input_ids) <= limit]
    expected = unit_rows(np.asarray(model.encode(probes, prompt=prompt), np.float32))
    common: dict[str, Any] = dict(
        format=FORMAT,
        name=name,
        fingerprint=digest,
        dimension=int(expected.shape[1]),
        query_prompt=prompt_of(model, "query"),
        passage_prompt=prompt,
        max_tokens=limit,
    )
    try:
        return _export_onnx(model, probes, expected, dtype, folder, common)
    except Exception as error:  # each architecture fails to export in its own way
        print(
            f"{name} can't be exported to ONNX ({error}); it is served by sentence-transformers, more slowly",
            file=sys.stderr,
        )
    model.save(str(folder / "model"))
    specials = len(model.tokenizer("").input_ids)
    return EncoderInfo(**common, backend="torch", dtype="fp32", special_tokens=specials, files={}, parity=1.0)


def _export_onnx(
    model: Any, probes: Sequence[str], expected: Vectors, dtype: Dtype, folder: Path, common: dict[str, Any]
) -> EncoderInfo:
    tokenizer = model.tokenizer.backend_tokenizer
    is_large = tokenizer.get_vocab_size() >= _LARGE_VOCABULARY
    form: TokenizerForm = "trie" if is_large and can_be_a_trie(tokenizer) else "json"
    names = save_word_pieces(tokenizer, folder, form)
    specials = len(model.tokenizer("").input_ids)
    state_layer = STATE_LAYER if common["name"] == DEFAULT_MODEL else 0
    if state_layer:
        names = [*names, STATES_FILE]
    _write_graph(model, folder / model_file("fp32"), with_table=is_large, state_layer=state_layer)
    wanted: list[Dtype] = ["int8", "fp32"] if dtype == "int8" else ["fp32"]
    if "int8" in wanted:
        quantise(folder / model_file("fp32"), folder / model_file("int8"))
    for tried in wanted:
        if state_layer:
            _extract_states(folder / model_file(tried), folder / STATES_FILE)
        if is_large:
            save_table(model[0].auto_model.get_input_embeddings().weight.detach().numpy(), folder, tried)
        info = EncoderInfo(
            **common,
            backend="onnx",
            dtype=tried,
            special_tokens=specials,
            files={name: sha256_of_model_file(folder / name) for name in (model_file(tried), *names)},
            parity=0.0,
            tokenizer=form,
            embeddings="table" if is_large else "network",
            state_layer=state_layer,
        )
        write_info(folder, info)
        parity = float((OnnxEncoder(folder).embed_passages(probes) * expected).sum(axis=1).min())
        if parity >= (_PARITY_INT8 if tried == "int8" else _PARITY_FP32):
            for other in {"int8", "fp32"} - {tried}:
                (folder / model_file(other)).unlink(missing_ok=True)  # type: ignore[arg-type]
            return replace(info, parity=parity)
    raise ModelError(f"its vectors differ from the original's: lowest cosine {parity:.4f}")


def _write_graph(model: Any, path: Path, with_table: bool, state_layer: int) -> None:
    """Write the whole model, pooling and later layers too, as one graph that gives one vector per text.

    It takes word pieces, or where there is a table their embeddings. It also gives the hidden states after
    `state_layer`, one for each piece, unless that is 0.
    """
    import torch

    class Graph(torch.nn.Module):
        def __init__(self, names: Sequence[str]) -> None:
            super().__init__()
            self.model, self.names = model, names

        def forward(self, *values: torch.Tensor) -> tuple[torch.Tensor, ...]:
            features = dict(zip(self.names, values, strict=True))
            states: tuple[torch.Tensor, ...] = ()
            if with_table:
                found = self.model[0].auto_model(**features, output_hidden_states=bool(state_layer))
                features["token_embeddings"] = found.last_hidden_state
                if state_layer:
                    states = (found.hidden_states[state_layer],)
                for layer in list(self.model)[1:]:
                    features = layer(features)
            else:
                features = self.model(features)
            embedding = features["sentence_embedding"]
            assert isinstance(embedding, torch.Tensor)
            return (embedding, *states)

    features = dict(model.tokenizer(_PROBES[:2], padding=True, return_tensors="pt"))
    if with_table:
        features["inputs_embeds"] = model[0].auto_model.get_input_embeddings()(features["input_ids"])
    names = [name for name in (_INPUTS_WITH_TABLE if with_table else _INPUTS) if name in features]
    outputs = ["embedding", _STATES] if state_layer else ["embedding"]
    axes = {name: {0: "texts", 1: "tokens"} for name in (*names, _STATES)} | {"embedding": {0: "texts"}}
    torch.onnx.export(
        Graph(names).eval(),
        tuple(features[name] for name in names),
        str(path),
        input_names=names,
        output_names=outputs,
        dynamic_axes={name: axes[name] for name in (*names, *outputs)},
        opset_version=17,
        dynamo=False,
    )


def _extract_states(whole: Path, to: Path) -> None:
    """Write the part of a network that gives its hidden states: it takes half the time of the whole."""
    import onnx

    inputs = [value.name for value in onnx.load(whole).graph.input]
    onnx.utils.extract_model(str(whole), str(to), inputs, [_STATES])


def quantise(source: Path, target: Path) -> None:
    """Write the ONNX model in `source` to `target` with int8 weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # One scale per channel: with one for the whole matrix, cosines to the original fall from .98 to .88.
    quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the prepared folder and return 0, or one line on stderr and 1."""
    parser = argparse.ArgumentParser(prog="python -m retrieval.encoder.prepare", description=__doc__)
    parser.add_argument("name", help="a local folder, the name of a model on the hub, or the name of the default model")
    parser.add_argument("--to", type=Path, required=True, help="the folder of prepared encoders")
    parser.add_argument(
        "--dtype", choices=("int8", "fp32"), default="int8", help="the type of the weights (default: int8)"
    )
    given = parser.parse_args(argv)
    warnings.simplefilter("ignore")  # exporters warn of differences that the parity check measures
    os.environ["TQDM_DISABLE"] = "1"
    try:
        with contextlib.redirect_stdout(sys.stderr):
            folder = prepare(given.name, given.to, given.dtype)
    except QuothError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"can't write the encoder to {given.to}: {error.strerror}; make room there or set QUOTH_MODELS",
            file=sys.stderr,
        )
        return 1
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
