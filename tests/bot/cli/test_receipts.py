"""`quoth verify ID` and `quoth cite ID`, as whole exchanges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.log_commands import ASK_AGAIN, NO_ID, NO_RECEIPT
from tests.bot.conftest import Quoth
from tests.conftest import EMPEROR

OPENED = "When was the harbour opened?"


@pytest.fixture
def opened(told_quoth: Quoth) -> str:
    """The receipt of an answer."""
    (answer,) = told_quoth("ask", OPENED, "--json").lines()
    return str(answer["receipt"])


def test_an_answer_and_a_refusal_end_with_a_receipt_and_small_talk_does_not(told_quoth: Quoth):
    shown = [told_quoth("ask", question).out for question in (OPENED, EMPEROR, "Hello!")]
    assert ["Receipt" in out for out in shown] == [True, True, False]
    receipts = [told_quoth("ask", question, "--json").lines()[0]["receipt"] for question in (OPENED, EMPEROR, "Hello!")]
    assert f"Receipt {receipts[0]}\n" in shown[0]
    assert f"Receipt {receipts[1]}\n" in shown[1]
    assert receipts[2] is None


def test_files_that_nobody_touched_still_say_what_was_cited(told_quoth: Quoth, opened: str):
    ran = told_quoth("verify", opened.lower())
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{opened}: {OPENED}\n[1] Unchanged: harbour.txt, line 3\n"


def test_a_moved_quotation_is_found_on_the_disk_without_a_new_index(told_quoth: Quoth, opened: str, docs: Path):
    (docs / "harbour.txt").rename(docs / "port.txt")
    (docs / "port.txt").write_text("New.\n\n" + (docs / "port.txt").read_text(encoding="utf-8"), encoding="utf-8")
    ran = told_quoth("verify", opened)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{opened}: {OPENED}\n[1] Moved: now in port.txt, line 5\n"


def test_a_changed_file_is_an_error_that_says_what_to_type(told_quoth: Quoth, opened: str, docs: Path):
    text = (docs / "harbour.txt").read_text(encoding="utf-8")
    (docs / "harbour.txt").write_text(text.replace("1871", "1872"), encoding="utf-8")
    ran = told_quoth("verify", opened)
    assert ran.status == 1
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        f"{opened}: {OPENED}",
        "[1] Changed: the quotation is no longer in harbour.txt",
        "    Line 3 comes closest now: “The harbour of Lund was opened in 1872 by Queen",
        "    Astrid. It has 14 piers.”",
    ]
    assert ran.messages == [ASK_AGAIN.format(refresh="quoth index", ask=f"quoth ask '{OPENED}'")]


def test_several_receipts_are_checked_and_an_unknown_one_stops_none(told_quoth: Quoth, opened: str):
    (refused,) = told_quoth("ask", EMPEROR, "--json").lines()
    ran = told_quoth("verify", "00000000", "x", opened, refused["receipt"])
    assert ran.status == 1
    assert [line.split(":")[0] for line in ran.out.splitlines()[::2]] == [opened, refused["receipt"]]
    assert ran.messages == [
        NO_RECEIPT.format(id="00000000", file=".quoth/feedback.sqlite", ask="quoth ask QUESTION"),
        NO_ID.format(typed="x"),
    ]


def test_the_command_to_type_names_the_index_where_it_was_named(told_quoth: Quoth):
    ran = told_quoth("verify", "00000000", "--index", ".quoth/index")
    assert "`quoth ask QUESTION --index .quoth/index`" in ran.err


def test_verify_without_a_receipt_checks_the_index(told_quoth: Quoth, opened: str):
    ran = told_quoth("verify")
    assert ran.status == 0
    assert ran.out.startswith("checked 3 documents")


def test_citations_are_printed_in_the_format_asked_for(told_quoth: Quoth, opened: str):
    markdown = told_quoth("cite", opened)
    assert (markdown.status, markdown.err) == (0, "")
    assert markdown.out == (
        "> The harbour of Lund was opened in 1871 by Queen Astrid.\n"
        ">\n"
        f"> — The Harbour of Lund, harbour.txt, line 3 (Quoth `{opened}`)\n"
    )
    assert told_quoth("cite", opened, "--format", "bibtex").out.startswith(f"@misc{{quoth-{opened}-1,\n")
    (cited,) = json.loads(told_quoth("cite", opened, "--format", "json").out)["citations"]
    text = Path("docs/harbour.txt").read_text(encoding="utf-8")
    assert [text[start:end] for start, end in cited["spans"]] == [cited["quote"]]


def test_a_receipt_that_does_not_exist_cannot_be_cited(told_quoth: Quoth):
    ran = told_quoth("cite", "00000000")
    assert (ran.status, ran.out) == (1, "")
    assert ran.messages == [NO_RECEIPT.format(id="00000000", file=".quoth/feedback.sqlite", ask="quoth ask QUESTION")]


@pytest.mark.parametrize("off", ["--no-log", "QUOTH_LOG=0"])
def test_with_the_log_off_nothing_is_kept(told_quoth: Quoth, monkeypatch: pytest.MonkeyPatch, off: str):
    flags = [off] if off.startswith("-") else []
    if not flags:
        monkeypatch.setenv(*off.split("="))
    (answer,) = told_quoth("ask", OPENED, "--json", *flags).lines()
    told_quoth("chat", *flags, stdin=f"{OPENED}\n".encode())
    assert answer["receipt"]
    assert not Path(".quoth/feedback.sqlite").exists()


def test_a_wrong_number_of_days_is_an_error_that_says_what_to_write(told_quoth: Quoth, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUOTH_LOG", "no")
    ran = told_quoth("ask", OPENED)
    assert ran.status == 1
    assert ran.messages == [
        "QUOTH_LOG, the days that the terminal keeps its answers, must be an integer of at least 0, not 'no'; "
        "write `QUOTH_LOG=0` to keep none"
    ]
