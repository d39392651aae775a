"""What one conversation in the terminal remembers. Pure: no clock, no files, no search in here."""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.conversation.follow_up import CARRIED_TURNS, contextualise
from retrieval.schema import Answer, AnswerText, Citation, Turn


@dataclass(slots=True)
class Session:
    """One conversation: its turns, oldest first, and the last answer with how many of its texts were shown."""

    turns: list[Turn] = field(default_factory=list)
    answer: Answer | None = None
    shown: int = 0

    def searched(self, question: str) -> str:
        """The text to search for the question, see `contextualise`."""
        return contextualise(question, self.turns)

    def remember(self, answer: Answer) -> Answer:
        """The answer, from now on the last one, its first text shown.

        Small talk is no turn of the conversation: after "thanks" the last answer is still there to open.
        """
        if answer.status == "smalltalk":
            return answer
        self.answer = answer
        self.shown = min(1, len(answer.answers))
        said = answer.answers[0].text if answer.answers else ""
        self.turns = [*self.turns, Turn(answer.question, said)][-CARRIED_TURNS:]
        return self.answer

    def more(self) -> AnswerText | None:
        """The next further text of the last answer, from now on counted as shown; None when there are no more."""
        if self.answer is None or not self.left:
            return None
        self.shown += 1
        return self.answer.answers[self.shown - 1]

    @property
    def left(self) -> int:
        """How many texts of the last answer were not shown yet."""
        return len(self.answer.answers) - self.shown if self.answer else 0

    def citations(self) -> dict[int, Citation]:
        """Every citation shown for the last question, by its number."""
        shown = self.answer.answers[: self.shown] if self.answer else ()
        return {citation.number: citation for text in shown for citation in text.citations}

    def forget(self) -> None:
        """Empties the conversation."""
        self.turns, self.answer, self.shown = [], None, 0
