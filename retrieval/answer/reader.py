"""Hits -> candidates: which stretch of which passage answers, and how likely it does.

A trained network reads question and passage together (span_model.py); its figures, the search's scores and a few plain
facts are weighed by weights fitted on judged questions (training/fit_confidence.py): first which stretch is best, then
how likely that one is right. All of it stands in models/reader.json with its card.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import Protocol

import numpy as np

from retrieval.answer.agreement import Said, is_same, said
from retrieval.answer.decoding import best_spans
from retrieval.answer.network import Scores, SpanModel
from retrieval.answer.question_kind import Kind, kind_of, whole_clause, whole_list
from retrieval.documents.passages import header_of
from retrieval.errors import ModelError
from retrieval.schema import Candidate, Hit, Span
from retrieval.settings import ANSWER_PRECISION
from retrieval.text import terms

Idf = Callable[[str], float]

READ_PASSAGES = 10
SPANS_A_PASSAGE = 3
MODELS = Path(__file__).parent.parent / "models"
WEIGHTS_FILE, NETWORK_FILE = MODELS / "reader.json", "reader.int8.onnx"
_WHOLE = {"list": whole_list, "reason": whole_clause}
"""What an answer is made whole by, for the kinds of questions that ask for more than a name or a number."""
_MOST_AHEAD = 8.0  # log odds; a lead over nothing, and the most that counts
_POINTS_BACK = re.compile(
    r"(?:It|They|He|She|This|These|That|Those|Its|Their|His|Her|Such|Both|The latter|The former)\b"
)


class Network(Protocol):
    """What reads: SpanModel, or a stand-in for it."""

    def score(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Scores]]:
        """For each (header, text) the scores of its windows."""

    def knows(self, word: str) -> bool:
        """Whether the folded word is a common one."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How figures are weighed: `ranking` adds up to the order of candidates, `sure` with `bias` to the log odds that
    the first is right. `thresholds` are the probabilities below which the reader abstains, by the share of right
    answers that is wanted of what is answered."""

    ranking: Mapping[str, float]
    bias: float
    sure: Mapping[str, float]
    thresholds: Mapping[float, float]

    def threshold(self, precision: float = ANSWER_PRECISION) -> float:
        """That of the wanted precision, in a straight line between those that were fitted."""
        wanted = sorted(self.thresholds)
        return float(np.interp(precision, wanted, [self.thresholds[one] for one in wanted]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the reader sees it: `weights` has the idf of each of its terms, in the order they are asked."""

    kind: Kind
    weights: Mapping[str, float]

    def share(self, found: Collection[str]) -> float:
        """Share of the question's weight that lies in the terms found, 0 to 1."""
        total = sum(self.weights.values())
        return sum(weight for term, weight in self.weights.items() if term in found) / total if total else 0.0


@cache
def load_weights(path: Path = WEIGHTS_FILE) -> Weights:
    """The fitted weights. Raises ModelError."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        thresholds = {float(precision): threshold for precision, threshold in stored["thresholds"].items()}
        return Weights(stored["ranking"], stored["bias"], stored["sure"], thresholds)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"can't load the reader's weights in {path}: {error}; install quoth again") from error


@cache
def load_network(folder: Path = MODELS) -> Network:
    """The trained network that is shipped. Raises ModelError."""
    return SpanModel(folder / NETWORK_FILE, folder / "reader.tokenizer.json")


def read(question: str, hits: Sequence[Hit], network: Network, idf: Idf, weights: Weights) -> list[Candidate]:
    """The best stretches of the hits as candidates, the likeliest first; `idf` weighs a term by how rare it is."""
    asked = Asked(kind_of(question), {term: idf(term) for term in terms(question)})
    hits = hits[:READ_PASSAGES]
    scored = network.score(question, [(header_of(hit.document, hit.section), hit.passage.text) for hit in hits])
    found = [
        candidate
        for hit, windows in zip(hits, scored, strict=True)
        for candidate in _candidates(asked, hit, hits[0], windows, weights)
    ]
    found.sort(key=lambda candidate: (-candidate.score, candidate.hit.rank, candidate.start))
    return weigh(asked, _once(found), hits, weights)


def _candidates(asked: Asked, hit: Hit, best: Hit, windows: Sequence[Scores], weights: Weights) -> list[Candidate]:
    """Those of one passage; their score is the weighed sum that orders them."""
    text = hit.passage.text
    found = []
    for stretch in best_spans(text, windows, hit.passage.sentences, SPANS_A_PASSAGE):
        sentence = next(span for span in hit.passage.sentences if span[0] <= stretch.start and stretch.end <= span[1])
        own = terms(text[slice(*sentence)])
        before = terms(text[slice(*_with_before(hit, sentence))])
        parts = {
            "span": stretch.score,
            "relevance": max(scores.relevance for scores in windows),
            "cosine": hit.dense,
            "behind_best": best.score - hit.score,
            "shared": asked.share(set(own)),
            "shared_before": asked.share(set(before)),
            "pairs": _pairs(list(asked.weights), own),
        }
        answer = (stretch.start, stretch.end)
        if asked.kind in _WHOLE:
            answer = _WHOLE[asked.kind](text, sentence, answer)
        start, end = _with_neighbour(hit, sentence)
        found.append(Candidate(hit, start, end, answer, weighed(parts, weights.ranking), parts))
    return found


def weighed(parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return sum(weight * parts[name] for name, weight in weights.items())


def _once(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without those whose answer is at the same place as a better one's: overlapping passages share sentences."""
    seen = set()
    kept = []
    for candidate in candidates:
        hit = candidate.hit
        key = (hit.document.doc_id, hit.passage.reading.spans(*candidate.answer, hit.document.text))
        if key not in seen and key[1]:
            seen.add(key)
            kept.append(candidate)
    return kept


