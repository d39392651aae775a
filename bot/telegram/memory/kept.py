"""An answer as it is stored: everything needed to show it again without the index it came from. Pure.

Quotations are stored as text because the document may be gone or changed by the time a button is pressed; the hash next
to them tells whether it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.receipts.receipt import read_citation, read_spans
from retrieval.schema import Answer, Citation, Document, Hit, Kind, Note, Status, Turn
from retrieval.spans import Span, quote_spans

CONTEXT_CHARS = 2000
"""How much of the document is stored on either side of a passage: about as much as fits into a message."""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a document whose bytes had this sha256; `text` is its spans as a person reads them.

    `before` and `after` are up to CONTEXT_CHARS of the document on either side, unchanged, line breaks included; "" at
    the start or end of the document.
    """

    sha256: str
    spans: tuple[Span, ...]
    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class KeptCitation:
    """A citation, and the passage that contains its quotation."""

    citation: Citation
    passage: StoredPassage


@dataclass(frozen=True, slots=True)
class KeptText:
    """One answer in a document's words, like AnswerText."""

    text: str
    confidence: float
    citations: tuple[KeptCitation, ...]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to a question, like Answer.

    `closest` is the closest passage of a refusal, Answer.nearest; None if nothing was found or status is another.
    `restrictions` are those in force as a person types them, None where there is none. `receipt` is the id of what is
    cited, None where no passage is shown. `first_in` are the documents that were searched first.
    """

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
    restrictions: str | None = None
    notes: tuple[Note, ...] = ()
    kind: Kind = "fact"
    heading: Note | None = None
    is_together: bool = False
    receipt: str | None = None
    first_in: tuple[str, ...] = ()

    def citation(self, number: int) -> KeptCitation | None:
        """The citation with that number, the closest passage's among them; None if there is no such citation."""
        kept = [citation for text in self.answers for citation in text.citations]
        kept += [self.closest] if self.closest else []
        return next((one for one in kept if one.citation.number == number), None)

    def turn(self) -> Turn:
        """The turn of a conversation that the question and this answer make."""
        cited = (kept.citation.document for text in self.answers for kept in text.citations)
        text = self.answers[0].text if self.answers else ""
        return Turn(self.question, text, self.searched, tuple(dict.fromkeys(cited)), self.kind)


def keep(id_: str, answer: Answer, document: Callable[[str], Document], receipt: str | None = None) -> KeptAnswer:
    """The answer with the passages of its citations; `document` returns a document by its doc_id."""
    found = _passages(answer)

    def kept(citation: Citation) -> KeptCitation:
        spans = found.get((citation.document, citation.spans), citation.spans)
        return KeptCitation(citation, _stored_passage(document(citation.document), spans))

    texts = [KeptText(text.text, text.confidence, tuple(map(kept, text.citations))) for text in answer.answers]
    return KeptAnswer(
        id=id_,
        question=answer.question,
        searched=answer.searched,
        status=answer.status,
        confidence=answer.confidence,
        answers=tuple(texts),
        closest=kept(answer.nearest) if answer.nearest else None,
        unknown_words=answer.unknown_words,
        reply=answer.reply,
        elapsed_ms=answer.elapsed_ms.get("total", 0.0),
        near_spellings=answer.near_spellings,
        restrictions=answer.restrictions.typed() if answer.restrictions else None,
        notes=answer.notes,
        kind=answer.kind,
        heading=answer.heading,
        is_together=answer.is_together,
        receipt=receipt,
    )


def _passages(answer: Answer) -> dict[tuple[str, tuple[Span, ...]], tuple[Span, ...]]:
    """From a quotation (document and spans) to the spans of the passage it was cut from."""
    found = {}
    for candidate in answer.candidates:
        reading, text = candidate.hit.passage.reading, candidate.hit.document.text
        quoted = reading.spans(candidate.start, candidate.end, text)
        found[candidate.hit.document.doc_id, quoted] = _around(quoted, candidate.hit)
    closest = [candidate.hit for candidate in answer.candidates[:1]] or answer.hits[:1]
    if answer.nearest and closest:
        found[answer.nearest.document, answer.nearest.spans] = _around(answer.nearest.spans, closest[0])
    return found


def _around(quoted: Sequence[Span], hit: Hit) -> tuple[Span, ...]:
    """The spans of the hit's passage, without the headings above it, which the citation names, unless one is quoted."""
    passage, text = hit.passage, hit.document.text
    first = passage.sentences[passage.headings][0] if passage.headings < len(passage.sentences) else 0
    below = passage.reading.spans(first, len(passage.text), text)
    is_below = all(any(start <= a and b <= end for start, end in below) for a, b in quoted)
    return below if is_below else passage.reading.spans(0, len(passage.text), text)


def _stored_passage(document: Document, spans: tuple[Span, ...]) -> StoredPassage:
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return StoredPassage(
        sha256=document.sha256,
        spans=spans,
        text=quote_spans(document.text, spans),
        before=document.text[max(first - CONTEXT_CHARS, 0) : first],
        after=document.text[last : last + CONTEXT_CHARS],
    )


def kept_json(kept: KeptAnswer) -> str:
    """The answer as one line of JSON for `read_kept`."""
    return json.dumps(asdict(kept))


def read_kept(line: str) -> KeptAnswer:
    """The answer in a line written by `kept_json`. Raises ValueError for any other line."""
    try:
        given = json.loads(line)
        given["answers"] = tuple(_text(text) for text in given["answers"])
        given["closest"] = _citation(given["closest"]) if given["closest"] else None
        given["unknown_words"] = tuple(given["unknown_words"])
        given["first_in"] = tuple(given.get("first_in", ()))
        given["notes"] = tuple(Note(**note) for note in given.get("notes", ()))
        given["heading"] = Note(**given["heading"]) if given.get("heading") else None
        return KeptAnswer(**given)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a stored answer: {error}") from error


def _text(given: dict[str, Any]) -> KeptText:
    return KeptText(given["text"], given["confidence"], tuple(_citation(citation) for citation in given["citations"]))


def _citation(given: dict[str, Any]) -> KeptCitation:
    citation, passage = given["citation"], given["passage"]
    passage["spans"] = read_spans(passage["spans"])
    return KeptCitation(read_citation(citation), StoredPassage(**passage))
