"""The lines about a build and a check."""

from __future__ import annotations

from dataclasses import replace

from bot.index_report import change_lines, check_lines, report_lines
from retrieval.index.build import BuildReport
from retrieval.index.verify import Check

NOTHING = BuildReport(
    added=(), changed=(), removed=(), unchanged=3, skipped=(), newly_skipped=(), not_read=(), remarks=(), passages=42
)
COUNTS = "0 added, 0 changed, 0 removed, {skipped} skipped, 3 unchanged; 42 passages in index"


def unsupported(number: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"{name}.jpg", "format not supported") for name in range(number))


def test_files_that_are_not_read_are_named_by_reason_and_counted():
    report = replace(NOTHING, not_read=(("a.jpg", "no"), ("b", "a link"), ("c.mp4", "no")))
    assert list(report_lines(report, "index")) == [
        COUNTS.format(skipped=0),
        "Not read: 3 files: a.jpg, c.mp4 (no), b (a link)",
    ]
    assert list(report_lines(replace(NOTHING, not_read=(("a\n.jpg", "no"),)), "index"))[1] == (
        "Not read: 1 file: a .jpg (no)"
    )


def test_ten_files_that_are_not_read_are_named_and_all_where_that_is_asked_for():
    report = replace(NOTHING, not_read=unsupported(12))
    named = ", ".join(f"{number}.jpg" for number in range(10))
    assert list(report_lines(report, "index"))[-1] == (
        f"Not read: 12 files: {named} (format not supported), and 2 more (--verbose lists all)"
    )
    assert list(report_lines(report, "index", is_verbose=True))[-1].endswith("10.jpg, 11.jpg (format not supported)")


def test_ten_skipped_files_are_named_and_all_where_that_is_asked_for():
    report = replace(NOTHING, skipped=tuple((f"{number}.txt", "no text in it") for number in range(12)))
    lines = list(report_lines(report, "index"))
    assert lines[9:] == ["skipped: 9.txt: no text in it", "skipped: and 2 more (--verbose lists all)", lines[-1]]
    assert lines[-1] == COUNTS.format(skipped=12)
    assert len(list(report_lines(report, "index", is_verbose=True))) == 13


def test_a_remark_on_a_file_is_a_note():
    report = replace(NOTHING, remarks=(("scan.pdf", "page 3 has no text"),))
    assert next(report_lines(report, "index")) == "note: scan.pdf: page 3 has no text"


def test_a_change_is_one_line_with_the_counts_that_are_not_zero():
    report = replace(NOTHING, added=("a", "b"), removed=("c",))
    assert list(change_lines(report)) == ["3 files changed: 2 added, 1 removed; 42 passages"]
    assert list(change_lines(replace(NOTHING, changed=("a",)))) == ["1 file changed: 1 updated; 42 passages"]
    assert list(change_lines(NOTHING)) == []


def test_a_change_tells_of_a_file_that_now_can_not_be_read():
    report = replace(NOTHING, skipped=(("a", "x"), ("b", "y")), newly_skipped=(("b", "y"),))
    assert list(change_lines(report)) == ["skipped: b: y"]


def test_a_check_names_the_passages_that_no_longer_stand():
    check = Check("a.txt", "changed", "changed", standing=(True, False, *[True] * 2, *[False] * 12))
    assert list(check_lines(check)) == [
        "a.txt: changed",
        "a.txt: no longer in the file: passage 2, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 3 more (--verbose lists all)",
    ]
    assert list(check_lines(check, is_verbose=True))[1].endswith("13, 14, 15, 16")


def test_an_unchanged_document_is_named_only_where_all_are_asked_for():
    check = Check("a.txt", "unchanged")
    assert list(check_lines(check)) == []
    assert list(check_lines(check, is_verbose=True)) == ["a.txt: unchanged"]
