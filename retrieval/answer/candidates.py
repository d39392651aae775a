"""Hits -> candidates: which span of which passage may be the answer, and the features that tell how likely it is.

First the network scores every passage, and the best spans become ranked spans, in the order of their weighted features.
Then each gets the features that need all the others (is it ahead? do other documents agree?) and its probability.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from retrieval.answer.agreement import Normalised, is_same, normalise
from retrieval.answer.answer_type import (
    AnswerType,
    answer_type_of,
    asks_who,
    tells_time,
    whole_clause,
)
from retrieval.answer.decoding import ScoredSpan, best_spans, score_of
from retrieval.answer.definition import Subject, definition_in, subject_of
from retrieval.answer.enumeration import items_of, whole_list
from retrieval.answer.network import SpanScorer, SpanScores
from retrieval.answer.ranking import ReaderWeights, probability, weighted_sum
from retrieval.answer.structure import (
    answers_same_question,
    cell_asked_for,
    continued,
    is_row,
    list_around,
    list_below,
    other_rows,
    without_label,
)
from retrieval.documents.passages import header_of
from retrieval.schema import Candidate, Features, Hit, Passage, RankingFeatures
from retrieval.spans import Span
from retrieval.text import terms

Idf = Callable[[str], float]
"""How much a term weighs: the rarer in the documents, the more."""

READ_PASSAGES = 8
"""How many hits the reader reads."""
SPANS_PER_PASSAGE = 3
_NAMED_TYPES: frozenset[AnswerType] = frozenset({"person", "date", "place", "amount", "list"})
"""Types of answers that a question can't hold itself."""
_PRONOUN = re.compile(r"(?:i|you|he|she|it|we|they|me|him|her|us|them|who|which|that)\b(?!\.)", re.IGNORECASE)
_MAX_LEAD = 8.0  # log odds; the lead where there is no rival, and the most that counts
_MAX_BEHIND = 4.0  # log odds by which the whole list may be less likely than a part of it; guess
_MAX_QUOTED_CHARS = 300  # of a heading with a sentence below it; guess
_NO_TIME = 1.0  # of ranking score, taken from an answer to "when" that tells no time; guess
_LEAST_ITEMS = 3
_NO_LIST = 1.0  # the same, taken from an answer of one item to a question for a list; guess
_POINTS_BACK = re.compile(
    r"(?:It|They|He|She|This|These|That|Those|Its|Their|His|Her|Such|Both|The latter|The former)\b"
)


@dataclass(frozen=True, slots=True)
class Query:
    """The query as the reader sees it: what it asks for, and the weight of each term in text order.

    `subject` is what a question asks to be defined ("what is X"), else None.
    """

    text: str
    answer_type: AnswerType
    subject: Subject | None
    term_weights: Mapping[str, float]

    def share_in(self, found: Collection[str]) -> float:
        """The share of the query's weight that the found terms have, 0 to 1."""
        total = sum(self.term_weights.values())
        return sum(weight for term, weight in self.term_weights.items() if term in found) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class RankedSpan:
    """A span that may be the answer; `score` orders spans, higher is better. Otherwise as Candidate."""

    hit: Hit
    start: int
    end: int
    answer: Span
    score: float
    features: RankingFeatures


def weighted_query(text: str, idf: Idf) -> Query:
    """The query with its answer type and the weight of each term."""
    return Query(text, answer_type_of(text), subject_of(text), {term: idf(term) for term in terms(text)})


def rank_spans(query: Query, hits: Sequence[Hit], network: SpanScorer, weights: ReaderWeights) -> list[RankedSpan]:
    """The best spans of the hits' passages, best first, each place once."""
    scored = network.score(query.text, [(header_of(hit.document, hit.section), hit.passage.text) for hit in hits])
    found = [
        span
        for hit, windows in zip(hits, scored, strict=True)
        for span in _spans_of(query, hit, hits[0], windows, weights)
    ]
    return _each_place_once(in_order(query, found))


