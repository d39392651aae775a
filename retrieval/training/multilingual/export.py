"""A trained multilingual reader -> the int8 ONNX file that serves it.

    python -m retrieval.training.multilingual.export FOLDER [--to retrieval/models]

The new file is compared with the network before it replaces the old one.
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

from retrieval.answer.multilingual import INPUTS, StateModel
from retrieval.answer.ranking import MODELS
from retrieval.answer.reader import MULTILINGUAL_FILE
from retrieval.encoder.encoder import Encoder
from retrieval.encoder.loading import load_encoder, prepare_encoder
from retrieval.encoder.prepare import quantise
from retrieval.errors import ModelError
from retrieval.settings import DEFAULT_MODEL
from retrieval.training.export_reader import MAX_DIFFERENCE
from retrieval.training.multilingual.state_network import ServedNetwork, StateNetwork
from retrieval.training.network import load_saved

_PROBES = [
    ("When was the agreement signed?", "It was signed on 6 June 2012 in Antofagasta, Chile."),
    ("¿Quién escribió el informe?", "The report, of 40 pages, was written by Ana Pérez and paid for by the bank."),
    ("日本は何を買いましたか。", "日本はチリから銅、リチウム、木材を買った。"),
]


def write_graph(network: StateNetwork, path: Path) -> None:
    """Write the network as an ONNX file that takes any number of texts of any size."""
    states = torch.zeros((1, 8, network.config["hidden_size"]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # exporters warn of differences that `largest_difference` measures
        torch.onnx.export(
            ServedNetwork(network).eval(),
            (states[:, :5], states),
            str(path),
            input_names=list(INPUTS),
            output_names=["scores"],
            # Each its own name: sizes of the same name share memory.
            dynamic_axes={name: {0: "texts", 1: f"{name}_pieces"} for name in (*INPUTS, "scores")},
            opset_version=17,
            dynamo=False,
        )


def export(folder: Path, to: Path, encoder: Encoder) -> dict[str, float]:
    """Write the file; return the largest differences of fp32 and int8 from the network, in log odds.

    Raises ModelError if one is too large; nothing is written then.
    """
    network = load_saved(folder, StateNetwork)
    differences = {}
    with tempfile.TemporaryDirectory() as temporary:
        full, small = Path(temporary, "fp32.onnx"), Path(temporary, MULTILINGUAL_FILE)
        write_graph(network, full)
        quantise(full, small)
        for name, path in (("fp32", full), ("int8", small)):
            differences[name] = largest_difference(network, StateModel(path), encoder)
            if differences[name] > MAX_DIFFERENCE[name]:
                raise ModelError(
                    f"the {name} reader differs from the original by {differences[name]:.3f} log odds, "
                    f"more than {MAX_DIFFERENCE[name]}; it is not written"
                )
        to.mkdir(parents=True, exist_ok=True)
        shutil.copy(small, to / MULTILINGUAL_FILE)
    return differences


def largest_difference(network: StateNetwork, model: StateModel, encoder: Encoder) -> float:
    """The largest difference between the network's and the served model's log odds on the probes."""
    served = ServedNetwork(network).eval()
    largest = 0.0
    for question, text in _PROBES:
        asked = encoder.token_states(question, encoder.info.query_prompt).states
        read = encoder.token_states(text, encoder.info.passage_prompt).states
        with torch.no_grad():
            logits = served(torch.from_numpy(asked)[None], torch.from_numpy(read)[None])[0].numpy()
        largest = max(largest, float(np.abs(logits[1:] - logits[:1] - model.scores(asked, read)).max()))
    return largest


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of a trained network")
    parser.add_argument("--to", type=Path, default=MODELS, help="the folder to write")
    given = parser.parse_args(argv)
    differences = export(given.folder, given.to, load_encoder(prepare_encoder(DEFAULT_MODEL)))
    print("; ".join(f"{name} differs by {value:.4f} at most" for name, value in differences.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
