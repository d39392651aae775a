"""The comments on the cells of a sheet: notes, and the threads of newer Excel files."""

from __future__ import annotations

import re

from retrieval.documents.office.xml import parse, relationships
from retrieval.documents.packed import Package
from retrieval.documents.visible import visible_line

_CELL = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_Comment = tuple[tuple[int, int, str], str]  # row, length of the column's name, its name; text


def comments_of(package: Package, part: str) -> list[tuple[int, str]]:
    """The row, counted from 1, and the text of each comment on the sheet in `part`, from top to bottom."""
    threads = _comments(package, part, "threadedComment", "threadedComment")
    threaded = {cell for cell, _ in threads}  # each has a note too, which only says that older programs can't show it
    notes = [note for note in _comments(package, part, "comments", "comment") if note[0] not in threaded]
    return [(cell[0], text) for cell, text in sorted(threads + notes, key=lambda comment: comment[0])]


def _comments(package: Package, part: str, kind: str, tag: str) -> list[_Comment]:
    """The comments in parts of this kind that have text and a cell, in the order of the file."""
    found: list[_Comment] = []
    for entry in relationships(package, part).values():
        if entry.kind != kind or entry.target not in package:
            continue
        for comment in parse(package.read(entry.target)).iter(f"{{*}}{tag}"):
            cell = _CELL.fullmatch(comment.get("ref", ""))
            text = visible_line("".join(piece for lines in comment.iterfind("{*}text") for piece in lines.itertext()))
            if cell and text:
                found.append(((int(cell[2]), len(cell[1]), cell[1]), text))
    return found
