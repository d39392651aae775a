"""The multilingual reader's network for training: layers over hidden states, and two scores per word piece.

The layers begin as the upper layers of the English reader. The states are first mapped to what those layers know, the
hidden states of the English reader two layers up; `starting_network` finds that map by linear regression on words that
both networks read. (eval/LOG.md, 2026-11-28.)
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from retrieval.answer.network import special_pieces
from retrieval.spans import Span
from retrieval.training.multilingual.states import StoredSquad, StoredStates
from retrieval.training.network import Layer, Network, SpanNetwork, through

NO_ANSWER, QUESTION, MIDDLE, PASSAGE, END = range(5)
"""What stands at a place: a mark before, between or after the texts, or a piece of one. The first means "no answer"."""
REPLACED_LAYERS = 2
"""How many lower layers of the English reader the encoder's layers and the map stand for."""
_MARKS = (NO_ANSWER, MIDDLE, END)
_SAMPLE = 500  # questions, with their paragraphs, for the regression: some 100,000 word pieces
_RIDGE = 1.0


class StateNetwork(SpanNetwork):
    """States, shape (texts, size, width), to a start and an end score for each, shape (texts, size, 2)."""

    def __init__(self, config: dict[str, int]) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.config = config
        self.question, self.passage = nn.Linear(width, width), nn.Linear(width, width)
        self.marks = nn.Embedding(5, width)  # rows of _MARKS alone are used
        self.layers = nn.ModuleList(
            Layer(width, config["num_attention_heads"], config["intermediate_size"])
            for _ in range(config["num_hidden_layers"])
        )
        self.head = nn.Linear(width, 2)

    def forward(self, states: Tensor, mask: Tensor, kinds: Tensor) -> Tensor:
        """`mask` is 1 for a state or mark and 0 for padding; `kinds` says what stands at each place."""
        kind = kinds[..., None]
        x = torch.where(kind == QUESTION, self.question(states), self.passage(states))
        x = torch.where((kind == QUESTION) | (kind == PASSAGE), x, self.marks(kinds).to(x.dtype))
        scores: Tensor = self.head(through(self.layers, x, mask))
        return scores


class ServedNetwork(nn.Module):
    """The network as it serves: states of a question and of a passage, shape (texts, pieces, width), to scores.

    Scores have shape (texts, 1 + passage's pieces, 2); the first row is that of "no answer".
    """

    def __init__(self, network: StateNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, question: Tensor, passage: Tensor) -> Tensor:
        mark = question[:, :1]
        states = torch.cat([mark, question, mark, passage, mark], 1)
        parts = zip((mark, question, mark, passage, mark), range(5), strict=True)
        kinds = torch.cat([torch.full_like(part[..., 0], kind, dtype=torch.long) for part, kind in parts], 1)
        scores: Tensor = self.network(states, torch.ones_like(kinds), kinds)
        first = question.shape[1] + 2
        return torch.cat([scores[:, :1], scores[:, first:-1]], 1)


def starting_network(english: Network, stored: StoredSquad, tokenizer: Tokenizer, seed: int) -> StateNetwork:
    """A network that has the English reader's upper layers, and reads English a little before it is trained."""
    config = english.config | {"num_hidden_layers": english.config["num_hidden_layers"] - REPLACED_LAYERS}
    network = StateNetwork(config)
    for layer, source in zip(network.layers, list(english.layers)[REPLACED_LAYERS:], strict=True):
        layer.load_state_dict(source.state_dict())
    network.head.load_state_dict(english.head.state_dict())
    pairs: dict[str, list[tuple[Tensor, Tensor]]] = {"question": [], "passage": []}
    marks = []
    for number in random.Random(seed).sample(range(len(stored.questions)), min(_SAMPLE, len(stored.questions))):
        question = stored.questions[number]
        asked, text = (
            tokenizer.encode(each, add_special_tokens=False)
            for each in (question.question, stored.paragraphs[question.paragraph].text)
        )
        room = english.config["max_position_embeddings"] - len(asked.ids) - 3
        hidden = _hidden(english, asked.ids, text.ids[:room], special_pieces(tokenizer))
        middle = len(asked.ids) + 1
        marks.append(hidden[[0, middle, -1]])
        pairs["question"].append(_aligned(stored.of_questions, number, asked.offsets, hidden[1:middle]))
        pairs["passage"].append(
            _aligned(stored.of_paragraphs, question.paragraph, text.offsets[:room], hidden[middle + 1 : -1])
        )
    network.marks.weight.data[list(_MARKS)] = torch.stack(marks).mean(0)
    for name, found in pairs.items():
        _fit(getattr(network, name), torch.cat([x for x, _ in found]), torch.cat([y for _, y in found]))
    return network


def _hidden(english: Network, question: list[int], passage: list[int], special: Span) -> Tensor:
    """The English reader's hidden states after REPLACED_LAYERS layers, shape (pieces, width)."""
    cls, sep = special
    pieces = torch.tensor([[cls, *question, sep, *passage, sep]])
    kinds = torch.tensor([[0] * (len(question) + 2) + [1] * (len(passage) + 1)])
    with torch.no_grad():
        return english.hidden(pieces, torch.ones_like(pieces), kinds, REPLACED_LAYERS)[0]


def _aligned(stored: StoredStates, number: int, spans: Sequence[Span], hidden: Tensor) -> tuple[Tensor, Tensor]:
    """Each state of the text for which the English reader has pieces in the same place, and the mean of those."""
    states, means = [], []
    ends = np.array(spans).reshape(-1, 2)
    for state, (start, end) in zip(stored.states(number), stored.spans(number), strict=True):
        same = np.flatnonzero((ends[:, 0] < end) & (start < ends[:, 1]))
        if len(same):
            states.append(torch.from_numpy(state.astype(np.float32)))
            means.append(hidden[same].mean(0))
    empty = hidden[:0]
    return (torch.stack(states), torch.stack(means)) if states else (empty, empty)


def _fit(layer: nn.Linear, states: Tensor, hidden: Tensor) -> None:
    """Set the layer to the linear regression of the hidden states on the encoder's."""
    x = torch.cat([states, torch.ones(len(states), 1)], 1).double()
    weights = torch.linalg.solve(x.T @ x + _RIDGE * torch.eye(x.shape[1]).double(), x.T @ hidden.double()).float()
    layer.weight.data, layer.bias.data = weights[:-1].T.contiguous(), weights[-1].clone()
