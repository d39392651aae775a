"""A book's package: the files that hold its text, in reading order, its table of contents and its metadata.

META-INF/container.xml names the package file (OPF), which lists all files (the manifest) and the order in which they
are read (the spine). The table of contents is a page with a <nav> (EPUB 3) or an NCX file (EPUB 2).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree

from retrieval.documents.elements import Limits, Metadata
from retrieval.documents.html.charset import decode_page
from retrieval.documents.html.inline import line_of
from retrieval.documents.html.metadata import iso_date
from retrieval.documents.html.tree import Node, parse_html
from retrieval.documents.packed import Package
from retrieval.documents.visible import visible_line
from retrieval.errors import DocumentError

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"})
_NCX = "application/x-dtbncx+xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF_EVENT = "{http://www.idpf.org/2007/opf}event"
_DAMAGED = "the book is damaged: {} is missing or broken; open it in an e-book program and save it again"
_ENCRYPTED = "its text is encrypted (DRM), so only the program it was bought for can read it; get a copy without DRM"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the table of contents: where in its file the chapter begins ("" for the file's start)."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Book:
    """The paths of a book's pages in reading order, without its table of contents, whose entries are by path."""

    spine: tuple[str, ...]
    contents: Mapping[str, tuple[Entry, ...]]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book, as the package file lists it."""

    path: str
    media_type: str
    is_navigation: bool


def read_book(package: Package, limits: Limits) -> Book:
    """Raises DocumentError: no book, encrypted text, or more chapters than the limit."""
    opf_path = _package_path(package)
    opf = _xml(package, opf_path)
    items = _manifest(opf, opf_path)
    spine = [
        items[ref]
        for ref in (entry.get("idref", "") for entry in opf.iterfind(".//{*}spine/{*}itemref"))
        if ref in items
    ]
    pages = {item.path: None for item in spine if item.media_type in _PAGES and not item.is_navigation}
    if not pages:
        raise DocumentError(_DAMAGED.format(f"the list of chapters in {opf_path}"))
    if _encrypted(package) & pages.keys():
        raise DocumentError(_ENCRYPTED)
    if len(pages) > limits.pages:
        raise DocumentError(
            f"it has {len(pages):,} chapters, and the limit is {limits.pages:,}; raise it with --max-pages"
        )
    contents = _contents(package, items.values(), limits)
    for reference in opf.iterfind(".//{*}guide/{*}reference"):
        if reference.get("type") == "toc" and len(pages) > 1:
            pages.pop(_path(opf_path, reference.get("href", "")), None)
    return Book(tuple(pages), contents, _metadata(opf))


def _package_path(package: Package) -> str:
    """The path of the package file, also in a book that lost its container file."""
    if _CONTAINER not in package:
        return next((name for name in package.names if name.endswith(".opf")), _CONTAINER)
    rootfile = _xml(package, _CONTAINER).find(".//{*}rootfile")
    return _path("", rootfile.get("full-path", "")) if rootfile is not None else ""


def _xml(package: Package, path: str) -> etree._Element:
    """The root element of an XML file, broken XML as far as it can be read; entities stay as they are written."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    if path not in package:
        raise DocumentError(_DAMAGED.format(path or "the package file"))
    try:
        root = etree.fromstring(package.read(path), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(_DAMAGED.format(path)) from error
    if root is None:
        raise DocumentError(_DAMAGED.format(path))
    return root


def _path(base: str, address: str) -> str:
    """The path in the zip that an address in the file `base` leads to; "" for addresses outside the book."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))


def _fragment(address: str) -> str:
    return unquote(address.partition("#")[2])


def _manifest(opf: etree._Element, opf_path: str) -> dict[str, _Item]:
    items = {}
    for item in opf.iterfind(".//{*}manifest/{*}item"):
        path = _path(opf_path, item.get("href", ""))
        items[item.get("id", "")] = _Item(path, item.get("media-type", ""), "nav" in item.get("properties", "").split())
    return items


def _encrypted(package: Package) -> set[str]:
    """The paths of the book's encrypted files; fonts are in nearly every list, and no reason to refuse a book."""
    if _ENCRYPTION not in package:
        return set()
    references = _xml(package, _ENCRYPTION).iterfind(".//{*}CipherReference")
    return {_path("", reference.get("URI", "")) for reference in references}


def _metadata(opf: etree._Element) -> Metadata:
    """Title, authors as publisher, and the date of publication."""
    titles = [visible_line("".join(title.itertext())) for title in opf.iter(f"{_DC}title")]
    authors = [visible_line("".join(author.itertext())) for author in opf.iter(f"{_DC}creator")]
    dates = [
        iso_date("".join(date.itertext()))
        for date in opf.iter(f"{_DC}date")
        if date.get(_OPF_EVENT, "publication") in ("publication", "original-publication")
    ]
    return Metadata(
        title=next(filter(None, titles), None),
        publisher=", ".join(filter(None, authors)) or None,
        date=next(filter(None, dates), None),
    )


def _contents(package: Package, items: Iterable[_Item], limits: Limits) -> dict[str, tuple[Entry, ...]]:
    """The entries of the table of contents by file; empty without one. Of a file's entries only the highest count."""
    listed = [item for item in items if item.path in package]
    navigation = next((item.path for item in listed if item.is_navigation), None)
    ncx = next((item.path for item in listed if item.media_type == _NCX), None)
    found = list(_nav_entries(package, navigation, limits)) if navigation else []
    if not found and ncx:
        found = list(_ncx_entries(package, ncx))
    highest: dict[str, int] = {}
    for path, depth, _ in found:
        highest[path] = min(depth, highest.get(path, depth))
    entries: dict[str, list[Entry]] = {}
    for path, depth, entry in found:
        if depth == highest[path]:
            entries.setdefault(path, []).append(entry)
    return {path: tuple(those) for path, those in entries.items()}


def _nav_entries(package: Package, path: str, limits: Limits) -> Iterator[tuple[str, int, Entry]]:
    """The links of <nav epub:type="toc">, each with the path it leads to and its depth."""
    root = parse_html(decode_page(package.read(path), None).text, limits.unpacked_mb).root
    navs = [node for node in root.walk() if node.tag == "nav"]
    nav: Node = next((node for node in navs if "toc" in node.words("epub:type")), root)
    for link in nav.walk():
        if link.tag == "a" and line_of(link) and _path(path, link.get("href")):
            depth = sum(above.tag == "ol" for above in link.ancestors())
            yield _path(path, link.get("href")), depth, Entry(_fragment(link.get("href")), line_of(link))


def _ncx_entries(package: Package, path: str) -> Iterator[tuple[str, int, Entry]]:
    for point in _xml(package, path).iter("{*}navPoint"):
        title = visible_line(point.findtext("{*}navLabel/{*}text") or "")
        content = point.find("{*}content")
        address = content.get("src", "") if content is not None else ""
        if title and _path(path, address):
            depth = sum(1 for _ in point.iterancestors("{*}navPoint"))
            yield _path(path, address), depth, Entry(_fragment(address), title)
