"""`quoth eval`: its flags and commands. What each command does is in eval/commands.py."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import get_args

from bot.terminal.console import positive
from eval import commands, conversation_commands
from eval.dataset import QUESTIONS, SPLITS
from eval.results import CONVERSATIONS, OUT, RECORDED
from eval.systems import FUSIONS
from retrieval.index.fusion import DENSE_WEIGHT
from retrieval.settings import Dtype, IndexSettings

_EPILOG = """examples:
  quoth eval --name before
  quoth eval --name after --dense-weight 0.5 --against before"""

PATH_OPTIONS = (
    "--squad",
    "--questions-from",
    "--beir",
    "--folder",
    "--folders",
    "--out",
    "--to",
    "--original",
    "--feedback",
    "--questions",
)


def main(argv: Sequence[str], feedback: Path) -> int:
    """Run one `quoth eval` command; its exit status. `feedback` is the file of ratings. Raises QuothError."""
    try:
        args = _parser(feedback).parse_args(argv)
    except SystemExit as leaving:  # argparse has printed the help, or what is wrong with the usage
        return int(leaving.code or 0)
    args.command_line = command_line(argv)
    return int(args.run(args))


def command_line(argv: Sequence[str]) -> str:
    """The command as results state it: paths without their folders, which differ between machines."""
    return shlex.join(["quoth", "eval", *(_without_folder(before, word) for before, word in pairwise(["", *argv]))])


def _without_folder(before: str, word: str) -> str:
    """The word, without its folder where it is a path; `before` is the word before it. A model's name is no path."""
    if not word.startswith("--"):
        return _name(word) if _is_path(before, word) else word
    option, equals, value = word.partition("=")
    return f"{option}={_name(value)}" if equals and _is_path(option, value) else word


def _is_path(option: str, value: str) -> bool:
    """Whether this option's value is a path. argparse accepts abbreviated options, so this does too."""
    is_option = option.startswith("--") and option != "--"
    return (
        Path(value).is_absolute()
        or value.startswith(("./", "../"))
        or (is_option and any(known.startswith(option) for known in PATH_OPTIONS))
    )


def _name(path: str) -> str:
    return Path(path).name or path


