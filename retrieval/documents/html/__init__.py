"""Web pages (.html, .htm, .xhtml): the text of the page without what stands around it, such as menus."""

from __future__ import annotations

from retrieval.documents.elements import Extraction, ExtractionBuilder, ReadOptions
from retrieval.documents.html.blocks import BlockWriter
from retrieval.documents.html.charset import decode_page
from retrieval.documents.html.hidden import leave_out_hidden
from retrieval.documents.html.metadata import metadata_of, read_head
from retrieval.documents.html.page import main_text
from retrieval.documents.html.tree import parse_html


def read(raw: bytes, options: ReadOptions) -> Extraction:
    """The page's main text. Raises DocumentError."""
    decoded = decode_page(raw, options.encoding)
    page = parse_html(decoded.text, options.limits.unpacked_mb)
    head = read_head(page)
    leave_out_hidden(page.root)
    builder = ExtractionBuilder()
    writer = BlockWriter(builder)
    for node in main_text(page.root, head.site):
        writer.write(node)
    return builder.extraction(metadata_of(head, builder.extraction().elements), decoded.remarks)
