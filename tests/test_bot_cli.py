"""The command line to the letter: what each command prints where, its JSON, and its exit status."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import retrieval.build
import retrieval.retriever
from bot.cli import main
from retrieval.reader import Weights
from retrieval.retriever import Retriever
from tests.conftest import CORPUS, SEEDS, FakeEncoder, write_corpus

ROOT = Path(__file__).parent.parent
FOUNDED = "When was JALAC founded?"
UNANSWERABLE = "How tall is the Eiffel Tower?"
COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?(?:[34]\d|9[0-7]|10[0-7])(?:;[\d;]*)?m")


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    def lines(self) -> list[Any]:
        """Each line of standard output as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


Quoth = Callable[..., Ran]


@pytest.fixture
def quoth(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Quoth:
    """Runs a command in this process, in a working folder of its own; `stdin` are the bytes it may read."""
    monkeypatch.chdir(tmp_path)
    for name in ("QUOTH_INDEX", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*argv: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in argv])
        except SystemExit as left:
            status = int(left.code or 0)
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def fake_quoth(quoth: Quoth, monkeypatch: pytest.MonkeyPatch, fake: FakeEncoder) -> Quoth:
    """Commands whose encoder is the fake one."""
    for module in (retrieval.build, retrieval.retriever):
        monkeypatch.setattr(module, "prepare_encoder", lambda *_: fake.folder)
        monkeypatch.setattr(module, "load_encoder", lambda _: fake)
    return quoth


@pytest.fixture
def seeds_quoth(quoth: Quoth, monkeypatch: pytest.MonkeyPatch, seeds: Retriever, seeds_index: Path) -> Quoth:
    """Commands over the seed documents, the real encoder loaded once."""
    monkeypatch.setattr(retrieval.retriever, "load_encoder", lambda _: seeds.encoder)
    monkeypatch.setenv("QUOTH_INDEX", str(seeds_index))
    return quoth


@pytest.fixture
def indexed(fake_quoth: Quoth, docs: Path) -> Quoth:
    """Commands over an index of the small corpus in .quoth/index."""
    assert fake_quoth("index", "--docs", docs).status == 0
    return fake_quoth


