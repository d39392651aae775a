"""Whether the files still say what a receipt cites: read from the disk now, as they were read for the index."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from bot.plain_text import excerpt, line_spans
from bot.receipts.quotation import find_quotation
from bot.receipts.receipt import Cited, Receipt
from bot.receipts.wording import CHANGED, CLOSEST_LINE, GONE, MOVED, STILL_THERE, UNCHANGED, UNREADABLE, located
from retrieval.documents.elements import Limits
from retrieval.documents.files import list_files, read_file
from retrieval.documents.read import read_document
from retrieval.documents.sections import ParsedDocument
from retrieval.documents.sources import read_sources
from retrieval.errors import DocumentError, QuothError
from retrieval.schema import Citation, Note
from retrieval.spans import Span, line_range, quote_spans
from retrieval.text import words

CheckStatus = Literal["unchanged", "moved", "changed", "gone", "unreadable"]
STANDING: frozenset[CheckStatus] = frozenset({"unchanged", "moved"})
"""The statuses of a citation whose words the files still have."""
_SEARCHED_MB = 20  # guess: some seconds of reading, where a file is gone and others of its kind may have its words
_LINE_CHARS = 200


class Indexed(Protocol):
    """The folder that an index was built from: a Library, or the library of a chat."""

    def docs(self) -> Path:
        """The folder of the documents."""

    def limits(self) -> Limits:
        """The largest files that are read."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document's text; numbers count from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """What became of a citation since it was shown.

    `now` is the citation where it stands now, None unless its status is "unchanged" or "moved". `closest` is the line
    of the changed file that has most words of the quotation, None where no line has any. `reason` says why a file can't
    be read, "" for any other status.
    """

    cited: Citation
    status: CheckStatus
    now: Citation | None = None
    closest: Line | None = None
    reason: str = ""


def check_receipt(receipt: Receipt, library: Indexed) -> list[CheckedCitation]:
    """What became of each citation, in the order of the receipt."""
    folder = _Folder(library.docs(), library.limits())
    return [_check(cited, folder) for cited in receipt.citations]


def is_standing(checks: Sequence[CheckedCitation]) -> bool:
    """Whether the files still have every quotation."""
    return all(check.status in STANDING for check in checks)


def check_notes(checked: CheckedCitation, located: Callable[[Citation], str] = located) -> list[Note]:
    """What a check found, as one or two lines; `located` gives the document and the place of a citation in words."""
    cited = checked.cited
    if checked.now:
        is_there = _beginning(checked.now) == _beginning(cited)
        moved = STILL_THERE if is_there else MOVED
        return [Note(UNCHANGED if checked.status == "unchanged" else moved, {"where": located(checked.now)})]
    file = {"file": cited.document}
    if checked.status == "unreadable":
        return [Note(UNREADABLE, file | {"reason": checked.reason})]
    if checked.status == "gone":
        return [Note(GONE, file)]
    closest = checked.closest
    values = {"number": str(closest.number), "line": excerpt(closest.text, _LINE_CHARS)} if closest else {}
    return [Note(CHANGED, file), *([Note(CLOSEST_LINE, values)] if closest else [])]


def _beginning(citation: Citation) -> tuple[str, int]:
    return citation.document, citation.spans[0][0] if citation.spans else 0


def _check(cited: Cited, folder: _Folder) -> CheckedCitation:
    citation = cited.citation
    here: ParsedDocument | None = None
    reason = ""
    if folder.has(citation.document):
        try:
            here = folder.read(citation.document)
        except QuothError as error:
            reason = str(error)
    if here and (spans := _spans_now(citation, here)) is not None:
        is_same = here.document.sha256 == cited.sha256 and spans == citation.spans
        return CheckedCitation(citation, "unchanged" if is_same else "moved", _standing(citation, here, spans))
    elsewhere = _elsewhere(cited, folder, is_gone=here is None and not reason)
    if elsewhere:
        return CheckedCitation(citation, "moved", elsewhere)
    if reason:
        return CheckedCitation(citation, "unreadable", reason=reason)
    if here is None:
        return CheckedCitation(citation, "gone")
    return CheckedCitation(citation, "changed", closest=_closest_line(citation.quote, here.document.text))


def _spans_now(citation: Citation, parsed: ParsedDocument) -> tuple[Span, ...] | None:
    """Where the quotation stands in a document, where it stood if it still does; None where it is not in it."""
    text = parsed.document.text
    if quote_spans(text, citation.spans) == citation.quote:
        return citation.spans
    return find_quotation(citation.quote, parsed, near=citation.spans[0][0] if citation.spans else 0)


def _standing(citation: Citation, parsed: ParsedDocument, spans: tuple[Span, ...]) -> Citation:
    """The citation as it would be given now."""
    document = parsed.document
    if not spans:  # it quotes nothing
        return replace(citation, document=document.doc_id)
    return replace(
        citation,
        document=document.doc_id,
        spans=spans,
        lines=line_range(document.text, spans),
        place=document.place_of(spans[0][0]),
    )


def _elsewhere(cited: Cited, folder: _Folder, is_gone: bool) -> Citation | None:
    """The citation in another file: one with the same bytes, else, where its own is gone, one that has its words."""
    citation = cited.citation
    for name in folder.named(cited.sha256):
        with suppress(QuothError):
            parsed = folder.read(name)
            if (spans := _spans_now(citation, parsed)) is not None:
                return _standing(citation, parsed, spans)
    for name in folder.like(citation.document) if is_gone and citation.quote else ():
        with suppress(QuothError):
            parsed = folder.read(name)
            if (spans := find_quotation(citation.quote, parsed, near=0)) is not None:
                return _standing(citation, parsed, spans)
    return None


def _closest_line(quote: str, text: str) -> Line | None:
    """The line that shares most words with the quotation, weighed against its other words; the first of several."""
    wanted = {word for word, _ in words(quote)}
    best, closest = 0.0, None
    for number, span in enumerate(line_spans(text), 1):
        line = text[slice(*span)]
        found = {word for word, _ in words(line)}
        shared = len(wanted & found)
        if shared and (score := 2 * shared / (len(wanted) + len(found))) > best:
            best, closest = score, Line(number, line)
    return closest


class _Folder:
    """The files of a folder as they are now, each read once."""

    def __init__(self, docs: Path, limits: Limits) -> None:
        self._docs, self._limits = docs, limits
        self._stated: dict[str, dict[str, str]] = {}
        with suppress(QuothError):  # then the files are read without what it states
            self._stated = read_sources(docs)
        self.read = cache(self._read)
        self._hashes = cache(self._hash_all)

    def has(self, name: str) -> bool:
        """Whether there is such a file; also where we may not look, because reading it will say so."""
        try:
            return (self._docs / name).exists()
        except OSError:
            return True

    def _read(self, name: str) -> ParsedDocument:
        raw, _ = read_file(self._docs / name, self._limits.file_mb)
        return read_document(name, raw, self._stated.get(name), self._limits)

    def named(self, sha256: str) -> list[str]:
        """The files with that hash."""
        return [name for name, found in self._hashes().items() if found == sha256]

    def like(self, name: str) -> list[str]:
        """The files of the same format, in the order of their paths, as many as are read in some seconds."""
        found, left = [], _SEARCHED_MB * 1_000_000
        for other in self._files():
            if Path(other).suffix.lower() == Path(name).suffix.lower():
                with suppress(OSError):
                    left -= (self._docs / other).stat().st_size
                    if left >= 0:
                        found.append(other)
        return found

    def _hash_all(self) -> dict[str, str]:
        found = {}
        for name in self._files():
            with suppress(QuothError):
                found[name] = hashlib.sha256(read_file(self._docs / name, self._limits.file_mb)[0]).hexdigest()
        return found

    def _files(self) -> list[str]:
        try:
            return [path.relative_to(self._docs).as_posix() for path in list_files(self._docs)]
        except DocumentError:  # the folder is gone, and all of its files with it
            return []
