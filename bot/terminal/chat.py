"""A conversation on a console: what it holds, how it speaks, and how it answers a question. Commands are elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rich.console import Console, RenderableType
from rich.pager import Pager
from rich.text import Text

from bot.language.language import Language
from bot.language.wording import translatable
from bot.plain_text import visible
from bot.terminal.chat_library import ChatLibrary, ChatLog
from bot.terminal.citations import is_plain
from bot.terminal.render import render_answer
from bot.terminal.session import Session
from bot.terminal.speaker import Speaker
from retrieval.schema import Answer, Citation

FOUND_PASSAGES = 20
"""How many of the passages found are kept, to read on in after the answer."""
KEPT_PASSAGES = 5
"""How many of them are stored with an answer in the log, as many as `quoth ask` has."""
ASK_FIRST = translatable("Ask a question first.")
NO_CITATIONS = translatable("The last answer has no citation to open.")
UNKNOWN_CITATION = translatable("{command} takes the number of a citation: {numbers}.")


@dataclass(slots=True)
class TerminalChat:
    """A conversation on a console; `is_left` after /quit, `has_failed` after a line that met an error.

    `kept` is the last answer as it is in the log.
    """

    library: ChatLibrary
    log: ChatLog
    console: Console
    talk: Console
    session: Session = field(default_factory=Session)
    speaker: Speaker = field(init=False)
    pager: Pager | None = None
    kept: Answer | None = None
    is_left: bool = False
    has_failed: bool = False

    def __post_init__(self) -> None:
        self.speaker = Speaker(self.library.document)

    def ask(self, question: str) -> Answer:
        """The answer to a question, which was printed. Raises QuothError."""
        history = self.session.turns
        answer = self.library.ask(question, history, FOUND_PASSAGES)
        language = self.speaker.language_for(question)
        kept = replace(answer, hits=answer.hits[:KEPT_PASSAGES])
        receipt = self.log.keep(kept, history)
        self.session.remember(answer)
        if answer.status != "smalltalk":
            self.kept = kept
        id_ = receipt.id if receipt else None
        self.console.print(render_answer(answer, self.is_plain, language=language, receipt=id_))
        if note := self.speaker.note(answer):
            self.notify(note)
        return answer

    @property
    def language(self) -> Language:
        """The language of our own words."""
        return self.speaker.language

    @property
    def is_plain(self) -> bool:
        """Whether marks must be characters because the console shows no colour."""
        return is_plain(self.console)

    def say(self, text: str, **values: object) -> None:
        """Print one of our own lines that is not an answer, in the language of the conversation."""
        self.notify(self.language.translate(text).format(**values))

    def notify(self, text: str) -> None:
        """Print one line that is not an answer."""
        self._print_line(Text(visible(text), style="dim"))

    def fail(self, text: str) -> None:
        """Print one line that says what went wrong."""
        self.has_failed = True
        self._print_line(Text(visible(text), style="red"))

    def _print_line(self, line: Text) -> None:
        self.talk.print(line, soft_wrap=not self.talk.is_terminal)  # in a log a line stays one line

    def answered(self) -> Answer | None:
        """The last answer; None where there is none, which has been said."""
        if self.session.answer is None:
            self.say(ASK_FIRST)
        return self.session.answer

    def citation(self, command: str, number: str | None) -> Citation | None:
        """The citation with that number, or the passage last shown; None where there is none, which has been said."""
        citations = self.session.citations()
        if not citations:
            self.say(NO_CITATIONS if self.session.answer else ASK_FIRST)
            return None
        if number is None and self.session.at in citations:
            return citations[self.session.at]
        found = next((one for key, one in citations.items() if str(key) == (number or "").strip("[].,")), None)
        if found is None:
            self.say(UNKNOWN_CITATION, command=command, numbers=numbers(citations, self.language))
        else:
            self.session.at = found.number
        return found

    def page(self, render: Callable[[bool], RenderableType]) -> None:
        """Print it, through a pager if it is longer than the screen; pagers may drop colour, so marks are plain."""
        shown = render(self.is_plain)
        if self.console.is_terminal and len(self.console.render_lines(shown)) >= self.console.height:
            with self.console.pager(self.pager):
                self.console.print(render(True))
        else:
            self.console.print(shown)


def numbers(citations: dict[int, Citation], language: Language) -> str:
    """Which numbers there are: "1", "1 to 5", or "1, 2, 5" where some are missing."""
    found = sorted(citations)
    if len(found) > 1 and found == list(range(found[0], found[-1] + 1)):
        return language.translate("{first} to {last}").format(first=found[0], last=found[-1])
    return language.translate(", ").join(map(str, found))
