"""The reader: trained networks and their weights, which find the answer in the passages that a search brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.answer.candidates import READ_PASSAGES, Idf, rank_spans, weighted_query, with_probabilities
from retrieval.answer.multilingual import StateModel, multilingual_scorer
from retrieval.answer.network import EnglishNetwork, SpanModel, SpanScorer
from retrieval.answer.ranking import MODELS, WEIGHTS_FILE, ReaderWeights, load_weights
from retrieval.encoder.encoder import Encoder
from retrieval.schema import Candidate, Hit

NETWORK_FILE, TOKENIZER_FILE = "reader.int8.onnx", "reader.tokenizer.json"
MULTILINGUAL_FILE = "reader.multilingual.int8.onnx"


@dataclass(frozen=True, slots=True)
class Reader:
    """The network for English, that for other languages, and the weights that judge their scores.

    Threads may share it. Without a multilingual network, or weights for it, the one for English reads everything.
    """

    network: EnglishNetwork
    weights: ReaderWeights
    multilingual: StateModel | None = None

    def read(self, query: str, hits: Sequence[Hit], idf: Idf, encoder: Encoder) -> list[Candidate]:
        """What may answer the query, best first, from the first READ_PASSAGES hits; none for no hits.

        `idf` weighs the query's terms.
        """
        hits = hits[:READ_PASSAGES]
        scorer: SpanScorer = self.network
        weights = self.weights
        multilingual = multilingual_scorer(query, hits, encoder, self.multilingual)
        if multilingual is not None and weights.multilingual is not None:
            scorer, weights = multilingual, weights.multilingual
        weighted = weighted_query(query, idf)
        return with_probabilities(weighted, rank_spans(weighted, hits, scorer, weights), hits, weights)


def load_reader(folder: Path = MODELS) -> Reader:
    """The reader that is shipped. Raises ModelError."""
    return Reader(load_network(folder), load_weights(folder / WEIGHTS_FILE.name), load_multilingual(folder))


def load_network(folder: Path = MODELS) -> SpanModel:
    """The network for English that is shipped. Raises ModelError."""
    return SpanModel(folder / NETWORK_FILE, folder / TOKENIZER_FILE)


def load_multilingual(folder: Path = MODELS) -> StateModel:
    """The multilingual network that is shipped. Raises ModelError."""
    return StateModel(folder / MULTILINGUAL_FILE)
