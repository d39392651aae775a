"""Charts and diagrams (SmartArt) inside office files: their words and figures, from the XML of their parts."""

from __future__ import annotations

from lxml import etree

from retrieval.documents.elements import ExtractionBuilder
from retrieval.documents.visible import visible_line

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


_REFERENCES = {f"{_C}chart": f"{_R}id", f"{_D}relIds": f"{_R}dm"}
DRAWN_ELSEWHERE = tuple(_REFERENCES)
"""The tags of elements that stand for a chart or diagram, which is in another part of the file."""


def reference_of(element: etree._Element) -> str:
    """The id of the relationship to the part that holds the chart or diagram."""
    return str(element.get(_REFERENCES[element.tag], ""))


def add_part(root: etree._Element, builder: ExtractionBuilder) -> None:
    """Add the chart or diagram that a part holds."""
    if root.tag == f"{_C}chartSpace":
        _add_chart(root, builder)
    elif root.tag == f"{_D}dataModel":
        _add_diagram(root, builder)


def paragraph_text(paragraph: etree._Element) -> str:
    """The text of a paragraph of a drawing, with spaces for line breaks."""
    parts = paragraph.iter(f"{_A}t", f"{_M}t", f"{_A}br")
    return "".join(" " if part.tag == f"{_A}br" else part.text or "" for part in parts)


def _add_chart(root: etree._Element, builder: ExtractionBuilder) -> None:
    """Add a chart's title as a caption, and its figures as a table: a row for each category."""
    for title in root.iterfind(f"{_C}chart/{_C}title"):
        builder.add("caption", visible_line(" ".join(paragraph_text(found) for found in title.iter(f"{_A}p"))))
    series = list(root.iter(f"{_C}ser"))
    names = [visible_line(" ".join(_points(found, "tx").values())) for found in series]
    categories = next(filter(None, (_points(found, "cat") for found in series)), {})
    builder.begin_table()
    builder.add_row(["", *names], is_header=bool(categories))
    columns = [_points(found, "val") for found in series]
    for number, category in categories.items():
        builder.add_row([category, *(_figure(column.get(number, "")) for column in columns)])


def _add_diagram(root: etree._Element, builder: ExtractionBuilder) -> None:
    """Add the texts of a diagram as items."""
    for text in root.iterfind(f"{_D}ptLst/{_D}pt/{_D}t"):
        builder.add("item", visible_line(" ".join(paragraph_text(found) for found in text.iter(f"{_A}p"))))


def _points(series: etree._Element, name: str) -> dict[str, str]:
    """The texts or figures of a part of a series, by their number; of several levels of categories the lowest."""
    found: dict[str, str] = {}
    for part in series.iterfind(_C + name):
        for value in part.iter(f"{_C}v"):
            found.setdefault(value.getparent().get("idx", ""), value.text or "")
    return found


def _figure(stated: str) -> str:
    """A figure without the digits that come from storing it, such as 4.3 for 4.2999999999999998."""
    try:
        return f"{float(stated):.10g}"
    except ValueError:
        return stated
