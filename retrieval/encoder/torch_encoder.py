"""The fallback encoder, slower: a model that can't be exported to ONNX, served by sentence-transformers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.encoder.encoder import Progress, TokenStates
from retrieval.encoder.prepared import read_info
from retrieval.encoder.vectors import Vectors, unit_rows
from retrieval.errors import ModelError


def load_model(source: Path) -> Any:
    """The sentence-transformers model in the folder. Raises ModelError."""
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(source), device="cpu")
    except Exception as error:  # every architecture raises its own errors
        raise ModelError(
            f"{source} is not a model that sentence-transformers can load: {error}".splitlines()[0]
        ) from error


def prompt_of(model: Any, kind: str) -> str:
    """The model's prompt for "query" or "document" texts, "" where it has none."""
    return (model.prompts or {}).get(kind) or ""


class TorchEncoder:
    """A model that can't be exported, served by sentence-transformers."""

    def __init__(self, folder: Path) -> None:
        self.info, self.folder = read_info(folder), folder
        self._model = load_model(folder / "model")
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
            raise ModelError(f"a text is longer than the encoder's {self.info.max_tokens} word pieces: {over[:60]!r} …")
        vectors = self._encode(list(texts), prompt)
        if progress:
            progress(len(texts))
        return vectors

    def embed_query(self, question: str) -> Vectors:
        return np.asarray(self._encode([question], self.info.query_prompt)[0])

    def token_states(self, text: str, prompt: str) -> TokenStates:
        raise NotImplementedError(f"{self.info.name} gives no states: its state_layer is 0")

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        with self._lock:
            return unit_rows(np.asarray(self._model.encode(texts, prompt=prompt), np.float32))
