"""`quoth eval` as it is typed."""

import gzip
import json
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from eval import cli, commands, gate
from eval.collection import squad_collection, translated_collection
from eval.dataset import Evidence, Question, question_line
from retrieval.errors import EvaluationError


def test_a_score_writes_report_scores_run_and_qrels(typed, tmp_path):
    status, out, err = typed("--name", "first")
    assert status == 0
    assert {path.name for path in (tmp_path / "out" / "first").iterdir()} == {
        "report.html",
        "scores.json",
        "run.trec",
        "qrels.trec",
    }
    assert "success@1" in out
    assert "n 2" in out  # two questions of dev can be answered
    assert "reader: " in out  # the signature
    assert "asking" in err
    stored = json.loads((tmp_path / "out" / "first" / "scores.json").read_text(encoding="utf-8"))
    assert stored["signature"]["questions"] == 6
    assert stored["splits"]["test"]["by language"].keys() == {"en", "es"}
    assert {row["collection"] for row in stored["questions"]} == {"small"}


def test_the_files_written_have_the_same_scores_with_trec(typed, tmp_path):
    typed("--name", "first")
    folder = tmp_path / "out" / "first"
    status, out, _ = typed("trec", str(folder / "qrels.trec"), str(folder / "run.trec"), str(folder / "run.trec"))
    stored = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    mean = sum(row["values"]["nDCG@10"] for row in stored["questions"] if "nDCG@10" in row["values"]) / 4
    assert status == 0
    assert f"nDCG@10     {mean:.3f}" in out
    assert "2 compared with 1" in out


def test_two_systems_are_compared_with_their_flips(typed, monkeypatch):
    typed("--name", "first")
    from eval import outcome

    monkeypatch.setattr(outcome, "first_answer", lambda _: None)  # a reader that finds nothing
    status, out, _ = typed("--name", "second", "--against", "first")
    assert status == 0
    assert "dev, compared with first" in out
    assert "broken q1" in out
    assert "(right)" in out


def test_questions_are_asked_after_unrelated_turns_and_compared_with_the_same_without(typed, tmp_path, monkeypatch):
    whole = commands.seed_collection()
    asked = tuple(replace(question, split="test") for question in whole.questions)
    monkeypatch.setattr(commands, "seed_collection", lambda: replace(whole, questions=asked))
    status, out, _ = typed("--history", "unrelated")
    assert status == 0
    assert "test, compared with the same without history" in out
    stored = json.loads((tmp_path / "out" / "small-unrelated-history" / "scores.json").read_text(encoding="utf-8"))
    assert [row["id"] for row in stored["questions"]] == ["q1", "q2", "q3", "q4", "q6"]  # without small talk
    assert stored["differences"]["test"]["right shown"].keys() == {"value", "low", "high", "p", "n"}
    assert stored["differences"]["test"]["right shown"]["n"] == 3  # in English, can be answered
    typed("record", "small-unrelated-history", "--to", str(tmp_path / "to"))
    page = (tmp_path / "to" / "README.md").read_text(encoding="utf-8")
    assert "## After an unrelated conversation\n" in page
    assert "| | after two unrelated turns | difference | p |" in page
    assert "## Other results" not in page
    assert "## Stated and found precision" not in page


def test_an_unrelated_history_has_its_own_comparison(typed):
    status, out, err = typed("--history", "unrelated", "--against", "first")
    assert (status, out) == (2, "")
    assert "--history compares with the same questions without it; leave out --against and --gate" in err


def test_the_gate_passes_at_the_baseline_and_fails_with_an_exit_status(typed, monkeypatch):
    status, _, err = typed("--gate")
    assert status == 1
    assert "can't read a result" in err
    assert typed("baseline")[0] == 0
    status, out, _ = typed("--gate")
    assert status == 0
    assert "ok   right and answered: +0.000" in out
    assert "ok   fusion beats sparse" in out
    lacking = gate.Check(name="utility", detail="the baseline lacks it", holds=True, is_skipped=True)
    with monkeypatch.context() as patched:
        patched.setattr(gate, "check_losses", lambda *_: [lacking])
        status, out, _ = typed("--gate")
    assert (status, "skip utility: the baseline lacks it" in out) == (0, True)
    monkeypatch.setattr(
        gate, "check_losses", lambda *_: [gate.Check(name="right and answered", detail="-0.5", holds=False)]
    )
    status, out, err = typed("--gate")
    assert status == 1
    assert "FAIL right and answered: -0.5" in out
    assert commands.GATE_FAILED in err


