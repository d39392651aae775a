"""Questions that are empty, endless or hostile."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest

from tests.bot.bad_days.commands import assert_one_clear_line, finish, start
from tests.bot.conftest import Quoth


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["", "   ", "\n", "\0", "\x1b\x07", "\ud800", "\u200b"])
def test_a_question_without_a_word_is_an_error(quoth: Quoth, index: Path, command: str, question: str):
    assert_one_clear_line(quoth(command, question), "question", "type")


def test_punctuation_alone_gets_help_and_is_not_searched(quoth: Quoth, index: Path):
    ran = quoth("ask", "?!… —")
    assert (ran.status, ran.messages) == (0, [])
    assert "/help" in ran.out
    assert_one_clear_line(quoth("search", "?!… —"), "question", "type")


def test_an_emoji_gets_a_reply_and_is_not_searched(quoth: Quoth, index: Path):
    ran = quoth("ask", "😀")
    assert (ran.status, ran.messages) == (0, [])
    assert "Ask me something" in ran.out
    assert_one_clear_line(quoth("search", "😀"), "question", "type")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["harbour " * 12_500, "x" * 100_000, "港" * 100_000])
def test_a_question_of_100_000_characters_is_an_error_at_once(quoth: Quoth, index: Path, command: str, question: str):
    started = time.monotonic()
    assert_one_clear_line(quoth(command, question), "characters", "10,000")
    assert time.monotonic() - started < 2


def test_a_question_as_long_as_is_allowed_is_searched(quoth: Quoth, index: Path):
    ran = quoth("search", ("harbour " * 1250).strip(), "--json")
    assert (ran.status, json.loads(ran.out)["hits"][0]["document"]) == (0, "harbour.txt")


@pytest.mark.parametrize("between", ["\0", "\x1b[31m", "\x07", "\ud800", "\r", "\u202e", "[bold]", "\u2028", "\x85"])
def test_control_characters_in_a_question_neither_harm_nor_show(quoth: Quoth, index: Path, between: str):
    question = f"harbour {between} of Lund"
    ran = quoth("search", question, "--json")
    line = ran.out.removesuffix("\n")
    line.encode("utf-8")
    assert "\n" not in line
    assert (ran.status, json.loads(line)["query"]) == (0, question)
    assert json.loads(line)["hits"][0]["document"] == "harbour.txt"
    for argv in (["ask", question], ["ask", question, "--json"], ["ask", "-"]):
        ran = quoth(*argv, stdin=f"{question}\nhello\n".encode(errors="replace"))
        assert (ran.status in (0, 3), ran.messages) == (True, [])
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\ud800]", ran.out if "--json" not in argv else "")
        ran.out.encode("utf-8")


def test_bytes_that_are_not_utf_8_on_standard_input_break_nothing(quoth: Quoth, index: Path):
    ran = quoth("ask", "-", "--json", stdin=b"\xff\xfe harbour of Lund\n\x80\x81 pier\n")
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == ["q1", "q2"]
    assert (ran.status, ran.messages) == (0, [])


def test_a_closed_standard_input_is_an_error(quoth: Quoth, index: Path):
    ran = finish(start(["ask", "-", "--index", index], preexec_fn=lambda: os.close(0), stdin=None))
    assert_one_clear_line(ran, "question")


def test_a_batch_line_nested_without_end_is_a_bad_line(quoth: Quoth, index: Path):
    assert_one_clear_line(quoth("ask", "--json", "--batch", "-", stdin=b"[" * 100_000), "bad lines: line 1")
