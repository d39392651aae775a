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
    assert any("No document answers this." in session for session in SESSIONS)


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
