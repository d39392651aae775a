"""Recorded summaries -> eval/results/README.md: every table, with its command, signature and baseline. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from eval.ablation import AS_SHIPPED
from eval.ablation import table as ablation_table
from eval.markdown import markdown_table, short, with_interval
from eval.measures import CALIBRATION_BINS
from eval.reader_only import ANSWERABLE_MEASURES, EXACT, FP32, INT8, MULTILINGUAL, SQUAD2_MEASURES, TOKEN
from eval.results import BENCH, OTHER_LANGUAGES, TELEGRAM, signature_line
from eval.scores import HEADLINES, LOWER_IS_BETTER, MAIN_LANGUAGE, MEASURES, WEIGHTED_ERROR

Summary = Mapping[str, Any]
Recorded = Mapping[str, Summary]

SEEDS = "seeds"
FIRST_FORM = "-first-form"
"""The ending of the results of the reader's first form, a logistic model over sentences: the reader's baseline."""
BEFORE = "-before"
"""The ending of the results of the program with MiniLM's search, the first network as reader, and two outcomes."""
MISTYPED = "-mistyped"
UNCORRECTED, AS_TYPED = f"{MISTYPED}-search-only", "-sample"
"""The endings of the results that those of mistyped questions are compared with: `quoth eval --mistyped --search-only`,
and the same sample of questions without typos."""
_BENCH, _TELEGRAM = BENCH.removesuffix(".json"), TELEGRAM.removesuffix(".json")
_ABLATION, _READER = "ablation-", "reader-"
_OF_READER = (
    "success@1",
    "re-ranked success@1",
    "best exact match",
    "best token F1",
    "best right",
    "utility",
    "right shown",
    "right and answered",
    "precision",
    "false answers",
    "AUROC answerable",
    "AUROC right",
    "calibration error",
    WEIGHTED_ERROR,
)
_OF_SEARCH = ("success@1", "success@5", "MRR@10", "nDCG@10")
_WIDTH_CHARS = 120
_BEFORE_IS = "*Before* is the program with MiniLM's search, the first network as reader, and two outcomes."
_SYSTEM = ("encoder", "passages", "fusion", "reader", "version")
"""What a signature says of the system. The hash of the code is left out, because it changes with every edit."""
_LANGUAGES = {"es": "Spanish", "ja": "Japanese", "pt": "Portuguese"}
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


def seed_table(seeds: Summary, first_form: Summary | None, before: Summary | None = None) -> str:
    """The seed set's measures on both splits, and on test those of the program before and the first form."""
    columns = {"dev": _measures(seeds, "dev"), "test": _measures(seeds)}
    if before:
        columns["test, before"] = _measures(before)
    if first_form:
        columns["test, first form"] = _measures(first_form)
    return _measure_table(columns, MEASURES)


def group_table(seeds: Summary, first_form: Summary | None) -> str:
    """The seed set's test split by kind and language, with one measure of the reader's first form."""
    columns = [*HEADLINES, *(["right and answered, first form"] if first_form else [])]
    rows = []
    for name, row in _groups(seeds).items():
        cells = [_value(row.get(measure)) for measure in HEADLINES]
        if first_form:
            cells.append(_value(_groups(first_form).get(name, {}).get("right and answered")))
        rows.append((_LANGUAGES.get(name, name), cells))
    return markdown_table(columns, rows)


def reader_table(recorded: Recorded) -> str:
    """The reader's measures on test beside those of its first form."""
    columns = {}
    for name, first_form in _with_first_form(recorded):
        columns[f"{name}, first form"] = _measures(recorded[first_form])
        if name + BEFORE in recorded:
            columns[f"{name}, before"] = _measures(recorded[name + BEFORE])
        columns[name] = _measures(recorded[name])
    return _measure_table(columns, _OF_READER)


def reader_alone_table(rows: Recorded) -> str:
    """Exact match and F1 of each network alone, for each collection."""
    networks = (INT8, FP32, MULTILINGUAL)
    columns = [f"{network.split(',')[0]} {measure}" for network in networks for measure in (EXACT, TOKEN)]
    return markdown_table(columns, ((name, _reader_cells(summary, networks)) for name, summary in rows.items()))


def _reader_cells(summary: Summary, networks: Sequence[str]) -> list[str]:
    empty: Mapping[str, Any] = {}
    rows = [summary["rows"].get(network, empty) for network in networks]
    return [_estimate(row.get(measure)) for row in rows for measure in (EXACT, TOKEN)]


def reader_further_table(rows: Recorded) -> str | None:
    """The other measures of the network that was scored, for the collections that have any; None without one."""
    further = [*(name for name in ANSWERABLE_MEASURES if name not in (EXACT, TOKEN)), *SQUAD2_MEASURES]
    found = {name: summary["rows"].get(INT8) or summary["rows"][MULTILINGUAL] for name, summary in rows.items()}
    columns = [measure for measure in further if any(measure in row for row in found.values())]
    kept = {name: row for name, row in found.items() if any(measure in row for measure in columns)}
    cells = ((name, [_estimate(row.get(measure)) for measure in columns]) for name, row in kept.items())
    return markdown_table(columns, cells) if columns else None


