"""Texts to unit vectors with ONNX Runtime: what serves every question. No torch and no transformers here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.encoder.embedding_table import EmbeddingTable
from retrieval.encoder.prepared import STATES_FILE, EncoderInfo, model_file, read_info, sha256_of_model_file
from retrieval.encoder.vectors import Vectors, unit_rows
from retrieval.encoder.word_pieces import load_word_pieces
from retrieval.errors import ModelError
from retrieval.inference import LateSession, Session, map_in_threads, open_session
from retrieval.settings import Dtype
from retrieval.spans import Span

Progress = Callable[[int], None]
"""Called with the number of items done since the last call."""


@dataclass(frozen=True, slots=True)
class TokenStates:
    """The hidden states of a text's word pieces: float32, shape (pieces, width), and where each piece stands."""

    states: Vectors
    spans: list[Span]


class Encoder(Protocol):
    """Texts to vectors of unit length, float32, shape (n, info.dimension). `folder` holds the prepared files."""

    info: EncoderInfo
    folder: Path

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces in each text, without special tokens."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """A row for each text. Raises ModelError for a text over the limit: nothing is cut silently."""

    def embed_query(self, question: str) -> Vectors:
        """The vector of a question, shape (dimension,), with the model's query prompt; an overlong one is cut."""

    def token_states(self, text: str, prompt: str) -> TokenStates:
        """The hidden states after `info.state_layer`, which must not be 0, of the text read after the prompt.

        Neither the prompt nor special tokens are among them; an overlong text is cut.
        """


class OnnxEncoder:
    """The encoder in a prepared folder, on the CPU. Raises ModelError where a file is missing or altered."""

    def __init__(self, folder: Path) -> None:
        self.info, self.folder = read_info(folder), folder
        for name in self.info.files:
            if name != STATES_FILE:
                self._check(name)
        try:
            self._session = open_session(folder / model_file(self.info.dtype))
            self._tokenizer = load_word_pieces(folder, self.info.tokenizer)
            self._table = EmbeddingTable(folder) if self.info.embeddings == "table" else None
        except Exception as error:  # the libraries raise bare Exceptions of their own
            raise self._not_loaded(error) from error
        self._lower_layers = LateSession(self._open_lower_layers)

    def _check(self, name: str) -> None:
        """Raises ModelError where the file is missing or altered."""
        if sha256_of_model_file(self.folder / name) != self.info.files[name]:
            raise ModelError(
                f"{self.folder / name} is not the file that was prepared; delete {self.folder} and run `quoth index`"
            )

    def _open_lower_layers(self) -> Session:
        self._check(STATES_FILE)
        try:
            return open_session(self.folder / STATES_FILE)
        except Exception as error:  # the library raises bare Exceptions of its own
            raise self._not_loaded(error) from error

    def _not_loaded(self, error: Exception) -> ModelError:
        return ModelError(f"can't load the encoder in {self.folder}: {error}; delete the folder and run `quoth index`")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._tokenizer.ids(texts, with_special_tokens=False)]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        rows = self._tokenizer.ids([self.info.passage_prompt + text for text in texts], with_special_tokens=True)
        for text, row in zip(texts, rows, strict=True):
            if len(row) > self.info.max_tokens:
                raise ModelError(
                    f"a text has {len(row)} word pieces, and the encoder reads at most {self.info.max_tokens}: "
                    f"{text[:60]!r} …; make passages smaller"
                )
        vectors = np.empty((len(texts), self.info.dimension), np.float32)
        batches = length_batches([len(row) for row in rows], batch_size(self.info.dtype))
        found = map_in_threads(lambda batch: self._run([rows[number] for number in batch]), batches)
        for batch, made in zip(batches, found, strict=True):
            vectors[batch] = made
            if progress:
                progress(len(batch))
        return vectors

    def embed_query(self, question: str) -> Vectors:
        (ids,) = self._tokenizer.ids([self.info.query_prompt + question], with_special_tokens=True)
        if len(ids) > self.info.max_tokens:
            ids = ids[: self.info.max_tokens - 1] + ids[-1:]  # the closing special token stays
        return np.asarray(self._run([ids])[0])

    def token_states(self, text: str, prompt: str) -> TokenStates:
        before, after = self._tokenizer.special_tokens
        ids, spans = self._tokenizer.pieces(prompt + text)
        room = self.info.max_tokens - len(before) - len(after)
        ids, spans = ids[:room], spans[:room]
        whole = self._output(self._lower_layers.opened(), [[*before, *ids, *after]])[0]
        states = whole[len(before) : len(before) + len(ids)]
        own = [number for number, (_, end) in enumerate(spans) if end > len(prompt)]
        shifted = [(max(spans[number][0] - len(prompt), 0), spans[number][1] - len(prompt)) for number in own]
        return TokenStates(states[own], shifted)

    def _run(self, rows: Sequence[Sequence[int]]) -> Vectors:
        return unit_rows(self._output(self._session, rows))

    def _output(self, session: Session, rows: Sequence[Sequence[int]]) -> Vectors:
        """The session's first output for the texts with these pieces."""
        width = max(len(row) for row in rows)
        ids = np.zeros((len(rows), width), np.int64)
        mask = np.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        values: dict[str, npt.NDArray[Any]] = {"attention_mask": mask}
        if self._table:
            values["inputs_embeds"] = self._table.embeddings(ids)
        else:
            values |= {"input_ids": ids, "token_type_ids": np.zeros_like(ids)}
        given = {value.name: values[value.name] for value in session.get_inputs()}
        (found,) = session.run([session.get_outputs()[0].name], given)
        return np.asarray(found, np.float32)


def batch_size(dtype: Dtype) -> int:
    """How many texts run together.

    An int8 model scales its activations over the batch, so only a text that runs alone has a vector that does not
    depend on its neighbours. On two cores batches are no faster (eval/LOG.md, 2026-11-22).
    """
    return 1 if dtype == "int8" else 16


def length_batches(lengths: Sequence[int], size: int) -> list[list[int]]:
    """Row numbers in batches of texts of similar length, longest first, so that little is padding."""
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    return [order[start : start + size] for start in range(0, len(order), size)]
