"""`quoth eval record`: which results are recorded, and the command each is recorded with."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval import cli, commands
from eval.record import NOT_RECORDED


def test_a_result_is_recorded_with_its_command_and_without_single_questions(typed, tmp_path):
    to = tmp_path / "results"
    typed("--name", "first")
    typed("--name", "second")
    status, out, _ = typed("record", "first", "--to", str(to))
    assert status == 0
    assert out.splitlines() == [f"recorded: {to / 'first.json'}", f"recorded: {to / 'README.md'}"]
    stored = json.loads((to / "first.json").read_text(encoding="utf-8"))
    assert stored["command"] == "quoth eval --out out --name first"
    assert stored["signature"]["questions"] == 6
    assert stored["splits"]["test"].keys() == {
        "measures",
        "by kind",
        "by language",
        "by collection",
        "reliability",
        "stages",
    }
    assert stored["splits"]["dev"]["measures"]["success@1"]["n"] == 2
    assert "### first" in (to / "README.md").read_text(encoding="utf-8")
    status, out, err = typed("record", "--to", str(to))  # refreshes what was recorded before
    assert (status, out.splitlines()) == (0, [f"recorded: {to / 'first.json'}", f"recorded: {to / 'README.md'}"])
    assert err == NOT_RECORDED.format(names="second", first="second") + "\n"
    status, _, err = typed("record", "third", "--to", str(to))
    assert status == 1
    assert "no result named third" in err
    assert "(there: first, second)" in err


def test_a_result_of_another_version_is_named_and_nothing_is_written(typed, tmp_path):
    to = tmp_path / "results"
    typed("--name", "first")
    typed("--name", "second")
    scores = tmp_path / "out" / "second" / "scores.json"
    stored = json.loads(scores.read_text(encoding="utf-8"))
    del stored["command"]
    scores.write_text(json.dumps(stored), encoding="utf-8")
    status, out, err = typed("record", "first", "second", "--to", str(to))
    assert (status, out) == (1, "")
    assert f"{scores} was written by another version; score it again with `quoth eval --name second`" in err
    assert not to.exists()
    typed("--name", "second")
    assert typed("record", "first", "second", "--to", str(to))[0] == 0


def test_a_result_of_one_split_is_recorded(typed, tmp_path, monkeypatch):
    whole = commands.seed_collection()
    for split in ("dev", "test"):
        kept = tuple(question for question in whole.questions if question.split == split)
        monkeypatch.setattr(commands, "seed_collection", lambda kept=kept: replace(whole, questions=kept))
        typed("--name", "seeds")
        assert typed("record", "seeds", "--to", str(tmp_path / split))[0] == 0
        page = (tmp_path / split / "README.md").read_text(encoding="utf-8")
        assert "| success@1 |" in page
        assert ("The test split by kind" in page) == (split == "test")
        assert typed("record", "--to", str(tmp_path / split))[0] == 0


def test_ablations_and_timings_are_recorded_as_they_are(typed, tmp_path):
    typed("ablation")
    bench = {"command": "python -m eval.bench", "machine": "m", "encoder": "e", "rows": []}
    (tmp_path / "out" / "bench.json").write_text(json.dumps(bench), encoding="utf-8")
    assert typed("record", "ablation-small", "bench", "--to", str(tmp_path / "results"))[0] == 0
    assert json.loads((tmp_path / "results" / "bench.json").read_text(encoding="utf-8")) == bench
    page = (tmp_path / "results" / "README.md").read_text(encoding="utf-8")
    assert "| BM25 alone |" in page
    assert "`python -m eval.bench` on m" in page


def test_a_recorded_command_names_no_folder():
    assert cli.command_line(["--squad", "/home/ann/my set.json", "--limit", "3"]) == (
        "quoth eval --squad 'my set.json' --limit 3"
    )


@pytest.mark.parametrize(
    ("typed_words", "stated"),
    [
        (["--squad=/home/ann/dev.json", "--limit=3"], "--squad=dev.json --limit=3"),
        (["--squad", "data/dev.json"], "--squad dev.json"),
        (["--squ", "data/dev.json", "--out=."], "--squ dev.json --out=."),  # argparse accepts abbreviated options
        (["--model", "intfloat/multilingual-e5-small"], "--model intfloat/multilingual-e5-small"),
        (["--model=intfloat/multilingual-e5-small"], "--model=intfloat/multilingual-e5-small"),
        (["--model", "/home/ann/minilm"], "--model minilm"),
        (["carry", "../data/canard.jsonl.gz"], "carry canard.jsonl.gz"),
        (["--mistyped", "--squad", "a/b", "record", "c/d"], "--mistyped --squad b record c/d"),
    ],
)
def test_only_paths_are_shortened_in_a_recorded_command(typed_words, stated):
    assert cli.command_line(typed_words) == f"quoth eval {stated}"


def test_every_option_that_takes_a_path_is_shortened():
    parser = cli._parser(Path("feedback.sqlite"))
    named = next(action.choices for action in parser._actions if isinstance(action.choices, dict))
    actions = [action for one in (parser, *named.values()) for action in one._actions if action.type is Path]
    assert {option for action in actions for option in action.option_strings} == set(cli.PATH_OPTIONS)
