"""`quoth eval`: what is scored, compared, guarded, exported and adopted, from the command line."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from rich.text import Text

from bot.feedback.store import FeedbackStore
from bot.terminal.console import console, positive, progress, talk
from eval import ablation, adopt, gate, reading
from eval.collection import Collection, beir_collection, mistyped_collection, seed_collection, squad_collection
from eval.dataset import QUESTIONS, SPLITS
from eval.formats import read_qrels, read_run, squad_json, write_beir
from eval.measures import SEARCH_MEASURES, search_scores
from eval.report import compare_splits, write_report
from eval.results import (
    RESULTS,
    SCORES,
    brief,
    read_scores,
    result_folder,
    signature_line,
    summary,
    write_figures,
    write_scores,
)
from eval.run import Scored, score
from eval.significance import mean_difference, mean_estimate
from eval.systems import FUSIONS, System, open_system
from eval.tables import print_differences, print_figures, print_flips
from retrieval.errors import EvaluationError
from retrieval.index.fusion import DENSE_WEIGHT
from retrieval.settings import IndexSettings, PassageSettings

EXIT_DONE, EXIT_FAILED, EXIT_USAGE = 0, 1, 2
_EPILOG = """examples:
  quoth eval --name before
  quoth eval --name after --dense-weight 0.5 --against before"""


def main(argv: Sequence[str], feedback: Path) -> int:
    """Run one `quoth eval` command; `feedback` is the file of people's verdicts. Raises QuothError."""
    try:
        given = _parser(feedback).parse_args(argv)
    except SystemExit as leaving:  # help was shown, or the usage was wrong and told
        return int(leaving.code or 0)
    return int(given.run(given))


