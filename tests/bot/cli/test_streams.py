"""Exit statuses, standard output and error, colour."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import retrieval
from bot.cli import parser
from bot.commands import ONE_OF_BOTH
from bot.plain_text import AT_LEAST
from bot.telegram.settings import HELP as TELEGRAM_HELP
from tests.bot.cli.commands import COLOUR, FOUNDED, ROOT
from tests.bot.conftest import Quoth
from tests.conftest import CORPUS, write_corpus


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["nonsense"],
        ["ask"],
        ["ask", "hello", "--batch", "x"],
        ["ask", "hello", "--top", "0"],
        ["ask", "hello", "--top", "many"],
        ["ask", "hello", "--colour"],
        ["search"],
        ["index", "--overlap", "-1"],
        ["sources", "extra"],
    ],
)
def test_wrong_usage_exits_2_with_the_reason_on_stderr(quoth: Quoth, tmp_path: Path, argv: list[str]):
    ran = quoth(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith("quoth")
    assert "parse" not in ran.err  # no name of a function of ours
    assert not list(tmp_path.iterdir())  # nothing was built for it


@pytest.mark.parametrize("argv", [["ask", ""], ["ask", "-"], ["search", "?!"], ["index", "--docs", "nowhere"]])
def test_an_error_to_act_on_is_one_line_on_stderr_and_exits_1(indexed: Quoth, argv: list[str]):
    ran = indexed(*argv)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)


def test_help_is_a_result_that_names_every_command(quoth: Quoth):
    ran = quoth("--help")
    assert (ran.status, ran.err) == (0, "")
    for command in "index watch ask search chat sources verify feedback telegram health eval".split():
        assert re.search(rf"^ +{command} ", ran.out, re.MULTILINE), command


def test_help_ends_with_two_commands_that_run(fake_quoth: Quoth, tmp_path: Path):
    write_corpus(tmp_path, CORPUS)
    examples = fake_quoth("--help").out.split("examples:\n")[1].splitlines()
    assert len(examples) == 2
    for example in examples:
        program, *argv = shlex.split(example)
        assert program == "quoth"
        assert fake_quoth(*argv).status in (0, 3)


@pytest.mark.parametrize("command", "index watch ask search chat sources verify feedback telegram health".split())
def test_the_help_of_each_command_ends_with_two_examples_of_it_that_parse(quoth: Quoth, command: str):
    examples = quoth(command, "--help").out.split("\n\nexamples:\n")[1].splitlines()
    assert len(examples) == 2
    for example in examples:
        program, *argv = shlex.split(example)
        assert (program, argv[0]) == ("quoth", command)
        assert parser().parse_args(argv).run


def test_the_help_of_telegram_ends_with_how_to_set_it_up(quoth: Quoth):
    *_, setting_up, examples = quoth("telegram", "--help").out.split("\n\n")
    assert " ".join(setting_up.split()) == TELEGRAM_HELP
    assert examples.startswith("examples:\n")


@pytest.mark.parametrize("command", "index watch ask search chat sources verify feedback telegram health eval".split())
def test_every_command_has_its_own_help(quoth: Quoth, command: str):
    ran = quoth(command, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: quoth {command} ")


def test_the_version_is_one_line_and_no_error(quoth: Quoth):
    ran = quoth("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"quoth {retrieval.version}\n", "")


def test_wrong_usage_says_what_is_right(quoth: Quoth):
    assert quoth("ask").err == f"{ONE_OF_BOTH}\n"
    assert AT_LEAST.format(minimum=16) in quoth("index", "--passage-tokens", "15").err
    assert quoth("ask", "hello", "--top", "0").err.endswith(f"argument --top: {AT_LEAST.format(minimum=1)}, not '0'\n")


def test_there_is_no_colour_in_what_is_not_a_terminal(indexed: Quoth):
    for argv in (["ask", "How many piers?"], ["search", "piers"], ["sources"], ["verify"]):
        assert "\x1b" not in indexed(*argv).out


def in_terminal(argv: list[str], environment: dict[str, str]) -> str:
    """What a fresh process prints where standard output is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *argv], stdout=theirs, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # how Linux tells that the other side is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(timeout=30) == 0
    return shown.decode()


@pytest.mark.model
def test_the_answer_is_coloured_in_a_terminal_but_not_with_no_color(seeds_index: Path):
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": "100"}
    argv = ["ask", FOUNDED, "--index", str(seeds_index)]
    assert COLOUR.search(in_terminal(argv, environment))
    assert not COLOUR.search(in_terminal(argv, environment | {"NO_COLOR": "1"}))
