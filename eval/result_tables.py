"""Recorded summaries -> the tables of eval/results/README.md, in Markdown. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.markdown import markdown_table, short, with_interval
from eval.measures import CALIBRATION_BINS
from eval.reader_only import ANSWERABLE_MEASURES, EXACT, FP32, INT8, MULTILINGUAL, SQUAD2_MEASURES, TOKEN
from eval.results import OTHER_LANGUAGES, signature_line
from eval.scores import HEADLINES, LOWER_IS_BETTER, MAIN_LANGUAGE, MEASURES, WEIGHTED_ERROR

Summary = Mapping[str, Any]
Recorded = Mapping[str, Summary]

FIRST_FORM = "-first-form"
"""The ending of the results of the reader's first form, a logistic model over sentences: the reader's baseline."""
BEFORE = "-before"
"""The ending of the results of the program with MiniLM's search, the first network as reader, and two outcomes."""
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
_LANGUAGES = {"es": "Spanish", "ja": "Japanese", "pt": "Portuguese"}


def seed_table(seeds: Summary, first_form: Summary | None, before: Summary | None = None) -> str:
    """The seed set's measures on both splits, and on test those of the program before and the first form."""
    columns = {"dev": measures_of(seeds, "dev"), "test": measures_of(seeds)}
    if before:
        columns["test, before"] = measures_of(before)
    if first_form:
        columns["test, first form"] = measures_of(first_form)
    return measure_table(columns, MEASURES)


def group_table(seeds: Summary, first_form: Summary | None) -> str:
    """The seed set's test split by kind and language, with one measure of the reader's first form."""
    columns = [*HEADLINES, *(["right and answered, first form"] if first_form else [])]
    rows = []
    for name, row in groups_of(seeds).items():
        cells = [value_cell(row.get(measure)) for measure in HEADLINES]
        if first_form:
            cells.append(value_cell(groups_of(first_form).get(name, {}).get("right and answered")))
        rows.append((_LANGUAGES.get(name, name), cells))
    return markdown_table(columns, rows)


def reader_table(recorded: Recorded) -> str:
    """The reader's measures on test beside those of its first form."""
    columns = {}
    for name, first_form in with_first_form(recorded):
        columns[f"{name}, first form"] = measures_of(recorded[first_form])
        if name + BEFORE in recorded:
            columns[f"{name}, before"] = measures_of(recorded[name + BEFORE])
        columns[name] = measures_of(recorded[name])
    return measure_table(columns, _OF_READER)


def reader_alone_table(rows: Recorded) -> str:
    """Exact match and F1 of each network alone, for each collection."""
    networks = (INT8, FP32, MULTILINGUAL)
    columns = [f"{network.split(',')[0]} {measure}" for network in networks for measure in (EXACT, TOKEN)]
    return markdown_table(columns, ((name, _reader_cells(summary, networks)) for name, summary in rows.items()))


def _reader_cells(summary: Summary, networks: Sequence[str]) -> list[str]:
    empty: Mapping[str, Any] = {}
    rows = [summary["rows"].get(network, empty) for network in networks]
    return [estimate_cell(row.get(measure)) for row in rows for measure in (EXACT, TOKEN)]


def reader_further_table(rows: Recorded) -> str | None:
    """The other measures of the network that was scored, for the collections that have any; None without one."""
    further = [*(name for name in ANSWERABLE_MEASURES if name not in (EXACT, TOKEN)), *SQUAD2_MEASURES]
    found = {name: summary["rows"].get(INT8) or summary["rows"][MULTILINGUAL] for name, summary in rows.items()}
    columns = [measure for measure in further if any(measure in row for row in found.values())]
    kept = {name: row for name, row in found.items() if any(measure in row for measure in columns)}
    cells = ((name, [estimate_cell(row.get(measure)) for measure in columns]) for name, row in kept.items())
    return markdown_table(columns, cells) if columns else None


def reliability_table(recorded: Recorded) -> str:
    """Stated and found precision on test: a row per bin of confidence, a column per result."""
    found = {name: reliability_of(summary) for name, summary in recorded.items() if reliability_of(summary)}
    rows = []
    for number in range(CALIBRATION_BINS):
        cells = [_reliability_cell(number, bins) for bins in found.values()]
        rows.append((f"{number / CALIBRATION_BINS:.1f} to {(number + 1) / CALIBRATION_BINS:.1f}", cells))
    return markdown_table(list(found), rows)


def reliability_of(summary: Summary) -> Sequence[Mapping[str, float]]:
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
    columns = ["Quoth", "budget", *(["echo bot"] if has_echo_bot(load) else [])]
    rows = []
    for row in load["rows"]:
        cells = [_quantity(row["value"], row["unit"]), row["budget"], _quantity(row.get("echo bot"), row["unit"])]
        rows.append((row["name"], cells[: len(columns)]))
    return markdown_table(columns, rows)


def has_echo_bot(load: Summary) -> bool:
    return any(row.get("echo bot") is not None for row in load["rows"])


def with_first_form(recorded: Recorded) -> list[tuple[str, str]]:
    return [(name, f"{name}{FIRST_FORM}") for name in recorded if f"{name}{FIRST_FORM}" in recorded]


def measures_of(summary: Summary, split: str = "test") -> Summary:
    """The measures of the split; empty where no question of it was asked."""
    measures: Summary = summary["splits"][split]["measures"] if split in summary["splits"] else {}
    return measures


def groups_of(summary: Summary) -> dict[str, Summary]:
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


def made_by(recorded: Recorded, *names: str) -> str:
    """The command and signature of each of these results that has been recorded."""
    return "\n".join(
        f"- {name}: `{recorded[name]['command']}`; {signature_line(recorded[name]['signature'])}"
        for name in names
        if name in recorded
    )


def measure_table(columns: Mapping[str, Summary], measures: Sequence[str]) -> str:
    rows = []
    for measure in measures:
        cells = [estimate_cell(column.get(measure)) for column in columns.values()]
        if any(cells):
            rows.append((f"{measure} ↓" if measure in LOWER_IS_BETTER else measure, cells))
    return markdown_table(list(columns), rows)


def estimate_cell(estimate: Mapping[str, Any] | None) -> str:
    return "" if estimate is None else f"{with_interval(estimate)} ({estimate['n']:,})"


def value_cell(cell: Sequence[float] | None) -> str:
    return "" if cell is None else f"{short(cell[0], 2)} ({cell[1]:.0f})"


def _quantity(value: float | None, unit: str) -> str:
    """The value with its unit, to three digits or to whole numbers; "" where it was not measured."""
    return "" if value is None else f"{_number(value)} {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
