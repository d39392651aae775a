"""What each command of `quoth` does: flags and configuration in, exit status out.

A library that only one command needs is imported in that command, so that the others start at once.
"""

from __future__ import annotations

import argparse
import io
import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config
from bot.folders import find_index, folder_name, is_own_clone, seeds_folder
from bot.index_report import check_lines, report_lines
from bot.plain_text import counted, visible
from bot.terminal.console import console, progress, talk
from retrieval.errors import IndexCorrupt, IndexNotFound, QuestionError
from retrieval.index.manifest import INDEX_IN_FOLDER, build_command, documents_of, read_manifest
from retrieval.schema import Answer
from retrieval.settings import DEFAULT_MODEL, MINILM, IndexSettings

if TYPE_CHECKING:
    from bot.feedback.log import TerminalLog
    from bot.receipts.receipt import Receipt
    from bot.terminal.batch import Item
    from bot.terminal.current import CurrentLibrary
    from bot.terminal.speaker import Speaker
    from retrieval.index.build import BuildReport
    from retrieval.index.manifest import Manifest
    from retrieval.index.store import Store
    from retrieval.library import Library

EXIT_DONE, EXIT_ERROR, EXIT_USAGE, EXIT_ABSTAINED = 0, 1, 2, 3
_EXAMPLE = 'quoth ask "When was JALAC founded?"'
ONE_OF_BOTH = f"quoth ask: give either a QUESTION or --batch FILE, for example: {_EXAMPLE}"
NO_QUESTION = f"there is no question; type one, for example: {_EXAMPLE}"
OUT_OF_DATE = "the index is out of date: {files} changed since it was built; update it with `{command}`"
FORMER_DEFAULT = (
    "the index uses {model}, once the default; {default} also understands other languages and paraphrases: "
    "rebuild the index with `{command} --model {default}`"
)
NO_INDEX = "there is no index here; index a folder of documents with `quoth index FOLDER`"
ASK_THERE = "ask about it with `quoth chat` in {folder}, or from here with `quoth chat --index {index}`"
WATCHING = "watching {folder}; Ctrl-C ends it"
CHECKED = "checked {documents} and {passages} against {folder}: {outcome}"
ALL_MATCH = "all match the files"
DIFFERENCES = "{statuses}; {differences} found; update the index with `{command}`"
NEVER_POLLED = "The bot has not polled Telegram yet."
LAST_POLL = "The bot last polled Telegram {age_s:.0f} s ago."
_HEALTHY_S = 60
"""A poll takes ten seconds, and at most as long again where Telegram is slow."""


def index(given: argparse.Namespace, config: Config) -> int:
    """Build or refresh the index; list the files that were added, changed, removed, skipped or not read."""

    report = _build(config)
    for line in report_lines(report, str(config.index), given.verbose):
        print(line)
    _mention_new_default(read_manifest(config.index), config)
    is_new = not (report.unchanged or report.changed or report.removed)
    if given.folder and is_new and find_index() != config.index and not config.is_index_named:
        folder = config.index.parent.parent
        talk(ASK_THERE.format(folder=folder, index=shlex.quote(str(config.index))))
    return EXIT_DONE


def watch(given: argparse.Namespace, config: Config) -> int:
    """Refresh the index whenever files change, until Ctrl-C."""
    from bot.watch import FolderWatch

    try:
        if config.docs:
            _build(config)
        else:
            _build_if_missing(config)
        talk(WATCHING.format(folder=read_manifest(config.index).docs))
        FolderWatch(config.index, talk).run()
    except KeyboardInterrupt:
        pass  # that is how a watch ends
    return EXIT_DONE


def ask(given: argparse.Namespace, config: Config) -> int:
    """Answer the questions of the command line, standard input or a batch, in order."""
    from rich.text import Text

    from bot.answer_json import answer_json
    from bot.feedback.store import BATCH, TERMINAL
    from bot.language.wording import FOLDER
    from bot.terminal.speaker import Speaker

    if bool(given.question) == (given.batch is not None):
        talk(ONE_OF_BOTH)
        return EXIT_USAGE
    items = _items(given)
    if not items:
        raise QuestionError(NO_QUESTION)
    library = open_library(config)
    _warn_if_out_of_date(library.store, config)
    is_single = len(items) == 1 and given.batch is None
    speaker = Speaker(library.document)
    statuses = []
    with closing(_log(config, library)) as log:
        for item in items:
            answer = _answer(library, item, given.top, is_single)
            statuses.append(answer.status)
            receipt = log.keep(answer, item.history, BATCH if given.batch else TERMINAL)
            if given.json:
                print(answer_json(item.id, answer, receipt.id if receipt else None), flush=True)
            else:
                _print_answer(answer, receipt, speaker, with_question=len(items) > 1)
    folder = folder_name(library.store.manifest.docs)
    if folder and not given.json and set(statuses) != {"smalltalk"}:
        named = speaker.language.translate(FOLDER).format(name=folder)
        console(sys.stdout).print(Text(visible(named), style="dim"))
    return EXIT_ABSTAINED if statuses == ["abstained"] else EXIT_DONE