def in_order(query: Query, spans: Sequence[RankedSpan]) -> list[RankedSpan]:
    """The spans by score, best first; ties by the rank of the hit, then by place.

    A question for a list takes the whole one where a passage that was read has it, and prefers an answer of several
    items; one that asks what something is takes a definition of it; one that asks when prefers an answer that tells a
    time.
    """

    def key(span: RankedSpan) -> tuple[float, ...]:
        tells_no_time = query.answer_type == "date" and not tells_time(_said_by(span))
        is_one_item = query.answer_type == "list" and not _enumerates(span)
        score = span.score - _NO_TIME * tells_no_time - _NO_LIST * is_one_item
        return -span.features.defines, -score, span.hit.rank, span.start

    ordered = sorted(spans, key=key)
    return _whole_list_first(ordered) if query.answer_type == "list" else ordered


def _whole_list_first(spans: list[RankedSpan]) -> list[RankedSpan]:
    """With the longest enumeration before the first span that holds every item of its answer, if there is one.

    Where the first span is in a heading, the best enumeration in the section below it is told by that heading.
    """
    if not spans:
        return spans
    first = spans[0]
    items, least = _items(first), first.features.span - _MAX_BEHIND
    longer = [span for span in spans[1:] if items < _items(span) and span.features.span >= least]
    if not longer and len(items) < _LEAST_ITEMS and _is_in_heading(first):
        longer = [span for span in spans[1:] if _is_below(span, first) and len(_items(span)) >= _LEAST_ITEMS][:1]
    whole = max(longer, key=lambda span: (len(_items(span)), span.score), default=None)
    return [whole, *(span for span in spans if span is not whole)] if whole else spans


def _is_in_heading(span: RankedSpan) -> bool:
    passage = span.hit.passage
    return any(
        start <= span.answer[0] and span.answer[1] <= end for start, end in passage.sentences[: passage.headings]
    )


def _is_below(span: RankedSpan, heading: RankedSpan) -> bool:
    """Whether the span stands in the section of the heading."""
    own, other = span.hit.passage, heading.hit.passage
    return (own.doc_id, own.section) == (other.doc_id, other.section)


def _enumerates(span: RankedSpan) -> bool:
    """Whether the answer has several items, or is part of a table, which has several rows."""
    said = _said_by(span)
    return len(items_of(said)) > 1 or "\n" in said or is_row(span.hit.passage, (span.start, span.end))


def _said_by(span: RankedSpan) -> str:
    """The answer's words."""
    return span.hit.passage.text[slice(*span.answer)]


def _items(span: RankedSpan) -> frozenset[Normalised]:
    return frozenset(map(normalise, items_of(_said_by(span))))


def _spans_of(
    query: Query, hit: Hit, best: Hit, windows: Sequence[SpanScores], weights: ReaderWeights
) -> list[RankedSpan]:
    """The best spans of a passage; sentences that only ask the question again hold none."""
    text = hit.passage.text
    found_terms = {span: set(terms(text[slice(*span)])) for span in hit.passage.sentences}
    shares = {span: query.share_in(found) for span, found in found_terms.items()}
    headings = hit.passage.sentences[: hit.passage.headings]
    above = set().union(*(found_terms[span] for span in headings))
    not_asked_for = other_rows(hit.passage, query.term_weights)
    sentences = [
        span
        for span, share in shares.items()
        if span not in not_asked_for and not repeats_question(share, text[slice(*span)])
    ]
    labelled: AnswerType = "person" if query.answer_type == "list" and asks_who(query.text) else query.answer_type
    readable = {span: without_label(hit.passage, span, query.text, labelled) for span in sentences}
    definitions = {
        span: place
        for span in sentences
        if (place := _definition(query, hit, span) or _reply(query, hit, span, readable[span], windows))
    }
    cells = {span: cell for span in sentences if (cell := cell_asked_for(hit.passage, span, query.term_weights))}
    found = []
    for scored in _with_places(query, text, windows, list(readable.values()), definitions, cells):
        sentence = next(span for span in sentences if span[0] <= scored.start and scored.end <= span[1])
        said = text[slice(*sentence)]
        answer, list_quoted = _completed(query, hit.passage, sentence, (scored.start, scored.end))
        features = RankingFeatures(
            span=scored.score,
            relevance=max(window.relevance for window in windows),
            cosine=hit.dense,
            behind_best=best.score - hit.score,
            shared=shares[sentence],
            shared_before=query.share_in(above | set(terms(text[slice(*_with_sentence_before(hit, sentence))]))),
            pairs=_share_of_pairs(list(query.term_weights), terms(said)),
            defines=1.0 if sentence in definitions else -1.0 if query.subject else 0.0,
        )
        start, end = list_quoted or _quoted(hit, sentence, shares)
        found.append(
            RankedSpan(
                hit=hit,
                start=start,
                end=max(end, answer[1]),
                answer=answer,
                score=weighted_sum(features, weights.ranking),
                features=features,
            )
        )
    return found


