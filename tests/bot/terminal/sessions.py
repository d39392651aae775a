"""A library that answers by a word of the question, and sessions of `quoth chat` with it."""

import io
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.receipts.receipt import Receipt, receipt_of
from bot.terminal.repl import run
from retrieval.answer.why_not import WhyNot
from retrieval.citing import cite
from retrieval.documents.elements import Limits
from retrieval.errors import QuestionError
from retrieval.index.retriever import Ranks
from retrieval.schema import Answer, AnswerText, Citation, Document, Hit, Passage, Section, Source, Turn
from retrieval.spans import ReadingText

TEXT = "Round one was in May.\nIt was signed after four years of talks.\nTea followed.\n"
TALKS = Document("talks.txt", TEXT, "0" * 64, "utf-8", "Talks", "2022-05-16", None, (Section(None, None, False),))
READING = ReadingText(TEXT.replace("\n", " "), ((0, 0, len(TEXT)),))
SENTENCES = ((0, 21), (22, 62), (63, 76))
PASSAGES = [Passage("talks.txt", 0, READING.slice(*span), ((0, span[1] - span[0]),)) for span in SENTENCES]
HIT = Hit(0, Passage("talks.txt", 0, READING, ((0, len(TEXT)),)), TALKS, 0.83, 1, 0.71, 12.4)
ROUND_ONE = cite(1, HIT, 0, 62)
SIGNED = cite(1, HIT, 22, 62, (42, 52))
TEA = cite(1, HIT, 63, 76)
BACKWARDS = replace(TEA, spans=((63, 76), (22, 32)), lines=(2, 3), quote="Tea followed. […] It was sig", mark=None)
FOLLOW_UPS = ("And ", "is it ")
UP, CTRL_C, CTRL_D = "\x1b[A", "\x03", "\x04"


@dataclass
class FakeLibrary:
    """A library and a log in one: answers by a word of the question, and records searches and ratings."""

    searched: list[str] = field(default_factory=list)
    document_text: str = TEXT
    document_sha256: str = TALKS.sha256
    listed: str = TALKS.doc_id
    renamed: str | None = None
    folder: Path = Path("/nowhere")
    ratings: list[tuple[str, list[str], str, str | None]] = field(default_factory=list)
    receipt: Receipt | None = None
    expected: WhyNot = field(default_factory=lambda: WhyNot("no words", missing=("dragon",)))

    def ask(self, question: str, history: Sequence[Turn] = (), top: int = 5) -> Answer:
        searched = f"{question} [{history[-1].question}]" if question.startswith(FOLLOW_UPS) and history else question
        self.searched.append(searched)
        if "empty" in question:
            raise QuestionError("no word to search for;\nask in a sentence")
        if "slow" in question:
            signal.raise_signal(signal.SIGINT)  # what Ctrl-C does to a running question
        blank = Answer(
            question=question,
            searched=searched,
            status="answered",
            confidence=0.9,
            hits=(HIT,),
            threshold=0.35,
            perhaps_threshold=0.35,
            elapsed_ms={"total": 66.2},
        )
        if "hello" in question:
            return replace(blank, status="smalltalk", reply="Hello!", hits=())
        if "Zermatt" in question:
            return replace(blank, status="abstained", confidence=0.1, nearest=ROUND_ONE, unknown_words=("Zermatt",))
        is_perhaps = "perhaps" in question
        return replace(
            blank,
            status="perhaps" if is_perhaps else "answered",
            answers=(AnswerText("four years", 0.9, (SIGNED,)), AnswerText("tea", 0.4, (replace(BACKWARDS, number=2),))),
        )

    def sources(self) -> list[Source]:
        return [Source(self.listed, "Talks", "2022-05-16", None, TALKS.sections, 1)]

    def document(self, doc_id: str) -> Document:
        return replace(TALKS, doc_id=doc_id, text=self.document_text, sha256=self.document_sha256)

    def docs(self) -> Path:
        return self.folder

    def doc_id_of(self, sha256: str) -> str | None:
        return self.renamed

    def limits(self) -> Limits:
        return Limits()

    def passages(self, doc_id: str) -> list[Passage]:
        return PASSAGES

    def ranks(self, citation: Citation, answer: Answer) -> Ranks:
        return Ranks(by_meaning=3, by_words=1)

    def why_not(self, words: str, answer: Answer) -> WhyNot:
        return self.expected

    def keep(self, answer: Answer, history: Sequence[Turn] = ()) -> Receipt | None:
        self.receipt = receipt_of(answer, lambda _: TALKS.sha256, 0) or self.receipt
        return receipt_of(answer, lambda _: TALKS.sha256, 0)

    def rate(self, answer, history, verdict, reason) -> None:
        self.ratings.append((answer.question, [turn.question for turn in history], verdict, reason))

    def propose(self, answer, history, text) -> None:
        self.ratings.append((answer.question, [turn.question for turn in history], "wrong", text))

    def forget(self) -> int:
        self.receipt = None
        return 3

    def last_receipt(self) -> Receipt | None:
        return self.receipt

    def find(self, id_: str) -> Receipt | None:
        return self.receipt if self.receipt and self.receipt.id == id_ else None


def receipt_id(*citations: Citation) -> str:
    """The receipt of an answer that shows these citations of talks.txt."""
    shown = Answer(
        question="",
        searched="",
        status="answered",
        confidence=1.0,
        threshold=0.5,
        perhaps_threshold=0.5,
        elapsed_ms={},
        answers=(AnswerText("", 1.0, citations),),
    )
    found = receipt_of(shown, lambda _: TALKS.sha256, 0)
    assert found is not None
    return found.id


FOUR_YEARS, TO_ROUND_ONE = receipt_id(SIGNED), receipt_id(ROUND_ONE)
"""The receipts of the answer "four years", and of a refusal."""


def plain_console(height: int = 25) -> Console:
    return Console(file=io.StringIO(), width=60, height=height, color_system=None, highlight=False)


def text_of(console: Console) -> str:
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def piped(lines: str, fake: FakeLibrary | None = None) -> tuple[int, str, str]:
    """Exit status, standard output and talk of a session fed from a pipe."""
    console, talk = plain_console(), plain_console()
    fake = fake or FakeLibrary()
    status = run(fake, fake, io.StringIO(lines), console, talk)
    return status, text_of(console), text_of(talk)


def typed(keys: str, fake: FakeLibrary | None = None, typed_lines_path=None) -> tuple[int, str]:
    """Exit status and screen of a session typed at a terminal; prompts and echo go elsewhere."""
    console = plain_console()
    fake = fake or FakeLibrary()
    with create_pipe_input() as keyboard:
        keyboard.send_text(keys)
        status = run(
            library=fake,
            log=fake,
            stdin=io.StringIO(),
            console=console,
            talk=console,
            typed_lines_path=typed_lines_path,
            prompt_input=keyboard,
            prompt_output=DummyOutput(),
        )
    return status, text_of(console)
