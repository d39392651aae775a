"""What `quoth eval conversations` and `quoth eval carry` do: their flags to an exit status. Raise QuothError."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version

from bot.terminal.console import progress, talk
from eval.carrying import CARRY_MEASURES, carry_rows, of_last_dialogues, read_rewrites
from eval.conversation_scores import conversation_summary, read_turns, turn_differences, write_conversations
from eval.conversation_tables import LEGEND, print_turn_groups, print_wrong_turns
from eval.conversations import read_conversations
from eval.play import IN_CONVERSATION, NO_HISTORY, Played, play_all
from eval.results import CARRY, CONVERSATIONS, earlier_result_folder, new_result_folder, signature_line, write_json
from eval.systems import System, code_sha256
from eval.tables import print_differences, print_flips, print_measures
from eval.turn_outcome import TurnOutcome

EXIT_DONE, EXIT_USAGE = 0, 2
ONLY_DEV = (
    "quoth eval conversations: --show-wrong never shows the test split, which nobody may tune on; "
    "use `quoth eval conversations --split dev --show-wrong`"
)


def play_conversations(args: argparse.Namespace) -> int:
    """Play conversations, write the result, and compare it with an earlier one where asked to."""
    if args.show_wrong and args.split == "test":
        talk(ONLY_DEV)
        return EXIT_USAGE
    folder = new_result_folder(args.out, args.name or CONVERSATIONS)
    before = read_turns(earlier_result_folder(args.out, args.against)) if args.against else []
    with progress() as on_progress:
        played = play_all(CONVERSATIONS, read_conversations(args.split, args.over), System(), on_progress)
        on_progress("resampling", 0, 0)
        splits = conversation_summary(played, args.seed)
    write_conversations(folder, played, splits, args.command_line)
    for split, systems in splits.items():
        print_turn_groups(split, systems)
        _print_differences(f"{split}, {IN_CONVERSATION} compared with {NO_HISTORY}", split, *_both(played), args.seed)
        if args.against:
            _print_differences(f"{split}, compared with {args.against}", split, before, played.outcomes, args.seed)
    if args.against and "dev" in splits:
        dev = _of_split("dev", played.outcomes)
        print_flips(_comparable(before, dev), dev)
    print(LEGEND)
    if args.show_wrong:
        print_wrong_turns(_of_split("dev", played.outcomes))
    print(signature_line(played.signature))
    print(f"measures: {folder}")
    return EXIT_DONE


def _both(played: Played) -> tuple[Sequence[TurnOutcome], Sequence[TurnOutcome]]:
    return played.without_history, played.outcomes


def _print_differences(
    title: str, split: str, first: Sequence[TurnOutcome], second: Sequence[TurnOutcome], seed: int
) -> None:
    own = _of_split(split, second)
    print_differences(title, turn_differences(_comparable(first, own), own, seed))


def _of_split(split: str, outcomes: Sequence[TurnOutcome]) -> list[TurnOutcome]:
    return [outcome for outcome in outcomes if outcome.split == split]


def _comparable(before: Sequence[TurnOutcome], now: Sequence[TurnOutcome]) -> list[TurnOutcome]:
    """The earlier outcomes of the splits and folders that were played now."""
    played = {(outcome.split, outcome.folder) for outcome in now}
    return [outcome for outcome in before if (outcome.split, outcome.folder) in played]


def carry_over(args: argparse.Namespace) -> int:
    """Score what is carried over to follow-ups, beside carrying nothing and everything."""
    if args.name and len(args.rewrites) > 1:
        talk("quoth eval carry: --name names one result, so give one FILE with it")
        return EXIT_USAGE
    for path in args.rewrites:
        turns = read_rewrites(path)
        rewrites = path.name.split(".")[0]
        if args.last:
            turns, rewrites = of_last_dialogues(turns, args.last), f"{rewrites}-last-{args.last}"
        rows = {
            system: {one: asdict(value) for one, value in row.items()}
            for system, row in carry_rows(turns, args.seed).items()
        }
        signature = {
            "rewrites": rewrites,
            "questions": sum(bool(turn.history) for turn in turns),
            "file": hashlib.sha256(path.read_bytes()).hexdigest()[:12],
            "version": version("quoth"),
            "code": code_sha256()[:12],
        }
        write_json(
            args.out / f"{CARRY}{args.name or rewrites}.json",
            {"command": args.command_line, "signature": signature, "rows": rows},
        )
        print_measures(rows, CARRY_MEASURES)
        print(signature_line(signature))
    return EXIT_DONE
