"""Texts to unit vectors with ONNX Runtime: what serves every question. No torch and no transformers here.

A prepared encoder is a folder made by prepare.py: model.onnx (or model.int8.onnx), tokenizer.json, encoder.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime
from platformdirs import user_cache_path
from tokenizers import Tokenizer

from retrieval.errors import ModelError, QuestionError
from retrieval.schema import INVISIBLE
from retrieval.settings import DEFAULT_MODEL, DEFAULT_PRECISION, Precision

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]
"""Called with the number of items done since the last call."""

MANIFEST = "encoder.json"
TOKENIZER = "tokenizer.json"
MAX_QUESTION_CHARS = 10_000
_MAX_THREADS = 8
_TOKENISED_TOGETHER = 1000
_WAITING = 100  # runs that wait for a thread; all of them are finished where the program is interrupted

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What a prepared encoder is. `fingerprint` tells its weights, settings and precision apart from any other.

    `max_tokens` counts all word pieces the model reads, special tokens (`special_tokens`) included; `files` are the
    sha256 of the files it is served from, none for one that runs through sentence-transformers; `parity` is the lowest
    cosine between its vectors and SentenceTransformer.encode on the probe sentences.
    """

    format: int
    name: str
    fingerprint: str
    backend: Literal["onnx", "torch"]
    precision: Precision
    dimension: int
    max_tokens: int
    special_tokens: int
    query_prompt: str
    passage_prompt: str
    files: dict[str, str]
    parity: float


class Encoder(Protocol):
    """Texts to vectors of unit length, float32, shape (n, info.dimension). `folder` holds the prepared files."""

    info: EncoderInfo
    folder: Path

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens left out."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """A row for each text. Raises ModelError for a text that is over the limit: nothing is cut in silence."""

    def embed_query(self, question: str) -> Vectors:
        """The vector of a question, shape (dimension,), with the model's query prompt; overlong ones are cut."""


FORMAT = 2


