"""The words of text boxes and the titles of charts that lie on a sheet."""

from __future__ import annotations

from retrieval.documents.elements import ExtractionBuilder
from retrieval.documents.office.charts import paragraph_text
from retrieval.documents.office.xml import parse, relationships
from retrieval.documents.packed import Package
from retrieval.documents.visible import visible_line

_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_TITLE = "{http://schemas.openxmlformats.org/drawingml/2006/chart}title"


def add_drawings(package: Package, part: str, builder: ExtractionBuilder) -> None:
    """Add what is written on the drawings of the sheet in `part`; a chart's figures stand in the sheet's cells."""
    drawings = [entry.target for entry in relationships(package, part).values() if entry.kind == "drawing"]
    for drawing in drawings:
        if drawing not in package:
            continue
        for paragraph in parse(package.read(drawing)).iter(_PARAGRAPH):
            builder.add("paragraph", visible_line(paragraph_text(paragraph)))
        for chart in relationships(package, drawing).values():
            if chart.kind == "chart" and chart.target in package:
                titles = parse(package.read(chart.target)).iter(_TITLE)
                for paragraph in (found for title in titles for found in title.iter(_PARAGRAPH)):
                    builder.add("caption", visible_line(paragraph_text(paragraph)))
