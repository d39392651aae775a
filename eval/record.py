"""Results -> the summaries in eval/results that are committed, small and without single questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.readme import render_readme
from eval.results import SCORES, dumps, read_json, write_text
from eval.scores import GROUPED
from retrieval.errors import EvaluationError

README = "README.md"
NOT_RECORDED = "not recorded: {names}; add one with `quoth eval record {first}`"
_KEPT = ("name", "command", "signature")


def record(names: Sequence[str], out: Path, to: Path) -> list[Path]:
    """Write the summaries of these results, and the page of all tables; the files written.

    Without names, refresh every result that has been recorded before. Raises EvaluationError.
    """
    found = available(out)
    unknown = [name for name in names if name not in found]
    if unknown:
        listed = ", ".join(found) or "none"
        raise EvaluationError(
            f"no result named {', '.join(unknown)} in {out} (there: {listed}); make one with `quoth eval --name NAME`"
        )
    written = []
    for name in names or [name for name in found if (to / f"{name}.json").is_file()]:
        path = to / f"{name}.json"
        write_text(path, dumps(_summary_in(out, name)))
        written.append(path)
    write_text(to / README, render_readme(read_recorded(to)))
    return [*written, to / README]


def available(out: Path) -> list[str]:
    """The names of the results in the folder, in alphabetical order."""
    runs = {path.parent.name for path in out.glob(f"*/{SCORES}")}
    return sorted(runs | {path.stem for path in out.glob("*.json")})


def read_recorded(folder: Path) -> dict[str, dict[str, Any]]:
    """Every recorded summary by name, without the gate's baseline. Raises EvaluationError."""
    paths = sorted(path for path in folder.glob("*.json") if path.stem != "baseline")
    return {path.stem: read_json(path, "record it again with `quoth eval record`") for path in paths}


def _summary_in(out: Path, name: str) -> dict[str, Any]:
    again = f"score it again with `quoth eval --name {name}`"
    if not (out / name / SCORES).is_file():
        return read_json(out / f"{name}.json", "make it again")
    return summary_of(read_json(out / name / SCORES, again))


def summary_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A scored result without its single questions, and by kind and language with the main measures only."""
    splits = {split: _split(parts) for split, parts in stored["splits"].items()}
    return {**{name: stored[name] for name in _KEPT}, "splits": splits}


def _split(parts: Mapping[str, Any]) -> dict[str, Any]:
    groups = {
        grouping: {
            group: {measure: row[measure] for measure in GROUPED if measure in row}
            for group, row in sorted(parts[grouping].items())
        }
        for grouping in ("by kind", "by language")
    }
    return {"measures": parts["measures"], **groups, "stages": parts["stages"]}
