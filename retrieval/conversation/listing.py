"""Lists: the whole of one, what every document has of a kind, every place that mentions something.

What is read beyond the plain answer is given, so nothing here knows of an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from retrieval.answer.decision import numbered_through
from retrieval.answer.nearest import NEAREST_CHARS, cut_around
from retrieval.answer.whole import is_within, with_whole
from retrieval.answer.why_not import cited_hit
from retrieval.citing import cite
from retrieval.schema import Answer, AnswerText, Candidate, Citation, Hit, Note, Passage
from retrieval.text import words

MENTIONED = "“{words}” is mentioned here:"
MORE_LINES = "The list goes on in the document. Lines left out: {count}"
MORE_PLACES = "Places left out: {count}"
HEADINGS = (MENTIONED, MORE_LINES, MORE_PLACES)

_MOST_DOCUMENTS, _MOST_PLACES = 10, 6
_SURE = 1.0

PassagesAround = Callable[[Hit], Sequence[Passage]]
"""The passages of a hit's document around it, in reading order."""


def whole(answer: Answer, query: str, passages_around: PassagesAround) -> Answer:
    """The answer with the whole of the list or table that each text is part of; the same lines are shown once."""
    texts: list[AnswerText] = []
    left_out = 0
    for number, text in enumerate(answer.answers):
        if number and not answer.is_together:
            texts.append(text)
            continue
        hit = cited_hit(text.citations[0], answer)
        found = with_whole(text, hit.document, passages_around(hit), query) if hit else None
        texts.append(found[0] if found else text)
        left_out += found[1] if found else 0
    kept = [text for number, text in enumerate(texts) if not any(_is_part(text, other) for other in texts[:number])]
    notes = (Note(MORE_LINES, {"count": str(left_out)}),) if left_out else ()
    return replace(answer, answers=numbered_through(kept), notes=(*answer.notes, *notes))


def _is_part(text: AnswerText, other: AnswerText) -> bool:
    """Whether the other text's first quotation has all of this one's."""
    return is_within(text.citations[0], other.citations[0])


def by_document(answer: Answer, elsewhere: Sequence[Candidate]) -> Answer:
    """What every document has to say, the surest document first; a document that says nothing is left out.

    Other sentences of a document that are as sure as an answer are citations of its text, too.
    """
    candidates = (*answer.candidates, *elsewhere)  # those of one reading in the order of its ranking, which is better
    documents: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        own = documents.setdefault(candidate.hit.document.doc_id, [])
        if candidate.confidence >= (answer.threshold if own else answer.perhaps_threshold):
            own.append(candidate)
    found = sorted((own for own in documents.values() if own), key=lambda own: -own[0].confidence)[:_MOST_DOCUMENTS]
    if not found:
        return answer
    best = found[0][0].confidence
    return replace(
        answer,
        status="answered" if best >= answer.threshold else "perhaps",
        confidence=best,
        answers=numbered_through([_text_of(own[:_MOST_PLACES]) for own in found]),
        nearest=None,
        candidates=candidates,
        is_together=True,
    )


def _text_of(candidates: Sequence[Candidate]) -> AnswerText:
    """One document's best answer, which cites its other ones, too, each sentence once."""
    citations: list[Citation] = []
    for candidate in candidates:
        citation = cite(1, candidate.hit, candidate.start, candidate.end, candidate.answer)
        if all(citation.spans != other.spans for other in citations):
            citations.append(citation)
    first = citations[0]
    said = first.quote[slice(*first.mark)] if first.mark else first.quote
    return AnswerText(said, candidates[0].confidence, tuple(citations))


def mentions(answer: Answer, mentioned: str, hits: Sequence[Hit]) -> Answer | None:
    """Every sentence that has these words, by document; None where none has."""
    places: dict[str, list[Citation]] = {}
    for hit in hits:
        known = places.setdefault(hit.document.doc_id, [])
        for citation in _sentences_with(mentioned, hit):
            if all(citation.spans != other.spans for other in known):
                known.append(citation)
    found = [sorted(known, key=lambda place: place.spans) for known in places.values() if known]
    if not found:
        return None
    shown = [known[:_MOST_PLACES] for known in found[:_MOST_DOCUMENTS]]
    left_out = sum(map(len, found)) - sum(map(len, shown))
    notes = (Note(MORE_PLACES, {"count": str(left_out)}),) if left_out else ()
    texts = [AnswerText(known[0].quote[slice(*(known[0].mark or (0, None)))], _SURE, tuple(known)) for known in shown]
    return replace(
        answer,
        status="answered",
        confidence=_SURE,
        answers=numbered_through(texts),
        nearest=None,
        hits=tuple(hits),
        unknown_words=(),
        near_spellings={},
        notes=(*answer.notes, *notes),
        kind="list",
        heading=Note(MENTIONED, {"words": mentioned}),
        is_together=True,
    )


def _sentences_with(mentioned: str, hit: Hit) -> Iterator[Citation]:
    """The passage's sentences, and headings, that have these words side by side, with the words marked.

    Of a long sentence, the part around them.
    """
    wanted = [word for word, _ in words(mentioned)]
    for start, end in hit.passage.sentences:
        found = words(hit.passage.text[start:end])
        for number in range(len(found) - len(wanted) + 1):
            run = found[number : number + len(wanted)]
            if [word for word, _ in run] == wanted:
                place = start + run[0][1][0], start + run[-1][1][1]
                is_long = end - start > NEAREST_CHARS
                yield cite(1, hit, *(cut_around(hit.passage, (start, end), place) if is_long else (start, end)), place)
                break
