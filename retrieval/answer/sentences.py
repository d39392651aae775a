"""Hits -> candidates that are whole sentences, chosen by the encoder: for languages that the network does not read.

The network reads English. A question or a passage in another language is compared in the encoder's space instead, where
a question lies near the sentence that answers it whatever their languages. Nothing in such a sentence is marked.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer.candidates import Query
from retrieval.answer.evidence import missing_numbers, repeats_question
from retrieval.answer.ranking import SentenceWeights, sigmoid
from retrieval.documents.passages import header_of
from retrieval.encoder.encoder import Encoder
from retrieval.language import language_of
from retrieval.schema import Candidate, Hit, SentenceFeatures, Span
from retrieval.text import terms

READ_BY_NETWORK = "en"
PASSAGES = 3
"""How many hits' sentences are compared; more are no better: eval/LOG.md, 2026-11-28."""
_PASSAGE_WEIGHT = 0.7  # of the passage's cosine beside the sentence's own: eval/LOG.md, 2026-11-28
_MAX_LEAD = 0.1  # of cosine; the lead where there is no other sentence


def needs_sentences(query: str, hits: Sequence[Hit]) -> bool:
    """Whether the question, or most of the first documents, are in a language that the network does not read."""
    foreign = [hit.document.language not in (READ_BY_NETWORK, None) for hit in hits[:PASSAGES]]
    return language_of(query) not in (READ_BY_NETWORK, None) or sum(foreign) * 2 > len(foreign)


def rank_sentences(
    query: Query, hits: Sequence[Hit], encoder: Encoder, weights: SentenceWeights | None
) -> list[Candidate]:
    """The sentences of the first PASSAGES hits by their cosine to the question, best first, each place once.

    Without weights each has a confidence of 0. Sentences that only ask the question again are left out.
    """
    places = list(_places(query, hits[:PASSAGES]))
    if not places:
        return []
    texts = [hit.passage.text[slice(*span)] for hit, span in places]
    cosines = encoder.embed_passages(texts) @ encoder.embed_query(query.text)
    scores = [float(cosine) + _PASSAGE_WEIGHT * hit.dense for cosine, (hit, _) in zip(cosines, places, strict=True)]
    order = sorted(range(len(places)), key=lambda number: (-scores[number], places[number][0].rank, places[number][1]))
    candidates = []
    for rank, number in enumerate(order):
        hit, span = places[number]
        rival = scores[order[1 if rank == 0 else 0]] if len(order) > 1 else scores[number] - _MAX_LEAD
        features = SentenceFeatures(
            sentence=float(cosines[number]),
            cosine=hit.dense,
            ahead=max(min(scores[number] - rival, _MAX_LEAD), -_MAX_LEAD),
            shared=query.share_in(set(terms(texts[number]))),
            missing_numbers=float(min(missing_numbers(query.text, [hit.passage.text, _header(hit)]), 2)),
        )
        confidence = sigmoid(weights.log_odds(features)) if weights else 0.0
        candidates.append(Candidate(hit, *span, answer=span, confidence=confidence, features=features))
    return candidates


def _places(query: Query, hits: Sequence[Hit]) -> list[tuple[Hit, Span]]:
    """Each sentence once, though overlapping passages share some."""
    seen = set()
    found = []
    for hit in hits:
        for span in hit.passage.sentences:
            text = hit.passage.text[slice(*span)]
            place = hit.document.doc_id, hit.passage.reading.spans(*span, hit.document.text)
            if place[1] and place not in seen and not repeats_question(query.share_in(set(terms(text))), text):
                seen.add(place)
                found.append((hit, span))
    return found


def _header(hit: Hit) -> str:
    return header_of(hit.document, hit.section)