def _items(given: argparse.Namespace) -> list[Item]:
    from bot.terminal.batch import read_batch, read_lines

    if given.batch is not None:
        return read_batch(_standard_input() if given.batch == "-" else Path(given.batch))
    return read_lines(_standard_input() if given.question == ["-"] else [" ".join(given.question)])


def _answer(library: Library, item: Item, top: int, is_single: bool) -> Answer:
    """The answer to one question; one of several that can't be searched is reported, and the others go on."""
    try:
        return library.ask(item.question, item.history, top)
    except QuestionError as error:
        if is_single:
            raise
        talk(f"{item.id}: {error}")
        return _not_searched(item.question, library)


def _not_searched(question: str, library: Library) -> Answer:
    """A refusal to a question that can't be searched."""
    return Answer(
        question=question,
        searched=question,
        status="abstained",
        confidence=0.0,
        threshold=library.threshold,
        perhaps_threshold=library.perhaps_threshold,
        elapsed_ms={"search": 0.0, "read": 0.0, "total": 0.0},
    )


def _print_answer(answer: Answer, receipt: Receipt | None, speaker: Speaker, with_question: bool) -> None:
    from rich.text import Text

    from bot.terminal.citations import is_plain
    from bot.terminal.render import render_answer

    stdout = console(sys.stdout)
    if with_question:
        stdout.print(Text(f"> {visible(answer.question)}"))
    language = speaker.language_for(answer.question)
    id_ = receipt.id if receipt else None
    stdout.print(render_answer(answer, is_plain(stdout), language=language, receipt=id_))
    if note := speaker.note(answer):
        talk(note)
    if with_question:
        stdout.print()


def search(given: argparse.Namespace, config: Config) -> int:
    """List the best passages for a query."""
    from bot.answer_json import hits_json
    from bot.terminal.listings import render_hits

    library = open_library(config)
    _warn_if_out_of_date(library.store, config)
    query = " ".join(given.query)
    found = library.find(query, given.top)
    if given.json:
        print(hits_json(query, found.hits, found.restrictions, found.notes))
    else:
        for note in found.notes:
            talk(visible(note.line()))
        console(sys.stdout).print(render_hits(found.hits))
    return EXIT_DONE


def chat(given: argparse.Namespace, config: Config) -> int:
    """Ask questions in a conversation. An index that is out of date is refreshed first."""
    from prompt_toolkit.patch_stdout import patch_stdout

    from bot.suggest import tried
    from bot.terminal.current import CurrentLibrary
    from bot.terminal.repl import run
    from bot.watch import watching
    from retrieval.index.verify import changed_files

    library = open_library(config)
    if changed_files(library.store):
        library.close()
        _build(config)
        library = open_library(config)
    _mention_new_default(library.store.manifest, config)
    library.load()  # before the greeting, so that the first question does not wait
    folder = folder_name(library.store.manifest.docs)
    stdin, stdout, stderr = sys.stdin or io.StringIO(), console(sys.stdout), console(sys.stderr)
    current = CurrentLibrary(library, config.index, config.target_precision)
    with ExitStack() as stack:
        if given.watch:
            if stdin.isatty():
                stack.enter_context(patch_stdout())  # what the watch says is printed above the line being typed
            stack.enter_context(watching(config.index, talk, library.retriever.encoder))
        return run(
            library=current,
            log=stack.enter_context(closing(_log(config, current, config.typed_lines))),
            stdin=stdin,
            console=stdout,
            talk=stderr,
            folder=folder,
            typed_lines_path=config.typed_lines if config.log_days else None,
            try_questions=lambda: tried(library),
        )


def sources(given: argparse.Namespace, config: Config) -> int:
    """List the documents. Opens the index without loading a model."""
    from bot.answer_json import source_json
    from bot.terminal.listings import render_sources

    sources = _open_store(config).sources()
    if given.json:
        for source in sources:
            print(source_json(source))
    else:
        console(sys.stdout).print(render_sources(sources))
    return EXIT_DONE


