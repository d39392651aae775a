"""What the commands do that read what was asked before: ratings, gaps, and the receipts of answers."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from bot.commands import EXIT_DONE, EXIT_ERROR, index_command, open_library
from bot.config import Config
from bot.terminal.console import console, talk
from retrieval.errors import IndexProblem, QuothError
from retrieval.index.manifest import read_manifest

if TYPE_CHECKING:
    from bot.feedback.store import Rating
    from bot.receipts.receipt import Receipt

NO_RATINGS = (
    "no answer has been rated yet; rate one with /right or /wrong in `quoth chat`, or with the buttons in Telegram"
)
NO_ID = "{typed!r} is no receipt: one has 8 letters and digits, as in `quoth verify 7F3K9Q2M`"
NO_RECEIPT = "there is no receipt {id} in {file}; ask again, and the answer shows a new one: `{ask}`"
ASK_AGAIN = "not every quotation is still in the files; update the index and ask again: `{refresh} && {ask}`"


def feedback(given: argparse.Namespace, config: Config) -> int:
    """List the ratings that are not yet reviewed, or all of them."""
    from bot.feedback.report import rating_json, render_ratings, write_csv
    from bot.feedback.store import RatingStore

    if not config.feedback.exists():
        if config.is_index_named:
            read_manifest(config.index)  # raises IndexNotFound for a wrong name
        talk(NO_RATINGS)
        return EXIT_DONE
    with closing(RatingStore(config.feedback)) as store:
        ratings = store.ratings()
        if given.all:
            ratings = sorted(ratings + store.ratings(reviewed=True), key=lambda rating: rating.rated_at)
    if given.csv:
        write_csv(ratings, sys.stdout)
    elif given.json:
        for rating in ratings:
            print(rating_json(rating))
    else:
        console(sys.stdout).print(render_ratings(ratings, _now_called(ratings, config)))
    return EXIT_DONE


def _now_called(ratings: Sequence[Rating], config: Config) -> dict[str, str]:
    """The present path of each document that the ratings cite, by its hash; empty where there is no usable index."""
    from retrieval.index.store import open_store

    hashes = {sha256 for rating in ratings for sha256 in rating.documents.values()}
    try:
        with closing(open_store(config.index)) as store:
            names = {sha256: store.doc_id_of(sha256) for sha256 in hashes}
    except IndexProblem:
        return {}
    return {sha256: name for sha256, name in names.items() if name}


def gaps(given: argparse.Namespace, config: Config) -> int:
    """List what the collection lacks, and with --ask, which of it the present index answers."""
    from bot.feedback.database import Database
    from bot.feedback.gap_report import SHOWN, gap_json, render_gaps
    from bot.feedback.gaps import asked_again, gaps

    library = open_library(config)
    found = []
    if config.feedback.exists():
        with closing(Database(config.feedback)) as database:
            found = gaps(database, library.retriever.encoder)
    listed = found if given.all else found[:SHOWN]
    again = asked_again(listed, library) if given.ask else []
    if given.json:
        for number, gap in enumerate(listed):
            print(gap_json(gap, again[number] if again else None))
    else:
        console(sys.stdout).print(render_gaps(listed, again, left=len(found) - len(listed)))
    return EXIT_DONE


def verify_receipts(ids: Sequence[str], config: Config) -> int:
    """Check each receipt. One that is not in the log is reported, and the others go on."""
    from bot.receipts.check import check_receipt, is_standing
    from bot.terminal.receipts import render_check

    stdout, library = console(sys.stdout), open_library(config)
    is_all_there = True
    for typed in ids:
        try:
            receipt = _receipt(typed, config)
        except QuothError as error:
            talk(str(error))
            is_all_there = False
            continue
        checks = check_receipt(receipt, library)
        stdout.print(render_check(receipt, checks))
        if not is_standing(checks):
            commands = {"refresh": index_command(config), "ask": _ask_command(receipt.question, config)}
            talk(ASK_AGAIN.format(**commands))
            is_all_there = False
    return EXIT_DONE if is_all_there else EXIT_ERROR


def cite(given: argparse.Namespace, config: Config) -> int:
    """Print the citations of a receipt."""
    from bot.receipts.citing import cite

    print(cite(_receipt(given.receipt, config), given.format))
    return EXIT_DONE


def _receipt(typed: str, config: Config) -> Receipt:
    """The receipt with the id that was typed. Raises QuothError where there is none, with what to do next."""
    from bot.feedback.log import find_in_file
    from bot.receipts.receipt import read_id

    id_ = read_id(typed)
    if id_ is None:
        raise QuothError(NO_ID.format(typed=typed))
    receipt = find_in_file(config.feedback, id_)
    if receipt is None:
        raise QuothError(NO_RECEIPT.format(id=id_, file=config.feedback, ask=_ask_command("QUESTION", config)))
    return receipt


def _ask_command(question: str, config: Config) -> str:
    """The command that asks this question of this index."""
    index = f" --index {shlex.quote(str(config.index))}" if config.is_index_named else ""
    return f"quoth ask {shlex.quote(question)}{index}"
