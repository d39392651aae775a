"""Recorded summaries -> eval/results/README.md: every table, with its command, signature and baseline. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.ablation import AS_SHIPPED
from eval.ablation import table as ablation_table
from eval.conversation_sections import after_unrelated, carried, conversations, is_after_unrelated
from eval.markdown import markdown_table, section
from eval.result_tables import (
    BEFORE,
    FIRST_FORM,
    Recorded,
    Summary,
    group_table,
    groups_of,
    has_echo_bot,
    made_by,
    measure_table,
    measures_of,
    reader_alone_table,
    reader_further_table,
    reader_table,
    reliability_of,
    reliability_table,
    seed_table,
    speed_table,
    telegram_table,
    value_cell,
    with_first_form,
)
from eval.results import BENCH, TELEGRAM
from eval.scores import HEADLINES, MEASURES

SEEDS = "seeds"
MISTYPED = "-mistyped"
UNCORRECTED, AS_TYPED = f"{MISTYPED}-search-only", "-sample"
"""The endings of the results that those of mistyped questions are compared with: `quoth eval --mistyped --search-only`,
and the same sample of questions without typos."""
_BENCH, _TELEGRAM = BENCH.removesuffix(".json"), TELEGRAM.removesuffix(".json")
_ABLATION, _READER = "ablation-", "reader-"
_OF_SEARCH = ("success@1", "success@5", "MRR@10", "nDCG@10")
_BEFORE_IS = "*Before* is the program with MiniLM's search, the first network as reader, and two outcomes."
_SYSTEM = ("encoder", "passages", "fusion", "reader", "version")
"""What a signature says of the system. The hash of the code is left out, because it changes with every edit."""
"""Names of languages; another language is shown by its code."""
AS_SHIPPED_THEN = "as shipped then"

_INTRODUCTION = """# Results