def reliability_table(recorded: Recorded) -> str:
    """Stated and found precision on test: a row per bin of confidence, a column per result."""
    found = {name: _reliability(summary) for name, summary in recorded.items() if _reliability(summary)}
    rows = []
    for number in range(CALIBRATION_BINS):
        cells = [_reliability_cell(number, bins) for bins in found.values()]
        rows.append((f"{number / CALIBRATION_BINS:.1f} to {(number + 1) / CALIBRATION_BINS:.1f}", cells))
    return markdown_table(list(found), rows)


def _reliability(summary: Summary) -> Sequence[Mapping[str, float]]:
    """The bins of the test split; empty where it has none."""
    found: Sequence[Mapping[str, float]] = summary.get("splits", {}).get("test", {}).get("reliability", ())
    return found


def _reliability_cell(number: int, bins: Sequence[Mapping[str, float]]) -> str:
    """What the bin of that number states; "" where it is empty."""
    for row in bins:
        if row["bin"] == number:
            stated, right, weighted = (short(row[name], 2) for name in ("stated", "right", "weighted right"))
            return f"{stated} → {right}, {weighted} ({row['n']:,})"
    return ""


def speed_table(bench: Summary) -> str:
    """Speed and memory, beside their budgets and the plain loop."""
    rows = []
    for row in bench["rows"]:
        cells = [_quantity(row["quoth"], row["unit"]), row["budget"], _quantity(row["plain loop"], row["unit"])]
        rows.append((row["name"], cells))
    return markdown_table(["Quoth", "budget", "plain loop"], rows)


def telegram_table(load: Summary) -> str:
    """The Telegram bot under load, beside its budgets and a bot that only echoes."""
    columns = ["Quoth", "budget", *(["echo bot"] if _has_echo_bot(load) else [])]
    rows = []
    for row in load["rows"]:
        cells = [_quantity(row["value"], row["unit"]), row["budget"], _quantity(row.get("echo bot"), row["unit"])]
        rows.append((row["name"], cells[: len(columns)]))
    return markdown_table(columns, rows)


def _has_echo_bot(load: Summary) -> bool:
    return any(row.get("echo bot") is not None for row in load["rows"])


# Sections


def _seed_set(recorded: Recorded) -> str | None:
    if SEEDS not in recorded:
        return None
    seeds, first_form = recorded[SEEDS], recorded.get(SEEDS + FIRST_FORM)
    before = recorded.get(SEEDS + BEFORE)
    groups = ["The test split by kind (English) and by language.", group_table(seeds, first_form)]
    if before:
        groups += ["The same before.", group_table(before, None)]
    return _section(
        "The seed set",
        "The whole answer on the English questions. "
        + (f"{_BEFORE_IS} " if before else "")
        + "The baseline is the reader's first form, which was asked fewer of the unanswerable questions.",
        seed_table(seeds, first_form, before),
        *(groups if _groups(seeds) else []),
        _made_by(recorded, SEEDS, SEEDS + BEFORE, SEEDS + FIRST_FORM),
    )


def _reader(recorded: Recorded) -> str | None:
    pairs = _with_first_form(recorded)
    if not pairs:
        return None
    return _section(
        "The reader and its first form",
        "The first form was a logistic model over sentences. The test split; *best* measures score the first answer "
        "even if the system abstained. Confidence is too high on SQuAD 2.0: half of its questions are unanswerable, "
        "more than in the data that confidence was fitted to.",
        reader_table(recorded),
        _made_by(recorded, *(one for name, first in pairs for one in (name, name + BEFORE, first))),
    )


