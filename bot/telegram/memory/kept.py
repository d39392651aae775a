"""An answer as it is kept: all that is needed to show it again without the index it came from. Pure.

The quotations stand in here as text because the document may be gone or changed by the time a button is pressed; the
hash beside them says whether it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from retrieval.schema import Answer, Citation, Document, Span, Status, cite, quote_spans

CONTEXT_CHARS = 2000
"""How much of the document is kept on either side of a passage: about as much as a message has room for."""
CLOSEST_NUMBER = 0
"""What the closest passage of an abstention is called where citations have numbers."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of a document whose bytes had this sha256: `text` is what its spans say, as a person reads them.

    `before` and `after` are the document's own characters next to it, line breaks and all, up to CONTEXT_CHARS each;
    "" where the document begins or ends.
    """

    sha256: str
    spans: tuple[Span, ...]
    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class KeptCitation:
    """A citation, and the passage that its quotation stands in."""

    citation: Citation
    passage: Excerpt


@dataclass(frozen=True, slots=True)
class KeptText:
    """One answer in a document's words, as in AnswerText."""

    text: str
    confidence: float
    citations: tuple[KeptCitation, ...]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What came back for a question. `closest` is the likeliest passage of an abstention, from its likeliest sentence
    on, None where nothing was found."""

    id: str
    question: str
    searched: str
    status: Status
    confidence: float
    answers: tuple[KeptText, ...]
    closest: KeptCitation | None
    unknown_words: tuple[str, ...]
    reply: str | None
    elapsed_ms: float
    near_spellings: dict[str, str] = field(default_factory=dict)

    def citation(self, number: int) -> KeptCitation | None:
        """The citation of that number; the closest passage for CLOSEST_NUMBER; None where there is no such one."""
        if number == CLOSEST_NUMBER:
            return self.closest
        kept = (citation for text in self.answers for citation in text.citations)
        return next((one for one in kept if one.citation.number == number), None)


def keep(id_: str, answer: Answer, document: Callable[[str], Document]) -> KeptAnswer:
    """The answer with all its passages cut from the documents, which `document` gives by their doc_id."""
    found = _passages(answer)
    closest = None
    if answer.status == "abstained" and answer.closest:
        hit, start = answer.closest
        citation = cite(CLOSEST_NUMBER, hit, start, len(hit.passage.text))
        closest = KeptCitation(citation, _excerpt(hit.document, citation.spans))

    def kept(citation: Citation) -> KeptCitation:
        spans = found.get((citation.document, citation.spans), citation.spans)
        return KeptCitation(citation, _excerpt(document(citation.document), spans))

    texts = [KeptText(text.text, text.confidence, tuple(map(kept, text.citations))) for text in answer.answers]
    return KeptAnswer(
        id=id_,
        question=answer.question,
        searched=answer.searched,
        status=answer.status,
        confidence=answer.confidence,
        answers=tuple(texts),
        closest=closest,
        unknown_words=answer.unknown_words,
        reply=answer.reply,
        elapsed_ms=answer.elapsed_ms.get("total", 0.0),
        near_spellings=answer.near_spellings,
    )


def _passages(answer: Answer) -> dict[tuple[str, tuple[Span, ...]], tuple[Span, ...]]:
    """The spans of the passage by the citation that was made of it: document and spans of the quotation."""
    found = {}
    for candidate in answer.candidates:
        reading, text = candidate.hit.passage.reading, candidate.hit.document.text
        quoted = reading.spans(candidate.start, candidate.end, text)
        found[candidate.hit.document.doc_id, quoted] = reading.spans(0, len(reading.text), text)
    return found


def _excerpt(document: Document, spans: tuple[Span, ...]) -> Excerpt:
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return Excerpt(
        sha256=document.sha256,
        spans=spans,
        text=quote_spans(document.text, spans),
        before=document.text[max(first - CONTEXT_CHARS, 0) : first],
        after=document.text[last : last + CONTEXT_CHARS],
    )


def kept_json(kept: KeptAnswer) -> str:
    """One line of JSON that `read_kept` takes back."""
    return json.dumps(asdict(kept))


def read_kept(line: str) -> KeptAnswer:
    """The answer of a line that `kept_json` made. Raises ValueError for any other."""
    try:
        given = json.loads(line)
        given["answers"] = tuple(_text(text) for text in given["answers"])
        given["closest"] = _citation(given["closest"]) if given["closest"] else None
        given["unknown_words"] = tuple(given["unknown_words"])
        return KeptAnswer(**given)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no kept answer: {error}") from error


def _text(given: dict[str, Any]) -> KeptText:
    return KeptText(given["text"], given["confidence"], tuple(_citation(citation) for citation in given["citations"]))


def _citation(given: dict[str, Any]) -> KeptCitation:
    citation, passage = given["citation"], given["passage"]
    for name in ("lines", "mark"):
        citation[name] = tuple(citation[name]) if citation[name] else None
    citation["spans"] = _spans(citation["spans"])
    passage["spans"] = _spans(passage["spans"])
    return KeptCitation(Citation(**citation), Excerpt(**passage))


def _spans(given: list[list[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in given)
