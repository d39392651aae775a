"""XML inside packed office files: parsed without entities, document types or network."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from lxml import etree

from retrieval.documents.elements import Metadata
from retrieval.documents.packed import Package
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError

_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)
"""Namespaces of "Strict Open XML", and those that every other file has for the same elements."""
_MAX_NODES = 20_000_000  # guess, untested: an element or attribute takes some 100 bytes once it is parsed
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True, slots=True)
class Relationship:
    """A part that another part of an Open XML file refers to; `kind` is the last word of its type ("footnotes")."""

    kind: str
    target: str


def parse(raw: bytes) -> etree._Element:
    """The root element. Raises DocumentError for broken XML, and for a document type, which could define entities."""
    if raw.count(b"<") + raw.count(b"=") > _MAX_NODES:
        raise DocumentError("it has too many parts to be held in memory; split it into several files")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    for strict, usual in _STRICT:
        raw = raw.replace(strict, usual)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(
            "the XML in it is damaged; open it in the program that made it and save it again"
        ) from error
    if root.getroottree().docinfo.doctype:
        raise DocumentError("the XML in it declares a document type, which no office program does; don't open it")
    return root


def relationships(package: Package, part: str) -> dict[str, Relationship]:
    """What a part ("" for the file itself) refers to inside the file, by the reference's id; nothing outside it."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in package:
        return {}
    found = {}
    for entry in parse(package.read(listing)):
        if entry.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, entry.get("Target", ""))).lstrip("/")
            found[entry.get("Id", "")] = Relationship(posixpath.basename(entry.get("Type", "")), target)
    return found


def core_properties(package: Package) -> Metadata:
    """Title, author (as the publisher) and keywords of an Open XML file. When it was made is not its date."""
    parts = [entry.target for entry in relationships(package, "").values() if entry.kind == "core-properties"]
    if not parts or parts[0] not in package:
        return Metadata()
    root = parse(package.read(parts[0]))
    keywords = re.split("[;,]", visible_line(root.findtext(f"{_CORE}keywords") or ""))
    return Metadata(
        title=visible_line(root.findtext(f"{_DUBLIN_CORE}title") or "") or None,
        publisher=visible_line(root.findtext(f"{_DUBLIN_CORE}creator") or "") or None,
        tags=tuple(word.strip() for word in keywords if word.strip()),
    )
