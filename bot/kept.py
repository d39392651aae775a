"""An answer as it is kept: all that is needed to show it again without the index it came from. Pure.

The quotations stand in here as text because the document may be gone or changed by the time a button is pressed; the
hash beside them says whether it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from retrieval.schema import Answer, Citation, Document, Span, Status

CONTEXT_CHARS = 4000
"""How much of the document is kept on either side of a passage."""


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
    """What came back for a question. `closest` is the best passage of an abstention, None where nothing was found."""

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

    def citation(self, number: int) -> KeptCitation | None:
        """The citation of that number; the closest passage for 0; None where there is no such one."""
        raise NotImplementedError


def keep(id_: str, answer: Answer, document: Callable[[str], Document]) -> KeptAnswer:
    """The answer with all its passages cut from the documents, which `document` gives by their doc_id."""
    raise NotImplementedError


def kept_json(kept: KeptAnswer) -> str:
    """One line of JSON that `read_kept` takes back."""
    raise NotImplementedError


def read_kept(line: str) -> KeptAnswer:
    """The answer of a line that `kept_json` made. Raises ValueError for any other."""
    raise NotImplementedError
