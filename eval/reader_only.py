"""The reader alone: exact match and F1 on the paragraphs that hold the answers, without search or abstaining."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from eval.collection import Collection
from eval.dataset import Question
from eval.measures import Values, exact_match, token_f1
from eval.significance import mean_difference, mean_estimate
from eval.systems import reader_sha256
from retrieval.answer.decoding import best_spans
from retrieval.answer.network import SpanModel, SpanScorer
from retrieval.answer.ranking import MODELS
from retrieval.answer.reader import TOKENIZER_FILE, load_network
from retrieval.documents.encodings import decode
from retrieval.documents.passages import split_sentences
from retrieval.index.build import OnProgress

INT8, FP32, DIFFERENCE = "int8, as shipped", "fp32", "fp32 minus int8"
READER_MEASURES = ("exact match", "token F1")


def score_reader(
    collection: Collection, on_progress: OnProgress, original: Path | None = None, seed: int = 0
) -> dict[str, Any]:
    """Exact match and F1 on the answerable questions, with intervals.

    `original` is the folder of the trained network that the shipped one was made from: it is scored too, with the
    difference. Raises QuothError.
    """
    asked = [question for question in collection.questions if question.is_answerable]
    networks: dict[str, SpanScorer] = {INT8: load_network()}
    if original:
        with tempfile.TemporaryDirectory() as folder:
            networks[FP32] = _unquantised(original, Path(folder))
    columns = {name: _scored(asked, collection, network, on_progress) for name, network in networks.items()}
    rows = {
        name: {
            measure: asdict(mean_estimate(values, seed))
            for measure, values in zip(READER_MEASURES, column.T, strict=True)
        }
        for name, column in columns.items()
    }
    if original:
        both = zip(READER_MEASURES, columns[INT8].T, columns[FP32].T, strict=True)
        rows[DIFFERENCE] = {name: asdict(mean_difference(small, full, seed)) for name, small, full in both}
    signature = {"collection": collection.name, "questions": len(asked), "reader": reader_sha256()}
    return {"signature": signature, "rows": rows}


def _scored(asked: Sequence[Question], collection: Collection, network: SpanScorer, on_progress: OnProgress) -> Values:
    """Exact match and F1, shape (questions, 2)."""
    values = np.zeros((len(asked), len(READER_MEASURES)))
    for row, question in enumerate(asked):
        on_progress("reading", row, len(asked))
        text, _ = decode((collection.docs / question.evidence[0].document).read_bytes())
        (windows,) = network.score(question.question, [("", text)])
        found = best_spans(text, windows, split_sentences(text), 1)
        answer = text[found[0].start : found[0].end] if found else ""
        values[row] = exact_match(answer, question.answers), token_f1(answer, question.answers)
    return values


def _unquantised(network: Path, folder: Path) -> SpanModel:
    """The trained network as fp32 ONNX, written to the folder. Raises ModelError."""
    from retrieval.training.export_reader import write_graph  # needs torch, which no other command of eval does
    from retrieval.training.network import load_network as load_original

    write_graph(load_original(network), folder / "fp32.onnx")
    return SpanModel(folder / "fp32.onnx", MODELS / TOKENIZER_FILE)
