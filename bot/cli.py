"""`quoth`: the command line. Results on stdout, talk on stderr; errors are one line and exit status 1."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bot import commands
from bot.commands import EXIT_DONE, EXIT_ERROR
from bot.config import Config, read_config, wanted_precision
from bot.telegram.settings import add_flags
from bot.terminal.console import positive, talk
from retrieval.errors import QuothError
from retrieval.settings import ANSWER_PRECISION, LEAST_PRECISION, MOST_PRECISION, IndexSettings

EXIT_INTERRUPTED = 130
_LEAST_TOKENS = 16
_EPILOG = """examples:
  quoth ask "When was JALAC founded?"
  quoth index --docs my-notes --index my-notes/.quoth"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status as `quoth --help` lists it."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if hasattr(stream, "reconfigure"):  # hostile names and questions must break neither reading nor printing
            stream.reconfigure(encoding="utf-8", errors=errors)
    try:
        status = _run(argv)
        sys.stdout.flush()
        return status
    except QuothError as error:
        talk(str(error))
        return EXIT_ERROR
    except BrokenPipeError:  # the reader of our output left; nobody is there to be told
        _drop_output()
        return EXIT_DONE
    except OSError as error:
        _drop_output()
        talk(f"can't write the output: {error.strerror or error}; make room or send it elsewhere")
        return EXIT_ERROR
    except KeyboardInterrupt:
        talk("stopped; nothing was left half done")
        return EXIT_INTERRUPTED


def _run(argv: Sequence[str] | None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["eval"]:  # has options and commands of its own, and loads much that others need not
        try:
            from eval.cli import main as evaluate
        except ModuleNotFoundError as error:
            raise QuothError(f"`quoth eval` needs {error.name}; install it with pip install 'quoth[eval]'") from error

        return evaluate(argv[1:], read_config(argparse.Namespace(index=None), os.environ).feedback)
    try:
        given = _parser().parse_args(argv)
    except SystemExit as leaving:  # help was shown, or the usage was wrong and told
        return int(leaving.code or 0)
    return int(given.run(given, read_config(given, os.environ)))


def _drop_output() -> None:
    """Let the interpreter's last flush go nowhere: what is still kept back can't be written."""
    with suppress(OSError, ValueError):  # no file behind it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quoth",
        description="Answers questions from a folder of documents in the documents' own words.",
        epilog=_EPILOG + "\n\nexit status: 0 answered or done, 1 an error to act on, 2 wrong usage, 3 `ask` abstained",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    named = parser.add_subparsers(required=True, metavar="COMMAND")
    standard = IndexSettings()

    def command(name: str, run: Callable[[argparse.Namespace, Config], int], help_: str) -> argparse.ArgumentParser:
        added = named.add_parser(name, help=help_, description=help_)
        added.add_argument("--index", type=_path, metavar="DIR", help="default: QUOTH_INDEX, else .quoth/index")
        added.set_defaults(run=run)
        return added

    index = command("index", commands.index, "build or refresh the index of a folder")
    index.add_argument(
        "--docs", type=_path, metavar="DIR", help="the documents (default: the ones indexed before, or seeds)"
    )
    index.add_argument(
        "--model", metavar="NAME", help=f"an encoder: a folder or a hub name (default: {standard.model})"
    )
    index.add_argument("--precision", choices=("int8", "fp32"), help=f"default: {standard.precision}")
    index.add_argument(
        "--faiss", metavar="FACTORY", help=f"a faiss index_factory string (default: {standard.faiss}, exact)"
    )
    index.add_argument(
        "--passage-tokens", type=_passage_tokens, metavar="N", help=f"default: {standard.passages.size_tokens}"
    )
    index.add_argument(
        "--overlap", type=int, choices=range(4), metavar="N", help="sentences that two passages share, 0 to 3"
    )
    index.add_argument(
        "--header", action=argparse.BooleanOptionalAction, help="embed title, section and date with each passage"
    )

    ask = command("ask", commands.ask, "answer a question, or one a line from standard input")
    ask.add_argument(
        "question", nargs="?", metavar="QUESTION", help="the question; - reads one a line from standard input"
    )
    ask.add_argument(
        "--batch", metavar="FILE", help="JSON lines with id, question and perhaps history; - is standard input"
    )

    search = command("search", commands.search, "the ranked passages, without reading them")
    search.add_argument("query", metavar="QUERY")
    for either in (ask, search):
        either.add_argument("--json", action="store_true", help="one JSON object a line")
        either.add_argument("--top", type=positive, default=5, metavar="N", help="passages to list (default 5)")

    chat = command("chat", commands.chat, "ask in a conversation")
    sources = command("sources", commands.sources, "the documents with title, date and passages")
    sources.add_argument("--json", action="store_true")
    telegram = command("telegram", commands.telegram, "run the Telegram bot")
    add_flags(telegram)
    telegram.set_defaults(is_telegram=True)
    for answering in (ask, chat, telegram):
        answering.add_argument(
            "--answer-precision",
            type=_precision,
            metavar="SHARE",
            help=f"the share of answers that should be right, {LEAST_PRECISION} to {MOST_PRECISION}; with less, more "
            f"is answered (default: QUOTH_ANSWER_PRECISION, else {ANSWER_PRECISION})",
        )
    command("health", commands.health, "whether the Telegram bot polled lately: exit status 0, else 1")
    feedback = command("feedback", commands.feedback, "what people said of answers")
    feedback.add_argument("--all", action="store_true", help="with what was reviewed before")
    form = feedback.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    form.add_argument("--csv", action="store_true", help="a table for a spreadsheet")
    named.add_parser("eval", help="score search, answers and refusals; `quoth eval --help` has more", add_help=False)
    command("verify", commands.verify, "check every document and passage against the files on disk")
    return parser


def _passage_tokens(text: str) -> int:
    if positive(text) < _LEAST_TOKENS:
        raise argparse.ArgumentTypeError(f"{text} word pieces hold no sentence; take {_LEAST_TOKENS} or more")
    return int(text)


def _precision(text: str) -> float:
    try:
        return wanted_precision(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("the name of the folder is empty")
    return Path(text)
