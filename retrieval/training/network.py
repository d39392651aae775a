"""The reader's network for training: the encoder's layers over question and passage, and two scores per word piece.

Only training, export and evaluation of the original import this; serving runs the ONNX file made from it. Attention is
written out because the backward pass of torch 2.13's fused one is ten times slower in bfloat16 on a CPU (eval/LOG.md,
2026-11-25).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from retrieval.errors import ModelError

_Loaded = TypeVar("_Loaded", bound="SpanNetwork")
_HEADS = 12  # of the encoders that the reader is trained from; an exported graph does not name it
MASKED = -1e4  # far below any score, and still a number in half precision


class Layer(nn.Module):
    """One layer of BERT: attention and a feed-forward part, each added to its input and normalised."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.attend = nn.Linear(width, 3 * width)  # query, key and value in one product
        self.attended = nn.Linear(width, width)
        self.norm_1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm_2 = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(0.0)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        texts, size, width = x.shape
        parts = self.attend(x).view(texts, size, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        weights = torch.softmax((query * (width // self.heads) ** -0.5) @ key.transpose(2, 3) + mask, -1)
        seen = (weights.to(value.dtype) @ value).transpose(1, 2).reshape(texts, size, width)
        x = self.norm_1(x + self.drop(self.attended(seen)))
        out: Tensor = self.norm_2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))
        return out


def through(layers: Iterable[nn.Module], x: Tensor, mask: Tensor) -> Tensor:
    """The output of layers; `mask`, shape (texts, size), is 0 where there is only padding, else 1."""
    hidden = ((1 - mask) * MASKED).to(x.dtype)[:, None, None]
    for layer in layers:
        x = layer(x, hidden)
    return x


class SpanNetwork(nn.Module):
    """A network that gives a start and an end score for each of its inputs; `config` are its sizes."""

    config: dict[str, int]

    def frozen(self) -> Sequence[nn.Module]:
        """The parts that are not trained."""
        return ()

    def set_dropout(self, rate: float) -> None:
        """Set the dropout rate of training, which is 0 at first."""
        for module in self.modules():
            if isinstance(module, nn.Dropout):
                module.p = rate


class Network(SpanNetwork):
    """Word pieces, shape (texts, size), to a start and an end score for each, shape (texts, size, 2)."""

    def __init__(self, config: dict[str, int]) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.config = config
        self.word = nn.Embedding(config["vocab_size"], width)
        self.position = nn.Embedding(config["max_position_embeddings"], width)
        self.kind = nn.Embedding(config["type_vocab_size"], width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(width, config["num_attention_heads"], config["intermediate_size"])
            for _ in range(config["num_hidden_layers"])
        )
        self.head = nn.Linear(width, 2)
        self.drop = nn.Dropout(0.0)

    def forward(self, pieces: Tensor, mask: Tensor, kinds: Tensor) -> Tensor:
        """`mask` is 1 for a piece and 0 for padding; `kinds` is 0 for the question and 1 for the passage."""
        scores: Tensor = self.head(self.hidden(pieces, mask, kinds, len(self.layers)))
        return scores

    def hidden(self, pieces: Tensor, mask: Tensor, kinds: Tensor, layers: int) -> Tensor:
        """The hidden states after that many layers, shape (texts, size, width)."""
        positions = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.drop(self.norm(self.word(pieces) + self.position(positions) + self.kind(kinds)))
        return through(self.layers[:layers], x, mask)

    def frozen(self) -> Sequence[nn.Module]:
        return self.word, self.position, self.kind


_SIZES = (
    "vocab_size",
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "max_position_embeddings",
    "type_vocab_size",
)
_NAMES = {
    "attended": "attention.output.dense",
    "norm_1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm_2": "output.LayerNorm",
}


def from_encoder(folder: Path) -> Network:
    """A network with the weights of the BERT encoder in the folder and a random head."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    theirs = load_file(folder / "model.safetensors")
    network = Network({name: config[name] for name in _SIZES})
    ours = {"head.weight": network.head.weight.detach(), "head.bias": network.head.bias.detach()}
    for name, part in (("word", "word"), ("position", "position"), ("kind", "token_type")):
        ours[f"{name}.weight"] = theirs[f"embeddings.{part}_embeddings.weight"]
    for kind in ("weight", "bias"):
        ours[f"norm.{kind}"] = theirs[f"embeddings.LayerNorm.{kind}"]
        for layer in range(config["num_hidden_layers"]):
            stem = f"encoder.layer.{layer}"
            ours[f"layers.{layer}.attend.{kind}"] = torch.cat(
                [theirs[f"{stem}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
            for name, part in _NAMES.items():
                ours[f"layers.{layer}.{name}.{kind}"] = theirs[f"{stem}.{part}.{kind}"]
    network.load_state_dict(ours)
    return network


def from_served(path: Path) -> Network:
    """The network in an int8 file that `export_reader` wrote, its weights multiplied out again.

    int8 weights differ from the trained ones by at most half a step of their channel's scale.
    """
    graph = onnx.load(path).graph
    stored = {part.name: numpy_helper.to_array(part) for part in graph.initializer}
    ours: dict[str, Tensor] = {}
    for node in graph.node:
        quantised = next((name for name in node.input if name in stored and name.endswith("_quantized")), None)
        if quantised is None:
            continue
        stem = quantised.removesuffix("_quantized")
        zero, scale = stored[f"{stem}_zero_point"].astype(np.float32), stored[f"{stem}_scale"]
        weight = (stored[quantised].astype(np.float32) - zero) * scale
        if node.op_type == "Gather":  # "word.weight"
            ours[stem] = torch.from_numpy(weight)
        else:  # the node "/layers.0/attend/MatMul_quant" multiplies by the weight's transpose
            module = node.name.strip("/").rpartition("/")[0].replace("/", ".")  # of "layers.0/attend"
            ours[f"{module}.weight"] = torch.from_numpy(weight.T.copy())
    ours |= {
        name: torch.from_numpy(value.copy()) for name, value in stored.items() if re.search(r"\.(weight|bias)$", name)
    }
    vocabulary, width = ours["word.weight"].shape
    layers = 1 + max(int(name.split(".")[1]) for name in ours if name.startswith("layers."))
    network = Network(
        {
            "vocab_size": vocabulary,
            "hidden_size": width,
            "num_hidden_layers": layers,
            "num_attention_heads": _HEADS,
            "intermediate_size": ours["layers.0.up.bias"].shape[0],
            "max_position_embeddings": ours["position.weight"].shape[0],
            "type_vocab_size": ours["kind.weight"].shape[0],
        }
    )
    network.load_state_dict(ours)
    return network


def mean_of(networks: Sequence[Network]) -> Network:
    """A new network with the mean of their weights; all must have the same size."""
    states = [network.state_dict() for network in networks]
    mean = Network(networks[0].config)
    mean.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return mean


def save_network(network: SpanNetwork, folder: Path) -> None:
    """Write network.safetensors and network.json to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(network.state_dict(), folder / "network.safetensors")
    (folder / "network.json").write_text(json.dumps(network.config), encoding="utf-8")


def load_network(folder: Path) -> Network:
    """The network that `save_network` wrote to the folder, or that of an int8 file that serves. Raises ModelError."""
    return from_served(folder) if folder.suffix == ".onnx" else load_saved(folder, Network)


def load_saved(folder: Path, kind: Callable[[dict[str, int]], _Loaded]) -> _Loaded:
    """The network of that kind that `save_network` wrote to the folder. Raises ModelError."""
    try:
        network = kind(json.loads((folder / "network.json").read_text(encoding="utf-8")))
        network.load_state_dict(load_file(folder / "network.safetensors"))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"{folder} holds no trained network: {error}; name the folder of a training run") from error
    return network
