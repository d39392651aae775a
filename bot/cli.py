"""`quoth`: the command line. Results go to stdout, messages to stderr; an error is one line and exit status 1."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot import commands, log_commands
from bot.commands import EXIT_DONE, EXIT_ERROR
from bot.config import LOG_DAYS, Config, parse_target_precision, read_config
from bot.receipts.citing import FORMATS
from bot.telegram.settings import HELP as TELEGRAM_HELP
from bot.telegram.settings import add_flags
from bot.terminal.console import at_least, positive, talk
from retrieval.documents.elements import Limits
from retrieval.errors import QuothError
from retrieval.settings import MAX_TARGET_PRECISION, MIN_TARGET_PRECISION, TARGET_PRECISION, IndexSettings

EXIT_INTERRUPTED = 130
INTERRUPTED = "interrupted; nothing was left half-written"
_MIN_TOKENS = 16  # a smaller passage has no room for a sentence
_JSON_HELP = "print JSON, one object per line"
_DESCRIPTION = "Answers questions from a folder of documents in the documents' own words."
_EPILOG = """exit status:
  0    the question was answered, for sure or perhaps, or the command did its work
  1    an error; the message says what to do next
  2    usage error
  3    `quoth ask` found no clear answer to a single question
  130  interrupted with Ctrl-C

examples:
  quoth index .
  quoth ask "When was JALAC founded?\""""

_EXAMPLES: dict[str, tuple[str, str]] = {
    "index": ("quoth index my-notes", "quoth index --docs my-notes --index notes-index"),
    "ask": ('quoth ask "When was JALAC founded?"', "quoth ask --batch questions.jsonl --json"),
    "search": ('quoth search "trade with Brazil"', 'quoth search "trade with Brazil" --top 20'),
    "chat": ("quoth chat", "quoth chat --index my-notes/.quoth/index --watch"),
    "sources": ("quoth sources", "quoth sources --json"),
    "watch": ("quoth watch", "quoth watch my-notes"),
    "verify": ("quoth verify", "quoth verify 7F3K9Q2M"),
    "cite": ("quoth cite 7F3K9Q2M", "quoth cite 7F3K9Q2M --format bibtex"),
    "feedback": ("quoth feedback", "quoth feedback --all --csv"),
    "gaps": ("quoth gaps", "quoth gaps --ask"),
    "telegram": ("quoth telegram --allow 11111111", "quoth telegram --token-file token --admin 11111111"),
    "health": ("quoth health", "quoth health --index my-notes/.quoth/index"),
}

RunCommand = Callable[[argparse.Namespace, Config], int]
AddCommand = Callable[..., argparse.ArgumentParser]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status, as `quoth --help` lists them."""
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
    except BrokenPipeError:  # the program that read our output has ended
        _drop_output()
        return EXIT_DONE
    except OSError as error:
        _drop_output()
        talk(f"can't write the output: {error.strerror or error}; make room, or write it to another place")
        return EXIT_ERROR
    except KeyboardInterrupt:
        talk(INTERRUPTED)
        return EXIT_INTERRUPTED


def _run(argv: Sequence[str] | None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["eval"]:  # has options and commands of its own, and imports much that the others do not need
        try:
            from eval.cli import main as evaluate
        except ModuleNotFoundError as error:
            raise QuothError(f"`quoth eval` needs {error.name}; install it with `pip install 'quoth[eval]'`") from error

        return evaluate(argv[1:], read_config(argparse.Namespace(index=None), os.environ).feedback)
    try:
        given = parser().parse_args(argv)
    except SystemExit as leaving:  # argparse has printed the help or what is wrong with the usage
        return int(leaving.code or 0)
    return int(given.run(given, read_config(given, os.environ)))


def _verify(given: argparse.Namespace, config: Config) -> int:
    return log_commands.verify_receipts(given.receipts, config) if given.receipts else commands.verify(given, config)


def _drop_output() -> None:
    """Send the interpreter's last flush to nowhere: what stdout still holds can't be written."""
    with suppress(OSError, ValueError):  # stdout has no file behind it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _HelpFormatter(argparse.HelpFormatter):
    """Wraps the paragraphs of a description or an epilog, and leaves lists, whose lines are indented, as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        fill = super()._fill_text
        return "\n\n".join(part if "\n  " in part else fill(part, width, indent) for part in text.split("\n\n"))


