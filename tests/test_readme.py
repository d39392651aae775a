"""README's commands exist, its sessions and its example are what the program does, its five numbers are measured."""

import json
import re
import shlex
from pathlib import Path

import pytest

from bot.cli import main, parser
from bot.language.wording import NO_ANSWER

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUALS = [
    README,
    *((ROOT / path).read_text(encoding="utf-8") for path in ("bot/telegram/README.md", "eval/README.md")),
]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
SESSIONS = [block for language, block in BLOCKS if block.startswith("$ quoth ask")]
RESULTS = ROOT / "eval" / "results"


@pytest.mark.parametrize("manual", MANUALS, ids=["README", "telegram", "eval"])
def test_every_make_target_named_exists(manual):
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", manual))
    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("manual", MANUALS, ids=["README", "telegram", "eval"])
def test_every_command_named_exists(manual):
    commands = set(re.findall(r"(?:`|^\$ |^ {4}|bin/)quoth ([a-z]+)", manual, re.MULTILINE))
    known = next(action.choices for action in parser()._actions if action.choices)
    assert commands <= set(known)


def test_readme_tells_how_to_set_up_and_how_to_ask():
    assert {"make run", "make test"} <= set(re.findall(r"make \w+", README))
    assert {"quoth index", "quoth chat", "quoth verify"} <= set(re.findall(r"quoth \w+", README))


def test_every_file_named_in_the_tree_exists():
    tree = next(block for language, block in BLOCKS if block.startswith("seeds/"))
    folders: list[str] = []
    for line in tree.splitlines():
        depth, name = (len(line) - len(line.lstrip())) // 2, line.split()[0]
        folders[depth:] = [name]
        assert (ROOT / "".join(folders)).exists(), line
    assert len(tree.splitlines()) > 15


def test_every_link_leads_to_a_file():
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / path).is_file(), path


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
    assert len(SESSIONS) == 2
    assert NO_ANSWER not in SESSIONS[0] and NO_ANSWER in SESSIONS[1]


@pytest.mark.model
def test_the_example_in_python_runs(seeds_index, capsys):
    (example,) = (block for language, block in BLOCKS if language == "python")
    assert len(example.strip().splitlines()) <= 10
    exec(compile(example.replace(".quoth/index", str(seeds_index)), "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "1958 003_051bd8def8555ab3.txt (54, 55)"
    assert printed[1] == "by whom was JALAC founded?"


def headline_rows() -> list[str]:
    """README's five numbers, from the recorded results."""
    measures = json.loads((RESULTS / "seeds.json").read_text(encoding="utf-8"))["splits"]["test"]["measures"]
    bench = {row["name"]: row for row in json.loads((RESULTS / "bench.json").read_text(encoding="utf-8"))["rows"]}
    answer = bench["whole answer, warm median"]
    rows = []
    for title, measure in (
        ("The right passage is among the first five", "success@5"),
        ("Answerable questions answered correctly, with the right citation", "right and answered"),
        ("Given answers that are right", "precision"),
        ("Unanswerable questions answered anyway", "false answers"),
    ):
        row = measures[measure]
        rows.append(f"| {title} | {row['value']:.0%} | {row['n']} |")
    rows.append(f"| Time for a whole answer on two cores, median | {answer['quoth']:.0f} ms | |")
    return rows


def test_the_five_headline_figures_are_what_was_recorded():
    for row in headline_rows():
        assert row in README, row


def test_readme_is_short_enough_to_read():
    assert len(README.split()) < 1000