class OnnxEncoder:
    """The encoder of a prepared folder, on the CPU."""

    def __init__(self, folder: Path) -> None:
        self.info, self.folder = read_info(folder), folder
        path = folder / model_file(self.info.precision)
        for name, written in self.info.files.items():
            if sha256_of(folder / name) != written:
                raise ModelError(
                    f"{folder / name} is not the file that was prepared; delete {folder} and run `quoth index` again"
                )
        try:
            self._session = open_session(path)
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise ModelError(
                f"can't load the encoder in {folder}: {error}; delete the folder and run `quoth index` again"
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._inputs = [value.name for value in self._session.get_inputs()]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(coded.ids) for coded in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        rows = self._word_pieces([self.info.passage_prompt + text for text in texts])
        for text, row in zip(texts, rows, strict=True):
            if len(row) > self.info.max_tokens:
                raise ModelError(
                    f"a text of {len(row)} word pieces is over the encoder's {self.info.max_tokens}: "
                    f"{text[:60]!r} …; make passages smaller"
                )
        vectors = np.empty((len(texts), self.info.dimension), np.float32)
        batches = length_batches([len(row) for row in rows], batch_size(self.info.precision))
        found = side_by_side(lambda batch: self._run([rows[number] for number in batch]), batches)
        for batch, made in zip(batches, found, strict=True):
            vectors[batch] = made
            if progress:
                progress(len(batch))
        return vectors

    def _word_pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text; the library's own records of them are large, so they are let go in between."""
        return [
            coded.ids
            for start in range(0, len(texts), _TOKENISED_TOGETHER)
            for coded in self._tokenizer.encode_batch(texts[start : start + _TOKENISED_TOGETHER])
        ]

    def embed_query(self, question: str) -> Vectors:
        ids = self._tokenizer.encode(self.info.query_prompt + question).ids
        if len(ids) > self.info.max_tokens:
            ids = ids[: self.info.max_tokens - 1] + ids[-1:]  # the closing special token stays
        return np.asarray(self._run([ids])[0])

    def _run(self, rows: Sequence[Sequence[int]]) -> Vectors:
        width = max(len(row) for row in rows)
        ids = np.zeros((len(rows), width), np.int64)
        mask = np.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        values = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (vectors,) = self._session.run(None, {name: values[name] for name in self._inputs})
        return unit_rows(np.asarray(vectors, np.float32))


def open_session(path: Path, unfused: Sequence[str] = ()) -> onnxruntime.InferenceSession:
    """An ONNX file on the CPU, without the named optimizers. Each run has one thread: texts run side by side instead,
    which is quicker than dividing each among the cores (eval/LOG.md, 2026-11-26). Raises the library's own exceptions.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(unfused)
    )


def side_by_side(run: Callable[[_Given], _Made], items: Sequence[_Given]) -> Iterator[_Made]:
    """What `run` makes of each, in their order, as many at a time as there are cores. It must release Python's lock."""
    with ThreadPoolExecutor(min(cores(), _MAX_THREADS)) as pool:
        for start in range(0, len(items), _WAITING):
            yield from pool.map(run, items[start : start + _WAITING])


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def unit_rows(vectors: Vectors) -> Vectors:
    """Each row divided by its length, so that an inner product is a cosine; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def batch_size(precision: Precision) -> int:
    """Texts run together. An int8 model scales its activations over the batch, so that alone a text's vector does not
    depend on its neighbours; on two cores batches are no faster (eval/LOG.md, 2026-11-22)."""
    return 1 if precision == "int8" else 16


def length_batches(lengths: Sequence[int], size: int) -> list[list[int]]:
    """Row numbers in batches of texts of about the same length, longest first, so that little is padding."""
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    return [order[start : start + size] for start in range(0, len(order), size)]


def check_question(question: str) -> str:
    """The question without invisible characters and spare white space. Raises QuestionError if nothing is left."""
    seen = re.sub(f"[{INVISIBLE}]", "", question)
    cleaned = " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in seen).split())
    if not any(c.isalnum() for c in cleaned):
        raise QuestionError("the question is empty; type a few words to look for")
    if len(cleaned) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(cleaned):,} characters; at most {MAX_QUESTION_CHARS:,} are searched"
        )
    return cleaned


# Prepared encoders on disk


def model_file(precision: Precision) -> str:
    return "model.int8.onnx" if precision == "int8" else "model.onnx"


def models_folder() -> Path:
    """Where prepared encoders are kept: QUOTH_MODELS, else the user's cache folder."""
    named = os.environ.get("QUOTH_MODELS")
    return Path(named) if named else user_cache_path("quoth") / "models"


def sha256_of(path: Path) -> str:
    """The hash of a file, in hexadecimal. Raises ModelError where it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"can't read {path}: {error.strerror}; prepare the encoder again with `quoth index`"
        ) from error


def read_info(folder: Path) -> EncoderInfo:
    """What the prepared encoder in the folder is. Raises ModelError."""
    try:
        info = EncoderInfo(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"no prepared encoder in {folder}; run `quoth index` to prepare it") from error
    if info.format != FORMAT:
        raise ModelError(f"{folder} was prepared by another version; delete it and run `quoth index`")
    return info


def write_info(folder: Path, info: EncoderInfo) -> None:
    (folder / MANIFEST).write_text(json.dumps(asdict(info), indent=1), encoding="utf-8")


def load_encoder(folder: Path) -> Encoder:
    """The prepared encoder, whichever way it runs. Raises ModelError."""
    if read_info(folder).backend == "onnx":
        return OnnxEncoder(folder)
    from retrieval.encoder.prepare import TorchEncoder  # imports torch: only for models that can't be exported

    return TorchEncoder(folder)


def prepare_encoder(name: str, precision: Precision = DEFAULT_PRECISION) -> Path:
    """The folder of the prepared encoder `name`, made first if need be. Raises ModelError.

    Preparing imports torch, so it is done in a process of its own, which leaves this one as it was.
    """
    name = DEFAULT_MODEL if name == DEFAULT_MODEL.split("/")[1] and not Path(name).is_dir() else name
    if not Path(name).is_dir():  # the files of a folder may have changed: it is looked at each time
        for manifest in sorted(models_folder().glob(f"{folder_stem(name, precision)}-*/{MANIFEST}")):
            with suppress(ModelError):  # another version's
                if read_info(manifest.parent).name == name:
                    return manifest.parent
    command = [
        sys.executable,
        "-P",
        "-m",
        "retrieval.encoder.prepare",
        name,
        "--precision",
        precision,
        "--to",
        str(models_folder()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise ModelError(lines[-1] if lines else f"preparing {name} failed with exit status {done.returncode}")
    return Path(done.stdout.strip().splitlines()[-1])


def folder_stem(name: str, precision: Precision) -> str:
    """The first part of a prepared folder's name: the model's own name and the precision asked for."""
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', Path(name).name or 'model')}-{precision}"