def _ablations(recorded: Recorded) -> str | None:
    names = [name for name in recorded if name.startswith(_ABLATION)]
    if not names:
        return None
    parts = []
    for name in sorted(names, key=lambda name: (name != f"{_ABLATION}{SEEDS}", name)):
        parts += [f"### {name.removeprefix(_ABLATION)}", _sample(recorded[name])]
        label = AS_SHIPPED_THEN if _differing_parts(recorded, name) else AS_SHIPPED
        parts += [ablation_table(recorded[name], label), _made_by(recorded, name)]
    return _section(
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
    return _section(
        "The reader alone",
        "Exact match and F1 on the paragraph that holds the answer, without search and without abstaining. The "
        "baseline is the trained network before quantisation (fp32). The multilingual network reads all languages but "
        "English.",
        reader_alone_table(rows),
        *([further] if further else []),
        "Published on all of SQuAD 1.1's development set: DrQA's reader has exact match .694 and F1 .789 (its README), "
        "deepset's tinyroberta-squad2, four times the size, .839 and .908 (its card).",
        _made_by(recorded, *(f"{_READER}{name}" for name in rows)),
    )


def _precision(recorded: Recorded) -> str | None:
    if not any(_reliability(summary) for summary in recorded.values()):
        return None
    return _section(
        "Stated and found precision",
        "The test split in bins of confidence. A cell has the mean confidence stated → the share of questions whose "
        "first answer is right, the same share with unanswerable questions weighted to three in ten, and the number "
        "of questions.",
        reliability_table(recorded),
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
        shown = {title: _measures(recorded[one]) for title, one in columns.items() if one in recorded}
        parts += [f"### {original}", _measure_table(shown, _OF_SEARCH), _made_by(recorded, *columns.values())]
    return _section(
        "Typos",
        "The search for questions with two to four wrong letters, on test. The baseline is the search for the "
        "questions as they were typed.",
        *parts,
    )


def _speed(recorded: Recorded) -> str | None:
    if _BENCH not in recorded:
        return None
    bench = recorded[_BENCH]
    return _section(
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
    return _section(
        "Telegram under load",
        f"Over loopback, {load['chats']} chats ask questions; each sends its next question when the last is answered. "
        + (
            "The baselines are one chat that asks alone, and a bot that only echoes. "
            if _has_echo_bot(load)
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
        columns = {split: _measures(recorded[name], split) for split in recorded[name]["splits"]}
        if name + BEFORE in recorded:
            columns["test, before"] = _measures(recorded[name + BEFORE])
        parts += [f"### {name}", _measure_table(columns, MEASURES), *_by_collection(recorded[name])]
        parts.append(_made_by(recorded, name, name + BEFORE))
    return _section("Other results", *parts)


def _by_collection(summary: Summary) -> list[str]:
    """For each split, a table by collection; none for a result of one collection."""
    tables = []
    for split, parts in summary["splits"].items():
        if groups := parts.get("by collection"):
            rows = ((name, [_value(row.get(measure)) for measure in HEADLINES]) for name, row in groups.items())
            tables += [f"The {split} split by folder.", markdown_table(HEADLINES, rows)]
    return tables


def _is_shown(name: str, recorded: Recorded) -> bool:
    paired = {one for pair in _with_first_form(recorded) for one in pair}
    with_typos = {
        f"{mistyped.removesuffix(MISTYPED)}{ending}"
        for mistyped in recorded
        if mistyped.endswith(MISTYPED)
        for ending in (MISTYPED, UNCORRECTED, AS_TYPED)
    }
    is_before = name.endswith(BEFORE) and name.removesuffix(BEFORE) in recorded
    return name == SEEDS or name in paired or name in with_typos or is_before


# Parts of a section


def _section(title: str, *parts: str) -> str:
    return "\n\n".join([f"## {title}", *map(_wrapped, parts)])


def _wrapped(part: str) -> str:
    """Prose in lines of the page's width; headings, tables and lists as they are."""
    is_prose = not part.startswith(("#", "|", "- "))
    return textwrap.fill(part, _WIDTH_CHARS, break_long_words=False, break_on_hyphens=False) if is_prose else part


def _made_by(recorded: Recorded, *names: str) -> str:
    """The command and signature of each of these results that has been recorded."""
    return "\n".join(
        f"- {name}: `{recorded[name]['command']}`; {signature_line(recorded[name]['signature'])}"
        for name in names
        if name in recorded
    )


def _sample(summary: Summary) -> str:
    signature = summary["signature"]
    return f"{signature['answerable']:,} answerable questions on {signature['passages']['number']:,} passages."


def _with_first_form(recorded: Recorded) -> list[tuple[str, str]]:
    return [(name, f"{name}{FIRST_FORM}") for name in recorded if f"{name}{FIRST_FORM}" in recorded]


def _measures(summary: Summary, split: str = "test") -> Summary:
    """The measures of the split; empty where no question of it was asked."""
    measures: Summary = summary["splits"][split]["measures"] if split in summary["splits"] else {}
    return measures


def _groups(summary: Summary) -> dict[str, Summary]:
    """The rows of the test split: all English questions, each kind, each other language, then those together.

    Empty where no question of the split was asked.
    """
    if "test" not in summary["splits"]:
        return {}
    test = summary["splits"]["test"]
    every = {name: (estimate["value"], estimate["n"]) for name, estimate in test["measures"].items()}
    others = sorted(test["by language"].keys() - {MAIN_LANGUAGE}, key=lambda name: (name == OTHER_LANGUAGES, name))
    languages = {name: test["by language"][name] for name in others}
    return {"all": every, **test["by kind"], **languages}


def _measure_table(columns: Mapping[str, Summary], measures: Sequence[str]) -> str:
    rows = []
    for measure in measures:
        cells = [_estimate(column.get(measure)) for column in columns.values()]
        if any(cells):
            rows.append((f"{measure} ↓" if measure in LOWER_IS_BETTER else measure, cells))
    return markdown_table(list(columns), rows)


def _estimate(estimate: Mapping[str, Any] | None) -> str:
    return "" if estimate is None else f"{with_interval(estimate)} ({estimate['n']:,})"


def _value(cell: Sequence[float] | None) -> str:
    return "" if cell is None else f"{short(cell[0], 2)} ({cell[1]:.0f})"


def _quantity(value: float | None, unit: str) -> str:
    """The value with its unit, to three digits or to whole numbers; "" where it was not measured."""
    return "" if value is None else f"{_number(value)} {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
