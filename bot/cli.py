"""`quoth`: the command line. Results on stdout, talk on stderr; errors are one line and exit status 1."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config, read_config, seeds_folder, wanted_precision
from bot.telegram_settings import add_flags
from bot.terminal import console, progress, talk
from retrieval.errors import IndexCorrupt, IndexNotFound, QuestionError, QuothError
from retrieval.schema import Answer, Turn
from retrieval.settings import ANSWER_PRECISION, LEAST_PRECISION, MOST_PRECISION, IndexSettings

if TYPE_CHECKING:
    from retrieval.build import BuildReport
    from retrieval.retriever import Retriever
    from retrieval.store import Store

EXIT_DONE, EXIT_ERROR, EXIT_USAGE, EXIT_ABSTAINED, EXIT_INTERRUPTED = 0, 1, 2, 3, 130
_LEAST_TOKENS = 16
_HEALTHY_S = 60
"""A poll takes ten seconds, and at most as long again where Telegram is slow."""
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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    standard = IndexSettings()

    def command(name: str, run: Callable[[argparse.Namespace, Config], int], help_: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_, description=help_)
        added.add_argument("--index", type=_path, metavar="DIR", help="default: QUOTH_INDEX, else .quoth/index")
        added.set_defaults(run=run)
        return added

    index = command("index", _index, "build or refresh the index of a folder")
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

    ask = command("ask", _ask, "answer a question, or one a line from standard input")
    ask.add_argument(
        "question", nargs="?", metavar="QUESTION", help="the question; - reads one a line from standard input"
    )
    ask.add_argument(
        "--batch", metavar="FILE", help="JSON lines with id, question and perhaps history; - is standard input"
    )

    search = command("search", _search, "the ranked passages, without reading them")
    search.add_argument("query", metavar="QUERY")
    for either in (ask, search):
        either.add_argument("--json", action="store_true", help="one JSON object a line")
        either.add_argument("--top", type=_positive, default=5, metavar="N", help="passages to list (default 5)")

    chat = command("chat", _chat, "ask in a conversation")
    sources = command("sources", _sources, "the documents with title, date and passages")
    sources.add_argument("--json", action="store_true")
    telegram = command("telegram", _telegram, "run the Telegram bot")
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
    command("health", _health, "whether the Telegram bot polled lately: exit status 0, else 1")
    feedback = command("feedback", _feedback, "what people said of answers")
    feedback.add_argument("--all", action="store_true", help="with what was reviewed before")
    form = feedback.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    form.add_argument("--csv", action="store_true", help="a table for a spreadsheet")
    commands.add_parser("eval", help="score search, answers and refusals; `quoth eval --help` has more", add_help=False)
    command("verify", _verify, "check every document and passage against the files on disk")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)


def _passage_tokens(text: str) -> int:
    if _positive(text) < _LEAST_TOKENS:
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


# Commands


def _index(given: argparse.Namespace, config: Config) -> int:
    from bot.render import visible

    report = _build(config)
    for name, files in (("added", report.added), ("changed", report.changed), ("removed", report.removed)):
        for file in files:
            print(f"{name}: {visible(file)}")
    for file, reason in report.skipped:
        print(f"skipped: {visible(f'{file}: {reason}')}")
    print(
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{len(report.skipped)} skipped, {report.unchanged} unchanged; {report.passages} passages in {config.index}"
    )
    return EXIT_DONE


def _ask(given: argparse.Namespace, config: Config) -> int:
    from bot.batch import answer_json, read_batch, read_lines
    from bot.session import contextualise
    from retrieval.answer import answer

    if (given.question is None) == (given.batch is None):
        talk("quoth ask: give either a QUESTION (or - for standard input) or --batch FILE")
        return EXIT_USAGE
    if given.batch is not None:
        items = read_batch(_lines_typed() if given.batch == "-" else Path(given.batch))
    elif given.question == "-":
        items = read_lines(_lines_typed())
    else:
        items = read_lines([given.question])
    if not items:
        raise QuestionError("no question given; type one after `quoth ask`, or one a line on standard input")
    retriever = _open(config)
    _tell_if_behind(retriever)
    statuses = []
    for item in items:
        try:
            found = answer(item.question, retriever, contextualise(item.question, item.history), given.top)
        except QuestionError as error:
            if len(items) == 1 and given.batch is None:
                raise
            talk(f"{item.id}: {error}")
            found = _unsearchable(item.question, config.answer_precision)
        statuses.append(found.status)
        if given.json:
            print(answer_json(item.id, found), flush=True)
        else:
            _print_answer(found, numbered=len(items) > 1)
    return EXIT_ABSTAINED if statuses == ["abstained"] else EXIT_DONE


def _search(given: argparse.Namespace, config: Config) -> int:
    from bot.batch import hits_json
    from bot.render import render_hits

    retriever = _open(config)
    _tell_if_behind(retriever)
    hits = retriever.search(given.query, given.top)
    if given.json:
        print(hits_json(given.query, hits))
    else:
        console(sys.stdout).print(render_hits(hits))
    return EXIT_DONE


def _chat(given: argparse.Namespace, config: Config) -> int:
    from bot.feedback import TERMINAL_USER, FeedbackStore, Reason, Verdict
    from bot.repl import Library, run
    from retrieval.answer import answer
    from retrieval.retriever import changed_files

    retriever = _open(config)
    if changed_files(retriever.store):
        _build(config)
        retriever = _open(config)

    def judge(answer: Answer, history: Sequence[Turn], verdict: Verdict, reason: Reason | None) -> None:
        with closing(FeedbackStore(config.feedback)) as store:
            store.say(store.keep(answer, history, "terminal"), TERMINAL_USER, verdict, reason)

    library = Library(
        lambda question, searched: answer(question, retriever, searched),
        retriever.store.sources,
        retriever.store.document_by_id,
        judge,
    )
    return run(library, sys.stdin or io.StringIO(), console(sys.stdout), console(sys.stderr), config.history)


def _sources(given: argparse.Namespace, config: Config) -> int:
    from bot.batch import source_json
    from bot.render import render_sources

    sources = _open_store(config).sources()
    if given.json:
        for source in sources:
            print(source_json(source))
    else:
        console(sys.stdout).print(render_sources(sources))
    return EXIT_DONE


def _feedback(given: argparse.Namespace, config: Config) -> int:
    from bot.feedback import FeedbackStore
    from bot.feedback_report import feedback_json, render_feedback, write_csv

    if not config.feedback.exists():
        talk("nobody has judged an answer yet; /right and /wrong in `quoth chat` do, and the buttons in Telegram")
        return EXIT_DONE
    with closing(FeedbackStore(config.feedback)) as store:
        listed = sorted(
            store.verdicts() + (store.verdicts(reviewed=True) if given.all else []), key=lambda said: said.said_at
        )
    if given.csv:
        write_csv(listed, sys.stdout)
    elif given.json:
        for said in listed:
            print(feedback_json(said))
    else:
        console(sys.stdout).print(render_feedback(listed))
    return EXIT_DONE


def _verify(given: argparse.Namespace, config: Config) -> int:
    from bot.render import visible
    from retrieval.verify import verify

    store = _open_store(config)
    problems = list(verify(store))
    for problem in problems:
        print(visible(problem))
    manifest = store.manifest
    print(
        f"{manifest.documents} documents and {manifest.passages} passages checked against {manifest.docs}: "
        f"{f'{len(problems)} differ; run `quoth index`' if problems else 'all as in the files'}"
    )
    return EXIT_ERROR if problems else EXIT_DONE


def _telegram(given: argparse.Namespace, config: Config) -> int:
    from bot.telegram_app import run

    assert config.telegram is not None  # the command says is_telegram
    _build_if_missing(config)
    return run(config.telegram, config.index, config.feedback, config.answer_precision)


def _health(given: argparse.Namespace, config: Config) -> int:
    from bot.heartbeat import NAME, file_age_s

    age = file_age_s(config.feedback.with_name(NAME))
    is_well = age is not None and age < _HEALTHY_S
    print("never polled" if age is None else f"last poll {age:.0f} s ago")
    return EXIT_DONE if is_well else EXIT_ERROR


# What they share


def _open(config: Config) -> Retriever:
    from retrieval.retriever import open_retriever

    _build_if_missing(config)
    return open_retriever(config.index, precision=config.answer_precision)


def _open_store(config: Config) -> Store:
    from retrieval.store import open_store

    _build_if_missing(config)
    return open_store(config.index)


def _build_if_missing(config: Config) -> None:
    from retrieval.manifest import read_manifest

    try:
        read_manifest(config.index)
    except IndexNotFound:
        _build(config)


def _build(config: Config) -> BuildReport:
    """Build or refresh; documents and settings nobody named are those of the index as it is."""
    from retrieval.build import build_index
    from retrieval.manifest import documents_of, read_manifest

    docs, before = config.docs, IndexSettings()
    try:
        manifest = read_manifest(config.index)
        docs, before = docs or Path(manifest.docs), manifest.settings
    except IndexNotFound:
        docs = docs or seeds_folder()
    except IndexCorrupt as error:
        docs = docs or documents_of(config.index)
        if docs is None:
            raise IndexCorrupt(f"{error} --docs DIR, naming the documents") from error
    with progress() as report:
        return build_index(docs, config.index, config.settings(before), report)


def _tell_if_behind(retriever: Retriever) -> None:
    from retrieval.retriever import changed_files

    changed = changed_files(retriever.store)
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        talk(f"the index is behind the documents ({changed[0]}{more} changed since); run `quoth index`")


def _lines_typed() -> Iterable[str]:
    """Standard input, or nothing where it is closed."""
    return sys.stdin or ()


def _print_answer(found: Answer, numbered: bool) -> None:
    from rich.text import Text

    from bot.render import is_plain, render_answer, visible

    out = console(sys.stdout)
    if numbered:
        out.print(Text(f"> {visible(found.question)}"))
    out.print(render_answer(found, is_plain(out)))
    if numbered:
        out.print()


def _unsearchable(question: str, precision: float) -> Answer:
    """The answer to one of several questions that can't be searched: it abstains, and the others go on."""
    from retrieval.reader import load_weights

    times = {"search": 0.0, "read": 0.0, "total": 0.0}
    return Answer(question, question, "abstained", 0.0, (), (), (), (), load_weights().threshold(precision), times)