def _completed(query: Query, passage: Passage, sentence: Span, span: Span) -> tuple[Span, Span | None]:
    """All of the answer where a list or a reason is asked for, and what is quoted where that is a list of lines.

    A row of a table stays as it is.
    """
    if query.answer_type == "reason":
        return whole_clause(passage.text, sentence, span), None
    if query.answer_type != "list" or is_row(passage, sentence):
        return span, None
    answer = whole_list(passage.text, continued(passage, sentence), span)
    lines = list_around(passage, answer) or list_below(passage, sentence)
    return lines or answer, lines


def repeats_question(share: float, sentence: str) -> bool:
    """Whether the sentence only asks what was asked: it ends in a question mark and has `share` >= .5 of its words."""
    return share >= 0.5 and sentence.rstrip(" \"”’'*_)").endswith(("?", "？"))


def _names_nothing(query: Query, answer: str) -> bool:
    """Whether a person, date, place or amount is asked for, and the answer only repeats words of the question.

    Neither is a pronoun ("you first") an answer to "who".
    """
    said = set(terms(answer))
    if query.answer_type not in _NAMED_TYPES:
        return False
    is_pronoun = query.answer_type == "person" and bool(_PRONOUN.match(answer))
    return is_pronoun or (bool(said) and said <= query.term_weights.keys())


def _with_places(
    query: Query,
    text: str,
    windows: Sequence[SpanScores],
    sentences: Sequence[Span],
    definitions: Mapping[Span, Span],
    cells: Mapping[Span, Span],
) -> Iterator[ScoredSpan]:
    """The best spans of the sentences, and the definitions, each in place of every other span of its sentence.

    In a table row the cell that the question asks for stands in place of the best span, with the row's best score.
    """
    rows: set[Span] = set()
    spans = best_spans(text, windows, sentences, 2 * SPANS_PER_PASSAGE)
    named = [scored for scored in spans if not _names_nothing(query, text[scored.start : scored.end])]
    for scored in named[:SPANS_PER_PASSAGE]:
        row = next((row for row in cells if row[0] <= scored.start and scored.end <= row[1]), None)
        if any(first <= scored.start and scored.end <= last for first, last in definitions):
            continue
        if row is None:
            yield scored
        elif row not in rows:
            yield ScoredSpan(*cells[row], max(scored.score, score_of(windows, cells[row])))
            rows.add(row)
    for place in definitions.values():
        yield ScoredSpan(*place, score_of(windows, place))


def _reply(query: Query, hit: Hit, sentence: Span, readable: Span, windows: Sequence[SpanScores]) -> Span | None:
    """The answer in a sentence below a question that asks the same: its likeliest span, or all of it."""
    text, asked = hit.document.text, query.term_weights.keys()
    if not answers_same_question(hit.passage, sentence, text, query.share_in, asked):
        return None
    best = best_spans(hit.passage.text, windows, [readable], 1)
    return (best[0].start, best[0].end) if best and best[0].score > 0 else readable


def _definition(query: Query, hit: Hit, sentence: Span) -> Span | None:
    """Where the sentence defines the query's subject, as a span of the passage's text; None where it does not."""
    if query.subject is None:
        return None
    is_first = sentence in hit.passage.sentences[hit.passage.headings : hit.passage.headings + 1]
    found = definition_in(query.subject, hit.passage.text[slice(*sentence)], hit.section.heading if is_first else None)
    return (sentence[0] + found[0], sentence[0] + found[1]) if found else None


