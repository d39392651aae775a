"""`quoth eval conversations` and `quoth eval carry` as they are typed."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.cli import main
from eval import conversation_commands, play
from eval.conversations import AskedTurn, Conversation
from eval.dataset import Evidence
from retrieval.errors import EvaluationError
from tests.eval.test_relevance import collection
from tests.eval.test_turn_outcome import REFUSED, SMALL_TALK, answered, at

FACT = AskedTurn("When was the harbour opened?", "fact", None, ("$3 million",), (Evidence("a.txt", ((0, 20),)),))
TURNS = (
    AskedTurn("hello", "smalltalk"),
    FACT,
    replace(FACT, question="and the bridge?", kind="follow-up", alone="When was the bridge opened?"),
    AskedTurn("Who is the emperor?", "unanswerable"),
    replace(FACT, question="When did the mill burn?"),
)
TALKS = [Conversation(f"talk-{split}", "small", split, "en", TURNS) for split in ("dev", "test")]
RIGHT, OFFERED = answered(at("a.txt")), answered(at("a.txt"), status="perhaps")
SAID = {
    "hello": SMALL_TALK,
    "When was the harbour opened?": RIGHT,
    "and the bridge?": OFFERED,
    "When was the bridge opened?": RIGHT,
    "Who is the emperor?": REFUSED,
    "When did the mill burn?": REFUSED,
}


@pytest.fixture
def typed(small, docs, tmp_path, monkeypatch, capsys):
    """Types a command on two conversations with a library that answers from SAID; (exit status, stdout, stderr)."""

    def read(split, folders):
        if folders and "small" not in folders:
            raise EvaluationError("no conversations over there")
        return [one for one in TALKS if split in (None, one.split)]

    def ask(question, history):
        is_lost = question == "and the bridge?" and not history
        return replace(REFUSED if is_lost else SAID[question], question=question)

    library = SimpleNamespace(store=small.store, load=lambda: None, ask=ask)
    monkeypatch.setattr(conversation_commands, "read_conversations", read)
    monkeypatch.setattr(play, "documents_of", lambda folder: collection(docs))
    monkeypatch.setattr(play, "open_system", lambda *_: library)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("QUOTH_INDEX", str(tmp_path / "state" / "index"))

    def type_(*words):
        status = main(["eval", *words, "--out", str(tmp_path / "out")])
        written = capsys.readouterr()
        return status, written.out, written.err

    return type_


def rows(out):
    """The lines of tables by the word they begin with, the first of each."""
    found = {}
    for line in out.splitlines():
        if line.strip():
            found.setdefault(line.split()[0], line.split())
    return found


def test_a_split_is_a_table_by_kind_by_folder_and_by_language(typed, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    status, out, err = typed("conversations", "--split", "dev")
    assert status == 0
    # utility: .7 times the mean of 1, .7 and 0, and .3 times the refusal's 1
    assert [line.rstrip() for line in out.splitlines()[:9]] == [
        "dev, by kind n right [95%]       no history answered wrong refused utility",
        "fact         2 .50 [.00, 1.00]   .50        .50      .00   .50     .50",
        "follow-up    1 1.00 [1.00, 1.00] .00        .00      .00   .00     .70",
        "smalltalk    1 1.00 [1.00, 1.00] 1.00                .00   .00",
        "unanswerable 1 1.00 [1.00, 1.00] 1.00                .00   1.00    1.00",
        "all          5 .80 [.40, 1.00]   .60        .33      .00   .40     .70",
        "dev, by kind right alone if alone if answered alone places",
        "follow-up    1.00 n 1    1.00 n 1 1.00 n 1",
        "all          1.00 n 1    1.00 n 1 1.00 n 1",
    ]
    assert "dev, by folder" in out
    assert "dev, by language" in out
    assert "test, " not in out
    assert "talking about small …" in err


def test_the_wrong_turns_of_dev_are_shown_and_never_those_of_test(typed):
    status, out, _ = typed("conversations", "--show-wrong")
    assert status == 0
    assert "talk-dev/5 fact: When did the mill burn?" in out
    assert "    refused wrongly, " in out
    assert "talk-test" not in out
    assert typed("conversations", "--split", "test", "--show-wrong") == (
        2,
        "",
        conversation_commands.ONLY_DEV + "\n",
    )


def test_a_result_is_compared_turn_by_turn_and_flips_are_of_dev_alone(typed, monkeypatch):
    typed("conversations", "--name", "first")
    monkeypatch.setitem(SAID, "When was the harbour opened?", REFUSED)
    status, out, _ = typed("conversations", "--name", "second", "--against", "first")
    assert status == 0
    assert "dev, compared with first" in out
    assert "test, compared with first" in out
    assert "broken talk-dev/2 When was the harbour opened?" in out
    assert "broken talk-test" not in out
    status, out, _ = typed("conversations", "--split", "dev", "--against", "first")
    assert (status, "test, compared" in out) == (0, False)
    status, _, err = typed("conversations", "--against", "nothing")
    assert status == 1
    assert "make it with `quoth eval conversations --name nothing`" in err


def test_a_result_is_recorded_without_its_turns_and_shown_on_the_page(typed, tmp_path):
    typed("conversations")
    assert main(["eval", "record", "conversations", "--out", str(tmp_path / "out"), "--to", str(tmp_path / "to")]) == 0
    stored = json.loads((tmp_path / "to" / "conversations.json").read_text(encoding="utf-8"))
    assert stored.keys() == {"name", "command", "signature", "conversations"}
    assert stored["command"] == "quoth eval conversations --out out"
    assert (stored["signature"]["questions"], stored["signature"]["conversations"]) == (10, 2)
    page = (tmp_path / "to" / "README.md").read_text(encoding="utf-8")
    assert "| | dev | test | test, no history |" in page
    assert "| right | .800 [.400, 1.00] (5) | .800 [.400, 1.00] (5) | .600 [.200, 1.00] (5) |" in page
    assert "| wrong shown ↓ | .000 [.000, .000] (5) |" in page
    assert "| unanswerable | 1.00 [1.00, 1.00] (1) |" in page
    assert "talk-" not in page


def test_the_program_before_is_a_column_beside_the_one_of_today(typed, tmp_path, monkeypatch):
    typed("conversations")
    monkeypatch.setitem(SAID, "When was the harbour opened?", REFUSED)
    typed("conversations", "--name", "conversations-before")
    names = ("conversations", "conversations-before")
    assert main(["eval", "record", *names, "--out", str(tmp_path / "out"), "--to", str(tmp_path / "to")]) == 0
    page = (tmp_path / "to" / "README.md").read_text(encoding="utf-8")
    assert "| | dev | test | test, no history | test, before |" in page
    assert page.count("| right | .800 [.400, 1.00] (5) | .800 [.400, 1.00] (5) | .600 [.200, 1.00] (5) | .600 ") == 1
    assert all(page.count(f"- {name}: `quoth eval conversations") == 1 for name in names)


def test_a_folder_without_conversations_is_an_error(typed):
    status, _, err = typed("conversations", "--folder", "elsewhere")
    assert (status, err.splitlines()[-1]) == (1, "no conversations over there")
    assert typed("conversations", "--folder", "small", "other")[0] == 0


BUILT = ["Who built the harbour?", "Astrid"]
LINES = [
    {"id": "d1_0", "history": [], "question": "Who built it?", "rewrite": "Who built it?"},
    {"id": "d2_1", "history": BUILT, "question": "When?", "rewrite": "When was the harbour built?"},
    {"id": "d3_1", "history": BUILT, "question": "Why so late?", "rewrite": "Why so late?"},
]


def test_carrying_over_is_compared_with_rewrites_recorded_and_shown(typed, tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    status, out, _ = typed("carry", str(path))
    assert status == 0
    assert (
        rows(out)["recovered"][1:]
        == "0.000 [0.000, 0.000] n 1 1.000 [1.000, 1.000] n 1".split() + rows(out)["recovered"][11:]
    )
    assert rows(out)["harmed"][:2] == ["harmed", "↓"]
    stored = json.loads((tmp_path / "out" / "carry-set.json").read_text(encoding="utf-8"))
    assert (stored["command"], stored["signature"]["questions"]) == ("quoth eval carry set.jsonl --out out", 2)
    assert stored["rows"]["everything"]["added rightly"]["value"] == round(2 / 6, 4)  # built, harbour of 3 added twice
    assert main(["eval", "record", "carry-set", "--out", str(tmp_path / "out"), "--to", str(tmp_path / "to")]) == 0
    page = (tmp_path / "to" / "README.md").read_text(encoding="utf-8")
    assert "## Words carried over to follow-ups\n" in page
    assert "| | nothing | everything | Quoth |" in page
    assert typed("carry", str(path), "--name", "set-before")[0] == 0
    names = ("carry-set", "carry-set-before")
    assert main(["eval", "record", *names, "--out", str(tmp_path / "out"), "--to", str(tmp_path / "to")]) == 0
    assert "| | nothing | everything | Quoth | Quoth, before |" in (tmp_path / "to" / "README.md").read_text("utf-8")
    status, _, err = typed("carry", str(path), str(path), "--name", "set-before")
    assert (status, err) == (2, "quoth eval carry: --name names one result, so give one FILE with it\n")


def test_only_the_last_dialogues_are_scored_where_asked_for(typed, tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    status, _, err = typed("carry", str(path), "--last", "1")
    assert status == 1
    assert "no question of the file has turns before it and a rewrite that adds words" in err
    assert typed("carry", str(path), "--last", "2")[0] == 0
    stored = json.loads((tmp_path / "out" / "carry-set-last-2.json").read_text(encoding="utf-8"))
    assert stored["signature"]["rewrites"] == "set-last-2"
