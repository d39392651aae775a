"""A trained network -> the two files that serve the reader: its int8 ONNX model and its tokenizer.

    python -m retrieval.training.export_reader FOLDER [--to retrieval/models]

FOLDER holds network.safetensors. The new files are compared with the network before they replace the old ones.
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
from retrieval.answer.reader import NETWORK_FILE, TOKENIZER_FILE
from retrieval.encoder.prepare import quantise
from retrieval.encoder.sources import find_source
from retrieval.encoder.word_pieces import TOKENIZER
from retrieval.errors import ModelError
from retrieval.settings import READER_BASE
from retrieval.training.network import Network, load_network

MAX_DIFFERENCE = {"fp32": 0.01, "int8": 2.5}  # in log odds, which range over about twenty
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
    """Write the network as an ONNX file that takes any number of texts of any size."""
    pieces = torch.ones((2, 8), dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # exporters warn of differences that `largest_difference` measures
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
    """Write both files; return the largest differences of fp32 and int8 from the network, in log odds.

    Raises ModelError if one is too large; nothing is written then.
    """
    network = load_network(folder)
    differences = {}
    with tempfile.TemporaryDirectory() as temporary:
        full, small, tokenizer = (
            Path(temporary, "fp32.onnx"),
            Path(temporary, NETWORK_FILE),
            Path(temporary, TOKENIZER_FILE),
        )
        shutil.copy(find_source(READER_BASE) / TOKENIZER, tokenizer)
        write_graph(network, full)
        quantise(full, small)
        for name, path in (("fp32", full), ("int8", small)):
            differences[name] = largest_difference(network, SpanModel(path, tokenizer))
            if differences[name] > MAX_DIFFERENCE[name]:
                raise ModelError(
                    f"the {name} reader differs from the original by {differences[name]:.3f} log odds, "
                    f"more than {MAX_DIFFERENCE[name]}; it is not written"
                )
        to.mkdir(parents=True, exist_ok=True)
        for path in (small, tokenizer):
            shutil.copy(path, to / path.name)
    return differences


def largest_difference(network: Network, model: SpanModel) -> float:
    """The largest difference between the network's and the served model's log odds on the probes."""
    largest = 0.0
    for question, header, text in _PROBES:
        pieces, kinds, first = model.pieces(question, header, text)
        rows = [torch.tensor([row]) for row in (pieces, [1] * len(pieces), kinds)]
        with torch.no_grad():
            logits = network(*rows)[0].numpy()
        (scores,) = model.score(question, [(header, text)])[0]
        odds = logits[first:-1] - logits[:1]
        largest = max(largest, float(np.abs(odds - np.stack([scores.starts, scores.ends], 1)).max()))
    return largest


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of a trained network")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent.parent / "models", help="the folder to write")
    given = parser.parse_args(argv)
    differences = export(given.folder, given.to)
    print("; ".join(f"{name} differs by {value:.4f} at most" for name, value in differences.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