def weigh(asked: Asked, candidates: Sequence[Candidate], hits: Sequence[Hit], weights: Weights) -> list[Candidate]:
    """The candidates, in the order given, with the probability of each to be right as its score.

    It is fitted to first candidates; among the candidates of one question it orders worse than the ranking does.
    """
    texts = [{*terms(hit.passage.text), *terms(header_of(hit.document, hit.section))} for hit in hits]
    missing = 1 - asked.share(set().union(*texts))
    overlaps = {hit.passage_id: asked.share(own) for hit, own in zip(hits, texts, strict=True)}
    answers = [said(candidate.hit.passage.text[slice(*candidate.answer)]) for candidate in candidates]
    found = []
    for number, candidate in enumerate(candidates):
        parts = candidate.parts | {
            "ahead": _ahead(number, candidates, answers),
            "agreeing": _agreeing(number, candidates, answers),
            "overlap": overlaps[candidate.hit.passage_id],
            "missing": missing,
            "reason": float(asked.kind == "reason"),
        }
        found.append(replace(candidate, score=probability(parts, weights), parts=parts))
    return found


def _ahead(number: int, candidates: Sequence[Candidate], answers: Sequence[Said]) -> float:
    """How far the candidate's score is over the best of those that say something else."""
    others = (c.score for c, answer in zip(candidates, answers, strict=True) if not is_same(answer, answers[number]))
    lead = candidates[number].score - max(others, default=-_MOST_AHEAD)
    return max(min(lead, _MOST_AHEAD), -_MOST_AHEAD)


def _agreeing(number: int, candidates: Sequence[Candidate], answers: Sequence[Said]) -> float:
    """How many other documents say the same in a passage that likely answers; three are as good as more."""
    own = candidates[number].hit.document.doc_id
    documents = {
        candidate.hit.document.doc_id
        for candidate, answer in zip(candidates, answers, strict=True)
        if candidate.parts["span"] > 0 and is_same(answer, answers[number])
    }
    return float(min(len(documents - {own}), 3))


def probability(parts: Mapping[str, float], weights: Weights) -> float:
    """The fitted probability that the candidate is right."""
    return 1 / (1 + exp(-max(min(weights.bias + weighed(parts, weights.sure), 60.0), -60.0)))


def _pairs(asked: Sequence[str], own: Sequence[str]) -> float:
    """Share of the question's neighbouring terms that stand next to each other in the sentence too."""
    wanted = set(pairwise(asked))
    return len(wanted & set(pairwise(own))) / len(wanted) if wanted else 0.0


def _with_neighbour(hit: Hit, sentence: Span) -> Span:
    """The sentence, with the one before it where it begins by pointing back ("It also ...")."""
    return _with_before(hit, sentence) if _POINTS_BACK.match(hit.passage.text[slice(*sentence)]) else sentence


def _with_before(hit: Hit, sentence: Span) -> Span:
    """The sentence and the one before it in the passage, which often names what "it" means."""
    number = hit.passage.sentences.index(sentence)
    return hit.passage.sentences[max(number - 1, 0)][0], sentence[1]
