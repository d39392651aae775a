"""What each command of `quoth eval` does: its flags to an exit status. All of them raise QuothError."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from rich.text import Text

from bot.feedback.store import RatingStore
from bot.terminal.console import console, progress, talk
from eval import ablation, gate, reader_only
from eval.adopt import Review, adopt_questions
from eval.collection import (
    Collection,
    beir_collection,
    folder_collection,
    folder_collections,
    mistyped_collection,
    seed_collection,
    squad_collection,
    translated_collection,
)
from eval.formats import read_qrels, read_run, squad_articles, write_beir
from eval.measures import SEARCH_MEASURES, search_scores
from eval.outcome import Judged
from eval.record import NOT_RECORDED, available, record
from eval.report import compare_splits, write_report
from eval.results import (
    REPORT,
    Stored,
    earlier_result_folder,
    new_result_folder,
    read_scores,
    signature_line,
    summary,
    write_json,
    write_scores,
)
from eval.run import Scored, pool, score_collection
from eval.significance import Difference, mean_difference, mean_estimate
from eval.systems import System, open_system
from eval.tables import print_differences, print_flips, print_groups, print_measures
from eval.unrelated import UNRELATED, after_unrelated_turns, without_history
from retrieval.errors import EvaluationError
from retrieval.index.build import OnProgress
from retrieval.settings import IndexSettings, PassageSettings

EXIT_DONE, EXIT_FAILED, EXIT_USAGE = 0, 1, 2
GATE_FAILED = (
    "the gate failed: fix what is marked FAIL or broken above, or accept it with `quoth eval baseline` "
    "and commit eval/results/baseline.json"
)


def score(args: argparse.Namespace) -> int:
    """Score a collection, write the result, and compare it with an earlier one and the baseline where asked to."""
    if args.questions_from and not args.squad:
        talk("quoth eval: --questions-from needs --squad FILE, whose paragraphs are the documents")
        return EXIT_USAGE
    if args.history and (args.against or args.gate):
        talk("quoth eval: --history compares with the same questions without it; leave out --against and --gate")
        return EXIT_USAGE
    collections = [_sample(collection, args.limit, args.seed) for collection in _collections(args)]
    if args.mistyped:
        collections = [mistyped_collection(collection, args.seed) for collection in collections]
    if args.history:
        collections = [after_unrelated_turns(collection, args.seed) for collection in collections]
    name = args.name or _default_name(args, collections)
    folder = new_result_folder(args.out, name)
    before = read_scores(earlier_result_folder(args.out, args.against)) if args.against else None
    with progress() as on_progress:
        if args.history:
            alone = _scored(args, [without_history(collection) for collection in collections], on_progress)
            before = Stored(name="the same without history", signature=alone.signature, outcomes=alone.outcomes)
        scored = replace(_scored(args, collections, on_progress), name=name)
        on_progress("resampling", 0, 0)
        splits = summary(scored.outcomes, args.seed)
        differences = compare_splits(before.outcomes, scored.outcomes, args.seed) if before else {}
    stored = differences if args.history else {}
    write_scores(folder, scored, splits, args.command_line, with_questions=not args.summary_only, differences=stored)
    if not args.summary_only:
        write_report(folder / REPORT, scored, splits, before=before, seed=args.seed)
    _print_score(scored, splits, before, differences)
    print(f"measures: {folder}" if args.summary_only else f"report: {folder / REPORT}")
    return _check_gate(collections[0], scored, args.seed) if args.gate else EXIT_DONE


def _scored(args: argparse.Namespace, collections: Sequence[Collection], on_progress: OnProgress) -> Scored:
    """The collections scored, as one result with --folders."""
    parts = [
        score_collection(collection, _system(args), on_progress, search_only=args.search_only)
        for collection in collections
    ]
    return pool(_pool_name(args), parts) if args.folders else parts[0]


def _default_name(args: argparse.Namespace, collections: Sequence[Collection]) -> str:
    return (_pool_name(args) if args.folders else collections[0].name) + (UNRELATED if args.history else "")


def _print_score(
    scored: Scored,
    splits: Mapping[str, Any],
    before: Stored | None,
    differences: Mapping[str, Mapping[str, Difference]],
) -> None:
    print_measures({split: splits[split]["measures"] for split in splits})
    for split, parts in splits.items():
        if parts["by collection"]:
            print_groups(split, {**parts["by collection"], "all": _values(parts["measures"])})
    if before:
        for split, found in differences.items():
            print_differences(f"{split}, compared with {before.name}", found)
        print_flips(before.outcomes, scored.outcomes)
    print(signature_line(scored.signature))


def _values(measures: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[float, int]]:
    return {name: (found["value"], int(found["n"])) for name, found in measures.items()}


def _check_gate(collection: Collection, scored: Scored, seed: int) -> int:
    """Print the gate's checks; EXIT_FAILED where one fails."""
    dev = gate.dev_questions(collection)
    ids = {question.id for question in dev.questions}
    now = [outcome for outcome in scored.outcomes if outcome.id in ids]
    before = gate.read_baseline(gate.BASELINE)
    if not _are_same_questions(before, now):
        raise EvaluationError(
            f"{gate.BASELINE} has other dev questions than {collection.name}; score the seed set with "
            "`quoth eval --gate`, and where its questions have changed, run `quoth eval baseline` first"
        )
    with progress() as on_progress:
        checks = [*gate.check_losses(before, now, seed), *gate.check_arms(dev, on_progress)]
    for check in checks:
        print(f"{check.verdict:4} {check.name}: {check.detail}")
    if all(check.holds for check in checks):
        return EXIT_DONE
    print_flips(before, now)
    talk(GATE_FAILED)
    return EXIT_FAILED


