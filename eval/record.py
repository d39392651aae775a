"""Results -> the summaries in eval/results that are committed, small and without single questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.readme import render_readme
from eval.results import CONVERSATIONS, DIFFERENCES, SCORES, dumps, read_json, write_text
from eval.scores import GROUPED
from retrieval.errors import EvaluationError

README = "README.md"
ANOTHER_VERSION = "{path} was written by another version; {next_step}"
NOT_RECORDED = "not recorded: {names}; add one with `quoth eval record {first}`"
_OTHER_FORMAT = (KeyError, TypeError, AttributeError, ValueError)
"""What a result in another format raises when it is summarised and shown."""
_KEPT = ("name", "command", "signature")


def record(names: Sequence[str], out: Path, to: Path) -> list[Path]:
    """Write the summaries of these results, and the page of all tables; the files written.

    Without names, refresh every result that has been recorded before. Raises EvaluationError, and then writes nothing
    unless writing itself failed.
    """
    found = available(out)
    unknown = [name for name in names if name not in found]
    if unknown:
        listed = ", ".join(found) or "none"
        raise EvaluationError(
            f"no result named {', '.join(unknown)} in {out} (there: {listed}); make one with `quoth eval --name NAME`"
        )
    chosen = names or [name for name in found if (to / f"{name}.json").is_file()]
    summaries = {name: _summary_in(out, name) for name in chosen}
    page = render_readme(read_recorded(to, summaries))
    texts = {to / f"{name}.json": dumps(summary) for name, summary in summaries.items()} | {to / README: page}
    for path, text in texts.items():
        write_text(path, text)
    return list(texts)


def available(out: Path) -> list[str]:
    """The names of the results in the folder, in alphabetical order."""
    runs = {path.parent.name for path in out.glob(f"*/{SCORES}")}
    return sorted(runs | {path.stem for path in out.glob("*.json")})


def read_recorded(folder: Path, newer: Mapping[str, dict[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """Every recorded summary by name, without the gate's baseline; those in `newer` replace the stored ones.

    Raises EvaluationError where one is damaged or was written by another version.
    """
    newer = newer or {}
    recorded = dict(newer)
    for path in folder.glob("*.json"):
        if path.stem != "baseline" and path.stem not in newer:
            recorded[path.stem] = _read(path, path.stem, f"record it again with `quoth eval record {path.stem}`")
    return dict(sorted(recorded.items()))


def _summary_in(out: Path, name: str) -> dict[str, Any]:
    scores = out / name / SCORES
    if scores.is_file():
        return _read(scores, name, f"score it again with `quoth eval --name {name}`", summarise=summary_of)
    return _read(out / f"{name}.json", name, "make it again")


def _read(
    path: Path, name: str, next_step: str, summarise: Callable[[dict[str, Any]], dict[str, Any]] = dict
) -> dict[str, Any]:
    """The summary of what is stored at the path. Raises EvaluationError where the page can't show it."""
    stored = read_json(path, next_step)
    try:
        summary = summarise(stored)
        render_readme({name: summary})
    except _OTHER_FORMAT as error:
        raise EvaluationError(ANOTHER_VERSION.format(path=path, next_step=next_step)) from error
    return summary


def summary_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A scored result without its single questions, and by kind, language and collection with the main measures only.

    Conversations keep all their groups, without their turns.

    Raises KeyError, TypeError or AttributeError for a result in another format.
    """
    kept = {name: stored[name] for name in _KEPT}
    if CONVERSATIONS in stored:
        return {**kept, CONVERSATIONS: stored[CONVERSATIONS]}
    kept["splits"] = {split: _split(parts) for split, parts in stored["splits"].items()}
    return {**kept, DIFFERENCES: stored[DIFFERENCES]} if DIFFERENCES in stored else kept


def _split(parts: Mapping[str, Any]) -> dict[str, Any]:
    groups = {
        grouping: {
            group: {measure: row[measure] for measure in GROUPED if measure in row}
            for group, row in sorted(parts[grouping].items())
        }
        for grouping in ("by kind", "by language", "by collection")
    }
    return {"measures": parts["measures"], **groups, "reliability": parts["reliability"], "stages": parts["stages"]}
