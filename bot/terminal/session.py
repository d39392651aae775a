"""What `quoth chat` remembers of a conversation. Pure: it uses no clock, no files and no search."""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.answer.agreement import rivals_of_first
from retrieval.conversation.turns import recent, turn_of
from retrieval.schema import Answer, AnswerText, Citation, Document, Turn


@dataclass(slots=True)
class Session:
    """One conversation: its turns, oldest first, the last answer, and how many of its texts were shown."""

    turns: list[Turn] = field(default_factory=list)
    answer: Answer | None = None
    shown: int = 0

    def remember(self, answer: Answer) -> None:
        """Make this the last answer, with its first text shown.

        Small talk is not a turn of the conversation: after "thanks" the last answer can still be opened.
        """
        if answer.status == "smalltalk":
            return
        self.answer = answer
        self.shown = len(answer.answers) if answer.is_together else min(1, len(answer.answers))
        self.turns = recent([*self.turns, turn_of(answer)])

    def more(self) -> AnswerText | None:
        """The next text of the last answer, which then counts as shown; None when there are no more."""
        if self.answer is None or not self.left:
            return None
        self.shown += 1
        return self.answer.answers[self.shown - 1]

    @property
    def left(self) -> int:
        """How many texts of the last answer have not been shown yet."""
        return len(self.answer.answers) - self.shown if self.answer else 0

    def citations(self) -> dict[int, Citation]:
        """Every citation shown for the last question, by its number; a refusal's is its closest passage."""
        if self.answer is None:
            return {}
        if self.answer.nearest:
            return {self.answer.nearest.number: self.answer.nearest}
        shown = [*self.answer.answers[: self.shown], *rivals_of_first(self.answer.answers)]
        return {citation.number: citation for text in shown for citation in text.citations}

    def document(self, doc_id: str) -> Document | None:
        """A document as the last answer quotes it, None where none of its passages was found for that answer."""
        if self.answer is None:
            return None
        hits = [*self.answer.hits, *(candidate.hit for candidate in self.answer.candidates)]
        return next((hit.document for hit in hits if hit.document.doc_id == doc_id), None)

    def forget(self) -> None:
        """Empty the conversation."""
        self.turns, self.answer, self.shown = [], None, 0
