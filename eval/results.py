"""Results on disk: <out>/<name>/ holds scores.json, run.trec, qrels.trec and report.html.

eval/record.py makes the small summaries of them that are committed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.formats import write_qrels, write_run
from eval.outcome import Outcome, outcome_json, outcome_of
from eval.run import Scored
from eval.scores import MAIN_LANGUAGE, by, estimates, main_language, reliability
from eval.significance import Difference
from retrieval.errors import EvaluationError

OUT = Path(".quoth/eval")
"""Where results are written, in the working folder; git ignores it."""
RECORDED = Path(__file__).parent / "results"
"""Where summaries are committed."""
OTHER_LANGUAGES = "other languages"
SCORES, REPORT = "scores.json", "report.html"
BENCH, TELEGRAM = "bench.json", "telegram.json"
CONVERSATIONS, DIFFERENCES = "conversations", "differences"
"""What a result stores beside or instead of "splits": the measures of conversations by split and system, and the
differences from the same questions asked without the turns before them, by split and measure."""
CARRY = "carry-"
"""The beginning of the names of results of carrying words over to follow-ups."""
_BASELINE = "baseline"
_RESERVED = re.compile(
    rf"{_BASELINE}|bench|telegram|README|(?:ablation|reader|carry)-.*"
)  # names of other files in RECORDED


@dataclass(frozen=True, slots=True)
class Stored:
    """A result read back."""

    name: str
    signature: dict[str, Any]
    outcomes: tuple[Outcome, ...]


def summary(outcomes: Sequence[Outcome], seed: int = 0) -> dict[str, Any]:
    """The measures of each split. All but "by language" count the main language's questions only.

    Where there are several other languages, "by language" has them together too; "by collection" is empty for one.
    """
    found: dict[str, Any] = {}
    for split in dict.fromkeys(outcome.split for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.split == split]
        main = main_language(own)
        collections = {outcome.collection for outcome in own}
        found[split] = {
            "measures": {name: asdict(value) for name, value in estimates(main, seed).items()},
            "by kind": by(main, lambda outcome: outcome.kind),
            "by document": by(main, lambda outcome: outcome.document),
            "by language": by(own, lambda outcome: outcome.language) | _other_languages(own),
            "by collection": by(main, lambda outcome: outcome.collection) if len(collections) > 1 else {},
            "reliability": reliability(main),
            "stages": _counts([outcome.stage for outcome in main]),
        }
    return found


def _other_languages(outcomes: Sequence[Outcome]) -> dict[str, dict[str, tuple[float, int]]]:
    others = [outcome for outcome in outcomes if outcome.language != MAIN_LANGUAGE]
    is_several = len({outcome.language for outcome in others}) > 1
    return by(others, lambda _: OTHER_LANGUAGES) if is_several else {}


def _counts(names: Sequence[str]) -> dict[str, int]:
    return {name: names.count(name) for name in sorted(set(names), key=lambda name: (-names.count(name), name))}


def write_scores(
    folder: Path,
    scored: Scored,
    splits: Mapping[str, Any],
    command: str,
    with_questions: bool = True,
    differences: Mapping[str, Mapping[str, Difference]] | None = None,
) -> None:
    """Write the result to the folder: scores.json, and with questions also run.trec and qrels.trec.

    `splits` is the summary, `command` the command line that made the result, `differences` from the same questions
    asked otherwise, by split and measure. Raises EvaluationError.
    """
    stored = rounded({"name": folder.name, "command": command, "signature": scored.signature, "splits": splits})
    if differences:
        stored[DIFFERENCES] = rounded(
            {split: {name: asdict(found) for name, found in rows.items()} for split, rows in differences.items()}
        )
    # what follows is not rounded: a system would differ from itself
    if with_questions:
        stored["questions"] = [outcome_json(outcome) for outcome in scored.outcomes]
    write_text(folder / SCORES, dumps(stored))
    if not with_questions:
        return
    try:
        write_run(folder / "run.trec", {outcome.id: outcome.ranking for outcome in scored.outcomes}, folder.name)
        write_qrels(folder / "qrels.trec", scored.qrels)
    except OSError as error:
        raise _unwritable(folder, error) from error


def read_scores(folder: Path) -> Stored:
    """The result in the folder, with its questions. Raises EvaluationError."""
    is_reserved = _RESERVED.fullmatch(folder.name)
    next_step = "name another result" if is_reserved else f"score it with `quoth eval --name {folder.name}`"
    stored = read_json(folder / SCORES, next_step)
    try:
        outcomes = tuple(outcome_of(row) for row in stored["questions"])
        return Stored(name=str(stored["name"]), signature=stored["signature"], outcomes=outcomes)
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"{folder / SCORES} can't be compared: it has no questions in the current format ({error}); "
            f"score it again with `quoth eval --name {folder.name}`"
        ) from error


def new_result_folder(out: Path, name: str) -> Path:
    """Where a result of that name is written. Raises EvaluationError for a name that can't be used."""
    if _RESERVED.fullmatch(name):
        raise EvaluationError(f"{name!r} is reserved for another file; choose another --name")
    return _folder(out, name)


def earlier_result_folder(out: Path, name: str) -> Path:
    """Where an earlier result of that name is read. Raises EvaluationError for a name that no result can have."""
    if name == _BASELINE:
        raise EvaluationError(
            f"{name!r} is the gate's baseline, not a result; use `quoth eval --gate` to compare with it"
        )
    return _folder(out, name)


def _folder(out: Path, name: str) -> Path:
    if not re.fullmatch(r"[\w.-]{1,80}", name) or name.startswith("."):
        raise EvaluationError(f"{name!r} can't name a result; use letters, digits, dots and hyphens")
    return out / name


def signature_line(signature: Mapping[str, Any]) -> str:
    """The signature on one line."""
    return "; ".join(f"{name}: {_plain(value)}" for name, value in signature.items())


def _plain(value: Any) -> str:
    return ", ".join(f"{name} {part}" for name, part in value.items()) if isinstance(value, dict) else str(value)


def read_json(path: Path, next_step: str) -> dict[str, Any]:
    """An object stored as JSON. Raises EvaluationError, with what to do next."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise EvaluationError(f"can't read a result from {path} ({reason}); {next_step}") from error
    if not isinstance(stored, dict):
        raise EvaluationError(f"{path} is not a result; {next_step}")
    return stored


def write_json(path: Path, found: Mapping[str, Any]) -> None:
    """Write measures as JSON, rounded. Raises EvaluationError."""
    write_text(path, dumps(rounded(found)))


def write_text(path: Path, text: str) -> None:
    """Write a file, and the folders above it where they are missing. Raises EvaluationError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def _unwritable(folder: Path, error: OSError) -> EvaluationError:
    return EvaluationError(
        f"can't write the result to {folder}: {error.strerror}; free some space or choose another --out"
    )


def dumps(stored: Mapping[str, Any]) -> str:
    """JSON with a line per question, row or measure, so that a change of one shows as one. NaN is an error."""
    return _dumped(stored, "") + "\n"


def _dumped(value: Any, indent: str) -> str:
    inner = indent + " "
    if isinstance(value, Mapping) and any(isinstance(part, Mapping) or _is_rows(part) for part in value.values()):
        lines = [f"{inner}{json.dumps(name)}: {_dumped(part, inner)}" for name, part in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if _is_rows(value):
        lines = [inner + json.dumps(row, ensure_ascii=False, allow_nan=False) for row in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def rounded(value: Any) -> Any:
    """The value with every number in it rounded to four digits; NaN becomes None."""
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    if isinstance(value, Mapping):
        return {name: rounded(part) for name, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list | tuple) else value
