"""The questions that a typed session begins with: from a thread, above the first prompt, and never in the way."""

import io
import threading

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.language.wording import TRY_ONE
from bot.terminal.repl import greeting, run
from bot.terminal.sample_questions import SAMPLE_QUESTIONS
from retrieval.errors import IndexCorrupt
from tests.bot.terminal.sessions import CTRL_D, FakeLibrary, piped, plain_console, text_of


class Typist:
    """A session in which keys are sent when a thread of the questions says so."""

    def __init__(self, try_questions):
        self.console, self.fake, self.tried = plain_console(), FakeLibrary(), 0
        self._try_questions = try_questions

    def run(self, keys_at_once=""):
        with create_pipe_input() as self.keyboard, create_app_session():
            self.keyboard.send_text(keys_at_once)
            status = run(
                library=self.fake,
                log=self.fake,
                stdin=io.StringIO(),
                console=self.console,
                talk=self.console,
                try_questions=lambda: self._try_questions(self),
                prompt_input=self.keyboard,
                prompt_output=DummyOutput(),
            )
        return status, text_of(self.console)


def leave_soon(typist):
    """Ctrl-D, a moment later."""
    threading.Timer(0.3, typist.keyboard.send_text, [CTRL_D]).start()


def test_questions_that_are_answered_are_shown_above_the_first_prompt():
    def questions(typist):
        yield from (None, "When was it opened?", None, "Who opened \x1b[2Jit?")
        leave_soon(typist)

    status, out = Typist(questions).run()
    assert status == 0
    assert out == f"{greeting(1, 1)}\n{TRY_ONE}\n  When was it opened?\n  Who opened ␛[2Jit?"


def test_no_more_are_tried_than_are_shown():
    def questions(typist):
        for number in range(99):
            typist.tried += 1
            if number == SAMPLE_QUESTIONS - 1:
                leave_soon(typist)
            yield f"Question {number}?"

    typist = Typist(questions)
    _, out = typist.run()
    assert typist.tried == SAMPLE_QUESTIONS
    assert out.count("Question") == SAMPLE_QUESTIONS


def test_the_prompt_does_not_wait_and_after_a_question_none_are_shown_or_tried():
    asked = threading.Event()

    def questions(typist):
        assert asked.wait(10)
        for number in range(99):
            typist.tried += 1
            yield f"Question {number}?"

    typist = Typist(questions)
    ask = typist.fake.ask
    typist.fake.ask = lambda *args: (asked.set(), ask(*args))[1]
    status, out = typist.run("hello\r" + CTRL_D)
    assert (status, typist.tried) == (0, 1)
    assert out == f"{greeting(1, 1)}\nHello!\n"


def test_where_there_are_none_nothing_is_said():
    def none(typist):
        leave_soon(typist)
        yield from (None, None)

    def broken(typist):
        leave_soon(typist)
        yield None
        raise IndexCorrupt("the index is damaged")

    for questions in (none, broken):
        assert Typist(questions).run() == (0, greeting(1, 1))


def test_a_pipe_gets_none():
    assert piped("hello\n") == (0, "> hello\nHello!\n", "")
