"""What a check of a receipt says after each thing that may happen to a file."""

from __future__ import annotations

import pytest

from bot.receipts.check import check_notes, check_receipt, is_standing
from bot.receipts.receipt import receipt_of
from tests.bot.receipts.made import checked, cited, said
from tests.conftest import write_corpus
from tests.retrieval.documents.pdf.made_pdf import Drawing

LETTER = "Dear all,\n\nThe pier was rebuilt in 1871.\nIt has 14 lamps.\n\nYours, Ada\n"
PIER = "The pier was rebuilt in 1871."


@pytest.fixture
def folder(tmp_path):
    return write_corpus(tmp_path / "docs", {"letter.txt": LETTER, "other.txt": "Nothing of interest.\n"})


def pdf(*pages: str) -> bytes:
    """A PDF with one line on each page."""
    drawing = Drawing()
    for line in pages:
        drawing.line(72, 100, line)
        drawing.page()
    return drawing.file()


def test_a_file_that_nobody_touched_is_unchanged(folder):
    assert said(folder, cited(folder, "letter.txt", PIER)) == ["Unchanged: letter.txt, line 3"]


def test_text_added_above_moves_the_quotation(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "letter.txt").write_text(f"A new line.\n\n{LETTER}", encoding="utf-8")
    (check,) = checked(folder, pier)
    assert (check.status, check.now.spans, check.now.lines) == ("moved", ((24, 53),), (5, 5))
    assert said(folder, pier) == ["Moved: now in letter.txt, line 5"]


def test_text_added_below_leaves_the_quotation_where_it_is(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "letter.txt").write_text(f"{LETTER}P.S. Thanks!\n", encoding="utf-8")
    assert [check.status for check in checked(folder, pier)] == ["moved"]
    assert said(folder, pier) == ["The file has changed, but the quotation is still in letter.txt, line 3"]


def test_a_line_wrapped_elsewhere_is_no_change(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "letter.txt").write_text(LETTER.replace("was rebuilt", "was\n  rebuilt"), encoding="utf-8")
    assert said(folder, pier) == ["The file has changed, but the quotation is still in letter.txt, lines 3–4"]


def test_a_changed_word_is_a_change_and_the_closest_line_is_shown(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "letter.txt").write_text(LETTER.replace("1871", "1872"), encoding="utf-8")
    assert said(folder, pier) == [
        "Changed: the quotation is no longer in letter.txt",
        "Line 3 comes closest now: “The pier was rebuilt in 1872.”",
    ]


@pytest.mark.parametrize(("before", "after"), [("1.5", "15"), ("is", "isn't"), ("May", "may")])
def test_a_changed_sign_is_a_change(folder, before, after):
    (folder / "letter.txt").write_text("On 3 May it is 1.5 metres deep.\n", encoding="utf-8")
    depth = cited(folder, "letter.txt", "On 3 May it is 1.5 metres deep.")
    (folder / "letter.txt").write_text("On 3 May it is 1.5 metres deep.\n".replace(before, after), encoding="utf-8")
    assert [check.status for check in checked(folder, depth)] == ["changed"]


def test_a_file_without_any_of_the_words_has_no_closest_line(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "letter.txt").write_text("Something else\n", encoding="utf-8")
    assert said(folder, pier) == ["Changed: the quotation is no longer in letter.txt"]


def test_a_renamed_file_is_found_by_its_content(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "post").mkdir()
    (folder / "letter.txt").rename(folder / "post/ada.txt")
    assert said(folder, pier) == ["Moved: now in post/ada.txt, line 3"]


def test_a_file_renamed_and_edited_is_found_by_its_words(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "letter.txt").unlink()
    (folder / "ada.txt").write_text(f"Edited.\n\n{LETTER}", encoding="utf-8")
    assert said(folder, pier) == ["Moved: now in ada.txt, line 5"]


