"""EPUB books, made from their chapters."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
METADATA = """<dc:title>The Salt Road</dc:title><dc:creator>Ida Brand</dc:creator><dc:creator>Jon Osei</dc:creator>
<dc:date xmlns:opf="http://www.idpf.org/2007/opf" opf:event="modification">2020-01-01</dc:date>
<dc:date>2011-05-02T00:00:00Z</dc:date>"""
NAV = '<nav epub:type="landmarks"><ol><li><a href="x">Start</a></li></ol></nav><nav epub:type="toc"><ol>{}</ol></nav>'


def page(body: str) -> str:
    """An XHTML page with this body."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'
    )


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def book_files(
    chapters: Mapping[str, str], contents: Mapping[str, str] | None = None, *, is_ncx: bool = False
) -> dict[str, str | bytes]:
    """The files of a book: `chapters` are bodies by file name, `contents` titles by address, of nav.xhtml or an NCX."""
    files: dict[str, str | bytes] = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    items = [
        f'<item id="c{number}" href={quoteattr(name)} media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    ]
    order = [f'<itemref idref="c{number}"/>' for number in range(len(chapters))]
    files |= {f"OEBPS/{name}": page(body) for name, body in chapters.items()}
    if contents is not None and is_ncx:
        items.append('<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>')
        points = "".join(
            f"<navPoint><navLabel><text>{escape(title)}</text></navLabel><content src={quoteattr(address)}/></navPoint>"
            for address, title in contents.items()
        )
        files["OEBPS/toc.ncx"] = (
            '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
            f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'
        )
    elif contents is not None:
        items.append('<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>')
        order.insert(0, '<itemref idref="nav"/>')
        links = "".join(
            f"<li><a href={quoteattr(address)}>{escape(title)}</a></li>" for address, title in contents.items()
        )
        files["OEBPS/nav.xhtml"] = page(NAV.format(links))
    files["OEBPS/book.opf"] = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{METADATA}</metadata>'
        f'<manifest>{"".join(items)}</manifest><spine toc="ncx">{"".join(order)}</spine></package>'
    )
    return files


def book(chapters: Mapping[str, str], contents: Mapping[str, str] | None = None, *, is_ncx: bool = False) -> bytes:
    """The bytes of such a book."""
    return packed(book_files(chapters, contents, is_ncx=is_ncx))
