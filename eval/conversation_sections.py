"""Recorded summaries -> the sections of eval/results/README.md on conversations. Pure."""

from __future__ import annotations

from eval.carrying import CARRY_MEASURES, QUOTH
from eval.conversation_scores import ALL
from eval.markdown import markdown_table, section, short
from eval.play import IN_CONVERSATION, NO_HISTORY
from eval.result_tables import BEFORE, Recorded, Summary, estimate_cell, made_by, measure_table, measures_of
from eval.results import CARRY, CONVERSATIONS, DIFFERENCES
from eval.scores import HEADLINES, LOWER_IS_BETTER
from eval.turn_outcome import KEPT, REFUSED, RIGHT, RIGHT_ANSWERED, TURN_MEASURES, UTILITY, WRONG_SHOWN

_COLUMNS = (RIGHT, RIGHT_ANSWERED, WRONG_SHOWN, REFUSED, UTILITY, KEPT)
_TEST = "test"
_INTRODUCTION = (
    "Every turn of the judged conversations, asked after the answers that the turns before it got, whatever the "
    "language. The baseline is each question asked without history. *Right if right alone* counts only turns whose "
    "stand-alone form is answered rightly."
)
_BEFORE_IS = (
    " *Before* is the program when a follow-up only took words from the turns before it, and questions about the "
    "documents, lists and comparisons were answered as questions of fact."
)


def conversations(recorded: Recorded) -> str | None:
    """The judged conversations, each result beside the same questions asked without history."""
    found = {name: summary[CONVERSATIONS] for name, summary in recorded.items() if CONVERSATIONS in summary}
    names = [name for name in found if not _is_before(name, found)]
    if not names:
        return None
    parts = []
    for name in names:
        splits, earlier = found[name], found.get(name + BEFORE, {})
        columns = {split: _all_turns(systems) for split, systems in splits.items()}
        if _TEST in splits:
            columns[f"{_TEST}, {NO_HISTORY}"] = _all_turns(splits[_TEST], NO_HISTORY)
        if _TEST in earlier:
            columns[f"{_TEST}, before"] = _all_turns(earlier[_TEST])
        parts += [*([f"### {name}"] if len(names) > 1 else []), measure_table(columns, TURN_MEASURES)]
        if _TEST in splits:
            parts += ["The test split by kind, folder and language.", _group_table(splits[_TEST])]
        parts.append(made_by(recorded, name, name + BEFORE))
    return section(
        "Conversations",
        _INTRODUCTION + (_BEFORE_IS if any(name + BEFORE in found for name in names) else ""),
        *parts,
    )


def _is_before(name: str, recorded: Recorded) -> bool:
    """Whether the result is shown beside the one of today."""
    return name.endswith(BEFORE) and name.removesuffix(BEFORE) in recorded


def _all_turns(systems: Summary, system: str = IN_CONVERSATION) -> Summary:
    measures: Summary = systems[system]["by kind"][ALL]
    return measures


def _group_table(systems: Summary) -> str:
    rows = []
    for grouping, groups in systems[IN_CONVERSATION].items():
        for group, row in groups.items():
            if group != ALL:
                baseline = systems[NO_HISTORY][grouping][group][RIGHT]
                rows.append((group, [*(estimate_cell(row.get(one)) for one in _COLUMNS), estimate_cell(baseline)]))
    return markdown_table([*_COLUMNS, f"{RIGHT}, {NO_HISTORY}"], rows)


def after_unrelated(recorded: Recorded) -> str | None:
    """What two turns about another document change for questions that don't depend on them."""
    names = [name for name, summary in recorded.items() if is_after_unrelated(summary)]
    if not names:
        return None
    parts = []
    for name in names:
        parts += [*([f"### {name}"] if len(names) > 1 else []), _difference_table(recorded[name])]
        parts.append(made_by(recorded, name))
    return section(
        "After an unrelated conversation",
        "The test questions that stand alone, each asked after two turns about another document, and the difference "
        "from the same questions asked without them (paired randomisation test).",
        *parts,
    )


def is_after_unrelated(summary: Summary) -> bool:
    return DIFFERENCES in summary


def _difference_table(summary: Summary) -> str:
    after, differences = measures_of(summary), summary[DIFFERENCES][_TEST]
    rows = []
    for measure in (*HEADLINES, "nDCG@10", "answerable abstained", "AURC"):
        if measure in differences:
            found = differences[measure]
            value, low, high = (_signed(found[part]) for part in ("value", "low", "high"))
            name = f"{measure} ↓" if measure in LOWER_IS_BETTER else measure
            rows.append((name, [estimate_cell(after.get(measure)), f"{value} [{low}, {high}]", short(found["p"])]))
    return markdown_table(["after two unrelated turns", "difference", "p"], rows)


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{short(abs(value))}"


def carried(recorded: Recorded) -> str | None:
    """The words carried over to follow-ups, beside rewrites made by hand."""
    names = [name for name in recorded if name.startswith(CARRY) and not _is_before(name, recorded)]
    if not names:
        return None
    parts = []
    for name in names:
        rows = dict(recorded[name]["rows"])
        if name + BEFORE in recorded:
            rows[f"{QUOTH}, before"] = recorded[name + BEFORE]["rows"][QUOTH]
        parts += [f"### {name.removeprefix(CARRY)}", measure_table(rows, CARRY_MEASURES)]
        parts.append(made_by(recorded, name, name + BEFORE))
    return section(
        "Words carried over to follow-ups",
        "The words that a rewrite by hand adds to a question so that it stands alone, and those that are added to the "
        "query: nothing, every word of the conversation, or what Quoth adds. *Recovered* is the share of the words "
        "wanted, *added rightly* the share of those added that are wanted, *harmed* the share of the questions that "
        "already stand alone and get words added.",
        *parts,
    )
