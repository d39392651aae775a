"""What `quoth chat` remembers of a conversation. Pure: it uses no clock, no files and no search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from retrieval.answer.agreement import rivals_of_first
from retrieval.answer.nearest import passages_found
from retrieval.conversation.turns import recent, turn_of
from retrieval.schema import Answer, AnswerText, Citation, Document, Turn


@dataclass(slots=True)
class Session:
    """One conversation: its turns, oldest first, the last answer, and what was shown of it and after it.

    `shown` is how many of its texts were shown, `further` are the passages shown after them, with the next numbers.
    `at` is the number of the citation that a command without one means: the passage last shown, at first the first.
    """

    turns: list[Turn] = field(default_factory=list)
    answer: Answer | None = None
    shown: int = 0
    further: list[Citation] = field(default_factory=list)
    at: int | None = None

    def remember(self, answer: Answer) -> None:
        """Make this the last answer, with its first text shown.

        Small talk is not a turn of the conversation: after "thanks" the last answer can still be opened.
        """
        if answer.status == "smalltalk":
            return
        self.answer, self.further = answer, []
        self.shown = len(answer.answers) if answer.is_together else min(1, len(answer.answers))
        self.turns = recent([*self.turns, turn_of(answer)])
        self.at = next(iter(self.citations()), None)

    def more(self) -> AnswerText | None:
        """The next text of the last answer, which then counts as shown; None when there are no more."""
        if self.answer is None or not self.left:
            return None
        self.shown += 1
        text = self.answer.answers[self.shown - 1]
        self.at = text.citations[0].number if text.citations else self.at
        return text

    @property
    def left(self) -> int:
        """How many texts of the last answer have not been shown yet."""
        return len(self.answer.answers) - self.shown if self.answer else 0

    def more_passages(self, count: int) -> list[Citation]:
        """The next passages that were found, closest first, which then count as shown; none when there are no more."""
        added = [self.add(citation) for citation in self.passages_left()[:count]]
        if added:
            self.at = added[0].number
        return added

    def passages_left(self) -> list[Citation]:
        """The passages found for the last question that nothing shown quotes, closest first."""
        if self.answer is None:
            return []
        shown = list(self._all_citations())
        found = passages_found(self.answer.candidates, self.answer.hits)
        return [citation for citation in found if not any(_overlap(citation, other) for other in shown)]

    def add(self, citation: Citation) -> Citation:
        """The citation with the next number, which then counts as shown last."""
        number = 1 + max((other.number for other in self._all_citations()), default=0)
        self.further.append(replace(citation, number=number))
        self.at = number
        return self.further[-1]

    def citations(self) -> dict[int, Citation]:
        """Every citation shown for the last question, by its number; a refusal's is its closest passage."""
        if self.answer is None:
            return {}
        texts = [*self.answer.answers[: self.shown], *rivals_of_first(self.answer.answers)]
        cited = [citation for text in texts for citation in text.citations]
        nearest = [self.answer.nearest] if self.answer.nearest else []
        return {citation.number: citation for citation in (*nearest, *cited, *self.further)}

    def _all_citations(self) -> Iterable[Citation]:
        """Those shown, and those of answers that were not shown yet."""
        if self.answer:
            yield from [self.answer.nearest] if self.answer.nearest else []
            yield from (citation for text in self.answer.answers for citation in text.citations)
        yield from self.further

    def document(self, doc_id: str) -> Document | None:
        """A document as the last answer quotes it, None where none of its passages was found for that answer."""
        if self.answer is None:
            return None
        hits = [*self.answer.hits, *(candidate.hit for candidate in self.answer.candidates)]
        return next((hit.document for hit in hits if hit.document.doc_id == doc_id), None)

    def forget(self) -> None:
        """Empty the conversation."""
        self.turns, self.answer, self.shown, self.further, self.at = [], None, 0, [], None


def _overlap(one: Citation, other: Citation) -> bool:
    return one.document == other.document and any(
        start < last and first < end for start, end in one.spans for first, last in other.spans
    )
