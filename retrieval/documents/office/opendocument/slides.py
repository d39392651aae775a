"""The slides of an OpenDocument presentation: title, shapes in reading order, speaker notes."""

from __future__ import annotations

import re

from lxml import etree

from retrieval.documents.office.opendocument.blocks import BlockWriter
from retrieval.documents.office.opendocument.styles import DRAW, PRESENTATION, SVG
from retrieval.documents.office.reading_order import in_reading_order

_LENGTH = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)(cm|mm|in|pt)")
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}
_SAME_LINE_CM = 0.7  # shapes whose tops differ by less stand side by side; a slide is 15 to 21 cm high (guess)
_FURNITURE = frozenset(("date-time", "footer", "header", "page-number"))


def add_slide(slide: etree._Element, writer: BlockWriter) -> None:
    """Add a slide's title, then its other shapes in reading order, then its notes."""
    shapes = [shape for shape in slide.iterchildren(f"{DRAW}*") if _class(shape) not in _FURNITURE]
    for title in (shape for shape in shapes if _class(shape) == "title"):
        writer.add_heading(title)
    others = [shape for shape in shapes if _class(shape) != "title"]
    writer.add_blocks(in_reading_order(others, _position, _SAME_LINE_CM))
    for notes in slide.iterchildren(f"{PRESENTATION}notes"):
        writer.add_blocks(shape for shape in notes if _class(shape) == "notes")


def _class(shape: etree._Element) -> str:
    return str(shape.get(f"{PRESENTATION}class", ""))


def _position(shape: etree._Element) -> tuple[float, float]:
    """A shape's top and left in centimetres, of a group those of its outermost shapes."""
    if shape.tag == f"{DRAW}g":
        inner = [_position(child) for child in shape.iterchildren(f"{DRAW}*")]
        return min((top for top, _ in inner), default=0.0), min((left for _, left in inner), default=0.0)
    return _cm(shape.get(f"{SVG}y")), _cm(shape.get(f"{SVG}x"))


def _cm(stated: str | None) -> float:
    length = _LENGTH.fullmatch(stated or "")
    return float(length[1]) * _CM[length[2]] if length else 0.0
