"""A trained network -> the two files the reader is served from: int8 ONNX, a scale for each channel, and word pieces.

    python -m retrieval.training.export_reader FOLDER [--to retrieval/models]

FOLDER holds network.safetensors. What is written is checked against the original before it takes its place.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from retrieval.answer.network import INPUTS, SpanModel
from retrieval.encoder.prepare import find_source, quantise
from retrieval.encoder.prepared import TOKENIZER
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_MODEL
from retrieval.training.network import Network, load_network

NETWORK_FILE, TOKENIZER_FILE = "reader.int8.onnx", "reader.tokenizer.json"
_MOST_APART = {"fp32": 0.01, "int8": 2.5}  # of log odds that range over some twenty
_PROBES = [
    ("When was the agreement signed?", "The Pacific Alliance", "It was signed on 6 June 2012 in Antofagasta, Chile."),
    ("who wrote it", "", "The report, of 40 pages, was written by Ana Pérez and paid for by the bank of the region."),
    (
        "What did 日本 buy?",
        "Trade",
        "Japan bought copper, lithium and wood from Chile; Peru sold fish meal (2019: 12 %).",
    ),
]


def write_graph(network: Network, path: Path) -> None:
    """The network as an ONNX file, any number of texts of any size."""
    pieces = torch.ones((2, 8), dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # exporters warn of what `farthest` tells for certain
        torch.onnx.export(
            network.eval(),
            (pieces, torch.ones_like(pieces), torch.zeros_like(pieces)),
            str(path),
            input_names=list(INPUTS),
            output_names=["scores"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*INPUTS, "scores")},
            opset_version=17,
            dynamo=False,
        )


def export(folder: Path, to: Path) -> dict[str, float]:
    """Write both files; how far fp32 and int8 are from the original at most, in log odds. Raises ModelError."""
    network = load_network(folder)
    apart = {}
    with tempfile.TemporaryDirectory() as made:
        full, small, tokenizer = Path(made, "fp32.onnx"), Path(made, NETWORK_FILE), Path(made, TOKENIZER_FILE)
        shutil.copy(find_source(DEFAULT_MODEL) / TOKENIZER, tokenizer)
        write_graph(network, full)
        quantise(full, small)
        for name, path in (("fp32", full), ("int8", small)):
            apart[name] = farthest(network, SpanModel(path, tokenizer))
            if apart[name] > _MOST_APART[name]:
                raise ModelError(f"the {name} reader differs from the original by {apart[name]:.3f}; it is not written")
        to.mkdir(parents=True, exist_ok=True)
        for path in (small, tokenizer):
            shutil.copy(path, to / path.name)
    return apart


def farthest(network: Network, model: SpanModel) -> float:
    """The largest difference of any figure of the probes between the network and the served model."""
    most = 0.0
    for question, header, text in _PROBES:
        pieces, kinds, first = model.pieces(question, header, text)
        rows = [torch.tensor([row]) for row in (pieces, [1] * len(pieces), kinds)]
        with torch.no_grad():
            figures = network(*rows)[0].numpy()
        (scores,) = model.score(question, [(header, text)])[0]
        odds = figures[first:-1] - figures[:1]
        most = max(most, float(np.abs(odds - np.stack([scores.starts, scores.ends], 1)).max()))
    return most


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, default=Path(__file__).parent.parent / "models")
    given = parser.parse_args(argv)
    apart = export(given.folder, given.to)
    print("; ".join(f"{name} differs by {value:.4f} at most" for name, value in apart.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
