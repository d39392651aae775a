"""What building an index did and what verifying it found, as lines for a terminal or a log. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.plain_text import counted, visible

if TYPE_CHECKING:
    from retrieval.index.build import BuildReport
    from retrieval.index.verify import Check

LISTED = 10
"""How many files or passages of one kind are named, unless all are asked for."""


def report_lines(report: BuildReport, index: str, is_verbose: bool = False) -> Iterator[str]:
    """A line for each file that was added, changed, removed or skipped, the counts, and the files that are not read."""
    for name, files in (("added", report.added), ("changed", report.changed), ("removed", report.removed)):
        yield from (f"{name}: {visible(file)}" for file in files)
    yield from (f"note: {visible(f'{file}: {remark}')}" for file, remark in report.remarks)
    shown = report.skipped if is_verbose else report.skipped[:LISTED]
    yield from (f"skipped: {visible(f'{file}: {reason}')}" for file, reason in shown)
    if len(shown) < len(report.skipped):
        yield f"skipped: {_more(len(report.skipped) - len(shown))}"
    yield (
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{len(report.skipped)} skipped, {report.unchanged} unchanged; "
        f"{counted(report.passages, 'passage')} in {visible(index)}"
    )
    if report.not_read:
        yield _not_read(report.not_read, is_verbose)


def _not_read(files: Sequence[tuple[str, str]], is_verbose: bool) -> str:
    """ "Not read: 2 files: clip.mp4, photo.jpg (format not supported)"."""
    shown = files if is_verbose else files[:LISTED]
    by_reason: dict[str, list[str]] = {}
    for file, reason in shown:
        by_reason.setdefault(reason, []).append(visible(file))
    named = ", ".join(f"{', '.join(names)} ({reason})" for reason, names in by_reason.items())
    more = f", {_more(len(files) - len(shown))}" if len(shown) < len(files) else ""
    return f"Not read: {counted(len(files), 'file')}: {named}{more}"


def _more(number: int) -> str:
    return f"and {number:,} more (--verbose lists all)"


def change_lines(report: BuildReport) -> Iterator[str]:
    """One line for the files that changed in a folder that is watched, one for each that now can't be read, or none."""
    counts = {"added": report.added, "updated": report.changed, "removed": report.removed}
    changed = sum(map(len, counts.values()))
    if changed:
        parts = ", ".join(f"{len(files)} {name}" for name, files in counts.items() if files)
        yield f"{counted(changed, 'file')} changed: {parts}; {counted(report.passages, 'passage')}"
    yield from (f"skipped: {visible(f'{file}: {reason}')}" for file, reason in report.newly_skipped)


def check_lines(check: Check, is_verbose: bool = False) -> Iterator[str]:
    """What became of a document, and which of its passages; nothing for an unchanged one unless all are asked for."""
    if is_verbose and check.status == "unchanged":
        yield visible(f"{check.document}: unchanged")
    if check.detail:
        yield visible(f"{check.document}: {check.detail}")
    yield from (visible(f"{check.document}: {problem}") for problem in check.passage_problems)
    gone = [str(number) for number, stands in enumerate(check.standing, 1) if not stands]
    if gone:
        shown = gone if is_verbose else gone[:LISTED]
        more = f" {_more(len(gone) - len(shown))}" if len(shown) < len(gone) else ""
        yield visible(f"{check.document}: no longer in the file: passage {', '.join(shown)}{more}")