def verify(given: argparse.Namespace, config: Config) -> int:
    """Check the index against the files on disk. Opens the index without loading a model."""
    from retrieval.index.verify import check_documents, index_problems

    store = _open_store(config)
    problems = list(index_problems(store))
    for problem in problems:
        print(visible(problem))
    found: Counter[str] = Counter()
    for check in check_documents(store):
        found[check.status] += 1
        for line in check_lines(check, given.verbose):
            print(line)
    number = len(problems) + found.total() - found["unchanged"]
    differences = DIFFERENCES.format(
        statuses=", ".join(f"{count:,} {status}" for status, count in found.most_common()) or "none checked",
        differences=counted(number, "difference"),
        command=index_command(config),
    )
    checked = CHECKED.format(
        documents=counted(store.manifest.documents, "document"),
        passages=counted(store.manifest.passages, "passage"),
        folder=store.manifest.docs,
        outcome=differences if number else ALL_MATCH,
    )
    print(visible(checked))
    return EXIT_ERROR if number else EXIT_DONE


def telegram(given: argparse.Namespace, config: Config) -> int:
    """Run the Telegram bot until it is stopped."""
    from bot.telegram.app import run

    assert config.telegram is not None  # the command sets is_telegram
    _build_if_missing(config)
    return run(config.telegram, config.index, config.feedback, config.target_precision)


def health(given: argparse.Namespace, config: Config) -> int:
    """Check that the Telegram bot polled within the last minute, and print its figures."""
    from bot.telegram.ops import figures, heartbeat

    age_s = heartbeat.file_age_s(config.feedback.with_name(heartbeat.NAME))
    print(NEVER_POLLED if age_s is None else LAST_POLL.format(age_s=age_s))
    if age_s is None or age_s >= _HEALTHY_S:
        return EXIT_ERROR
    for name, value in figures.read_figures(config.feedback.with_name(figures.NAME)).items():
        print(visible(f"{name}: {value}"))
    return EXIT_DONE


# What the commands share


def open_library(config: Config) -> Library:
    from retrieval.library import Library

    _build_if_missing(config)
    return Library(config.index, target_precision=config.target_precision)


def _open_store(config: Config) -> Store:
    from retrieval.index.store import open_store

    _build_if_missing(config)
    return open_store(config.index)


def _build_if_missing(config: Config) -> None:

    try:
        read_manifest(config.index)
    except IndexNotFound:
        _build(config)


def _build(config: Config) -> BuildReport:
    """Build or refresh the index; documents and settings that were not given stay as the index has them."""
    from retrieval.index.build import build_index

    docs, before = config.docs, IndexSettings()
    try:
        manifest = read_manifest(config.index)
        docs, before = docs or Path(manifest.docs), manifest.settings
    except IndexNotFound:
        if docs is None and config.is_index_named:
            raise
        docs = docs or _samples()
    except IndexCorrupt as error:
        docs = docs or documents_of(config.index)
        if docs is None:
            raise IndexCorrupt(f"{error}, and add --docs DIR: the folder of its documents is not known") from error
    with progress() as report:
        return build_index(docs, config.index, config.settings(before), report)


def _samples() -> Path:
    """The sample documents where Quoth's own clone is the working folder. Raises IndexNotFound anywhere else."""
    if not is_own_clone(Path.cwd()):
        raise IndexNotFound(NO_INDEX)
    return seeds_folder()


def _warn_if_out_of_date(store: Store, config: Config) -> None:
    from retrieval.index.verify import changed_files

    changed = changed_files(store)
    if changed:
        talk(OUT_OF_DATE.format(files=_files(changed), command=index_command(config)))


def _mention_new_default(manifest: Manifest, config: Config) -> None:
    """Say how to change to the default encoder, where the index has the former default and nobody asked for that."""
    if manifest.model == MINILM and config.model is None:
        talk(FORMER_DEFAULT.format(model=MINILM, default=DEFAULT_MODEL, command=index_command(config)))


def _files(changed: Sequence[str]) -> str:
    """ "a.txt", "a.txt and 1 more file"."""
    return changed[0] if len(changed) == 1 else f"{changed[0]} and {counted(len(changed) - 1, 'more file')}"


def index_command(config: Config) -> str:
    """The command that refreshes this index."""
    return "quoth index" if config.index == INDEX_IN_FOLDER else build_command(config.index)


def _log(config: Config, library: Library | CurrentLibrary, typed_lines: Path | None = None) -> TerminalLog:
    from bot.feedback.log import TerminalLog

    def sha256(doc_id: str) -> str:
        return library.document(doc_id).sha256

    return TerminalLog(config.feedback, config.log_days, sha256, talk, typed_lines)


def _standard_input() -> Iterable[str]:
    """The lines of standard input; none where it is closed."""
    return sys.stdin or ()
