"""The reader alone, on the paragraph that each question was asked about: no search, and no threshold of ours.

Where a file has unanswerable questions too, SQuAD 2.0's measures choose the threshold afterwards.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.collection import Collection
from eval.dataset import Question
from eval.measures import Values, auroc, character_f1, exact_match, is_unspaced, squad2_score, token_f1
from eval.significance import Rows, Statistic, difference, estimate, mean_difference, mean_estimate
from eval.systems import reader_sha256
from retrieval.answer.decoding import ScoredSpan, best_spans
from retrieval.answer.multilingual import MultilingualScorer
from retrieval.answer.network import SpanModel, SpanScorer
from retrieval.answer.ranking import MODELS
from retrieval.answer.reader import TOKENIZER_FILE, load_multilingual, load_network
from retrieval.documents.encodings import decode
from retrieval.documents.units import split_sentences
from retrieval.encoder.loading import load_encoder, prepare_encoder
from retrieval.index.build import OnProgress
from retrieval.settings import DEFAULT_MODEL
from retrieval.spans import Span

INT8, FP32, DIFFERENCE = "int8, as shipped", "fp32", "fp32 minus int8"
MULTILINGUAL = "multilingual, as shipped"
EXACT, TOKEN, CHARACTER = "exact match", "token F1", "character F1"
SENTENCE = "sentence right"
ANSWERABLE_MEASURES = (EXACT, TOKEN, CHARACTER, SENTENCE)
"""Means over the answerable questions; character F1 only where the answers' script has no spaces between words."""
SQUAD2_MEASURES = ("SQuAD 2.0 exact match", "SQuAD 2.0 F1", "AUROC answerable")
"""Measures of all questions together, where some are unanswerable."""
READER_MEASURES = (*ANSWERABLE_MEASURES, *SQUAD2_MEASURES)


@dataclass(frozen=True, slots=True)
class Readings:
    """What the reader found for each question: arrays with a value per question.

    `values` are the measures as if each question were answered with the best span. `confidence` is that span's log
    odds, -inf where no span was found. `answerable` is 1 or 0.
    """

    values: Mapping[str, Values]
    confidence: Values
    answerable: Values


def score_reader(
    collection: Collection,
    on_progress: OnProgress,
    original: Path | None = None,
    multilingual: bool = False,
    seed: int = 0,
) -> dict[str, Any]:
    """The measures of the network for English, or of the multilingual one, on a SQuAD file's questions, with intervals.

    `original` is the folder of the trained network that the one for English was made from: it is scored too, with the
    difference. Raises QuothError.
    """
    networks: dict[str, SpanScorer]
    if multilingual:
        encoder = load_encoder(prepare_encoder(DEFAULT_MODEL))
        networks = {MULTILINGUAL: MultilingualScorer(load_multilingual(), encoder)}
    else:
        networks = {INT8: load_network()}
    if original:
        with tempfile.TemporaryDirectory() as folder:
            networks[FP32] = _unquantised(original, Path(folder))
    found = {name: read_collection(collection, network, on_progress) for name, network in networks.items()}
    rows = {name: measured(readings, seed) for name, readings in found.items()}
    if original:
        rows[DIFFERENCE] = compared(found[INT8], found[FP32], seed)
    signature = {
        "collection": collection.name,
        "questions": len(collection.questions),
        "answerable": sum(question.is_answerable for question in collection.questions),
        "reader": reader_sha256(),
    }
    return {"signature": signature, "rows": rows}


def read_collection(collection: Collection, network: SpanScorer, on_progress: OnProgress) -> Readings:
    """What the network finds for each question in the paragraph that it was asked about."""
    asked = collection.questions
    has_characters = is_unspaced(text for question in asked for text in question.answers)
    rows, confidence = [], []
    for number, question in enumerate(asked):
        on_progress("reading", number, len(asked))
        text = decode((collection.docs / collection.paragraphs[question.id]).read_bytes()).text
        (windows,) = network.score(question.question, [("", text)])
        sentences = split_sentences(text)
        best = next(iter(best_spans(text, windows, sentences, 1)), None)
        row = question_values(question, text, sentences, best)
        rows.append(row if has_characters else {name: value for name, value in row.items() if name != CHARACTER})
        confidence.append(best.score if best else -math.inf)
    return Readings(
        values={
            name: np.array([row.get(name, math.nan) for row in rows])
            for name in ANSWERABLE_MEASURES
            if any(name in row for row in rows)
        },
        confidence=np.array(confidence),
        answerable=np.array([float(question.is_answerable) for question in asked]),
    )


def question_values(question: Question, text: str, sentences: list[Span], best: ScoredSpan | None) -> dict[str, float]:
    """The measures of the best span; an unanswerable question has those by SQuAD 2.0's rules only.

    The sentence is right where the one that holds the span also holds an accepted answer at its own place.
    """
    answer = text[best.start : best.end] if best else ""
    found = {EXACT: exact_match(answer, question.answers), TOKEN: token_f1(answer, question.answers)}
    if not question.is_answerable:
        return found
    places = [span for one in question.evidence for span in one.spans]
    chosen = [(first, last) for first, last in sentences if best and first <= best.start < last]
    is_right = any(first <= start and end <= last for first, last in chosen for start, end in places)
    return {**found, CHARACTER: character_f1(answer, question.answers), SENTENCE: float(is_right)}


def measured(readings: Readings, seed: int = 0) -> dict[str, Any]:
    """Every measure that applies, with its interval."""
    means = {name: asdict(mean_estimate(values, seed)) for name, values in _of_answerable(readings).items()}
    n = len(readings.confidence)
    return means | {name: asdict(estimate(one, n, seed)) for name, one in _statistics(readings).items()}


def compared(first: Readings, second: Readings, seed: int = 0) -> dict[str, Any]:
    """Second minus first over the same questions, by measure."""
    own, other = _of_answerable(first), _of_answerable(second)
    means = {name: asdict(mean_difference(own[name], other[name], seed)) for name in own}
    both = _statistics(
        Readings(
            values={name: np.concatenate([first.values[name], second.values[name]]) for name in first.values},
            confidence=np.concatenate([first.confidence, second.confidence]),
            answerable=np.concatenate([first.answerable, second.answerable]),
        )
    )
    n = len(first.confidence)
    return means | {name: asdict(difference(one, one, n, seed)) for name, one in both.items()}


def _of_answerable(readings: Readings) -> dict[str, Values]:
    """The means' values, NaN for unanswerable questions."""
    return {name: np.where(readings.answerable == 1, values, math.nan) for name, values in readings.values.items()}


def _statistics(readings: Readings) -> dict[str, Statistic]:
    """SQuAD 2.0's measures; empty unless there are answerable and unanswerable questions."""
    confidence, answerable = readings.confidence, readings.answerable
    if answerable.all() or not answerable.any():
        return {}

    def best(name: str) -> Statistic:
        values = readings.values[name]
        return lambda rows: squad2_score(values[rows], answerable[rows], confidence[rows])

    def separation(rows: Rows) -> float:
        return auroc(confidence[rows], answerable[rows])

    return dict(zip(SQUAD2_MEASURES, (best(EXACT), best(TOKEN), separation), strict=True))


def _unquantised(network: Path, folder: Path) -> SpanModel:
    """The trained network as fp32 ONNX, written to the folder. Raises ModelError."""
    from retrieval.training.export_reader import write_graph  # needs torch, which no other command of eval does
    from retrieval.training.network import load_network as load_original

    write_graph(load_original(network), folder / "fp32.onnx")
    return SpanModel(folder / "fp32.onnx", MODELS / TOKENIZER_FILE)