def is_shaped(value: Any, shape: Any) -> bool:
    """Whether a JSON value has just the keys and types of `shape`: a type, a tuple of choices, [items], {keys}."""
    if isinstance(shape, dict):
        return (
            isinstance(value, dict) and set(value) == set(shape) and all(is_shaped(value[k], shape[k]) for k in shape)
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(is_shaped(item, shape[0]) for item in value)
    if isinstance(shape, tuple):
        return any(is_shaped(value, choice) for choice in shape)
    if shape is float:
        return type(value) in (float, int)
    return value is None if shape is None else type(value) is shape


HIT = {
    "document": str,
    "spans": [[int]],
    "score": float,
    "parts": {"dense": float, "sparse": float},
    "text": str,
}
CITATION = {
    "number": int,
    "document": str,
    "title": str,
    "date": (str, None),
    "section": (str, None),
    "spans": [[int]],
    "lines": [int],
    "quote": str,
}
LINE = {
    "id": str,
    "question": str,
    "searched": str,
    "status": str,
    "confidence": float,
    "answers": [{"text": str, "confidence": float, "citations": [CITATION]}],
    "hits": [HIT],
    "elapsed_ms": {"search": float, "read": float, "total": float},
}


def seed_text(name: str) -> str:
    return (SEEDS / name).read_bytes().decode("utf-8-sig")


def as_quoted(text: str, spans: list[list[int]]) -> str:
    """The contract's rule: " […] " between slices, white space with a line break in it as one space."""
    slices = (text[start:end] for start, end in spans)
    return " […] ".join(re.sub(r"\s+", lambda m: " " if re.search(r"[\r\n]", m[0]) else m[0], s) for s in slices)


# ask


@pytest.mark.model
def test_an_answer_is_text_with_its_citation_on_stdout_and_nothing_on_stderr(seeds_quoth: Quoth):
    ran = seeds_quoth("ask", FOUNDED)
    assert (ran.status, ran.err) == (0, "")
    assert "JALAC was founded in **1958** as a Japanese forum" in ran.out
    assert "[1] Japanese Engagement with LAC, April 2019, section “Foreword”" in ran.out
    assert "003_051bd8def8555ab3.txt, lines 54-55" in ran.out


@pytest.mark.model
def test_abstaining_on_the_only_question_names_the_closest_passage_and_exits_3(seeds_quoth: Quoth):
    ran = seeds_quoth("ask", UNANSWERABLE)
    assert (ran.status, ran.err) == (3, "")
    assert ran.out.startswith("No document answers this.\nIn no document: ")
    assert "Eiffel" in ran.out
    assert "Closest passage (not an answer): " in ran.out


@pytest.mark.model
@pytest.mark.parametrize("question", [FOUNDED, UNANSWERABLE])
def test_a_json_line_has_every_key_of_the_contract_and_nothing_more(seeds_quoth: Quoth, question: str):
    (line,) = seeds_quoth("ask", question, "--json").lines()
    assert is_shaped(line, LINE), line
    assert (line["id"], line["question"], line["searched"]) == ("q1", question, question)
    assert 0 <= line["confidence"] <= 1
    assert line["elapsed_ms"]["total"] >= line["elapsed_ms"]["search"]


def test_small_talk_has_the_same_keys_as_an_answer(indexed: Quoth):
    ran = indexed("ask", "hello", "--json")
    (line,) = ran.lines()
    assert (ran.status, line["status"], line["answers"]) == (0, "smalltalk", [])
    assert is_shaped(line, LINE), line


@pytest.mark.model
def test_answers_are_there_only_where_the_status_is_answered(seeds_quoth: Quoth):
    answered, abstained, talk = seeds_quoth(
        "ask", "-", "--json", stdin=f"{FOUNDED}\n{UNANSWERABLE}\nthanks\n".encode()
    ).lines()
    assert [line["status"] for line in (answered, abstained, talk)] == ["answered", "abstained", "smalltalk"]
    assert answered["answers"][0]["text"] == "1958"
    assert answered["answers"][0]["confidence"] == answered["confidence"]
    assert abstained["answers"] == talk["answers"] == []


@pytest.mark.model
def test_every_quote_and_every_hit_is_the_files_own_slices(seeds_quoth: Quoth):
    questions = [
        FOUNDED,
        "Which countries make up the Pacific Alliance?",
        "When did the Pacific Alliance and Singapore sign the free trade agreement?",
        "What did Taro Kono say about free trade?",
        "What is the CPTPP?",
        "How much of Japan's trade is with Latin America?",
        "Which infrastructure does Japan finance?",
        "What did the ministers discuss in Mexico City?",
        "Who is the author of the report?",
        "Which Japanese companies invest in lithium?",
        "What is the role of the Tokyo International Conference?",
        "How did the sogo shosha change?",
    ]
    lines = seeds_quoth("ask", "-", "--json", "--top", "20", stdin="\n".join(questions).encode()).lines()
    assert [line["question"] for line in lines] == questions
    citations = [c for line in lines for text in line["answers"] for c in text["citations"]]
    assert citations
    for citation in citations:
        text = seed_text(citation["document"])
        assert citation["quote"] == as_quoted(text, citation["spans"])
        first, last = min(start for start, _ in citation["spans"]), max(end for _, end in citation["spans"])
        assert citation["lines"] == [text.count("\n", 0, first) + 1, text.count("\n", 0, last - 1) + 1]
    for hit in (hit for line in lines for hit in line["hits"]):
        assert all(0 <= start < end for start, end in hit["spans"])
        kept = "".join(seed_text(hit["document"])[start:end] for start, end in hit["spans"])
        missing = re.sub(r"\s", "", hit["text"])
        position = 0
        for char in missing:  # a hit's text is read from its spans, in order; what is between may be left out
            position = kept.find(char, position) + 1
            assert position, (hit["document"], hit["text"])


@pytest.mark.model
def test_citations_are_numbered_from_1_through_all_answers(seeds_quoth: Quoth):
    (line,) = seeds_quoth("ask", "What is the Pacific Alliance?", "--json").lines()
    numbers = [citation["number"] for text in line["answers"] for citation in text["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.model
@pytest.mark.parametrize("question", [FOUNDED, UNANSWERABLE])
@pytest.mark.parametrize("top", [1, 5, 40])
def test_hits_are_the_best_passages_in_rank_order_as_many_as_top(seeds_quoth: Quoth, question: str, top: int):
    (line,) = seeds_quoth("ask", question, "--json", "--top", top).lines()
    scores = [hit["score"] for hit in line["hits"]]
    assert len(scores) == top
    assert scores == sorted(scores, reverse=True)


@pytest.mark.model
def test_five_hits_are_given_where_nobody_says_how_many_and_top_does_not_change_the_answer(seeds_quoth: Quoth):
    (standard,) = seeds_quoth("ask", FOUNDED, "--json").lines()
    assert len(standard["hits"]) == 5
    for top in (1, 40):
        (line,) = seeds_quoth("ask", FOUNDED, "--json", "--top", top).lines()
        assert line["answers"] == standard["answers"]
        assert line["hits"][:5] == standard["hits"][:top]


@pytest.mark.model
def test_the_same_question_twice_gives_the_same_bytes_but_for_the_times(seeds_quoth: Quoth):
    def timeless(line: str) -> str:
        return re.sub(r'"elapsed_ms": \{[^}]*\}', "", line)

    for question in (FOUNDED, UNANSWERABLE, "What is the CPTPP?"):
        first, second = seeds_quoth("ask", question, "--json").out, seeds_quoth("ask", question, "--json").out
        assert timeless(first) == timeless(second) != first


# ask - and --batch


def test_ask_dash_answers_one_question_a_line_and_leaves_blank_lines_out(indexed: Quoth):
    ran = indexed("ask", "-", "--json", stdin=b"\nHow many piers?\r\n   \nWas anybody hurt?")
    assert [(line["id"], line["question"]) for line in ran.lines()] == [
        ("q1", "How many piers?"),
        ("q2", "Was anybody hurt?"),
    ]
    assert ran.status == 0


def test_several_questions_are_shown_each_above_its_answer(indexed: Quoth):
    ran = indexed("ask", "-", stdin=b"How many piers?\nhello\n")
    assert [line for line in ran.out.splitlines() if line.startswith("> ")] == ["> How many piers?", "> hello"]


def test_abstaining_on_one_of_several_questions_is_no_failure(indexed: Quoth):
    ran = indexed("ask", "-", "--json", stdin=b"zzyzx qwxv?\nzzyzx qwxv?\n")
    assert [line["status"] for line in ran.lines()] == ["abstained", "abstained"]
    assert ran.status == 0


def test_a_question_that_cannot_be_searched_is_told_on_stderr_and_the_others_go_on(indexed: Quoth):
    ran = indexed("ask", "-", "--json", stdin=b"How many piers?\n?!\nWas anybody hurt?\n")
    assert [line["question"] for line in ran.lines()] == ["How many piers?", "?!", "Was anybody hurt?"]
    assert ran.lines()[1]["status"] == "abstained"
    assert ran.err == "q2: the question is empty; type a few words to look for\n"


def test_a_question_that_cannot_be_searched_has_the_same_keys_as_an_answer(indexed: Quoth):
    lines = indexed("ask", "-", "--json", stdin=b"?!\nHow many piers?\n").lines()
    assert is_shaped(lines[0], LINE), lines[0]


def test_a_batch_keeps_ids_and_order(indexed: Quoth, tmp_path: Path):
    batch = tmp_path / "batch.jsonl"
    given = [{"id": "z", "question": "How many piers?"}, {"id": "a", "question": "hello"}, {"question": "Who?"}]
    batch.write_text("\n\n".join(json.dumps(item) for item in given), encoding="utf-8")
    ran = indexed("ask", "--batch", batch, "--json")
    assert [(line["id"], line["question"]) for line in ran.lines()] == [
        ("z", "How many piers?"),
        ("a", "hello"),
        ("q5", "Who?"),  # without an id: its line in the file
    ]
    assert (ran.status, ran.err) == (0, "")


def test_a_follow_up_in_a_batch_is_searched_with_its_history(indexed: Quoth, tmp_path: Path):
    batch = tmp_path / "batch.jsonl"
    history = [{"question": "When was the harbour of Lund opened?", "answer": "1871"}]
    lines = [{"id": "1", "question": "Who opened it?", "history": history}, {"id": "2", "question": "Who opened it?"}]
    batch.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with_history, without = indexed("ask", "--batch", batch, "--json").lines()
    assert with_history["question"] == without["question"] == without["searched"] == "Who opened it?"
    assert with_history["searched"].startswith("Who opened it? ")
    assert "Lund" in with_history["searched"]


def test_the_dash_reads_a_batch_from_standard_input(indexed: Quoth):
    (line,) = indexed("ask", "--batch", "-", "--json", stdin=b'{"id": "x", "question": "hello"}\n').lines()
    assert line["id"] == "x"


@pytest.mark.parametrize("named", ["file", "-"])
def test_a_batch_may_begin_with_a_byte_order_mark(indexed: Quoth, tmp_path: Path, named: str):
    raw = b'\xef\xbb\xbf{"id": "x", "question": "hello"}\n'
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(raw)
    ran = indexed("ask", "--batch", batch if named == "file" else "-", "--json", stdin=raw)
    assert (ran.status, [line["id"] for line in ran.lines()]) == (0, ["x"])


@pytest.mark.parametrize("named", ["file", "-"])
@pytest.mark.parametrize("inside", ["\u2028", "\x85"])
def test_only_a_newline_ends_a_line_of_a_batch(indexed: Quoth, tmp_path: Path, named: str, inside: str):
    raw = json.dumps({"id": "x", "question": f"hello{inside}there"}, ensure_ascii=False).encode()
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(raw)
    ran = indexed("ask", "--batch", batch if named == "file" else "-", "--json", stdin=raw)
    assert (ran.status, ran.err) == (0, "")
    assert json.loads(ran.out)["question"] == f"hello{inside}there"


def test_the_bad_lines_of_a_batch_are_reported_together_and_nothing_is_answered(indexed: Quoth, tmp_path: Path):
    batch = tmp_path / "batch.jsonl"
    bad = ['{"id": "1"}', "rubbish", "[]", '{"question": 5}']
    batch.write_text("\n".join(['{"question": "hello"}', *bad]), encoding="utf-8")
    ran = indexed("ask", "--batch", batch, "--json")
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    for number in (2, 3, 4, 5):
        assert f"line {number} (" in ran.err
    assert '{"id": "q1", "question": "..."}' in ran.err


@pytest.mark.parametrize(
    "line",
    [
        '{"id": null, "question": "hello"}',
        '{"id": ["x"], "question": "hello"}',
        '{"question": "hello", "history": 5}',
        '{"question": "hello", "history": "abc"}',
        '{"question": "hello", "history": [{"answer": "1871"}]}',
        '{"question": "hello", "history": [{"question": 3, "answer": "1871"}]}',
    ],
)
def test_an_id_or_a_history_of_the_wrong_type_is_a_bad_line(indexed: Quoth, line: str):
    ran = indexed("ask", "--batch", "-", "--json", stdin=line.encode())
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "line 1 (" in ran.err


def test_a_batch_that_is_not_there_is_an_error_to_act_on(indexed: Quoth, tmp_path: Path):
    for named in (tmp_path / "none.jsonl", tmp_path):
        ran = indexed("ask", "--batch", named, "--json")
        assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
        assert str(named) in ran.err


# Exit statuses, stdout and stderr


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["nonsense"],
        ["ask"],
        ["ask", "hello", "--batch", "x"],
        ["ask", "hello", "--top", "0"],
        ["ask", "hello", "--top", "many"],
        ["ask", "hello", "--colour"],
        ["search"],
        ["index", "--overlap", "-1"],
        ["sources", "extra"],
    ],
)
def test_wrong_usage_exits_2_with_the_reason_on_stderr(quoth: Quoth, tmp_path: Path, argv: list[str]):
    ran = quoth(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith("quoth")
    assert "_positive" not in ran.err
    assert not list(tmp_path.iterdir())  # nothing was built for it


@pytest.mark.parametrize("argv", [["ask", ""], ["ask", "-"], ["search", "?!"], ["index", "--docs", "nowhere"]])
def test_an_error_to_act_on_is_one_line_on_stderr_and_exits_1(indexed: Quoth, argv: list[str]):
    ran = indexed(*argv)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)


def test_help_is_a_result_that_names_every_command(quoth: Quoth):
    ran = quoth("--help")
    assert (ran.status, ran.err) == (0, "")
    for command in ("index", "ask", "search", "chat", "sources", "verify"):
        assert re.search(rf"^ +{command} ", ran.out, re.MULTILINE), command


def test_there_is_no_colour_in_what_is_not_a_terminal(indexed: Quoth):
    for argv in (["ask", "How many piers?"], ["search", "piers"], ["sources"], ["verify"]):
        assert "\x1b" not in indexed(*argv).out


def in_terminal(argv: list[str], environment: dict[str, str]) -> str:
    """What a fresh process prints where standard output is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *argv], stdout=theirs, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # how Linux tells that the other side is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(timeout=30) == 0
    return shown.decode()


@pytest.mark.model
def test_the_answer_is_coloured_in_a_terminal_but_not_with_no_color(seeds_index: Path):
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": "100"}
    argv = ["ask", FOUNDED, "--index", str(seeds_index)]
    assert COLOUR.search(in_terminal(argv, environment))
    assert not COLOUR.search(in_terminal(argv, environment | {"NO_COLOR": "1"}))


# search, sources


def test_search_shows_ranked_passages_and_both_parts_of_their_scores(indexed: Quoth):
    ran = indexed("search", "harbour of Lund", "--top", "2")
    assert (ran.status, ran.err) == (0, "")
    assert re.findall(r"^(\d) ", ran.out, re.MULTILINE) == ["1", "2"]
    assert re.search(r"score \d\.\d\d: dense \d\.\d\d, sparse \d\.\d", ran.out)


def test_search_json_is_one_line_with_the_parts_of_each_score(indexed: Quoth):
    ran = indexed("search", "harbour of Lund", "--json", "--top", "2")
    (line,) = ran.lines()
    assert is_shaped(line, {"query": str, "hits": [HIT]}), line
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


def test_talk_of_building_is_on_stderr(fake_quoth: Quoth, docs: Path):
    ran = fake_quoth("index", "--docs", docs)
    assert ran.err.splitlines() == ["preparing the encoder …", "reading …", "embedding …"]


@pytest.mark.parametrize("argv", [["ask", "hello", "--json"], ["search", "x", "--json"], ["sources"], ["verify"]])
def test_a_command_that_finds_no_index_builds_it_from_seeds_first(fake_quoth: Quoth, tmp_path: Path, argv: list[str]):
    write_corpus(tmp_path / "seeds", CORPUS)
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


@pytest.mark.parametrize(("flag", "variable", "wanted"), [(None, None, 0.9), (None, "0.6", 0.6), ("0.8", "0.6", 0.8)])
def test_the_wanted_precision_is_the_flags_then_the_environments(
    fake_quoth: Quoth, indexed: Quoth, monkeypatch: pytest.MonkeyPatch, flag: str, variable: str, wanted: float
):
    if variable:
        monkeypatch.setenv("QUOTH_ANSWER_PRECISION", variable)
    monkeypatch.setattr("retrieval.answer.load_weights", lambda: Weights({}, 0.0, {}, {0.5: 0.1, 0.9: 0.5}))
    asked: list[float] = []
    monkeypatch.setattr("bot.commands._print_answer", lambda found, numbered: asked.append(found.threshold))
    fake_quoth("ask", "hello", *(["--answer-precision", flag] if flag else []))
    assert asked == [pytest.approx(wanted - 0.4)]


def test_a_precision_that_can_not_be_had_is_told(fake_quoth: Quoth, monkeypatch: pytest.MonkeyPatch):
    ran = fake_quoth("ask", "hello", "--answer-precision", "1")
    assert ran.status == 2 and "'1' is no number from 0.5 to 0.95" in ran.err
    monkeypatch.setenv("QUOTH_ANSWER_PRECISION", "much")
    ran = fake_quoth("ask", "hello")
    assert ran.status == 1 and ran.err.strip().endswith("QUOTH_ANSWER_PRECISION: 'much' is no number from 0.5 to 0.95")


# verify


def test_verify_on_a_fresh_index_says_all_is_well(indexed: Quoth, docs: Path):
    ran = indexed("verify")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"3 documents and 3 passages checked against {docs}: all as in the files\n"


@pytest.mark.model
def test_every_passage_of_the_seeds_is_as_in_its_file(seeds_quoth: Quoth):
    ran = seeds_quoth("verify")
    assert ran.status == 0, ran.out
    assert ran.out.endswith(": all as in the files\n")


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        ("changed", "mill.txt: the file has changed since it was indexed"),
        ("removed", "mill.txt: the file is gone"),
        ("added", "new.txt: not in the index"),
    ],
)
def test_verify_names_a_file_that_was_changed_removed_or_added(indexed: Quoth, docs: Path, happened: str, told: str):
    if happened == "removed":
        (docs / "mill.txt").unlink()
    else:
        write_corpus(docs, {"mill.txt" if happened == "changed" else "new.txt": "The old mill burnt down.\n"})
    ran = indexed("verify")
    assert ran.status == 1
    assert ran.out.splitlines()[0] == told
    assert ran.out.splitlines()[1].endswith("1 differ; run `quoth index`")
    indexed("index")
    assert indexed("verify").status == 0


def test_verify_is_content_with_a_file_that_index_skipped(indexed: Quoth, docs: Path):
    (docs / "noise.txt").write_bytes(bytes(range(256)) * 4)
    assert "skipped: noise.txt" in indexed("index").out
    ran = indexed("verify")
    assert ran.status == 0, ran.out  # its advice, `quoth index`, would change nothing


# Fresh processes: what is imported, and what is not done


def fresh(script: str, *argv: str, **environment: str) -> Any:
    """What a script in a fresh process prints as JSON on its last line."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *argv],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_help_loads_no_model_and_none_of_the_heavy_libraries():
    modules = fresh("""
        import json, sys
        from bot.cli import main
        for argv in (["--help"], ["ask", "--help"]):
            try:
                main(argv)
            except SystemExit as left:
                assert not left.code
        print(json.dumps(sorted(sys.modules)))
    """)
    heavy = {
        "faiss",
        "torch",
        "onnxruntime",
        "numpy",
        "transformers",
        "sentence_transformers",
        "tokenizers",
        "telegram",
    }
    assert "bot.cli" in modules
    assert not heavy.intersection(modules)


ANSWERING = """
    import io, json, os, sys
    from contextlib import redirect_stdout

    touched = []
    def hook(event, _):
        if event.startswith("socket."):
            touched.append(event)
            raise RuntimeError(f"{event} while answering")
    sys.addaudithook(hook)

    from bot.cli import main
    printed = io.StringIO()
    with redirect_stdout(printed):
        status = main(["ask", sys.argv[1], "--json", "--index", sys.argv[2]])
    links = [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")
             if os.path.islink(f"/proc/self/fd/{name}")] if os.path.isdir("/proc/self/fd") else []
    print(json.dumps({
        "status": status, "line": json.loads(printed.getvalue()), "modules": sorted(sys.modules),
        "touched": touched, "sockets": [link for link in links if link.startswith("socket:")],
    }))
"""


@pytest.fixture(scope="module")
def answering(seeds_index: Path) -> Any:
    """A question answered in a fresh process in which touching a socket raises."""
    return fresh(ANSWERING, FOUNDED, str(seeds_index), PYTHONHASHSEED="1")


@pytest.mark.model
def test_answering_imports_neither_torch_nor_transformers(answering: Any):
    assert answering["line"]["answers"][0]["text"] == "1958"
    assert {"faiss", "onnxruntime"} <= set(answering["modules"])
    assert not {"torch", "transformers", "sentence_transformers", "telegram"}.intersection(answering["modules"])


@pytest.mark.model
def test_answering_opens_no_socket(answering: Any):
    assert (answering["status"], answering["touched"], answering["sockets"]) == (0, [], [])


@pytest.mark.model
def test_another_process_gives_the_same_line(answering: Any, seeds_quoth: Quoth):
    (line,) = seeds_quoth("ask", FOUNDED, "--json").lines()
    del line["elapsed_ms"], answering["line"]["elapsed_ms"]
    assert line == answering["line"]


@pytest.mark.model
@pytest.mark.parametrize("command", ["sources", "sources --json", "verify", "ask - --json", "ask -", "--help"])
def test_a_reader_that_leaves_is_no_error(seeds_index: Path, tmp_path: Path, command: str):
    questions = tmp_path / "questions"
    questions.write_text("hello\n" * 3000, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"} | {"QUOTH_INDEX": str(seeds_index)}
    reader, writer = os.pipe()
    os.close(reader)  # nobody reads, from the first byte on
    with questions.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command.split()],
            stdin=stdin,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            cwd=ROOT,
            env=environment,
            check=False,
        )
    os.close(writer)
    assert (done.stderr, done.returncode) == ("", 0)
