"""OpenDocument texts, presentations and spreadsheets (.odt, .odp, .ods).

The XML is read as it is, with lxml and a parser that refuses document types. odfdo 3.27 was not used: it expands the
entities that a document type in the file declares (those outside the file it refuses).

    content.xml -> walk (lists, numbering) -> blocks (text, tables) -> Extraction
"""

from __future__ import annotations

from lxml import etree

from retrieval.documents.disguise import PROTECTED
from retrieval.documents.elements import Extraction, Limits, Metadata, ReadOptions
from retrieval.documents.office.opendocument.blocks import BlockWriter
from retrieval.documents.office.opendocument.slides import add_slide
from retrieval.documents.office.opendocument.styles import DRAW, OFFICE, TABLE, Styles, read_styles
from retrieval.documents.office.xml import parse
from retrieval.documents.packed import Package
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError

_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_MANIFEST = "META-INF/manifest.xml"


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The text of an OpenDocument file. Raises DocumentError."""
    package = Package(raw, options.limits)
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise DocumentError(PROTECTED)
    content = parse(package.read("content.xml"))
    roots = [parse(package.read("styles.xml"))] if "styles.xml" in package else []
    styles = read_styles([*roots, content])
    writer = _written(content, styles, options.limits)
    remarks = sum(1 for _ in content.iter(f"{OFFICE}annotation"))
    told = [f"{remarks} comment{'' if remarks == 1 else 's'} left out"] if remarks else []
    return writer.builder.extraction(_metadata(package), told)


def _written(content: etree._Element, styles: Styles, limits: Limits) -> BlockWriter:
    """A writer that has added the file's text, presentation or spreadsheet."""
    for body in content.iterfind(f"{OFFICE}body/{OFFICE}text"):
        writer = BlockWriter(styles, limits, has_places=True)
        writer.add_blocks(body)
        return writer
    writer = BlockWriter(styles, limits, has_places=False)
    for body in content.iterfind(f"{OFFICE}body/{OFFICE}presentation"):
        for number, slide in enumerate(_limited(body.findall(f"{DRAW}page"), "slides", limits), 1):
            writer.builder.begin_place("slide", str(number))
            add_slide(slide, writer)
        return writer
    for body in content.iterfind(f"{OFFICE}body/{OFFICE}spreadsheet"):
        for sheet in _limited(body.findall(f"{TABLE}table"), "sheets", limits):
            writer.add_sheet(sheet)
        return writer
    raise DocumentError("it holds no text, presentation or spreadsheet; save it as .odt, .odp or .ods")


def _limited(found: list[etree._Element], what: str, limits: Limits) -> list[etree._Element]:
    if len(found) > limits.pages:
        raise DocumentError(f"it has more than {limits.pages} {what}; raise the limit with --max-pages")
    return found


def _metadata(package: Package) -> Metadata:
    """Title, author (as the publisher) and keywords. When the file was made is not its date."""
    if "meta.xml" not in package:
        return Metadata()
    meta = parse(package.read("meta.xml")).find(f"{OFFICE}meta")
    if meta is None:
        return Metadata()
    author = meta.findtext(f"{_META}initial-creator") or meta.findtext(f"{_DUBLIN_CORE}creator") or ""
    keywords = (visible_line(found.text or "") for found in meta.iterfind(f"{_META}keyword"))
    return Metadata(
        title=visible_line(meta.findtext(f"{_DUBLIN_CORE}title") or "") or None,
        publisher=visible_line(author) or None,
        tags=tuple(keyword for keyword in keywords if keyword),
    )