def test_the_gate_names_the_command_for_changed_questions(typed, monkeypatch):
    assert typed("baseline")[0] == 0
    whole = commands.seed_collection()
    monkeypatch.setattr(commands, "seed_collection", lambda: replace(whole, questions=whole.questions[1:]))
    status, _, err = typed("--gate")
    assert status == 1
    assert "has other dev questions than small" in err
    assert "`quoth eval baseline`" in err
    status, out, err = typed("baseline")
    assert (status, "compared with" in out) == (0, False)
    assert "the previous baseline has other questions" in err
    assert typed("--gate")[0] == 0


def test_a_changed_baseline_shows_what_changes(typed, monkeypatch):
    typed("baseline")
    from eval import outcome

    monkeypatch.setattr(outcome, "first_answer", lambda _: None)
    status, out, _ = typed("baseline")
    assert status == 0
    assert "dev, compared with the previous baseline" in out
    assert "broken q1" in out


def test_an_ablation_is_a_table_with_every_system(typed, tmp_path):
    status, out, _ = typed("ablation")
    assert status == 0
    assert "| as shipped |" in out
    assert "| BM25 alone |" in out
    stored = json.loads((tmp_path / "out" / "ablation-small.json").read_text(encoding="utf-8"))
    assert stored["rows"]["as shipped"]["success@1"]["n"] == 1  # test, main language, can be answered
    assert stored["rows"]["as shipped"]["success@1"]["p"] is None


