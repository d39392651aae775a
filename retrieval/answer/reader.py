"""The reader: a trained network and its weights, which find the answer in the passages that a search brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.answer.candidates import READ_PASSAGES, Idf, rank_spans, weighted_query, with_probabilities
from retrieval.answer.network import SpanModel, SpanScorer
from retrieval.answer.ranking import MODELS, WEIGHTS_FILE, ReaderWeights, load_weights
from retrieval.answer.sentences import needs_sentences, rank_sentences
from retrieval.encoder.encoder import Encoder
from retrieval.schema import Candidate, Hit

NETWORK_FILE, TOKENIZER_FILE = "reader.int8.onnx", "reader.tokenizer.json"


@dataclass(frozen=True, slots=True)
class Reader:
    """A network that scores spans and the weights that judge its scores. Threads may share it."""

    network: SpanScorer
    weights: ReaderWeights

    def read(self, query: str, hits: Sequence[Hit], idf: Idf, encoder: Encoder) -> list[Candidate]:
        """What may answer the query, best first, from the first READ_PASSAGES hits; none for no hits.

        `idf` weighs the query's terms. The network reads English; for other languages the encoder chooses sentences.
        """
        hits = hits[:READ_PASSAGES]
        weighted = weighted_query(query, idf)
        if needs_sentences(query, hits):
            return rank_sentences(weighted, hits, encoder, self.weights.sentences)
        return with_probabilities(weighted, rank_spans(weighted, hits, self.network, self.weights), hits, self.weights)


def load_reader(folder: Path = MODELS) -> Reader:
    """The reader that is shipped. Raises ModelError."""
    return Reader(load_network(folder), load_weights(folder / WEIGHTS_FILE.name))


def load_network(folder: Path = MODELS) -> SpanModel:
    """The network that is shipped. Raises ModelError."""
    return SpanModel(folder / NETWORK_FILE, folder / TOKENIZER_FILE)
