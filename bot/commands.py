"""What each command of `quoth` does: its flags and the configuration to an exit status.

Libraries that only one command needs are loaded in it, so that the others start at once.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config, seeds_folder
from bot.terminal.console import console, progress, talk
from retrieval.errors import IndexCorrupt, IndexNotFound, QuestionError
from retrieval.schema import Answer
from retrieval.settings import IndexSettings

if TYPE_CHECKING:
    from retrieval.index.build import BuildReport
    from retrieval.index.retriever import Retriever
    from retrieval.index.store import Store

EXIT_DONE, EXIT_ERROR, EXIT_USAGE, EXIT_ABSTAINED = 0, 1, 2, 3
_HEALTHY_S = 60
"""A poll takes ten seconds, and at most as long again where Telegram is slow."""


def index(given: argparse.Namespace, config: Config) -> int:
    from bot.terminal.render import visible

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


def ask(given: argparse.Namespace, config: Config) -> int:
    from bot.terminal.batch import answer_json, read_batch, read_lines
    from retrieval.answer.answer import answer
    from retrieval.conversation.follow_up import contextualise

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


def search(given: argparse.Namespace, config: Config) -> int:
    from bot.terminal.batch import hits_json
    from bot.terminal.render import render_hits

    retriever = _open(config)
    _tell_if_behind(retriever)
    hits = retriever.search(given.query, given.top)
    if given.json:
        print(hits_json(given.query, hits))
    else:
        console(sys.stdout).print(render_hits(hits))
    return EXIT_DONE


def chat(given: argparse.Namespace, config: Config) -> int:
    from bot.feedback.store import Judge
    from bot.terminal.repl import Library, run
    from retrieval.answer.answer import answer
    from retrieval.index.retriever import changed_files

    retriever = _open(config)
    if changed_files(retriever.store):
        _build(config)
        retriever = _open(config)

    library = Library(
        lambda question, searched: answer(question, retriever, searched),
        retriever.store.sources,
        retriever.store.document_by_id,
        Judge(config.feedback).say,
    )
    return run(library, sys.stdin or io.StringIO(), console(sys.stdout), console(sys.stderr), config.history)


def sources(given: argparse.Namespace, config: Config) -> int:
    from bot.terminal.batch import source_json
    from bot.terminal.render import render_sources

    sources = _open_store(config).sources()
    if given.json:
        for source in sources:
            print(source_json(source))
    else:
        console(sys.stdout).print(render_sources(sources))
    return EXIT_DONE


def feedback(given: argparse.Namespace, config: Config) -> int:
    from bot.feedback.report import feedback_json, render_feedback, write_csv
    from bot.feedback.store import FeedbackStore

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


def verify(given: argparse.Namespace, config: Config) -> int:
    from bot.terminal.render import visible
    from retrieval.index.verify import verify

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


def telegram(given: argparse.Namespace, config: Config) -> int:
    from bot.telegram.app import run

    assert config.telegram is not None  # the command says is_telegram
    _build_if_missing(config)
    return run(config.telegram, config.index, config.feedback, config.answer_precision)


def health(given: argparse.Namespace, config: Config) -> int:
    from bot.telegram.ops.heartbeat import NAME, file_age_s

    age = file_age_s(config.feedback.with_name(NAME))
    is_well = age is not None and age < _HEALTHY_S
    print("never polled" if age is None else f"last poll {age:.0f} s ago")
    return EXIT_DONE if is_well else EXIT_ERROR


# What they share


def _open(config: Config) -> Retriever:
    from retrieval.index.retriever import open_retriever

    _build_if_missing(config)
    return open_retriever(config.index, precision=config.answer_precision)


def _open_store(config: Config) -> Store:
    from retrieval.index.store import open_store

    _build_if_missing(config)
    return open_store(config.index)


def _build_if_missing(config: Config) -> None:
    from retrieval.index.manifest import read_manifest

    try:
        read_manifest(config.index)
    except IndexNotFound:
        _build(config)


def _build(config: Config) -> BuildReport:
    """Build or refresh; documents and settings nobody named are those of the index as it is."""
    from retrieval.index.build import build_index
    from retrieval.index.manifest import documents_of, read_manifest

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
    from retrieval.index.retriever import changed_files

    changed = changed_files(retriever.store)
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        talk(f"the index is behind the documents ({changed[0]}{more} changed since); run `quoth index`")


def _lines_typed() -> Iterable[str]:
    """Standard input, or nothing where it is closed."""
    return sys.stdin or ()


def _print_answer(found: Answer, numbered: bool) -> None:
    from rich.text import Text

    from bot.terminal.render import is_plain, render_answer, visible

    out = console(sys.stdout)
    if numbered:
        out.print(Text(f"> {visible(found.question)}"))
    out.print(render_answer(found, is_plain(out)))
    if numbered:
        out.print()


def _unsearchable(question: str, precision: float) -> Answer:
    """The answer to one of several questions that can't be searched: it abstains, and the others go on."""
    from retrieval.answer.reader import load_weights

    times = {"search": 0.0, "read": 0.0, "total": 0.0}
    return Answer(question, question, "abstained", 0.0, (), (), (), (), load_weights().threshold(precision), times)
