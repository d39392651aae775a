"""Hits -> candidates: which sentence answers, which part of it is the answer, how likely it is.

`read` is all that the pipeline sees, values in and values out: another reader takes its place under the same call. The
weights come from training/fit_reader.py and stand in models/sentence_reader.json, with their card.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp
from pathlib import Path

from retrieval.encoder import Vectors
from retrieval.question import Kind, clear_span, find_spans, kind_of
from retrieval.schema import Candidate, Hit, Span
from retrieval.text import terms

Embed = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors, a row each."""
Idf = Callable[[str], float]

READ_PASSAGES = 5
_POINTS_BACK = re.compile(
    r"(?:It|They|He|She|This|These|That|Those|Its|Their|His|Her|Such|Both|The latter|The former)\b"
)
_GIVES_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|thanks to|as a result|so that|in order to|in response to|therefore|through|"
    r"by \w+ing|with a view|with the purpose|aim(?:s|ed)? (?:to|at)|reasons?)\b",
    re.IGNORECASE,
)
WEIGHTS_FILE = Path(__file__).parent / "models" / "sentence_reader.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model over the features by name; `threshold` is the probability below which it abstains."""

    bias: float
    features: Mapping[str, float]
    threshold: float


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
    """The fitted weights."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Weights(stored["bias"], stored["features"], stored["threshold"])


def read(
    question: str, vector: Vectors, hits: Sequence[Hit], embed: Embed, idf: Idf, weights: Weights
) -> list[Candidate]:
    """Every sentence of the hits as a candidate, the likeliest first; the same sentence in two passages counts once.

    `vector` is the question's; `idf` weighs a term by how rare it is.
    """
    asked = Asked(kind_of(question), {term: idf(term) for term in terms(question)})
    places = _places(hits[:READ_PASSAGES])
    if not places:
        return []
    vectors = embed([hit.passage.text[start:end] for hit, (start, end) in places])
    candidates = []
    for (hit, span), row in zip(places, vectors, strict=True):
        sentence = hit.passage.text[slice(*span)]
        typed = find_spans(asked.kind, sentence, frozenset(asked.weights))
        parts = features(asked, hit, span, float(row @ vector), hits[0], bool(typed))
        start, end = _with_neighbour(asked.kind, hit, span)
        clear = clear_span(sentence, question, typed)
        answer = (span[0] + clear[0], span[0] + clear[1]) if clear else (start, end)
        candidates.append(Candidate(hit, start, end, answer, probability(parts, weights), parts))
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.hit.rank, candidate.start))


def features(asked: Asked, hit: Hit, span: Span, cosine: float, best: Hit, is_found: bool) -> dict[str, float]:
    """The figures a sentence is judged by, most of them between 0 and 1; `is_found`: it has what the question asks for.

    Others that were tried and did not help stand in eval/LOG.md, 2026-11-22.
    """
    own = terms(hit.passage.text[slice(*span)])
    is_typed = asked.kind not in ("reason", "other")
    return {
        "cosine": cosine,
        "overlap": asked.share(set(own)),
        "overlap_before": asked.share({*own, *terms(_sentence_before(hit, span))}),
        "pairs": _pairs(list(asked.weights), own),
        "type_found": float(is_typed and is_found),
        "type_missing": float(is_typed and not is_found),
        "behind_best": best.score - hit.score,
    }


def probability(parts: Mapping[str, float], weights: Weights) -> float:
    """The logistic model's probability that the sentence answers the question."""
    total = weights.bias + sum(weight * parts[name] for name, weight in weights.features.items())
    return 1 / (1 + exp(-max(min(total, 60.0), -60.0)))


def _places(hits: Sequence[Hit]) -> list[tuple[Hit, Span]]:
    """Each sentence of the hits once, in rank order: overlapping passages share sentences."""
    seen = set()
    places = []
    for hit in hits:
        for start, end in hit.passage.sentences:
            key = (hit.document.doc_id, hit.passage.reading.spans(start, end, hit.document.text))
            if key not in seen:
                seen.add(key)
                places.append((hit, (start, end)))
    return places


def _sentence_before(hit: Hit, span: Span) -> str:
    """The sentence before the span in its passage, "" where it is the first: it often names what "it" means."""
    return next((hit.passage.text[start:end] for start, end in reversed(hit.passage.sentences) if end <= span[0]), "")


def _pairs(asked: Sequence[str], own: Sequence[str]) -> float:
    """Share of the question's neighbouring terms that stand next to each other in the sentence too."""
    wanted = set(pairwise(asked))
    found = set(pairwise(own))
    return len(wanted & found) / len(wanted) if wanted else 0.0


def _with_neighbour(kind: Kind, hit: Hit, span: Span) -> Span:
    """The sentence, with the one before it where it begins by pointing back ("It also ..."), else with the one after
    it where a reason is asked for and the sentence gives none; both only inside the passage."""
    sentences = hit.passage.sentences
    number = sentences.index(span)
    sentence = hit.passage.text[slice(*span)]
    if number and _POINTS_BACK.match(sentence):
        return sentences[number - 1][0], span[1]
    if kind == "reason" and number + 1 < len(sentences) and not _GIVES_REASON.search(sentence):
        return span[0], sentences[number + 1][1]
    return span
