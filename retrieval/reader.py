"""Hits -> candidates: which sentence answers, which part of it is the answer, how likely it is.

`read` is all that the pipeline sees, values in and values out: another reader takes its place under the same call. The
weights come from training/fit_reader.py and stand in models/sentence_reader.json, with their card.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp, log
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
    """A question as the reader sees it."""

    text: str
    vector: Vectors
    kind: Kind
    terms: tuple[str, ...]
    unknown: float
    """Share of the question's weight that lies in words no passage has, 0 to 1."""


@cache
def load_weights(path: Path = WEIGHTS_FILE) -> Weights:
    """The fitted weights."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Weights(stored["bias"], stored["features"], stored["threshold"])


def read(
    question: str,
    vector: Vectors,
    hits: Sequence[Hit],
    embed: Embed,
    idf: Idf,
    frequency: Callable[[str], int],
    weights: Weights | None = None,
) -> list[Candidate]:
    """Every sentence of the hits as a candidate, the likeliest first; the same sentence in two passages counts once.

    `vector` is the question's; `idf` weighs a term, `frequency` counts the passages that have it.
    """
    weights = weights or load_weights()
    asked = ask(question, vector, idf, frequency)
    places = _places(hits[:READ_PASSAGES])
    if not places:
        return []
    vectors = embed([hit.passage.text[start:end] for hit, (start, end) in places])
    candidates = []
    for (hit, span), row in zip(places, vectors, strict=True):
        parts = features(asked, hit, span, float(row @ vector), hits[0], idf)
        start, end = _with_neighbour(asked.kind, hit, span)
        answer = _answer_span(asked, hit, span) or (start, end)
        candidates.append(Candidate(hit, start, end, answer, probability(parts, weights), parts))
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.hit.rank, candidate.start))


def ask(question: str, vector: Vectors, idf: Idf, frequency: Callable[[str], int]) -> Asked:
    """The question with its kind, its terms and the share of them that is unknown."""
    asked = tuple(dict.fromkeys(terms(question)))
    total = sum(idf(term) for term in asked)
    unknown = sum(idf(term) for term in asked if not frequency(term))
    return Asked(question, vector, kind_of(question), asked, unknown / total if total else 1.0)


def features(asked: Asked, hit: Hit, span: Span, cosine: float, best: Hit, idf: Idf) -> dict[str, float]:
    """The figures a sentence is judged by; most lie between 0 and 1."""
    sentence = hit.passage.text[slice(*span)]
    own = terms(sentence)
    own_and_before = {*own, *terms(_sentence_before(hit, span))}
    around = set(terms(f"{hit.section.heading or ''} {hit.document.title} {hit.passage.text}"))
    weights = {term: idf(term) for term in asked.terms}
    total = sum(weights.values()) or 1.0
    typed = asked.kind in ("date", "amount", "person", "place", "list")
    found = bool(find_spans(asked.kind, sentence, frozenset(asked.terms))) if typed else False
    new_words = len(set(own) - set(asked.terms))
    return {
        "cosine": cosine,
        "passage_cosine": hit.dense,
        "overlap": sum(weight for term, weight in weights.items() if term in own) / total,
        "overlap_before": sum(weight for term, weight in weights.items() if term in own_and_before) / total,
        "passage_overlap": sum(weight for term, weight in weights.items() if term in around) / total,
        "pairs": _pairs(asked.terms, own),
        "type_found": float(typed and found),
        "type_missing": float(typed and not found),
        "behind_best": best.score - hit.score,
        "unknown": asked.unknown,
        "is_question": float(sentence.rstrip().endswith("?")),
        "log_words": log(1 + len(own)) / 4,
        "echo": float(new_words < 2),
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


def _answer_span(asked: Asked, hit: Hit, span: Span) -> Span | None:
    """The part of the sentence that is the answer, None where no part is clear."""
    sentence = hit.passage.text[slice(*span)]
    spans = find_spans(asked.kind, sentence, frozenset(asked.terms))
    clear = clear_span(asked.kind, sentence, asked.text, spans)
    return (span[0] + clear[0], span[0] + clear[1]) if clear else None