def test_two_files_that_changed_names_are_both_found(folder):
    pier, other = cited(folder, "letter.txt", PIER), cited(folder, "other.txt", "Nothing of interest.")
    (folder / "letter.txt").rename(folder / "third.txt")
    (folder / "other.txt").rename(folder / "letter.txt")
    (folder / "third.txt").rename(folder / "other.txt")
    assert said(folder, pier, other) == ["Moved: now in other.txt, line 3", "Moved: now in letter.txt, line 1"]


def test_a_deleted_file_is_gone(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "letter.txt").unlink()
    assert said(folder, pier) == ["Gone: there is no file letter.txt any more"]


def test_a_deleted_folder_takes_its_files_along(folder):
    pier = cited(folder, "letter.txt", PIER)
    folder.rename(folder.with_name("away"))
    assert [check.status for check in checked(folder, pier)] == ["gone"]


def test_a_file_that_no_longer_is_readable_says_why(folder):
    pier = cited(folder, "letter.txt", PIER)
    (folder / "letter.txt").write_bytes(b"")
    assert said(folder, pier) == ["Not checked: letter.txt can't be read (there is no text in it)"]


def test_each_citation_of_a_receipt_is_checked(folder):
    pier, other = cited(folder, "letter.txt", PIER), cited(folder, "other.txt", "Nothing of interest.", number=2)
    (folder / "other.txt").unlink()
    checks = checked(folder, pier, other)
    assert [(check.cited.number, check.status) for check in checks] == [(1, "unchanged"), (2, "gone")]
    assert not is_standing(checks)
    assert is_standing(checks[:1])


def test_a_quotation_in_two_parts_moves_with_both(folder):
    both = cited(folder, "letter.txt", PIER, "Yours, Ada")
    assert both.citation.quote == "The pier was rebuilt in 1871. […] Yours, Ada"
    (folder / "letter.txt").write_text(f"Hello!\n\n{LETTER}", encoding="utf-8")
    assert said(folder, both) == ["Moved: now in letter.txt, lines 5–8"]
    (folder / "letter.txt").write_text(LETTER.replace("Ada", "Eve"), encoding="utf-8")
    assert [check.status for check in checked(folder, both)] == ["changed"]


def test_of_several_places_the_nearest_counts(folder):
    above = [f"{number}. A line of the text." for number in range(1, 10)]
    (folder / "letter.txt").write_text("\n".join([*above, "Yes, it is."]), encoding="utf-8")
    last = cited(folder, "letter.txt", "Yes, it is.")
    (folder / "letter.txt").write_text("\n".join(["Yes, it is.", *above, "New.", "Yes, it is."]), encoding="utf-8")
    assert said(folder, last) == ["Moved: now in letter.txt, line 12"]


def test_the_place_in_a_pdf_is_its_page(folder):
    (folder / "plan.pdf").write_bytes(pdf("The first page is short.", PIER))
    pier = cited(folder, "plan.pdf", PIER)
    assert said(folder, pier) == ["Unchanged: plan.pdf, page 2"]
    (folder / "plan.pdf").write_bytes(pdf("The first page is short.", "A new page.", PIER))
    assert said(folder, pier) == ["Moved: now in plan.pdf, page 3"]


def test_markup_between_the_words_is_no_change(folder):
    (folder / "note.md").write_text("# Piers\n\nSee: the pier was **rebuilt** in 1871.\n", encoding="utf-8")
    plain = cited(folder, "note.md", "the pier was", "rebuilt", "in 1871.")
    assert plain.citation.quote == "the pier was rebuilt in 1871."
    text = "# Piers\n\nToday:\n\nSee: the pier was [rebuilt](https://example.org/pier) in 1871.\n"
    (folder / "note.md").write_text(text, encoding="utf-8")
    assert said(folder, plain) == ["Moved: now in note.md, line 5"]


def test_an_answer_of_a_library_is_checked_over_its_folder(told, docs):
    receipt = receipt_of(told.ask("When was the harbour opened?"), str, 5)
    (check,) = check_receipt(receipt, told)
    assert [note.line() for note in check_notes(check)] == ["Unchanged: harbour.txt, line 3"]
