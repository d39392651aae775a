"""The other commands: search, sources, index, verify."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.commands import ALL_MATCH, CHECKED, DIFFERENCES, FORMER_DEFAULT
from bot.config import PRECISION_RANGE
from retrieval.answer.ranking import ReaderWeights
from retrieval.encoder.sources import size_of_source
from retrieval.settings import DEFAULT_MODEL, MINILM
from tests.bot.cli.commands import HIT, RESTRICTIONS, is_shaped
from tests.bot.conftest import Quoth
from tests.conftest import CORPUS, FakeEncoder, write_corpus

# search, sources


def test_search_shows_ranked_passages_and_both_parts_of_their_scores(indexed: Quoth):
    ran = indexed("search", "harbour of Lund", "--top", "2")
    assert (ran.status, ran.err) == (0, "")
    assert re.findall(r"^(\d) ", ran.out, re.MULTILINE) == ["1", "2"]
    assert re.search(r"score \d\.\d\d: dense \d\.\d\d, sparse \d\.\d", ran.out)


def test_search_json_is_one_line_with_the_parts_of_each_score(indexed: Quoth):
    ran = indexed("search", "harbour of Lund", "--json", "--top", "2")
    (line,) = ran.lines()
    assert is_shaped(line, {"query": str, "restrictions": (RESTRICTIONS, None), "notes": [str], "hits": [HIT]}), line
    assert (line["query"], len(line["hits"])) == ("harbour of Lund", 2)
    assert line["hits"][0]["document"] == "harbour.txt"
    assert line["hits"][0]["parts"]["sparse"] > 0


@pytest.mark.parametrize("command", ["search", "ask"])
def test_as_many_hits_as_top_are_given_where_there_are_as_many_passages(
    fake_quoth: Quoth, tmp_path: Path, command: str
):
    corpus = {f"{number:03}.txt": f"The ship number {number} is called Astrid.\n" for number in range(150)}
    fake_quoth("index", "--docs", write_corpus(tmp_path / "many", corpus))
    (line,) = fake_quoth(command, "harbour", "--json", "--top", "140").lines()
    assert len(line["hits"]) == 140


def test_sources_lists_title_date_and_passages(indexed: Quoth):
    ran = indexed("sources")
    assert (ran.status, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "1 The Harbour of Lund",
        "  1 passage, harbour.txt",
        "2 The Old Mill",
        "  4 May 1999, 1 passage, mill.txt",
        "3 The Bridge",
        "  1 passage, news/bridge.md",
    ]


def test_sources_json_is_a_line_a_document(indexed: Quoth):
    lines = indexed("sources", "--json").lines()
    assert [(line["document"], line["title"], line["date"], line["passages"]) for line in lines] == [
        ("harbour.txt", "The Harbour of Lund", None, 1),
        ("mill.txt", "The Old Mill", "1999-05-04", 1),
        ("news/bridge.md", "The Bridge", None, 1),
    ]


# index, and where it is


def test_index_says_what_was_added_changed_removed_and_skipped(fake_quoth: Quoth, docs: Path):
    first = fake_quoth("index", "--docs", docs)
    assert first.out.splitlines() == [
        "added: harbour.txt",
        "added: mill.txt",
        "added: news/bridge.md",
        "3 added, 0 changed, 0 removed, 0 skipped, 0 unchanged; 3 passages in .quoth/index",
    ]
    write_corpus(docs, {"mill.txt": "The old mill was built again in 2001.\n", "new.txt": "The new pier is long.\n"})
    (docs / "news/bridge.md").unlink()
    (docs / "noise.txt").write_bytes(bytes(range(256)) * 4)
    second = fake_quoth("index", "--docs", docs)
    assert second.out.splitlines()[:-2] == ["added: new.txt", "changed: mill.txt", "removed: news/bridge.md"]
    assert second.out.splitlines()[-2].startswith("skipped: noise.txt: ")
    assert second.out.splitlines()[-1] == (
        "1 added, 1 changed, 1 removed, 1 skipped, 1 unchanged; 3 passages in .quoth/index"
    )
    assert first.status == second.status == 0


def test_only_the_files_that_changed_are_embedded(indexed: Quoth, fake: FakeEncoder, docs: Path):
    fake.embedded.clear()
    write_corpus(docs, {"mill.txt": "The Old Mill\n\nThe old mill was built again in 2001.\n"})
    indexed("index")
    assert len(fake.embedded) == 1
    assert "built again in 2001" in fake.embedded[0]
    fake.embedded.clear()
    indexed("index")
    assert fake.embedded == []


def test_index_goes_back_to_the_folder_that_was_indexed_before(indexed: Quoth, docs: Path):
    write_corpus(docs, {"new.txt": "The new pier is long.\n"})
    assert indexed("index").out.splitlines()[0] == "added: new.txt"


def test_talk_of_building_is_on_stderr(fake_quoth: Quoth, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path / "models"))
    ran = fake_quoth("index", "--docs", docs)
    preparing = f"preparing the encoder (multilingual-e5-small, {size_of_source(DEFAULT_MODEL)}, only this once) …"
    assert ran.err.splitlines() == [preparing, "reading …", "embedding …"]


def test_an_index_with_the_former_default_keeps_it_and_says_how_to_change(fake_quoth: Quoth, docs: Path):
    expected = FORMER_DEFAULT.format(model=MINILM, default=DEFAULT_MODEL, command="quoth index")
    assert fake_quoth("index", "--docs", docs, "--model", MINILM).messages == []  # asked for
    assert fake_quoth("index").messages == [expected]
    assert fake_quoth("chat").messages[0] == expected
    assert fake_quoth("index", "--model", DEFAULT_MODEL).messages == []
    assert fake_quoth("index").messages == []


@pytest.mark.parametrize("argv", [["ask", "hello", "--json"], ["search", "x", "--json"], ["sources"], ["verify"]])
def test_a_command_that_finds_no_index_in_quoths_own_clone_builds_it_from_seeds_first(
    fake_quoth: Quoth, tmp_path: Path, argv: list[str]
):
    write_corpus(tmp_path / "seeds", CORPUS)
    write_corpus(tmp_path, {"pyproject.toml": '[project]\nname = "quoth"\n'})
    ran = fake_quoth(*argv)
    assert ran.status == 0
    assert "embedding …" in ran.err
    assert "…" not in ran.out
    assert (tmp_path / ".quoth/index/manifest.json").is_file()
    assert "embedding" not in fake_quoth(*argv).err  # it is there now


def test_the_flag_goes_before_quoth_index_and_quoth_index_before_the_default(
    fake_quoth: Quoth, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QUOTH_INDEX", str(tmp_path / "named"))
    fake_quoth("index", "--docs", docs)
    fake_quoth("index", "--docs", docs, "--index", tmp_path / "flagged")
    assert (tmp_path / "named/manifest.json").is_file()
    assert (tmp_path / "flagged/manifest.json").is_file()
    assert not (tmp_path / ".quoth").exists()


@pytest.mark.parametrize(("flag", "variable", "target"), [(None, None, 0.9), (None, "0.6", 0.6), ("0.8", "0.6", 0.8)])
def test_the_target_precision_is_the_flags_then_the_environments(
    fake_quoth: Quoth, indexed: Quoth, monkeypatch: pytest.MonkeyPatch, flag: str, variable: str, target: float
):
    if variable:
        monkeypatch.setenv("QUOTH_ANSWER_PRECISION", variable)
    weights = ReaderWeights(ranking={}, bias=0.0, confidence={}, thresholds={0.5: 0.1, 0.9: 0.5})
    monkeypatch.setattr("retrieval.library.load_weights", lambda: weights)  # small talk needs no network
    thresholds: list[float] = []
    monkeypatch.setattr("bot.commands._print_answer", lambda answer, *_, **__: thresholds.append(answer.threshold))
    fake_quoth("ask", "hello", *(["--answer-precision", flag] if flag else []))
    assert thresholds == [pytest.approx(target - 0.4)]


def test_a_target_precision_outside_the_range_is_an_error(fake_quoth: Quoth, monkeypatch: pytest.MonkeyPatch):
    ran = fake_quoth("ask", "hello", "--answer-precision", "1")
    assert ran.status == 2 and f"--answer-precision: {PRECISION_RANGE}, not '1'" in ran.err
    monkeypatch.setenv("QUOTH_ANSWER_PRECISION", "much")
    ran = fake_quoth("ask", "hello")
    assert ran.status == 1 and ran.err.strip() == f"QUOTH_ANSWER_PRECISION {PRECISION_RANGE}, not 'much'"


# verify


def test_verify_on_a_fresh_index_says_all_is_well(indexed: Quoth, docs: Path):
    ran = indexed("verify")
    assert (ran.status, ran.err) == (0, "")
    checked = CHECKED.format(documents="3 documents", passages="3 passages", folder=docs, outcome=ALL_MATCH)
    assert ran.out == f"{checked}\n"


@pytest.mark.model
def test_every_passage_of_the_seeds_is_as_in_its_file(seeds_quoth: Quoth):
    ran = seeds_quoth("verify")
    assert ran.status == 0, ran.out
    assert ran.out.endswith(f": {ALL_MATCH}\n")


@pytest.mark.parametrize(
    ("happened", "problem"),
    [
        (
            "changed",
            "mill.txt: the file has changed since it was indexed; passages that still stand in it: 0 of 1\n"
            "mill.txt: no longer in the file: passage 1\n2 unchanged, 1 changed",
        ),
        ("removed", "mill.txt: the file is gone\n2 unchanged, 1 gone"),
        ("added", "new.txt: not in the index\n3 unchanged, 1 new"),
    ],
)
def test_verify_names_a_file_that_was_changed_removed_or_added(indexed: Quoth, docs: Path, happened: str, problem: str):
    if happened == "removed":
        (docs / "mill.txt").unlink()
    else:
        write_corpus(docs, {"mill.txt" if happened == "changed" else "new.txt": "The old mill burnt down.\n"})
    ran = indexed("verify")
    assert ran.status == 1
    *lines, statuses = problem.splitlines()
    assert ran.out.splitlines()[:-1] == lines
    expected = DIFFERENCES.format(statuses=statuses, differences="1 difference", command="quoth index")
    assert ran.out.splitlines()[-1].endswith(expected)
    indexed("index")
    assert indexed("verify").status == 0


def test_verify_is_content_with_a_file_that_index_skipped(indexed: Quoth, docs: Path):
    (docs / "noise.txt").write_bytes(bytes(range(256)) * 4)
    assert "skipped: noise.txt" in indexed("index").out
    ran = indexed("verify")
    assert ran.status == 0, ran.out  # its advice, `quoth index`, would change nothing
