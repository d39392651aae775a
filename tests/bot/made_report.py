"""A PDF file of two pages in a folder of documents, and a citation of its second page."""

from dataclasses import replace
from pathlib import Path

from retrieval.documents.read import read_document
from retrieval.schema import Citation, Document
from retrieval.spans import line_range
from tests.retrieval.documents.pdf.made_pdf import BRIDGES, FERRIES, LEFT, Drawing

NAME, QUOTE, PAGE = "ferries.pdf", "It took thirty people and one cart.", 2


def report(*pages: str) -> bytes:
    drawing = Drawing()
    for text in pages:
        drawing.wrapped(LEFT, 100, text)
        drawing.page()
    return drawing.file()


REPORT = report(BRIDGES, FERRIES)
CHANGED_REPORT = report(FERRIES, BRIDGES)


def write_report(folder: Path, content: bytes = REPORT) -> Document:
    """The document in the file, which is written."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(content)
    return read_document(NAME, content).document


def cited(document: Document, number: int = 1) -> Citation:
    """A citation of QUOTE in the document."""
    start = document.text.index(QUOTE)
    spans = ((start, start + len(QUOTE)),)
    lines, place = line_range(document.text, spans), document.place_of(start)
    citation = Citation(number, NAME, "Ferries", None, None, spans, lines, QUOTE, (8, 21))
    return replace(citation, place=place)
