"""Several questions: standard input and JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.terminal.batch import EXAMPLE_LINE
from tests.bot.cli.commands import LINE, is_shaped
from tests.bot.conftest import Quoth

OVERLONG = "x" * 10_001
"""A question that can't be searched."""


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


def test_abstaining_on_one_of_several_questions_is_not_a_failure(told_quoth: Quoth):
    ran = told_quoth("ask", "-", "--json", stdin=b"zzyzx qwxv?\nzzyzx qwxv?\n")
    assert [line["status"] for line in ran.lines()] == ["abstained", "abstained"]
    assert ran.status == 0


def test_a_question_that_cannot_be_searched_is_reported_on_stderr_and_the_others_are_answered(indexed: Quoth):
    ran = indexed("ask", "-", "--json", stdin=f"How many piers?\n{OVERLONG}\nWas anybody hurt?\n".encode())
    assert [line["question"] for line in ran.lines()] == ["How many piers?", OVERLONG, "Was anybody hurt?"]
    assert ran.lines()[1]["status"] == "abstained"
    assert ran.err == "q2: the question has 10,001 characters; at most 10,000 can be searched\n"


def test_a_question_that_cannot_be_searched_has_the_same_keys_as_an_answer(indexed: Quoth):
    lines = indexed("ask", "-", "--json", stdin=f"{OVERLONG}\nHow many piers?\n".encode()).lines()
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
    assert with_history["searched"] == "Who opened the harbour of Lund?"
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
    assert ran.err.rstrip().endswith(EXAMPLE_LINE)


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


def test_ask_search_and_batches_are_restricted_the_same_way(told_quoth: Quoth):
    opened = "When was the harbour of Lund opened?"
    (line,) = told_quoth("ask", f"{opened} in:news", "--json").lines()
    assert (line["status"], {hit["document"] for hit in line["hits"]}) == ("abstained", {"news/bridge.md"})
    batch = json.dumps({"question": "in:harbour", "history": [{"question": f"{opened} in:news", "answer": ""}]})
    (line,) = told_quoth("ask", "--batch", "-", "--json", stdin=batch.encode()).lines()
    assert (line["restrictions"]["names"], line["answers"][0]["text"]) == (["harbour"], "1871")
    (line,) = told_quoth("search", "Lund in:news", "--json").lines()
    assert [hit["document"] for hit in line["hits"]] == ["news/bridge.md"]