def _are_same_questions(first: Sequence[Judged], second: Sequence[Judged]) -> bool:
    return {outcome.id for outcome in first} == {outcome.id for outcome in second}


def baseline(args: argparse.Namespace) -> int:
    """Make the current scores the gate's baseline, and show what changes."""
    dev = gate.dev_questions(seed_collection())
    with progress() as on_progress:
        scored = score_collection(dev, System(), on_progress)
    before = gate.read_baseline(gate.BASELINE) if gate.BASELINE.is_file() else ()
    if before and _are_same_questions(before, scored.outcomes):
        for split, differences in compare_splits(before, scored.outcomes, args.seed).items():
            print_differences(f"{split}, compared with the previous baseline", differences)
        print_flips(before, scored.outcomes)
    elif before:
        talk("the previous baseline has other questions, so it is not compared")
    gate.write_baseline(gate.BASELINE, scored, args.command_line)
    print(signature_line(scored.signature))
    print(f"baseline: {gate.BASELINE}")
    return EXIT_DONE


def record_results(args: argparse.Namespace) -> int:
    """Write summaries of results, and the page of all tables."""
    for path in record(args.names, args.out, args.to):
        print(f"recorded: {path}")
    left = [name for name in available(args.out) if not (args.to / f"{name}.json").is_file()]
    if left and not args.names:
        talk(NOT_RECORDED.format(names=", ".join(left), first=left[0]))
    return EXIT_DONE


def ablate_settings(args: argparse.Namespace) -> int:
    """Score systems that differ from the shipped one in one setting."""
    collections = [seed_collection(), *map(squad_collection, args.squad), *map(beir_collection, args.beir)]
    for collection in collections:
        with progress() as on_progress:
            found = {"command": args.command_line, **ablation.ablate(collection, on_progress, args.seed)}
        write_json(args.out / f"ablation-{collection.name}.json", found)
        print(f"{signature_line(found['signature'])}\n\n{ablation.table(found)}\n")
    return EXIT_DONE


def read_alone(args: argparse.Namespace) -> int:
    """Score the reader alone."""
    if args.name and len(args.squad) > 1:
        talk("quoth eval reader: --name names one result, so give one --squad with it")
        return EXIT_USAGE
    if args.original and args.multilingual:
        talk("quoth eval reader: --original is of the network for English; leave out --multilingual")
        return EXIT_USAGE
    for path in args.squad:
        collection = squad_collection(path)
        if args.questions_from:
            collection = translated_collection(collection, args.questions_from)
        name = args.name or collection.name
        sample = _sample(collection, args.limit, args.seed)
        with progress() as on_progress:
            scores = reader_only.score_reader(
                sample, on_progress, original=args.original, multilingual=args.multilingual, seed=args.seed
            )
        write_json(args.out / f"reader-{name}.json", {"command": args.command_line, **scores})
        shown = {title: row for title, row in scores["rows"].items() if title != reader_only.DIFFERENCE}
        print_measures(shown, reader_only.READER_MEASURES)
        print(signature_line(scores["signature"]))
    return EXIT_DONE