def _parser(feedback: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quoth eval",
        description="Score search, answers and refusals on judged questions.\n"
        "Without a command, score the seed set, or the collection given with --squad, --beir, --folder or --folders.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_score(parser)
    named = parser.add_subparsers(metavar="COMMAND")
    _add_baseline(named)
    _add_record(named)
    _add_ablation(named)
    _add_reader(named)
    _add_conversations(named)
    _add_carry(named)
    _add_trec(named)
    _add_export(named)
    _add_adopt(named, feedback)
    return parser


Commands = argparse._SubParsersAction  # argparse has no public name for it


def _command(named: Commands[argparse.ArgumentParser], name: str, help_: str) -> argparse.ArgumentParser:
    return named.add_parser(name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.")


def _add_score(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=commands.score)
    collection = parser.add_mutually_exclusive_group()
    collection.add_argument(
        "--squad", type=Path, metavar="FILE", help="score a SQuAD 1.1 or 2.0 file; each paragraph becomes a document"
    )
    collection.add_argument("--beir", type=Path, metavar="DIR", help="score the search on a BEIR folder")
    collection.add_argument("--folder", type=Path, metavar="DIR", help="score a folder with docs/ and questions.jsonl")
    collection.add_argument(
        "--folders", type=Path, metavar="DIR", help="score every such folder in DIR, together and by folder"
    )
    parser.add_argument(
        "--questions-from",
        type=Path,
        metavar="FILE",
        help="ask the questions of --squad as this SQuAD file words them, joined by id: a translation, for example",
    )
    parser.add_argument("--name", help="name of the result (default: the collection's)")
    parser.add_argument("--against", metavar="NAME", help="compare with this earlier result, question by question")
    parser.add_argument(
        "--gate",
        action="store_true",
        help="fail if a guarded measure is significantly worse than the baseline, or if dense or sparse search alone "
        "ranks better",
    )
    parser.add_argument("--search-only", action="store_true", help="score the search only, without correcting typos")
    parser.add_argument("--mistyped", action="store_true", help="add typos to each question, drawn with --seed")
    parser.add_argument(
        "--history",
        choices=("unrelated",),
        help="ask the test questions that stand alone after two turns about another document, and compare with the "
        "same without",
    )
    parser.add_argument(
        "--summary-only", action="store_true", help="write the measures only: no report, no per-question results"
    )
    parser.add_argument(
        "--limit", type=positive, metavar="N", help="ask a sample of N questions (of each folder), drawn with --seed"
    )
    _add_system(parser)
    _add_seed(parser, 0)
    _add_out(parser, OUT)


def _add_system(parser: argparse.ArgumentParser) -> None:
    index = IndexSettings()
    system = parser.add_argument_group("the system to score (default: the one that ships)")
    system.add_argument(
        "--fusion", choices=FUSIONS, default="weighted", help="how dense and sparse scores are combined"
    )
    system.add_argument(
        "--dense-weight", type=float, default=DENSE_WEIGHT, metavar="W", help="the cosine's weight, 0-1"
    )
    system.add_argument(
        "--model", default=index.model, metavar="NAME", help="the encoder: a folder or a Hugging Face name"
    )
    system.add_argument("--dtype", choices=get_args(Dtype), default=index.dtype, help="number format of the encoder")
    system.add_argument(
        "--passage-tokens", type=int, default=index.passages.size_tokens, metavar="N", help="size of a passage"
    )
    system.add_argument(
        "--overlap",
        type=int,
        choices=range(4),
        default=index.passages.overlap_sentences,
        help="sentences that neighbouring passages share",
    )
    system.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        default=index.passages.with_header,
        help="embed title, section and date with each passage",
    )


def _add_baseline(named: Commands[argparse.ArgumentParser]) -> None:
    baseline = _command(named, "baseline", "make the current scores the gate's baseline, and show what changes")
    baseline.set_defaults(run=commands.baseline)
    _add_seed(baseline)


def _add_record(named: Commands[argparse.ArgumentParser]) -> None:
    recorded = _command(named, "record", "write summaries of results, and the page of all tables, to eval/results")
    recorded.add_argument(
        "names", nargs="*", metavar="NAME", help="results to record (default: all that have been recorded before)"
    )
    recorded.add_argument("--to", type=Path, default=RECORDED, metavar="DIR", help=argparse.SUPPRESS)
    recorded.set_defaults(run=commands.record_results)
    _add_out(recorded)


def _add_ablation(named: Commands[argparse.ArgumentParser]) -> None:
    ablation = _command(named, "ablation", "change one setting at a time, and compare each with the system that ships")
    ablation.add_argument("--squad", type=Path, action="append", default=[], metavar="FILE", help="also on this file")
    ablation.add_argument("--beir", type=Path, action="append", default=[], metavar="DIR", help="also on this folder")
    ablation.set_defaults(run=commands.ablate_settings)
    _add_seed(ablation)
    _add_out(ablation)


def _add_reader(named: Commands[argparse.ArgumentParser]) -> None:
    reader = _command(named, "reader", "score the reader alone, on the paragraphs of the questions")
    reader.add_argument("--squad", type=Path, action="append", required=True, metavar="FILE", help="a SQuAD file")
    reader.add_argument(
        "--original", type=Path, metavar="DIR", help="folder of the trained network in fp32, to compare with"
    )
    reader.add_argument(
        "--multilingual", action="store_true", help="score the network for languages other than English"
    )
    reader.add_argument(
        "--questions-from", type=Path, metavar="FILE", help="ask the questions as this SQuAD file words them, as above"
    )
    reader.add_argument("--name", default=argparse.SUPPRESS, help="name of the result (default: the file's)")
    reader.add_argument(
        "--limit", type=positive, default=argparse.SUPPRESS, metavar="N", help="a sample of N questions of each file"
    )
    reader.set_defaults(run=commands.read_alone)
    _add_seed(reader)
    _add_out(reader)


def _add_conversations(named: Commands[argparse.ArgumentParser]) -> None:
    played = _command(named, "conversations", "play judged conversations, and judge every turn")
    played.add_argument("--split", choices=SPLITS, help="default: both splits")
    played.add_argument(
        "--folder",
        dest="over",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="only the conversations over these folders (default: all)",
    )
    played.add_argument("--name", default=argparse.SUPPRESS, help=f"name of the result (default: {CONVERSATIONS})")
    played.add_argument(
        "--against", default=argparse.SUPPRESS, metavar="NAME", help="compare with this earlier result, turn by turn"
    )
    played.add_argument("--show-wrong", action="store_true", help="print the wrong turns of the dev split")
    played.set_defaults(run=conversation_commands.play_conversations)
    _add_seed(played)
    _add_out(played)


def _add_carry(named: Commands[argparse.ArgumentParser]) -> None:
    carried = _command(named, "carry", "compare what is carried over to follow-ups with rewrites made by hand")
    carried.add_argument(
        "rewrites", type=Path, nargs="+", metavar="FILE", help="a question, history and rewrite a line (.jsonl[.gz])"
    )
    carried.add_argument("--last", type=positive, metavar="N", help="only the last N dialogues of each file")
    carried.add_argument("--name", default=argparse.SUPPRESS, help="name of the result (default: the file's)")
    carried.set_defaults(run=conversation_commands.carry_over)
    _add_seed(carried)
    _add_out(carried)


def _add_trec(named: Commands[argparse.ArgumentParser]) -> None:
    trec = _command(named, "trec", "score TREC run files, and compare the first two")
    trec.add_argument("qrels", type=Path, metavar="QRELS")
    trec.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    trec.set_defaults(run=commands.trec)
    _add_seed(trec)


def _add_export(named: Commands[argparse.ArgumentParser]) -> None:
    export = _command(named, "export", "write the evaluation set as SQuAD 2.0 JSON, as a BEIR folder, or both")
    export.add_argument(
        "--folders", type=Path, metavar="DIR", help="write the questions of every such folder in DIR instead"
    )
    export.add_argument("--squad", type=Path, metavar="FILE", help="the JSON file to write")
    export.add_argument("--beir", type=Path, metavar="DIR", help="the folder to write")
    export.add_argument("--split", choices=SPLITS, help="default: both splits")
    export.set_defaults(run=commands.export)


def _add_adopt(named: Commands[argparse.ArgumentParser], feedback: Path) -> None:
    adopted = _command(named, "adopt", "review people's ratings, and add questions to the evaluation set")
    adopted.add_argument(
        "--feedback", type=Path, default=feedback, metavar="FILE", help=f"file of ratings (default: {feedback})"
    )
    adopted.add_argument("--questions", type=Path, default=QUESTIONS, metavar="DIR", help=argparse.SUPPRESS)
    adopted.set_defaults(run=commands.adopt)


# A command's own options have no default, so that they do not override what was given before the command.
def _add_out(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument("--out", type=Path, default=default, metavar="DIR", help=f"folder of results (default: {OUT})")


def _add_seed(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument("--seed", type=int, default=default, metavar="N", help="random seed (default: 0)")