def test_results_go_to_the_working_folder_unless_told_otherwise(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, _ = typed("--name", "first", out=False)
    assert status == 0
    assert out.splitlines()[-1] == "report: .quoth/eval/first/report.html"
    assert (tmp_path / ".quoth" / "eval" / "first" / "scores.json").is_file()


def test_the_set_is_exported_in_both_forms(typed, tmp_path):
    typed(
        "export", "--squad", str(tmp_path / "set.json"), "--beir", str(tmp_path / "beir"), "--split", "dev", out=False
    )
    stored = json.loads((tmp_path / "set.json").read_text(encoding="utf-8"))
    ids = {row["id"] for article in stored["data"] for part in article["paragraphs"] for row in part["qas"]}
    assert ids == {"q1", "q2", "q3"}
    assert (tmp_path / "beir" / "qrels" / "test.tsv").read_text(encoding="utf-8").count("\n") >= 3
    assert typed("export", out=False)[0] == 2
    status, _, err = typed("export", "--squad", str(tmp_path / "no" / "set.json"), out=False)
    assert status == 1
    assert "can't write the export" in err


def test_adopting_without_ratings_adopts_nothing(typed, tmp_path):
    status, out, _ = typed("adopt", "--questions", str(tmp_path / "questions"), out=False)
    assert (status, out) == (0, "0 adopted\n")


@pytest.fixture
def two_folders(docs, tmp_path):
    """A folder of two folders with the small corpus; one asks about the bridge, one what nobody can answer."""
    text = (docs / "news" / "bridge.md").read_text(encoding="utf-8")
    start = text.index("The bridge cost $3.2 million.")
    evidence = (Evidence("news/bridge.md", ((start, start + 29),)),)
    asked = {
        "bridges": Question("q1", "test", "fact", "en", "What did the bridge cost?", ("$3.2 million",), evidence),
        "riddles": Question("q1", "test", "unanswerable", "en", "Who is the emperor of Zermatt?"),
    }
    for name, question in asked.items():
        folder = tmp_path / "folders" / name
        shutil.copytree(docs, folder / "docs")
        (folder / "questions.jsonl").write_text(question_line(question) + "\n", encoding="utf-8")
    return tmp_path / "folders"


def test_the_questions_of_all_folders_are_exported_together(typed, two_folders, tmp_path):
    file = tmp_path / "folders.json"
    assert typed("export", "--folders", str(two_folders), "--squad", str(file), out=False)[0] == 0
    stored = json.loads(file.read_text(encoding="utf-8"))
    rows = [row for article in stored["data"] for part in article["paragraphs"] for row in part["qas"]]
    assert sorted(row["is_impossible"] for row in rows) == [False, True]
    status, _, err = typed("export", "--folders", str(two_folders), "--beir", str(tmp_path / "beir"), out=False)
    assert status == 2
    assert "leave out --folders" in err


def test_a_folder_with_questions_is_scored(typed, two_folders, tmp_path):
    status, out, _ = typed("--folder", str(two_folders / "bridges"))
    assert status == 0
    stored = json.loads((tmp_path / "out" / "bridges" / "scores.json").read_text(encoding="utf-8"))
    assert [row["id"] for row in stored["questions"]] == ["q1"]
    assert stored["splits"]["test"]["measures"]["success@1"]["value"] == 1.0
    assert "bridges  1.00" not in out  # no table of one folder


def test_all_folders_are_scored_together_and_by_folder(typed, two_folders, tmp_path):
    status, out, _ = typed("--folders", str(two_folders))
    assert status == 0
    stored = json.loads((tmp_path / "out" / "folders" / "scores.json").read_text(encoding="utf-8"))
    assert [row["id"] for row in stored["questions"]] == ["bridges/q1", "riddles/q1"]
    groups = stored["splits"]["test"]["by collection"]
    assert groups["bridges"]["success@1"] == [1.0, 1]
    assert "success@1" not in groups["riddles"]
    assert groups["riddles"]["false answers"][1] == 1
    assert stored["command"] == "quoth eval --out out --folders folders"
    assert [line.split()[0] for line in out.splitlines() if re.match("bridges|riddles|all ", line)] == [
        "bridges",
        "riddles",
        "all",
    ]


def squad_file(path, question, id_="a", **more):
    text = "The harbour of Lund was opened in 1871. It has 14 piers."
    asked = [{"id": id_, "question": question, "answers": [{"text": "1871", "answer_start": 34}]}]
    stored = {"data": [{"title": "L", "paragraphs": [{"context": text, "qas": [*asked, *more.get("others", [])]}]}]}
    path.write_text(json.dumps(stored), encoding="utf-8")
    return path


def test_questions_of_another_file_are_asked_over_the_paragraphs_of_the_first(tmp_path):
    nobody = [{"id": "b", "question": "Who built it?", "answers": [], "is_impossible": True}]
    english = squad_collection(squad_file(tmp_path / "en16.json", "When was it opened?", others=nobody))
    found = translated_collection(english, squad_file(tmp_path / "es16.json.gz.json", "¿Cuándo se inauguró?"))
    assert found.name == "es16-over-en16"
    (asked,) = found.questions  # b is in the English file alone
    assert (asked.id, asked.question, asked.language) == ("a", "¿Cuándo se inauguró?", "und")
    assert (asked.answers, asked.evidence) == (("1871",), english.questions[0].evidence)
    assert (found.docs, found.paragraphs["a"]) == (english.docs, "paragraph00000.txt")
    other = squad_file(tmp_path / "other.json", "¿Cuándo?", id_="z")
    with pytest.raises(EvaluationError, match="has no question of en16; the ids of both files must agree"):
        translated_collection(english, other)


def test_a_limit_draws_the_same_questions_each_time(typed, tmp_path):
    drawn = []
    for name in ("a", "b"):
        typed("--limit", "3", "--name", name, "--search-only")
        stored = json.loads((tmp_path / "out" / name / "scores.json").read_text(encoding="utf-8"))
        drawn.append([row["id"] for row in stored["questions"]])
    assert drawn[0] == drawn[1]
    assert 0 < len(drawn[0]) <= 3


def test_questions_are_asked_with_typos(typed, tmp_path):
    typed("--name", "a", "--mistyped", "--seed", "3")
    stored = json.loads((tmp_path / "out" / "a" / "scores.json").read_text(encoding="utf-8"))
    (asked,) = (row["question"] for row in stored["questions"] if row["id"] == "q1")
    assert asked != "When was the harbour of Lund opened?"
    assert [word[0] for word in asked.split()] == ["W", "w", "t", "h", "o", "L", "o"]
    assert stored["signature"]["collection"].endswith("-mistyped")


def test_a_summary_alone_has_no_report_and_no_questions(typed, tmp_path):
    status, out, _ = typed("--name", "a", "--summary-only")
    assert (status, out.splitlines()[-1]) == (0, f"measures: {tmp_path / 'out' / 'a'}")
    assert [path.name for path in (tmp_path / "out" / "a").iterdir()] == ["scores.json"]
    stored = json.loads((tmp_path / "out" / "a" / "scores.json").read_text(encoding="utf-8"))
    assert stored.keys() == {"name", "command", "signature", "splits"}
    typed("--name", "b")
    whole = json.loads((tmp_path / "out" / "b" / "scores.json").read_text(encoding="utf-8"))
    assert stored["splits"] == whole["splits"]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--against", "nothing"], 1, "score it with `quoth eval --name nothing`"),
        (["--name", "../up"], 1, "can't name a result"),
        (["--name", "baseline"], 1, "is reserved for another file; choose another --name"),
        (["--name", "README"], 1, "is reserved for another file; choose another --name"),
        (["--against", "baseline"], 1, "use `quoth eval --gate` to compare with it"),
        (["--against", "bench"], 1, "name another result"),
        (["--against", "../up"], 1, "can't name a result"),
        (["--squad", "missing.json"], 1, "missing.json"),
        (["--beir", "missing"], 1, "corpus.jsonl"),
        (["--fusion", "magic"], 2, "invalid choice"),
        (["--limit", "-1"], 2, "--limit"),
        (["--questions-from", "a.json"], 2, "--questions-from needs --squad"),
        (["--folder", "missing"], 1, "put documents in missing/docs and questions in missing/questions.jsonl"),
        (["--folders", "missing"], 1, "no folder in missing has a questions.jsonl"),
        (["--folder", "a", "--folders", "b"], 2, "not allowed with"),
        (["reader", "--squad", "a", "--squad", "b", "--name", "c"], 2, "give one --squad"),
        (["reader", "--squad", "a", "--original", "b", "--multilingual"], 2, "leave out --multilingual"),
        (["--squad", "a", "--beir", "b"], 2, "not allowed with"),
    ],
)
def test_an_error_is_one_line(typed, words, status, message):
    ended, _, err = typed(*words)
    assert ended == status
    assert message in err
    assert "Traceback" not in err