def _each_place_once(spans: Sequence[RankedSpan]) -> list[RankedSpan]:
    """Without a span whose answer stands where a better one's does: overlapping passages share sentences."""
    seen = set()
    kept = []
    for span in spans:
        document = span.hit.document
        place = document.doc_id, span.hit.passage.reading.spans(*span.answer, document.text)
        if place not in seen and place[1]:
            seen.add(place)
            kept.append(span)
    return kept


def with_probabilities(
    query: Query, spans: Sequence[RankedSpan], hits: Sequence[Hit], weights: ReaderWeights
) -> list[Candidate]:
    """The spans as candidates, in the order given, each with the probability that it is right.

    The probability was fitted to first candidates; among the candidates of one question it orders worse than the
    ranking does, so the order stays.
    """
    found_terms = [{*terms(hit.passage.text), *terms(header_of(hit.document, hit.section))} for hit in hits]
    missing = 1 - query.share_in(set().union(*found_terms))
    overlaps = {hit.passage_id: query.share_in(own) for hit, own in zip(hits, found_terms, strict=True)}
    answers = [normalise(span.hit.passage.text[slice(*span.answer)]) for span in spans]
    candidates = []
    for number, span in enumerate(spans):
        features = Features(
            **asdict(span.features),
            ahead=_lead(number, spans, answers),
            agreeing=_agreeing_documents(number, spans, answers),
            overlap=overlaps[span.hit.passage_id],
            missing=missing,
            reason=float(query.answer_type == "reason"),
        )
        candidates.append(
            Candidate(
                hit=span.hit,
                start=span.start,
                end=span.end,
                answer=span.answer,
                confidence=probability(features, weights),
                features=features,
            )
        )
    return candidates


def _lead(number: int, spans: Sequence[RankedSpan], answers: Sequence[Normalised]) -> float:
    """How far the span's score is above the best span that says something else."""
    others = (s.score for s, answer in zip(spans, answers, strict=True) if not is_same(answer, answers[number]))
    lead = spans[number].score - max(others, default=-_MAX_LEAD)
    return max(min(lead, _MAX_LEAD), -_MAX_LEAD)


def _agreeing_documents(number: int, spans: Sequence[RankedSpan], answers: Sequence[Normalised]) -> float:
    """How many other documents say the same in a passage that likely answers; more than three count as three."""
    documents = {
        span.hit.document.doc_id
        for span, answer in zip(spans, answers, strict=True)
        if span.features.span > 0 and is_same(answer, answers[number])
    }
    return float(min(len(documents - {spans[number].hit.document.doc_id}), 3))


def _share_of_pairs(query_terms: Sequence[str], sentence_terms: Sequence[str]) -> float:
    """The share of the query's neighbouring terms that are neighbours in the sentence too."""
    wanted = set(pairwise(query_terms))
    return len(wanted & set(pairwise(sentence_terms))) / len(wanted) if wanted else 0.0


def _quoted(hit: Hit, sentence: Span, shares: Mapping[Span, float]) -> Span:
    """What is quoted for an answer in the sentence.

    A heading is quoted with the sentence below it that has most of the question's words, if that is near; a sentence
    that begins by pointing back ("It also ...") with the one before it.
    """
    below = hit.passage.sentences[hit.passage.headings :]
    if sentence not in below:
        best = max(below, key=lambda span: (shares[span], -span[0]), default=sentence)
        return (sentence[0], best[1]) if best[1] - sentence[0] <= _MAX_QUOTED_CHARS else sentence
    points_back = _POINTS_BACK.match(hit.passage.text[slice(*sentence)])
    return _with_sentence_before(hit, sentence) if points_back else sentence


def _with_sentence_before(hit: Hit, sentence: Span) -> Span:
    """The sentence and the one before it in the passage, which often names what "it" means; no heading before it."""
    number = hit.passage.sentences.index(sentence)
    first = number if number <= hit.passage.headings else number - 1
    return hit.passage.sentences[first][0], sentence[1]
