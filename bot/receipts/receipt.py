"""A receipt: an id made of what an answer cites, and the citations with the hashes of their files. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from retrieval.answer.agreement import rivals_of_first
from retrieval.schema import Answer, Citation, Place
from retrieval.spans import Span

ID_CHARS = 8
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no letter is taken for a digit
_BITS = 5
_MISREAD = str.maketrans("OIL", "011", "-")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was shown, and the sha256 of the file that it was cut from."""

    citation: Citation
    sha256: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an answer, or a refusal with its closest passage, cited; `asked_at` is Unix time in seconds."""

    id: str
    question: str
    asked_at: int
    citations: tuple[Cited, ...]


def receipt_of(answer: Answer, sha256_of_document: Callable[[str], str], asked_at: int) -> Receipt | None:
    """The receipt of an answer, None where it shows no passage. `sha256_of_document` takes the path of a document."""
    citations = cited_by(answer, sha256_of_document)
    id_ = _id_of(citations)
    return Receipt(id_, answer.question, asked_at, citations) if id_ else None


def cited_by(answer: Answer, sha256_of_document: Callable[[str], str]) -> tuple[Cited, ...]:
    """The citations that a person sees at once: without the answers that wait behind "more"."""
    hashes = hashes_when_asked(answer)

    def sha256(doc_id: str) -> str:
        return hashes.get(doc_id) or sha256_of_document(doc_id)

    return tuple(Cited(citation, sha256(citation.document)) for citation in _shown(answer))


def hashes_when_asked(answer: Answer) -> dict[str, str]:
    """The sha256 of the files of the passages that were found for the answer, by path."""
    found = [*answer.hits, *(candidate.hit for candidate in answer.candidates)]
    return {hit.document.doc_id: hit.document.sha256 for hit in found}


def _shown(answer: Answer) -> list[Citation]:
    if not answer.answers:
        return [answer.nearest] if answer.nearest else []
    texts = answer.answers if answer.is_together else (answer.answers[0], *rivals_of_first(answer.answers))
    return [citation for text in texts for citation in text.citations]


def _id_of(citations: Sequence[Cited]) -> str | None:
    """The id of the citations, None where there are none.

    It is made of the hashes of the files, the spans and the quotations, so that the same answer over the same files has
    the same id on every machine, whatever the files are called.
    """
    if not citations:
        return None
    content = sorted([cited.sha256, list(map(list, cited.citation.spans)), cited.citation.quote] for cited in citations)
    digest = hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).digest()
    number = int.from_bytes(digest) >> (8 * len(digest) - _BITS * ID_CHARS)
    return "".join(_ALPHABET[number >> _BITS * place & 31] for place in reversed(range(ID_CHARS)))


def read_id(typed: str) -> str | None:
    """The id that a person means: in either case, with O for 0 and I or L for 1; None for what can't be one."""
    id_ = typed.strip().upper().translate(_MISREAD)
    return id_ if len(id_) == ID_CHARS and set(id_) <= set(_ALPHABET) else None


def citations_json(citations: Sequence[Cited]) -> str:
    """The citations as one line of JSON for `read_citations`."""
    return json.dumps([asdict(cited) for cited in citations])


def read_citations(line: str) -> tuple[Cited, ...]:
    """The citations in a line written by `citations_json`."""
    return tuple(Cited(read_citation(cited["citation"]), cited["sha256"]) for cited in json.loads(line))


def read_citation(stored: dict[str, Any]) -> Citation:
    """A citation from the fields that `asdict` gave, after JSON has turned its tuples into lists."""
    pairs = {name: tuple(stored[name]) if stored.get(name) else None for name in ("lines", "mark", "likeliest")}
    spans = {name: read_spans(stored.get(name, [])) for name in ("spans", "lead_spans")}
    place = Place(**stored["place"]) if stored.get("place") else None
    return Citation(**{**stored, **pairs, **spans, "place": place})


def read_spans(stored: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    """Spans after JSON has turned them into lists."""
    return tuple((start, end) for start, end in stored)