class _ShowVersion(argparse.Action):
    """Prints the version and leaves. It is looked up only then, so that no other command waits for it."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from retrieval import version

        print(f"quoth {version}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; `run` of what it parses is the command. It leaves `quoth eval` to eval/."""
    quoth = argparse.ArgumentParser(
        prog="quoth", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=_HelpFormatter
    )
    quoth.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version of Quoth and exit")
    added = quoth.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: RunCommand, help_: str, more: str = "") -> argparse.ArgumentParser:
        new = added.add_parser(
            name,
            help=help_,
            description=f"{help_[0].upper()}{help_[1:]}. {more}".strip(),
            epilog="\n  ".join(["examples:", *_EXAMPLES[name]]),
            formatter_class=_HelpFormatter,
        )
        new.add_argument(
            "--index",
            type=_path,
            metavar="DIR",
            help="folder of the index (default: $QUOTH_INDEX, else .quoth/index here, or in the nearest folder above)",
        )
        new.set_defaults(run=run)
        return new

    _add_index(command)
    _add_watch(command)
    _add_ask_and_search(command)
    chat = command(
        "chat",
        commands.chat,
        "ask questions in a conversation",
        "Refreshes the index first if files have changed; /help lists the commands.",
    )
    chat.add_argument("--watch", action="store_true", help="refresh the index whenever files change")
    _add_no_log(chat)
    _add_target_precision(chat)
    _add_listings(command)
    _add_telegram(command)
    added.add_parser("eval", help="score search, answers and refusals; see `quoth eval --help`", add_help=False)
    return quoth


def _add_index(command: AddCommand) -> None:
    new = IndexSettings()
    index = command(
        "index",
        commands.index,
        "build or refresh the index of a folder of documents",
        "The index goes to FOLDER/.quoth/index, and every command finds it in FOLDER and the folders below. Without "
        "FOLDER, the index of this folder is refreshed. Only files that changed are read and embedded again. Options "
        "that you leave out keep the values that the index was built with; the defaults below are those of a new "
        "index.",
    )
    docs = index.add_mutually_exclusive_group()
    docs.add_argument("folder", nargs="?", type=_path, metavar="FOLDER", help="folder of documents")
    docs.add_argument(
        "--docs", type=_path, metavar="DIR", help="folder of documents whose index goes to --index, or to .quoth/index"
    )
    index.add_argument("--verbose", action="store_true", help="list every file that is not read")
    index.add_argument(
        "--model", metavar="NAME", help=f"encoder: a local folder or a Hugging Face name (default: {new.model})"
    )
    index.add_argument(
        "--dtype", choices=("int8", "fp32"), help=f"number format of the encoder's weights (default: {new.dtype})"
    )
    index.add_argument(
        "--faiss", metavar="FACTORY", help=f"faiss index_factory string (default: {new.faiss}, exact search)"
    )
    index.add_argument(
        "--passage-tokens",
        type=at_least(_MIN_TOKENS),
        metavar="N",
        help=f"maximum tokens in a passage (default: {new.passages.size_tokens})",
    )
    index.add_argument(
        "--overlap",
        type=int,
        choices=range(4),
        metavar="N",
        help=f"sentences that neighbouring passages share, 0 to 3 (default: {new.passages.overlap_sentences})",
    )
    index.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        help="embed title, section and date with each passage (default: yes)",
    )
    limits = Limits()
    for name, value, help_ in (
        ("file-mb", limits.file_mb, "largest file that is read, in MB"),
        ("unpacked-mb", limits.unpacked_mb, "largest size of what is packed in a file, in MB"),
        ("pages", limits.pages, "most pages, slides, sheets, chapters or messages in a file"),
    ):
        index.add_argument(f"--max-{name}", type=positive, metavar="N", help=f"{help_} (default: {value:,})")


def _add_watch(command: AddCommand) -> None:
    watch = command(
        "watch",
        commands.watch,
        "refresh the index whenever files change",
        "An open chat or bot goes on with the new index. Ctrl-C ends it.",
    )
    watch.add_argument(
        "folder", nargs="?", type=_path, metavar="FOLDER", help="folder of documents (default: the one indexed before)"
    )


