"""The reader's network for English: a question with a text -> how likely the answer begins or ends at each word piece.

It is served from two files in models/, the int8 network and its tokenizer; training/export_reader.py makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from retrieval.errors import ModelError
from retrieval.inference import map_in_threads, open_session
from retrieval.spans import Span

LogOdds = npt.NDArray[np.float32]

INPUTS = ("pieces", "mask", "kinds")
QUESTION_TOKENS, HEADER_TOKENS = 40, 24
WINDOW_TOKENS = 300  # of a text; what it was trained on has no more
_OVERLAP_TOKENS = 100
_DISABLED_OPTIMIZERS = ("SkipLayerNormFusion",)  # six times slower than the two steps it stands for (onnxruntime 1.32)


@dataclass(frozen=True, slots=True)
class SpanScores:
    """The network's scores for a text, or for one window of it: a row for each word piece.

    `spans` are the pieces' offsets in the text. `starts` and `ends`, shape (pieces,), are log odds: how much likelier
    the answer begins or ends there than that the text holds none. So scores of different texts can be compared.
    """

    spans: tuple[Span, ...]
    starts: LogOdds
    ends: LogOdds

    @property
    def relevance(self) -> float:
        """Log odds that the text holds an answer, wherever it stands."""
        return float(np.logaddexp.reduce(self.starts) + np.logaddexp.reduce(self.ends)) / 2


class SpanScorer(Protocol):
    """What scores spans."""

    def score(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[SpanScores]]:
        """For each (header, text) the scores of its windows."""


class EnglishNetwork(SpanScorer, Protocol):
    """SpanModel, or a stand-in for it."""

    def is_common_word(self, word: str) -> bool:
        """Whether the folded word is a common one."""


class SpanModel:
    """The network in a file. Threads may share it; the same question and text always give the same scores.

    Raises ModelError where the files can't be loaded.
    """

    def __init__(self, network: Path, tokenizer: Path) -> None:
        try:
            self._session = open_session(network, _DISABLED_OPTIMIZERS)
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise ModelError(f"can't load the reader in {network.parent}: {error}; install Quoth again") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep = special_pieces(self._tokenizer)

    def score(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[SpanScores]]:
        """For each (header, text) the scores of its windows, in order; a text without words has no window.

        The header is read with the text but holds no answer. Each window is run alone: int8 scales activations over
        everything in a batch, and scores must not depend on a text's neighbours.
        """
        opening = self._question(question)
        headers = self._tokenizer.encode_batch([header for header, _ in texts], add_special_tokens=False)
        coded = self._tokenizer.encode_batch([text for _, text in texts], add_special_tokens=False)

        def scores_of(given: tuple[Encoding, Encoding]) -> list[SpanScores]:
            header, row = given
            return [self._run(opening, header.ids[:HEADER_TOKENS], row, window) for window in windows(len(row.ids))]

        return list(map_in_threads(scores_of, list(zip(headers, coded, strict=True))))

    def is_common_word(self, word: str) -> bool:
        """Whether the folded word is a single word piece; some 20,000 common words and names are."""
        return self._tokenizer.token_to_id(word) is not None

    def pieces(self, question: str, header: str, text: str) -> tuple[list[int], list[int], int]:
        """The network's input for a text of one window: pieces, kinds, and the index of the text's first piece."""
        given = self._tokenizer.encode_batch([header, text], add_special_tokens=False)
        return self._joined(self._question(question), given[0].ids[:HEADER_TOKENS], given[1].ids)

    def _question(self, question: str) -> list[int]:
        """The question's pieces; only its end where it is long, since people tell their story first and then ask."""
        ids = self._tokenizer.encode(question, add_special_tokens=False).ids
        return [self._cls, *ids[-QUESTION_TOKENS:], self._sep]

    def _joined(self, opening: list[int], header: list[int], ids: list[int]) -> tuple[list[int], list[int], int]:
        pieces = [*opening, *header, *ids, self._sep]
        return pieces, [0] * len(opening) + [1] * (len(pieces) - len(opening)), len(opening) + len(header)

    def _run(self, opening: list[int], header: list[int], row: Encoding, window: Span) -> SpanScores:
        pieces, kinds, first = self._joined(opening, header, row.ids[slice(*window)])
        values = (pieces, [1] * len(pieces), kinds)
        given = {name: np.array([value], np.int64) for name, value in zip(INPUTS, values, strict=True)}
        (logits,) = self._session.run(None, given)
        odds = logits[0, first:-1] - logits[0, :1]
        return SpanScores(tuple(row.offsets[slice(*window)]), odds[:, 0], odds[:, 1])


def special_pieces(tokenizer: Tokenizer) -> tuple[int, int]:
    """The ids of [CLS] and [SEP]. Raises ModelError for a tokenizer that lacks them."""
    cls, sep = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
    if cls is None or sep is None:
        raise ModelError("the reader's tokenizer has no [CLS] or [SEP]; install Quoth again")
    return int(cls), int(sep)


def windows(size: int) -> list[Span]:
    """Ranges of word pieces that cover a text of that size, overlapping where one is not enough; none for 0."""
    if size <= WINDOW_TOKENS:
        return [(0, size)] if size else []
    starts = [*range(0, size - WINDOW_TOKENS, WINDOW_TOKENS - _OVERLAP_TOKENS), size - WINDOW_TOKENS]
    return [(start, start + WINDOW_TOKENS) for start in starts]
