"""Questions that yes or no would answer: the documents' own sentence decides, whole. Pure.

Which sentence is the reader's choice. The encoder's cosine of question and sentence and the share of the question's
words add nothing to it (eval/LOG.md, 2026-11-28).
"""

from __future__ import annotations

from dataclasses import replace

from retrieval.answer.nearest import nearest_passage
from retrieval.schema import Answer, AnswerText, Note

THEY_SAY = "The documents say:"
HEADINGS = (THEY_SAY,)

PERHAPS_DECIDES = 0.4
"""The probability from which a sentence is offered that may decide: fitted for utility (eval/LOG.md, 2026-11-28)."""


def decided(answer: Answer) -> Answer:
    """The deciding sentences, whole and unmarked, below our line; those that are too unsure are held back."""
    lowest = min(PERHAPS_DECIDES, answer.threshold)
    answer = replace(answer, perhaps_threshold=max(answer.perhaps_threshold, lowest))
    texts = tuple(
        whole_sentence(text) for text in answer.answers if text.confidence >= lowest or answer.status == "answered"
    )
    if answer.answers and (not texts or answer.confidence < lowest):
        nearest = nearest_passage(answer.candidates, answer.hits)
        return replace(answer, status="abstained", answers=(), nearest=nearest)
    return replace(answer, answers=texts, heading=Note(THEY_SAY)) if texts else answer


def whole_sentence(text: AnswerText) -> AnswerText:
    """The answer as the whole quotation, without a mark."""
    citations = tuple(replace(citation, mark=None) for citation in text.citations)
    return replace(text, text=citations[0].quote, citations=citations)


def corrected(answer: Answer, premise: Answer) -> Answer:
    """What is said of what the question takes for granted, as an offer; the refusal where nothing is."""
    found = decided(premise)
    return replace(offered(found), question=answer.question) if found.answers else answer


def offered(answer: Answer) -> Answer:
    """The answer, at most as "perhaps"."""
    if answer.status != "answered":
        return answer
    return replace(answer, status="perhaps", confidence=min(answer.confidence, answer.threshold - 0.01))
