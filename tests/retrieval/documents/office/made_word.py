"""Small Word files: their XML as a test writes it, with what every file has around it."""

from __future__ import annotations

import io
import zipfile

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOTS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "header": "hdr",
    "footer": "ftr",
}


def word_file(body: str, **parts: str) -> bytes:
    """A Word file with this XML in its body, and in the parts named as their relationships ("styles").

    Of parts that are not Word's own, such as "chart", the XML is given with its root.
    """
    links = "".join(f'<Relationship Id="{part}" Type="{_OFFICE}/{part}" Target="{part}.xml"/>' for part in parts)
    members = {
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="a" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">{links}</Relationships>',
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    for part, content in parts.items():
        root = _ROOTS.get(part)
        members[f"word/{part}.xml"] = f"<w:{root} {_NAMESPACES}>{content}</w:{root}>" if root else content
    return zip_file(members)


def zip_file(members: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def p(*runs: str, style: str = "", numbered: tuple[int, int] | None = None, properties: str = "") -> str:
    """A paragraph of runs; a run that is no XML is plain text. `numbered` is a list's id and the level in it."""
    stated = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbered:
        stated += f'<w:numPr><w:ilvl w:val="{numbered[1]}"/><w:numId w:val="{numbered[0]}"/></w:numPr>'
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{stated}{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """A row of cells; a cell that is no XML is plain text."""
    inner = "".join(cell if cell.startswith("<") else tc(p(cell)) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def levels(*patterns: tuple[str, str], family: int = 0, extra: dict[int, str] | None = None) -> str:
    """An abstract list: format and pattern of each level, such as ("decimal", "%1."), and further XML of a level."""
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>'
        f'<w:lvlText w:val="{pattern}"/>{(extra or {}).get(depth, "")}</w:lvl>'
        for depth, (number_format, pattern) in enumerate(patterns)
    )
    return f'<w:abstractNum w:abstractNumId="{family}">{inner}</w:abstractNum>'


def num(list_id: int, family: int = 0, overrides: str = "") -> str:
    """A list of that family."""
    return f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{family}"/>{overrides}</w:num>'
