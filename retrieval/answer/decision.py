"""Candidates -> status and answers: those above a threshold, merged where they agree, rivals beside the best. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from retrieval.answer.agreement import Claim, Normalised, is_rival, is_same, normalise
from retrieval.citing import cite
from retrieval.schema import AnswerText, Candidate, Status
from retrieval.spans import Span, quote_spans

MAX_ANSWERS = 5


@dataclass(slots=True)
class _Group:
    """Candidates that say the same, best first, and the words of the first."""

    words: Normalised
    candidates: list[Candidate]

    @property
    def best(self) -> Candidate:
        return self.candidates[0]

    @property
    def claim(self) -> Claim:
        documents = tuple(candidate.hit.document.doc_id for candidate in self.candidates)
        return Claim(self.words, documents, self.best.confidence)

    @property
    def date(self) -> str:
        """The date of the first document, "" where it states none."""
        return self.best.hit.document.date_of(self.best.hit.section) or ""

    def cites(self, candidate: Candidate) -> bool:
        return _place(candidate) in map(_place, self.candidates)


def decide(
    candidates: Sequence[Candidate], threshold: float, perhaps_threshold: float
) -> tuple[Status, list[AnswerText]]:
    """Whether the best candidate is given, offered or held back, and the answers shown; none where it is held back.

    Nothing below `perhaps_threshold` is offered. Where the question is answered, a rival of the best answer may be less
    sure, and then stands after it.
    """
    confidence = candidates[0].confidence if candidates else -1.0
    if confidence >= threshold:
        return "answered", choose_answers(candidates, threshold)
    if confidence >= perhaps_threshold:
        return "perhaps", choose_answers(candidates, threshold, perhaps_threshold)
    return "abstained", []


def choose_answers(
    candidates: Sequence[Candidate], threshold: float, perhaps_threshold: float | None = None
) -> list[AnswerText]:
    """The candidates at or above the threshold as answers, best first, at most MAX_ANSWERS.

    With `perhaps_threshold` those at or above it are offered. Those that say the same become one answer that cites each
    place once. Other words of a sentence that is already quoted are no further answer. A rival of the best answer is
    there too, however unsure it is unless answers are only offered. Of the best and its rivals at or above the
    threshold, the newest document's comes first. Citations are numbered through all answers.
    """
    lowest = threshold if perhaps_threshold is None else perhaps_threshold
    lowest_rival = 0.0 if perhaps_threshold is None else perhaps_threshold
    groups: list[_Group] = []
    for candidate in candidates:
        words = normalise(candidate.hit.passage.text[slice(*candidate.answer)])
        same = next((group for group in groups if is_same(group.words, words)), None)
        if same is not None:
            if _supports(candidate) and not same.cites(candidate):
                same.candidates.append(candidate)
        elif not any(group.cites(candidate) for group in groups):
            new = _Group(words, [candidate])
            is_needed_beside_best = bool(groups) and _supports(candidate) and is_rival(new.claim, groups[0].claim)
            if candidate.confidence >= (lowest_rival if is_needed_beside_best else lowest):
                groups.append(new)
    return _numbered(_newest_rival_first(groups[:MAX_ANSWERS], threshold))


def _numbered(groups: Sequence[_Group]) -> list[AnswerText]:
    """An answer for each group; citations are numbered from 1 through all of them."""
    answers, number = [], 0
    for group in groups:
        citations = []
        for candidate in group.candidates:
            number += 1
            citations.append(cite(number, candidate.hit, candidate.start, candidate.end, candidate.answer))
        answers.append(AnswerText(text=_text(group.best), confidence=group.best.confidence, citations=tuple(citations)))
    return answers


def numbered_through(texts: Sequence[AnswerText]) -> tuple[AnswerText, ...]:
    """The texts with all their citations numbered from 1, in order."""
    numbers = count(1)
    return tuple(
        replace(text, citations=tuple(replace(citation, number=next(numbers)) for citation in text.citations))
        for text in texts
    )


def _newest_rival_first(groups: Sequence[_Group], threshold: float) -> list[_Group]:
    """The best group and its rivals before the others; those at or above the threshold by date, the newest first.

    Below the threshold the best stays first: a newer date does not make up for doubt.
    """
    if not groups:
        return []
    best, *others = groups
    rivals = [group for group in others if is_rival(group.claim, best.claim)]
    rest = [group for group in others if group not in rivals]
    sure = [group for group in (best, *rivals) if group.best.confidence >= threshold]
    unsure = [group for group in (best, *rivals) if group not in sure]
    return [*sorted(sure, key=lambda group: group.date, reverse=True), *unsure, *rest]


def _supports(candidate: Candidate) -> bool:
    """Whether the passage more likely answers than not by itself, whatever stands elsewhere."""
    return candidate.features.span > 0


def _place(candidate: Candidate) -> tuple[str, tuple[Span, ...]]:
    """Where the quotation stands: overlapping passages share sentences."""
    document = candidate.hit.document
    return document.doc_id, candidate.hit.passage.reading.spans(candidate.start, candidate.end, document.text)


def _text(candidate: Candidate) -> str:
    """The answer in the document's own characters."""
    original = candidate.hit.document.text
    return quote_spans(original, candidate.hit.passage.reading.spans(*candidate.answer, original))