def trec(args: argparse.Namespace) -> int:
    """Score TREC run files, and compare the first two."""
    qrels = read_qrels(args.qrels)
    scored = [search_scores(qrels, read_run(path)) for path in args.runs]
    columns = [{name: np.array([row[name] for row in rows.values()]) for name in SEARCH_MEASURES} for rows in scored]
    names = [f"{number}. {path}" for number, path in enumerate(args.runs, 1)]  # run files often have the same name
    print_measures(
        {
            name: {measure: asdict(mean_estimate(values, args.seed)) for measure, values in column.items()}
            for name, column in zip(names, columns, strict=True)
        }
    )
    if len(columns) > 1:
        first, second = columns[:2]
        differences = {name: mean_difference(first[name], second[name], args.seed) for name in SEARCH_MEASURES}
        print_differences("2 compared with 1", differences)
    return EXIT_DONE


def export(args: argparse.Namespace) -> int:
    """Write the evaluation set, or the questions of folders, in other formats."""
    if not args.squad and not args.beir:
        talk("quoth eval export: give --squad FILE, --beir DIR, or both")
        return EXIT_USAGE
    if args.beir and args.folders:
        talk("quoth eval export: --beir DIR holds one collection; leave out --folders, or give --squad FILE")
        return EXIT_USAGE
    articles: list[Any] = []
    for collection in folder_collections(args.folders) if args.folders else [seed_collection()]:
        kept = tuple(question for question in collection.questions if args.split in (None, question.split))
        with progress() as on_progress:
            store = open_system(collection, System(), on_progress).store
        documents = {source.document: store.document_by_id(source.document) for source in store.sources()}
        articles += squad_articles(kept, documents)
        if args.beir:
            with _exporting():
                write_beir(args.beir, replace(collection, questions=kept), store)
    if args.squad:
        stored = json.dumps({"version": "v2.0", "data": articles}, ensure_ascii=False, indent=1)
        with _exporting():
            args.squad.write_text(stored + "\n", encoding="utf-8")
    return EXIT_DONE


@contextmanager
def _exporting() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EvaluationError(f"can't write the export: {error}; free some space, or choose another place") from error


def adopt(args: argparse.Namespace) -> int:
    """Review people's ratings, and add questions to the evaluation set."""
    with progress() as on_progress:
        store = open_system(seed_collection(), System(), on_progress).store
    out = console(sys.stdout)
    with closing(RatingStore(args.feedback)) as ratings:
        review = Review(
            ratings=ratings,
            documents=[store.document(number) for number in store.document_numbers()],
            questions=args.questions,
            ask=input,
            say=lambda line: out.print(Text(line)),
        )
        added = adopt_questions(review)
    print(f"{added} adopted")
    return EXIT_DONE


# Flags to values


def _system(args: argparse.Namespace) -> System:
    passages = PassageSettings(size_tokens=args.passage_tokens, overlap_sentences=args.overlap, with_header=args.header)
    index = IndexSettings(model=args.model, dtype=args.dtype, passages=passages)
    return System(index=index, fusion=args.fusion, dense_weight=args.dense_weight)


def _collections(args: argparse.Namespace) -> list[Collection]:
    """The collection to score; several only with --folders."""
    if args.folders:
        return folder_collections(args.folders)
    if args.folder:
        return [folder_collection(args.folder)]
    if args.squad:
        collection = squad_collection(args.squad)
        return [translated_collection(collection, args.questions_from) if args.questions_from else collection]
    return [beir_collection(args.beir) if args.beir else seed_collection()]


def _pool_name(args: argparse.Namespace) -> str:
    return str(args.folders.resolve().name)


def _sample(collection: Collection, limit: int | None, seed: int) -> Collection:
    if limit is None or limit >= len(collection.questions):
        return collection
    chosen = set(random.Random(seed).sample(range(len(collection.questions)), limit))
    kept = tuple(question for row, question in enumerate(collection.questions) if row in chosen)
    return replace(collection, questions=kept)
