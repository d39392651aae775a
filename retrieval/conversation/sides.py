"""Both sides of a comparison: what the documents say of each, as one reply. No verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from retrieval.answer.decision import numbered_through
from retrieval.conversation.comparison import Comparison
from retrieval.conversation.deciding import THEY_SAY, offered, whole_sentence
from retrieval.schema import Answer, AnswerText, Citation, Note
from retrieval.text import is_unspaced, terms

_WEIGHED = 3  # candidates of each side that are kept


def compared(answer: Answer, comparison: Comparison, ask_one: Callable[[str], Answer]) -> Answer | None:
    """What is said of each side, as one reply: at most an offer where only one is found, None where none is.

    One sentence that speaks of both sides and is at least as sure is the whole reply.
    """
    asked = [ask_one(question) for question in comparison.questions]
    about = [found for found, side in zip(asked, comparison.sides, strict=True) if _is_about(found, side, comparison)]
    is_whole = len(about) == len(asked)
    least = min((found.confidence for found in about), default=0.0)
    own = answer.answers[:1]
    if own and _speaks_of_both(own[0], comparison) and answer.confidence >= (least if is_whole else 0.0):
        return replace(
            answer, answers=(whole_sentence(own[0]),), kind="comparison", heading=Note(THEY_SAY), is_together=True
        )
    if not about:
        return None
    is_sure = is_whole and all(found.status == "answered" for found in about)
    reply = replace(
        answer,
        status="answered",
        confidence=least,
        answers=_sides([found.answers[0] for found in about]),
        nearest=None,
        hits=tuple({hit.passage_id: hit for found in (*about, answer) for hit in found.hits}.values()),
        candidates=tuple(candidate for found in about for candidate in found.candidates[:_WEIGHED]),
        kind="comparison",
        heading=Note(THEY_SAY),
        is_together=True,
    )
    return reply if is_sure else offered(reply)


def _is_about(answer: Answer, side: str, comparison: Comparison) -> bool:
    """Whether something was found, in a passage that has most of the words that this side alone has."""
    if not answer.answers:
        return False
    own = _own_terms(side, comparison)
    citation = answer.answers[0].citations[0]
    hit = next((c.hit for c in answer.candidates if c.hit.document.doc_id == citation.document), None)
    known = {term for term in own if not is_unspaced(term)}  # a name in katakana is spelled otherwise elsewhere
    said = _terms_around(citation, hit.passage.text) if hit else known
    return 2 * len(known & said) >= len(known)


def _speaks_of_both(text: AnswerText, comparison: Comparison) -> bool:
    said = _terms_around(text.citations[0], "")
    return all(own and own <= said for own in (_own_terms(side, comparison) for side in comparison.sides))


def _own_terms(side: str, comparison: Comparison) -> set[str]:
    one, other = (set(terms(name)) for name in comparison.sides)
    return one - other if side == comparison.sides[0] else other - one


def _terms_around(citation: Citation, passage: str) -> set[str]:
    around = (citation.title if passage else "", citation.section or "", citation.lead, citation.quote, passage)
    return set(terms(" ".join(around)))


def _sides(texts: Sequence[AnswerText]) -> tuple[AnswerText, ...]:
    """The texts with their first citations numbered through; one sentence that says both is shown once, whole."""
    places = [(text.citations[0].document, text.citations[0].spans) for text in texts]
    if len(texts) > 1 and places[0] == places[1]:
        texts = [whole_sentence(texts[0])]
    return numbered_through([replace(text, citations=text.citations[:1]) for text in texts])