def _add_ask_and_search(command: AddCommand) -> None:
    ask = command(
        "ask",
        commands.ask,
        "answer one question, or several from standard input or a file",
        "Put the question between quotation marks if it has signs that your shell reads, such as ' & ( or -word.",
    )
    ask.add_argument(
        "question",
        nargs="*",
        metavar="QUESTION",
        help="the words of the question; - reads one question per line from standard input",
    )
    ask.add_argument(
        "--batch",
        metavar="FILE",
        help="file of JSON lines, each with a question and optionally an id and a history; - reads standard input",
    )
    ask.add_argument("--json", action="store_true", help=_JSON_HELP)
    ask.add_argument(
        "--top", type=positive, default=5, metavar="N", help="number of passages that --json lists (default: 5)"
    )
    _add_no_log(ask)
    _add_target_precision(ask)
    search = command("search", commands.search, "list the best passages for a query, without looking for an answer")
    search.add_argument("query", nargs="+", metavar="QUERY", help="the words to search for")
    search.add_argument("--json", action="store_true", help=_JSON_HELP)
    search.add_argument("--top", type=positive, default=5, metavar="N", help="number of passages to list (default: 5)")


def _add_listings(command: AddCommand) -> None:
    sources = command("sources", commands.sources, "list the documents with title, date and number of passages")
    sources.add_argument("--json", action="store_true", help=_JSON_HELP)
    verify = command(
        "verify",
        _verify,
        "check every document and passage, or the receipts of answers, against the files on disk",
        "With receipts, exits with 1 if a quotation is no longer in the files.",
    )
    verify.add_argument("receipts", nargs="*", metavar="ID", help="receipt of an answer, as `quoth ask` shows it")
    verify.add_argument("--verbose", action="store_true", help="list unchanged documents and every passage, too")
    cite = command("cite", log_commands.cite, "print the citations of an answer, to paste them into another text")
    cite.add_argument("receipt", metavar="ID", help="receipt of the answer, as `quoth ask` shows it")
    cite.add_argument("--format", choices=FORMATS, default=FORMATS[0], help=f"format (default: {FORMATS[0]})")
    feedback = command("feedback", log_commands.feedback, "list the ratings not yet reviewed")
    feedback.add_argument("--all", action="store_true", help="list every rating")
    gaps = command(
        "gaps",
        log_commands.gaps,
        "list questions that were refused or whose answers were rated wrong, grouped by what they ask",
        "Those asked most often come first. It counts questions, not people.",
    )
    gaps.add_argument("--all", action="store_true", help="list every gap, not only the first")
    gaps.add_argument("--ask", action="store_true", help="ask the questions again, and say which are answered now")
    gaps.add_argument("--json", action="store_true", help=_JSON_HELP)
    form = feedback.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_JSON_HELP)
    form.add_argument("--csv", action="store_true", help="print CSV for a spreadsheet")


def _add_telegram(command: AddCommand) -> None:
    telegram = command("telegram", commands.telegram, "run the Telegram bot")
    add_flags(telegram)
    telegram.epilog = f"{TELEGRAM_HELP}\n\n{telegram.epilog}"
    _add_target_precision(telegram)
    telegram.set_defaults(is_telegram=True)
    command(
        "health",
        commands.health,
        "check that the Telegram bot is running",
        "Exits with 0 if the bot that uses this index polled Telegram within the last minute, otherwise with 1.",
    )


def _add_no_log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-log",
        action="store_true",
        help=f"keep neither questions nor answers (default: keep them for $QUOTH_LOG days, else {LOG_DAYS}, so that "
        "receipts can be checked; 0 keeps none)",
    )


def _add_target_precision(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--answer-precision",
        type=_target_precision,
        metavar="SHARE",
        help=f"target precision, {MIN_TARGET_PRECISION} to {MAX_TARGET_PRECISION}; a lower value answers more "
        f"questions, less reliably (default: $QUOTH_ANSWER_PRECISION, else {TARGET_PRECISION})",
    )


def _target_precision(text: str) -> float:
    try:
        return parse_target_precision(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("must be the name of a folder, not empty")
    return Path(text)
