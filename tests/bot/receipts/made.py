"""A receipt over files of a test's own making, and the folder they are in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.receipts.check import CheckedCitation, check_notes, check_receipt
from bot.receipts.receipt import Cited, Receipt
from retrieval.documents.elements import Limits
from retrieval.documents.read import read_document
from retrieval.schema import Citation
from retrieval.spans import line_range, quote_spans


@dataclass(frozen=True)
class Folder:
    """A folder of documents, as an index was built from it."""

    path: Path

    def docs(self) -> Path:
        return self.path

    def limits(self) -> Limits:
        return Limits()


def cited(folder: Path, name: str, *quotations: str, number: int = 1) -> Cited:
    """The citation of these words, which stand in the file now, each of them once."""
    document = read_document(name, (folder / name).read_bytes()).document
    spans = tuple((at := document.text.index(words), at + len(words)) for words in quotations)
    citation = Citation(
        number=number,
        document=name,
        title=document.title,
        date=document.date,
        section=None,
        spans=spans,
        lines=line_range(document.text, spans),
        quote=quote_spans(document.text, spans),
        place=document.place_of(spans[0][0]),
    )
    return Cited(citation, document.sha256)


def receipt(*citations: Cited) -> Receipt:
    return Receipt("7F3K9Q2M", "When was it?", 1_700_000_000, citations)


def checked(folder: Path, *citations: Cited) -> list[CheckedCitation]:
    return check_receipt(receipt(*citations), Folder(folder))


def said(folder: Path, *citations: Cited) -> list[str]:
    """The lines that a check of these citations gives."""
    return [note.line() for check in checked(folder, *citations) for note in check_notes(check)]