def _parser(feedback: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quoth eval",
        description="Scores search, answers and refusals on judged questions; without a command, those on the seeds.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=_score)
    of = parser.add_mutually_exclusive_group()
    of.add_argument(
        "--squad", type=Path, metavar="FILE", help="score a SQuAD 1.1 or 2.0 file, each paragraph a document"
    )
    of.add_argument("--beir", type=Path, metavar="DIR", help="a BEIR folder; the search is scored")
    parser.add_argument("--name", help="of the result (default: the collection's)")
    parser.add_argument("--against", metavar="NAME", help="another result to compare with, question by question")
    parser.add_argument("--gate", action="store_true", help="fail where it is significantly worse than the baseline")
    parser.add_argument("--search-only", action="store_true", help="judge the search for what was typed; read nothing")
    parser.add_argument("--mistyped", action="store_true", help="ask each question with typing errors, drawn by --seed")
    parser.add_argument("--figures", action="store_true", help="keep the figures alone: no report, no single questions")
    parser.add_argument("--limit", type=positive, metavar="N", help="ask only N questions, drawn by --seed")
    _add_system(parser)
    _add_seed(parser, 0)
    _add_out(parser, RESULTS)
    commands = parser.add_subparsers(metavar="COMMAND")

    baseline = commands.add_parser("baseline", help="make today's figures the ones to hold, and show what changes")
    baseline.set_defaults(run=_baseline)
    _add_seed(baseline)

    compared = commands.add_parser(
        "ablation", help="one setting changed at a time, on the seeds and what else is named"
    )
    compared.add_argument("--squad", type=Path, action="append", default=[], metavar="FILE")
    compared.add_argument("--beir", type=Path, action="append", default=[], metavar="DIR")
    compared.set_defaults(run=_ablation)
    _add_seed(compared)
    _add_out(compared)

    alone = commands.add_parser("reading", help="the reader alone, given the paragraph that answers")
    alone.add_argument("--squad", type=Path, action="append", required=True, metavar="FILE")
    alone.add_argument("--original", type=Path, metavar="DIR", help="the trained network in fp32, to compare with")
    alone.set_defaults(run=_reading)
    _add_seed(alone)
    _add_out(alone)

    trec = commands.add_parser("trec", help="score TREC run files, and compare the first two")
    trec.add_argument("qrels", type=Path, metavar="QRELS")
    trec.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    trec.set_defaults(run=_trec)
    _add_seed(trec)

    export = commands.add_parser("export", help="the evaluation set as SQuAD 2.0 JSON, as a BEIR folder, or both")
    export.add_argument("--squad", type=Path, metavar="FILE")
    export.add_argument("--beir", type=Path, metavar="DIR")
    export.add_argument("--split", choices=SPLITS, help="default: all of it")
    export.set_defaults(run=_export)

    adopted = commands.add_parser("adopt", help="review what people said of answers into the evaluation set")
    adopted.add_argument("--feedback", type=Path, default=feedback, metavar="FILE", help=f"default: {feedback}")
    adopted.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FILE", help=argparse.SUPPRESS)
    adopted.set_defaults(run=_adopt)
    return parser


# A command leaves what was given before it as it is: its own options have no default.
def _add_out(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument(
        "--out", type=Path, default=default, metavar="DIR", help="where results go (default: eval/results)"
    )


def _add_seed(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument("--seed", type=int, default=default, help="of resampling (default 0)")


def _add_system(parser: argparse.ArgumentParser) -> None:
    index = IndexSettings()
    system = parser.add_argument_group("the system scored (default: what ships)")
    system.add_argument("--fusion", choices=FUSIONS, default="weighted")
    system.add_argument("--dense-weight", type=float, default=DENSE_WEIGHT, metavar="W", help="0 to 1, of the cosine")
    system.add_argument("--model", default=index.model, metavar="NAME")
    system.add_argument("--precision", choices=("int8", "fp32"), default=index.precision)
    system.add_argument("--passage-tokens", type=int, default=index.passages.size_tokens, metavar="N")
    system.add_argument("--overlap", type=int, choices=range(4), default=index.passages.overlap_sentences)
    system.add_argument("--header", action=argparse.BooleanOptionalAction, default=index.passages.with_header)


def _system(given: argparse.Namespace) -> System:
    passages = PassageSettings(given.passage_tokens, given.overlap, given.header)
    return System(IndexSettings(given.model, given.precision, passages), given.fusion, given.dense_weight)


# Commands


def _score(given: argparse.Namespace) -> int:
    collection = _drawn(_collection(given), given.limit, given.seed)
    if given.mistyped:
        collection = mistyped_collection(collection, given.seed)
    name = given.name or collection.name
    folder = result_folder(given.out, name)
    before = read_scores(result_folder(given.out, given.against)) if given.against else None
    with progress() as report:
        scored = replace(score(collection, _system(given), report, given.search_only), name=name)
        report("resampling", 0, 0)
        splits = summary(scored.outcomes, given.seed)
        if given.figures:
            write_figures(folder / SCORES, brief(folder.name, scored, splits))
        else:
            write_scores(folder, scored, splits)
            write_report(folder / "report.html", scored, splits, before, given.seed)
        compared = compare_splits(before.outcomes, scored.outcomes, given.seed) if before else {}
    print_figures({split: splits[split]["figures"] for split in splits})
    for split, differences in compared.items():
        print_differences(f"{split}, against {given.against}", differences)
    if before:
        print_flips(before, scored)
    print(signature_line(scored.signature))
    print(f"figures: {folder}" if given.figures else f"report: {folder / 'report.html'}")
    return _guard(collection, scored, given) if given.gate else EXIT_DONE


def _guard(collection: Collection, scored: Scored, given: argparse.Namespace) -> int:
    """The gate's checks printed; EXIT_FAILED where one does not hold."""
    asked = gate.dev_questions(collection)
    kept = {question.id for question in asked.questions}
    now = [outcome for outcome in scored.outcomes if outcome.id in kept]
    baseline = read_scores(gate.BASELINE)
    with progress() as report:
        checks = [*gate.check_losses(baseline.outcomes, now, given.seed), *gate.check_arms(asked, report)]
    for check in checks:
        print(f"{'ok  ' if check.holds else 'FAIL'} {check.name}: {check.told}")
    if all(check.holds for check in checks):
        return EXIT_DONE
    print_flips(baseline, replace(scored, outcomes=tuple(now)))
    talk("the gate fails: mend what is broken above, or, if the loss is meant, run `quoth eval baseline`")
    return EXIT_FAILED


def _baseline(given: argparse.Namespace) -> int:
    asked = gate.dev_questions(seed_collection())
    with progress() as report:
        scored = score(asked, System(), report)
    before = read_scores(gate.BASELINE) if gate.BASELINE.is_dir() else None
    same = before and {outcome.id for outcome in before.outcomes} == {outcome.id for outcome in scored.outcomes}
    if before and same:
        for split, differences in compare_splits(before.outcomes, scored.outcomes, given.seed).items():
            print_differences(f"{split}, against the baseline before", differences)
        print_flips(before, scored)
    elif before:
        talk("the questions are not those of the baseline before: nothing to compare")
    write_scores(gate.BASELINE, replace(scored, name="baseline"), summary(scored.outcomes, given.seed))
    print(signature_line(scored.signature))
    return EXIT_DONE


def _ablation(given: argparse.Namespace) -> int:
    collections = [seed_collection(), *map(squad_collection, given.squad), *map(beir_collection, given.beir)]
    for collection in collections:
        with progress() as report:
            found = ablation.ablate(collection, report, given.seed)
        write_figures(given.out / "ablation" / f"{collection.name}.json", found)
        print(f"{signature_line(found['signature'])}\n\n{ablation.table(found)}\n")
    return EXIT_DONE


def _reading(given: argparse.Namespace) -> int:
    for collection in map(squad_collection, given.squad):
        with progress() as report:
            found = reading.read_alone(collection, report, given.original, given.seed)
        write_figures(given.out / "reading" / f"{collection.name}.json", found)
        print_figures({name: row for name, row in found["rows"].items() if name != reading.DIFFERENCE})
        print(signature_line(found["signature"]))
    return EXIT_DONE


def _trec(given: argparse.Namespace) -> int:
    qrels = read_qrels(given.qrels)
    scored = [search_scores(qrels, read_run(path)) for path in given.runs]
    columns = [{name: np.array([row[name] for row in rows.values()]) for name in SEARCH_MEASURES} for rows in scored]
    names = [f"{number}. {path}" for number, path in enumerate(given.runs, 1)]  # run files are often called the same
    print_figures(
        {
            file: {name: asdict(mean_estimate(values, given.seed)) for name, values in column.items()}
            for file, column in zip(names, columns, strict=True)
        }
    )
    if len(columns) > 1:
        first, second = columns[:2]
        differences = {name: mean_difference(first[name], second[name], given.seed) for name in SEARCH_MEASURES}
        print_differences("2 against 1", differences)
    return EXIT_DONE


def _export(given: argparse.Namespace) -> int:
    if not given.squad and not given.beir:
        talk("quoth eval export: give --squad FILE, --beir DIR or both")
        return EXIT_USAGE
    collection = seed_collection()
    kept = tuple(question for question in collection.questions if given.split in (None, question.split))
    with progress() as report:
        store = open_system(collection, System(), report).store
    try:
        if given.squad:
            documents = {name: store.document_by_id(name) for name in (source.document for source in store.sources())}
            stored = json.dumps(squad_json(kept, documents), ensure_ascii=False, indent=1)
            given.squad.write_text(stored + "\n", encoding="utf-8")
        if given.beir:
            write_beir(given.beir, replace(collection, questions=kept), store)
    except OSError as error:
        raise EvaluationError(f"can't write the export: {error}; make room or name another place") from error
    return EXIT_DONE


def _adopt(given: argparse.Namespace) -> int:
    with progress() as report:
        store = open_system(seed_collection(), System(), report).store
    documents = [store.document(number) for number in store.document_numbers()]
    out = console(sys.stdout)
    with closing(FeedbackStore(given.feedback)) as feedback:
        desk = adopt.Desk(feedback, documents, given.questions, input, lambda line: out.print(Text(line)))
        added = adopt.review(desk)
    print(f"{added} adopted")
    return EXIT_DONE


# What they share


def _collection(given: argparse.Namespace) -> Collection:
    if given.squad:
        return squad_collection(given.squad)
    return beir_collection(given.beir) if given.beir else seed_collection()


def _drawn(collection: Collection, limit: int | None, seed: int) -> Collection:
    if limit is None or limit >= len(collection.questions):
        return collection
    chosen = set(random.Random(seed).sample(range(len(collection.questions)), limit))
    kept = tuple(question for row, question in enumerate(collection.questions) if row in chosen)
    return replace(collection, questions=kept)
