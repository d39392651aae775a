"""The multilingual reader: it reads the encoder's hidden states of question and passage, not word pieces of its own.

The encoder was trained on a hundred languages, and its middle layers put words of the same meaning near each other
whatever their language. So a network that learns to read those states in English, Japanese and Portuguese reads other
languages too. Question and passage go through the encoder's lower layers apart, then through this network together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.answer.network import SpanScores, windows
from retrieval.encoder.encoder import Encoder, TokenStates
from retrieval.encoder.vectors import Vectors
from retrieval.errors import ModelError
from retrieval.inference import LateSession, Session, map_in_threads, open_session
from retrieval.language import language_of
from retrieval.schema import Hit
from retrieval.spans import Span

INPUTS = ("question", "passage")
QUESTION_TOKENS = 48  # what it was trained on
_ENGLISH = ("en", None)  # None: nothing tells the language
_DECIDING_HITS = 3


class StateModel:
    """The network in a file, loaded when it is first used. Threads may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._session = LateSession(self._open)

    def _open(self) -> Session:
        try:
            return open_session(self._path)
        except Exception as error:  # the library raises bare Exceptions of its own
            raise ModelError(f"can't load the reader {self._path}: {error}; install Quoth again") from error

    def scores(self, question: Vectors, passage: Vectors) -> Vectors:
        """The log odds of each of the passage's states, shape (pieces, 2): that the answer begins or ends there.

        Both are hidden states of one layer of the encoder, shape (pieces, width). Raises ModelError.
        """
        given = dict(zip(INPUTS, (question[None], passage[None]), strict=True))
        (logits,) = self._session.opened().run(None, given)
        odds: Vectors = logits[0, 1:] - logits[0, :1]  # the first row stands for "no answer here"
        return odds


@dataclass(frozen=True, slots=True)
class MultilingualScorer:
    """The network over an encoder's hidden states, used as SpanModel is."""

    network: StateModel
    encoder: Encoder

    def score(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[SpanScores]]:
        """For each (header, text) the scores of its windows, in order; a text without words has no window.

        The header is read with the text but holds no answer.
        """
        info = self.encoder.info
        asked = self.encoder.token_states(question, info.query_prompt).states[-QUESTION_TOKENS:]

        def scores_of(given: tuple[str, str]) -> list[SpanScores]:
            header, text = given
            opening = f"{header}\n" if header else ""
            read = self.encoder.token_states(opening + text, info.passage_prompt)
            first = sum(end <= len(opening) for _, end in read.spans)
            spans = [(max(start - len(opening), 0), end - len(opening)) for start, end in read.spans[first:]]
            own = TokenStates(read.states[first:], spans)
            return [self._scores(asked, read.states[:first], own, window) for window in windows(len(spans))]

        return list(map_in_threads(scores_of, texts))

    def _scores(self, asked: Vectors, header: Vectors, own: TokenStates, window: Span) -> SpanScores:
        odds = self.network.scores(asked, np.concatenate([header, own.states[slice(*window)]]))[len(header) :]
        return SpanScores(tuple(own.spans[slice(*window)]), odds[:, 0], odds[:, 1])


def multilingual_scorer(
    query: str, hits: Sequence[Hit], encoder: Encoder, network: StateModel | None
) -> MultilingualScorer | None:
    """The scorer if the question or most of the first documents are not in English, else None.

    Also None without a network, or with an encoder that gives no states.
    """
    if network is None or not encoder.info.state_layer:
        return None
    foreign = [hit.document.language not in _ENGLISH for hit in hits[:_DECIDING_HITS]]
    is_english = language_of(query) in _ENGLISH and sum(foreign) * 2 <= len(foreign)
    return None if is_english else MultilingualScorer(network, encoder)
