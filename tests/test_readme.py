"""README's commands exist, and its sessions are what the program prints."""

import json
import re
import shlex
from pathlib import Path

import pytest

from bot.cli import _parser, main
from eval.ablation import table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w*\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
SESSIONS = [block for block in BLOCKS if block.startswith("$ quoth ask")]


def test_every_make_target_named_in_readme_exists():
    named = set(re.findall(r"\bmake ([a-z]+)", README))
    assert {"run", "test", "ask"} <= named
    assert named <= set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def test_every_command_named_in_readme_exists():
    commands = set(re.findall(r"`quoth ([a-z]+)", README)) | set(
        re.findall(r"^\$ quoth ([a-z]+)", README, re.MULTILINE)
    )
    known = next(action.choices for action in _parser()._actions if action.choices)
    assert {"ask", "chat", "index"} <= commands <= set(known)


def test_every_file_named_in_the_tree_exists():
    tree = next(block for block in BLOCKS if block.startswith("seeds/"))
    folder = ""
    for line in tree.splitlines():
        name = line.split()[0]
        folder = name if not line.startswith(" ") else folder
        path = ROOT / name if not line.startswith(" ") else ROOT / folder / name
        assert path.exists(), line


def without_times(text: str) -> str:
    return re.sub(r"\d+ ms", "N ms", "\n".join(line.rstrip() for line in text.strip().splitlines()))


@pytest.mark.model
@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.splitlines()[0])
def test_a_session_in_readme_is_what_the_program_prints(session, seeds_index, capsys, monkeypatch):
    monkeypatch.setenv("QUOTH_INDEX", str(seeds_index))
    monkeypatch.setenv("COLUMNS", "80")
    command, printed = session.split("\n", 1)
    main(shlex.split(command)[2:])
    assert without_times(capsys.readouterr().out) == without_times(printed)


def test_readme_shows_an_answer_and_a_refusal():
    assert len(SESSIONS) >= 2
    assert any("No sure answer in the documents." in session for session in SESSIONS)


RESULTS = ROOT / "eval" / "results"


def seed_table() -> str:
    """The seed set's figures by kind, as README shows them."""
    test = json.loads((RESULTS / "seeds" / "scores.json").read_text(encoding="utf-8"))["splits"]["test"]
    columns = ("success@5", "right and shown", "precision", "false answers", "right or rightly refused")
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    every = {name: (figure["value"], figure["n"]) for name, figure in test["figures"].items()}
    for kind, row in [("all", every), *sorted(test["by kind"].items()), *sorted(test["by language"].items())]:
        if kind == "en":
            continue
        cells = [f"{row[name][0]:.2f} ({row[name][1]})" if name in row else "" for name in columns]
        lines.append(f"| {LANGUAGES.get(kind, kind)} | {' | '.join(cells)} |")
    return "\n".join(lines)


LANGUAGES = {"es": "Spanish", "ja": "Japanese", "pt": "Portuguese"}


def test_the_seed_table_is_what_the_result_says():
    assert seed_table() in README


@pytest.mark.parametrize("path", sorted((RESULTS / "ablation").glob("*.json")), ids=lambda path: path.stem)
def test_an_ablation_table_is_what_the_result_says(path):
    assert table(json.loads(path.read_text(encoding="utf-8"))) in README


READER_MEASURES = (
    "success@1",
    "re-ranked success@1",
    "best exact match",
    "best token F1",
    "best right",
    "right and shown",
    "precision",
    "false answers",
    "AUROC answerable",
    "AUROC right",
    "calibration error",
)


def reader_table() -> str:
    """The trained reader's figures beside the first form's, as README shows them."""
    columns = [
        json.loads((RESULTS / path).read_text(encoding="utf-8"))["splits"]["test"]["figures"]
        for name in ("seeds", "squad20_dev16")
        for path in (f"first-form/{name}.json", f"{name}/scores.json")
    ]
    lines = ["| | seeds, first form | seeds | SQuAD 2.0, first form | SQuAD 2.0 |", "|---|---|---|---|---|"]
    for measure in READER_MEASURES:
        cells = [_with_interval(column[measure]) if measure in column else "" for column in columns]
        lines.append(f"| {measure} | {' | '.join(cells)} |")
    return "\n".join(lines)


def reading_table() -> str:
    """The reader alone, as README shows it."""
    lines = ["| | int8 exact match | int8 F1 | fp32 exact match | fp32 F1 |", "|---|---|---|---|---|"]
    for path in sorted((RESULTS / "reading").glob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
        cells = [_with_interval(rows[name][measure]) for name in ("int8, as shipped", "fp32") for measure in rows[name]]
        lines.append(f"| {path.stem} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _with_interval(figure: dict[str, float]) -> str:
    value, low, high = (f"{figure[name]:.3f}".removeprefix("0") for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


@pytest.mark.parametrize("table_of", [reader_table, reading_table])
def test_the_readers_tables_are_what_the_results_say(table_of):
    assert table_of() in README