`quoth eval record` writes this page from the summaries beside it; do not edit it. [The evaluation guide](../README.md)
explains [the measures](../README.md#measures), which passages are relevant, and
[the commands and collections](../README.md#recording-results). Settings are tuned on dev; conclusions are drawn from
test. Brackets hold 95% bootstrap intervals over the questions, parentheses the number of questions; ↓ marks measures
where lower is better. A signature names the encoder, the passages, the fusion, and the hashes of the reader, the
documents and the code. `baseline.json` is not a result: the gate compares with it."""


def render_readme(recorded: Recorded) -> str:
    """The page, with a section for each sort of result that has been recorded."""
    sections = [
        _seed_set(recorded),
        conversations(recorded),
        after_unrelated(recorded),
        carried(recorded),
        _reader(recorded),
        _ablations(recorded),
        _reader_alone(recorded),
        _precision(recorded),
        _typos(recorded),
        _speed(recorded),
        _telegram(recorded),
        _others(recorded),
    ]
    return "\n\n".join([_INTRODUCTION, *(section for section in sections if section)]) + "\n"


def _seed_set(recorded: Recorded) -> str | None:
    if SEEDS not in recorded:
        return None
    seeds, first_form = recorded[SEEDS], recorded.get(SEEDS + FIRST_FORM)
    before = recorded.get(SEEDS + BEFORE)
    groups = ["The test split by kind (English) and by language.", group_table(seeds, first_form)]
    if before:
        groups += ["The same before.", group_table(before, None)]
    return section(
        "The seed set",
        "The whole answer on the English questions. "
        + (f"{_BEFORE_IS} " if before else "")
        + "The baseline is the reader's first form, which was asked fewer of the unanswerable questions.",
        seed_table(seeds, first_form, before),
        *(groups if groups_of(seeds) else []),
        made_by(recorded, SEEDS, SEEDS + BEFORE, SEEDS + FIRST_FORM),
    )


def _reader(recorded: Recorded) -> str | None:
    pairs = with_first_form(recorded)
    if not pairs:
        return None
    return section(
        "The reader and its first form",
        "The first form was a logistic model over sentences. The test split; *best* measures score the first answer "
        "even if the system abstained. Confidence is too high on SQuAD 2.0: half of its questions are unanswerable, "
        "more than in the data that confidence was fitted to.",
        reader_table(recorded),
        made_by(recorded, *(one for name, first in pairs for one in (name, name + BEFORE, first))),
    )


def _ablations(recorded: Recorded) -> str | None:
    names = [name for name in recorded if name.startswith(_ABLATION)]
    if not names:
        return None
    parts = []
    for name in sorted(names, key=lambda name: (name != f"{_ABLATION}{SEEDS}", name)):
        parts += [f"### {name.removeprefix(_ABLATION)}", _sample(recorded[name])]
        label = AS_SHIPPED_THEN if _differing_parts(recorded, name) else AS_SHIPPED
        parts += [ablation_table(recorded[name], label), made_by(recorded, name)]
    return section(
        "Ablations",
        "One setting changed at a time, compared with the system that the table's signature names. "
        + _of_earlier_version(recorded, names)
        + "\\* marks a difference with p < .05 (paired randomisation test, not corrected for the number of tests). "
        "[What counts as relevant](../README.md#measures) favours long passages a little.",
        *parts,
    )


def _of_earlier_version(recorded: Recorded, names: Sequence[str]) -> str:
    """A sentence that lists the tables whose signature differs from the seed set's, and in what; "" for none."""
    differing = {name: _differing_parts(recorded, name) for name in names}
    listed = [f"{name.removeprefix(_ABLATION)} ({', '.join(parts)})" for name, parts in differing.items() if parts]
    if not listed:
        return ""
    return f"An earlier version made the tables whose signature differs from the seed set's: {', '.join(listed)}. "


def _differing_parts(recorded: Recorded, name: str) -> list[str]:
    """The parts of the system in which this result's signature differs from the seed set's."""
    if SEEDS not in recorded:
        return []
    now = _system(recorded[SEEDS])
    return [part for part, value in _system(recorded[name]).items() if value != now[part]]


def _system(summary: Summary) -> dict[str, Any]:
    """What the signature says of the system, without the number of passages, which depends on the collection."""
    found = {part: summary["signature"].get(part) for part in _SYSTEM}
    passages = found["passages"] or {}
    return {**found, "passages": {name: value for name, value in passages.items() if name != "number"}}


def _reader_alone(recorded: Recorded) -> str | None:
    rows = {name.removeprefix(_READER): recorded[name] for name in recorded if name.startswith(_READER)}
    if not rows:
        return None
    further = reader_further_table(rows)
    return section(
        "The reader alone",
        "Exact match and F1 on the paragraph that holds the answer, without search and without abstaining. The "
        "baseline is the trained network before quantisation (fp32). The multilingual network reads all languages but "
        "English.",
        reader_alone_table(rows),
        *([further] if further else []),
        "Published on all of SQuAD 1.1's development set: DrQA's reader has exact match .694 and F1 .789 (its README), "
        "deepset's tinyroberta-squad2, four times the size, .839 and .908 (its card).",
        made_by(recorded, *(f"{_READER}{name}" for name in rows)),
    )


def _precision(recorded: Recorded) -> str | None:
    shown = {name: one for name, one in recorded.items() if reliability_of(one) and not is_after_unrelated(one)}
    if not shown:
        return None
    return section(
        "Stated and found precision",
        "The test split in bins of confidence. A cell has the mean confidence stated → the share of questions whose "
        "first answer is right, the same share with unanswerable questions weighted to three in ten, and the number "
        "of questions.",
        reliability_table(shown),
    )


def _typos(recorded: Recorded) -> str | None:
    names = [name for name in recorded if name.endswith(MISTYPED)]
    if not names:
        return None
    parts = []
    for name in names:
        original = name.removesuffix(MISTYPED)
        as_typed = next((one for one in (f"{original}{AS_TYPED}", original) if one in recorded), original)
        columns = {
            "as typed": as_typed,
            "with typos, corrected": name,
            "with typos, not corrected": f"{original}{UNCORRECTED}",
        }
        shown = {title: measures_of(recorded[one]) for title, one in columns.items() if one in recorded}
        parts += [f"### {original}", measure_table(shown, _OF_SEARCH), made_by(recorded, *columns.values())]
    return section(
        "Typos",
        "The search for questions with two to four wrong letters, on test. The baseline is the search for the "
        "questions as they were typed.",
        *parts,
    )


def _speed(recorded: Recorded) -> str | None:
    if _BENCH not in recorded:
        return None
    bench = recorded[_BENCH]
    return section(
        "Speed and memory",
        "The baseline is a plain sentence-transformers and IndexFlatIP loop in the same run (eval/baseline_loop.py). "
        f"Timings depend on the machine, so compare ratios. {_missed_budgets(bench['rows'], 'quoth')}",
        speed_table(bench),
        f"`{bench['command']}` on {bench['machine']}; encoder {bench['encoder']}.",
    )


def _telegram(recorded: Recorded) -> str | None:
    if _TELEGRAM not in recorded:
        return None
    load = recorded[_TELEGRAM]
    return section(
        "Telegram under load",
        f"Over loopback, {load['chats']} chats ask questions; each sends its next question when the last is answered. "
        + (
            "The baselines are one chat that asks alone, and a bot that only echoes. "
            if has_echo_bot(load)
            else "The baseline is one chat that asks alone. "
        )
        + _missed_budgets(load["rows"], "value"),
        telegram_table(load),
        f"`{load['command']}`.",
    )


def _missed_budgets(rows: Sequence[Mapping[str, Any]], key: str) -> str:
    """A sentence that lists the rows whose value, under `key`, misses the budget; "" without budgets."""
    judged = [row for row in rows if row["budget"]]
    missed = [row["name"] for row in judged if _is_missed(row[key], row["unit"], row["budget"])]
    if missed:
        return f"Budgets missed: {'; '.join(missed)}."
    return "Every budget is met." if judged else ""


def _is_missed(value: float, unit: str, budget: str) -> bool:
    """Whether the value misses the budget: a minimum if it is "40 or more" or the unit is "of 1000", else a maximum."""
    limit, is_minimum = float(budget.split()[0]), budget.endswith("or more") or unit.startswith("of ")
    return value < limit if is_minimum else value > limit


def _others(recorded: Recorded) -> str | None:
    """Results that are in no section above, such as those of a new collection, beside the same before."""
    names = [name for name in recorded if "splits" in recorded[name] and not _is_shown(name, recorded)]
    if not names:
        return None
    parts = []
    for name in names:
        columns = {split: measures_of(recorded[name], split) for split in recorded[name]["splits"]}
        if name + BEFORE in recorded:
            columns["test, before"] = measures_of(recorded[name + BEFORE])
        parts += [f"### {name}", measure_table(columns, MEASURES), *_by_collection(recorded[name])]
        parts.append(made_by(recorded, name, name + BEFORE))
    return section("Other results", *parts)


def _by_collection(summary: Summary) -> list[str]:
    """For each split, a table by collection; none for a result of one collection."""
    tables = []
    for split, parts in summary["splits"].items():
        if groups := parts.get("by collection"):
            rows = ((name, [value_cell(row.get(measure)) for measure in HEADLINES]) for name, row in groups.items())
            tables += [f"The {split} split by folder.", markdown_table(HEADLINES, rows)]
    return tables


def _is_shown(name: str, recorded: Recorded) -> bool:
    paired = {one for pair in with_first_form(recorded) for one in pair}
    with_typos = {
        f"{mistyped.removesuffix(MISTYPED)}{ending}"
        for mistyped in recorded
        if mistyped.endswith(MISTYPED)
        for ending in (MISTYPED, UNCORRECTED, AS_TYPED)
    }
    is_before = name.endswith(BEFORE) and name.removesuffix(BEFORE) in recorded
    return name == SEEDS or name in paired or name in with_typos or is_before or is_after_unrelated(recorded[name])


def _sample(summary: Summary) -> str:
    signature = summary["signature"]
    return f"{signature['answerable']:,} answerable questions on {signature['passages']['number']:,} passages."
