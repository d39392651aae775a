"""Results on disk: <folder>/<name>/ holds scores.json, run.trec, qrels.trec and report.html."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.formats import write_qrels, write_run
from eval.outcome import Outcome, outcome_json, outcome_of
from eval.run import Scored
from eval.scores import MAIN_LANGUAGE, by, figures
from retrieval.errors import EvaluationError

RESULTS = Path(__file__).parent / "results"
SCORES = "scores.json"


@dataclass(frozen=True, slots=True)
class Stored:
    """A result that was written before."""

    name: str
    signature: dict[str, Any]
    outcomes: tuple[Outcome, ...]


def summary(outcomes: Sequence[Outcome], seed: int = 0) -> dict[str, Any]:
    """The figures of each split. All but "by language" are of the main language's questions alone: the others are
    reported apart."""
    found: dict[str, Any] = {}
    for split in dict.fromkeys(outcome.split for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.split == split]
        main = [outcome for outcome in own if outcome.language == MAIN_LANGUAGE]
        found[split] = {
            "figures": {name: asdict(value) for name, value in figures(main, seed).items()},
            "by kind": by(main, lambda outcome: outcome.kind),
            "by document": by(main, lambda outcome: outcome.document),
            "by language": by(own, lambda outcome: outcome.language),
            "stages": _counted([outcome.stage for outcome in main]),
        }
    return found


def _counted(names: Sequence[str]) -> dict[str, int]:
    return {name: names.count(name) for name in sorted(set(names), key=lambda name: (-names.count(name), name))}


def brief(name: str, scored: Scored, splits: Mapping[str, Any]) -> dict[str, Any]:
    """A result without its single questions, and not by document: a collection may have thousands."""
    kept = {
        split: {part: row for part, row in parts.items() if part != "by document"} for split, parts in splits.items()
    }
    return {"name": name, "signature": scored.signature, "splits": kept}


def write_figures(path: Path, found: Mapping[str, Any]) -> None:
    """Figures as JSON. Raises EvaluationError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rounded(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def write_scores(folder: Path, scored: Scored, splits: Mapping[str, Any]) -> None:
    """scores.json, run.trec and qrels.trec in the folder; `splits` is the summary."""
    stored = {
        "name": folder.name,
        "signature": scored.signature,
        "splits": splits,
        "questions": [outcome_json(outcome) for outcome in scored.outcomes],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SCORES).write_text(_dumps(stored), encoding="utf-8")
        write_run(folder / "run.trec", {outcome.id: outcome.found for outcome in scored.outcomes}, folder.name)
        write_qrels(folder / "qrels.trec", scored.qrels)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> EvaluationError:
    return EvaluationError(f"can't write the result to {folder}: {error.strerror}; make room or name another --out")


def read_scores(folder: Path) -> Stored:
    """The result in the folder. Raises EvaluationError."""
    try:
        stored = json.loads((folder / SCORES).read_text(encoding="utf-8"))
        outcomes = tuple(outcome_of(row) for row in stored["questions"])
        return Stored(str(stored["name"]), stored["signature"], outcomes)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"no result that can be read in {folder} ({error}); `quoth eval --name NAME` writes one"
        ) from error


def result_folder(out: Path, name: str) -> Path:
    """Where a result of that name goes. Raises EvaluationError for a name that is no plain one."""
    if not re.fullmatch(r"[\w.-]{1,80}", name) or name.startswith("."):
        raise EvaluationError(f"{name!r} is no name of a result: letters, digits, dots and hyphens")
    return out / name


def signature_line(signature: Mapping[str, Any]) -> str:
    """The signature on one line."""
    return "; ".join(f"{name}: {_plain(value)}" for name, value in signature.items())


def _plain(value: Any) -> str:
    return ", ".join(f"{name} {part}" for name, part in value.items()) if isinstance(value, dict) else str(value)


def _dumps(stored: Mapping[str, Any]) -> str:
    """JSON with a line for each question, so that a change of one shows as one; NaN is refused."""
    questions = ",\n".join(f"  {json.dumps(row, ensure_ascii=False, allow_nan=False)}" for row in stored["questions"])
    rest = {name: value for name, value in stored.items() if name != "questions"}
    head = json.dumps(rounded(rest), ensure_ascii=False, indent=1, allow_nan=False)
    return f'{head[:-2]},\n "questions": [\n{questions}\n ]\n}}\n'


def rounded(value: Any) -> Any:
    """Every number in it with four digits."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list | tuple) else value