def test_a_damaged_squad_file_is_one_line_of_error(typed, tmp_path):
    whole = gzip.compress(json.dumps({"data": []}).encode())
    no_object = gzip.compress(b'{"data": [{"paragraphs": [3]}]}')
    for number, stored in enumerate((whole[:-9], whole[:12] + b"x" * 9, no_object)):
        path = tmp_path / f"{number}.json.gz"
        path.write_bytes(stored)
        ended, _, err = typed("--squad", str(path))
        assert ended == 1
        assert f"{number}.json.gz is not a SQuAD file" in err


def test_help_is_shown_without_loading_a_model(typed):
    assert typed("--help", out=False)[0] == 0


def test_help_ends_with_two_examples_that_parse(typed):
    examples = typed("--help", out=False)[1].split("\n\nexamples:\n")[1].splitlines()
    assert len(examples) == 2
    for example in examples:
        program, command, *argv = shlex.split(example)
        assert (program, command) == ("quoth", "eval")
        assert cli._parser(Path("feedback.sqlite")).parse_args(argv).run


def test_a_folder_that_can_not_be_written_is_an_error(typed, tmp_path):
    (tmp_path / "out").write_text("a file where a folder should be", encoding="utf-8")
    status, _, err = typed("--name", "first")
    assert status == 1
    assert "can't write the result to" in err
    shutil.rmtree(tmp_path / "out", ignore_errors=True)


def test_a_missing_library_is_named(monkeypatch, capsys):
    import builtins

    real = builtins.__import__

    def without(name, *rest, **named):
        if name == "eval.cli":
            raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    assert main(["eval"]) == 1
    assert "`quoth eval` needs matplotlib; install it with `pip install 'quoth[eval]'`" in capsys.readouterr().err


README = Path(cli.__file__).parent / "README.md"

COMMANDS = re.findall(r"quoth eval[^`#\n]*", README.read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", sorted({command.strip() for command in COMMANDS} - {"quoth eval --help"}))
def test_every_command_of_the_guide_can_be_typed(command):
    assert cli._parser(Path("feedback.sqlite")).parse_args(shlex.split(command)[2:]).run


def test_the_guide_names_every_command():
    named = {name for command in COMMANDS for name in shlex.split(command)[2:3]}
    parser = cli._parser(Path("feedback.sqlite"))
    known = next(action.choices for action in parser._actions if isinstance(action.choices, dict))
    assert set(known) <= named


def test_settings_typed_are_the_system_scored():
    given = cli._parser(gate.BASELINE).parse_args(
        ["--fusion", "rank", "--passage-tokens", "60", "--no-header", "--dtype", "fp32"]
    )
    system = commands._system(given)
    assert (system.fusion, system.index.dtype) == ("rank", "fp32")
    assert (system.index.passages.size_tokens, system.index.passages.with_header) == (60, False)
    assert replace(system, fusion="weighted").fusion_function() is not None


@pytest.mark.model
def test_the_reader_is_scored_alone(tmp_path, capsys):
    nobody = [{"id": "b", "question": "Who built it?", "answers": [], "is_impossible": True}]
    path = squad_file(tmp_path / "set.json", "When was the harbour opened?", others=nobody)
    assert main(["eval", "reader", "--squad", str(path), "--out", str(tmp_path)]) == 0
    assert "exact match" in capsys.readouterr().out
    found = json.loads((tmp_path / "reader-set.json").read_text(encoding="utf-8"))
    assert (found["signature"]["questions"], found["signature"]["answerable"]) == (2, 1)
    row = found["rows"]["int8, as shipped"]
    assert row["token F1"] == row["sentence right"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert (row["SQuAD 2.0 F1"]["value"], row["AUROC answerable"]["n"]) == (1.0, 2)
    assert "character F1" not in row  # English has spaces
    assert main(["eval", "reader", "--squad", str(path), "--out", str(tmp_path), "--limit", "1", "--name", "one"]) == 0
    one = json.loads((tmp_path / "reader-one.json").read_text(encoding="utf-8"))
    assert one["signature"]["questions"] == 1
