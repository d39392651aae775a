"""A file of training examples, and the batches that are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Example:
    """[CLS] question [SEP] passage [SEP] in word pieces.

    `question` is the number of pieces up to and including the first [SEP]; `first` is the index of the passage's own
    first piece, after its title. The answer is pieces[start:end + 1]; both are 0, the index of [CLS], if there is none.
    """

    pieces: tuple[int, ...]
    question: int
    first: int
    start: int
    end: int


def save_examples(examples: Sequence[Example], path: Path) -> None:
    """Write one file: the word pieces of all examples, the index where each example begins, and its four numbers."""
    np.savez(
        path,
        pieces=np.array([piece for example in examples for piece in example.pieces], np.uint16),
        begins=np.cumsum([0, *(len(example.pieces) for example in examples)]),
        places=np.array([(e.question, e.first, e.start, e.end) for e in examples], np.int32),
    )


@dataclass(frozen=True, slots=True)
class Examples:
    """A file of examples: `pieces[begins[i]:begins[i + 1]]` is example i.

    `places[i]` are its `question`, `first`, `start` and `end` (see Example).
    """

    pieces: npt.NDArray[np.uint16]
    begins: npt.NDArray[np.int64]
    places: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.places)

    def lengths(self) -> npt.NDArray[np.int64]:
        """The number of pieces of each example."""
        return np.diff(self.begins)

    def collate(self, rows: Sequence[int]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """pieces, mask, kinds and allowed, each shape (rows, width), and places, shape (rows, 2): start and end.

        `allowed` is true where an answer may begin or end: at [CLS] and in the passage's own words, not in its title.
        """
        texts = [self.pieces[self.begins[row] : self.begins[row + 1]] for row in rows]
        longest = batch_width(max(map(len, texts)))
        pieces = np.zeros((len(rows), longest), np.int64)
        mask, kinds = np.zeros_like(pieces), np.zeros_like(pieces)
        allowed = np.zeros(pieces.shape, np.bool_)
        for number, (row, text) in enumerate(zip(rows, texts, strict=True)):
            question, first = self.places[row][:2]
            pieces[number, : len(text)] = text
            mask[number, : len(text)] = 1
            kinds[number, question : len(text)] = 1
            allowed[number, first : len(text) - 1] = True
        allowed[:, 0] = True
        places = self.places[list(rows)][:, 2:].astype(np.int64)
        return tuple(torch.from_numpy(array) for array in (pieces, mask, kinds, allowed, places))  # type: ignore[return-value]


def batch_width(longest: int) -> int:
    """The width of a batch: a multiple of 16, because a CPU's kernels are compiled again for each width."""
    return -(-longest // 16) * 16


def load_examples(path: Path) -> Examples:
    """The examples that `save_examples` wrote to the file."""
    with np.load(path) as stored:
        return Examples(stored["pieces"], stored["begins"], stored["places"])
