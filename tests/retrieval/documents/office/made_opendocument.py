"""Small OpenDocument files: their XML as a test writes it, with what every file has around it."""

from __future__ import annotations

from tests.retrieval.documents.office.made_word import zip_file

_URN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{_URN}:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("presentation", "presentation"),
        ("svg", "svg-compatible"),
        ("meta", "meta"),
    )
)
_NAMESPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'


def open_document(body: str, *, kind: str = "text", styles: str = "", meta: str = "", **members: str) -> bytes:
    """A file of this kind ("text", "presentation", "spreadsheet") with this XML in its body and among its styles."""
    content = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}"
    return zip_file(
        {
            "content.xml": f"<office:document-content {_NAMESPACES}>{content}</office:{kind}></office:body>"
            "</office:document-content>",
            "meta.xml": f"<office:document-meta {_NAMESPACES}><office:meta>{meta}</office:meta></office:document-meta>",
        }
        | {name.replace("__", "/") + ".xml": content for name, content in members.items()}
    )


def p(content: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{content}</text:p>'


def h(content: str, level: int) -> str:
    return f'<text:h text:outline-level="{level}">{content}</text:h>'


def items(*contents: str, style: str = "", attributes: str = "") -> str:
    """A list; what is no XML is an item of one paragraph."""
    inner = "".join(
        content if content.startswith("<text:list-") else f"<text:list-item>{_block(content)}</text:list-item>"
        for content in contents
    )
    named = f'text:style-name="{style}"' if style else ""
    return f"<text:list {named} {attributes}>{inner}</text:list>"


def table(*rows: str, name: str = "") -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    """A row; what is no cell yet is put into one."""
    inner = "".join(cell if cell.startswith("<table:") else td(cell) for cell in cells)
    return f"<table:table-row {attributes}>{inner}</table:table-row>"


def td(content: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{_block(content) if content else ''}</table:table-cell>"


def _block(content: str) -> str:
    return content if content.startswith("<") else p(content)
