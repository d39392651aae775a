"""/verify and /cite: the receipt of the last answer, or one by its id."""

import pytest

from bot.receipts.wording import CHANGED
from bot.terminal.checking import NO_RECEIPT, NOT_STANDING
from tests.bot.terminal.sessions import FOUR_YEARS, TEXT, FakeLibrary, piped


@pytest.fixture
def library(tmp_path):
    (tmp_path / "talks.txt").write_text(TEXT, encoding="utf-8")
    return FakeLibrary(folder=tmp_path)


def test_an_answer_is_checked_against_the_files_and_cited(library):
    lines = f"How long?\n/verify\n/cite\n/cite text\n/verify {FOUR_YEARS.lower()}\n"
    status, out, _ = piped(lines, library)
    assert status == 0
    # The file was written anew for this test, so its hash is not the one that the fake document states.
    assert (
        out.split("\n\n> /verify\n")[1]
        == f"""\
{FOUR_YEARS}: How long?
[1] The file has changed, but the quotation is still in
    talks.txt, line 2

> /cite
> It was signed after four years of talks.
>
> — Talks, 16 May 2022, talks.txt, line 2 (Quoth `{FOUR_YEARS}`)

> /cite text
“It was signed after four years of talks.” (Talks, 16 May 2022, talks.txt, line 2; Quoth {FOUR_YEARS})

> /verify {FOUR_YEARS.lower()}
{FOUR_YEARS}: How long?
[1] The file has changed, but the quotation is still in
    talks.txt, line 2
"""
    )


def test_a_quotation_that_is_no_longer_in_the_file_is_said_to_be_gone(library, tmp_path):
    (tmp_path / "talks.txt").write_text("Round one was in May.\nIt was signed after five years.\n", encoding="utf-8")
    _, out, talk = piped("How long?\n/verify\n", library)
    assert CHANGED.format(file="talks.txt") in " ".join(out.split())
    assert " ".join(talk.split()).endswith(NOT_STANDING)


def test_bibtex_is_printed_line_by_line_however_narrow_the_terminal(library):
    _, out, _ = piped(f"How long?\n/cite {FOUR_YEARS} BibTeX\n", library)
    cited = out.split("BibTeX\n")[1].splitlines()
    assert (cited[0], cited[-1]) == (f"@misc{{quoth-{FOUR_YEARS}-1,", "}")
    assert any(len(line) > 60 for line in cited)


@pytest.mark.parametrize("typed", ["ZZZZZZZZ", "nonsense", "\x1b[2J"])
def test_an_unknown_receipt_is_said_to_be_none(typed, library):
    shown = typed.replace("\x1b", "␛")
    assert " ".join(piped(f"/verify {typed}\n", library)[2].split()) == NO_RECEIPT.format(id=shown, command="/verify")
