"""The paragraphs of a shape on a slide, with their bullets and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.parts.slide import SlidePart
from pptx.shapes.base import BaseShape

from retrieval.documents.office.charts import paragraph_text
from retrieval.documents.office.list_numbers import written
from retrieval.documents.visible import visible_line

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_BULLETS = (f"{A}buNone", f"{A}buChar", f"{A}buAutoNum", f"{A}buBlip")
_NUMBERED = re.compile("(arabic|alphaLc|alphaUc|romanLc|romanUc)(Period|ParenR|ParenBoth|Plain)")
_FORMATS = {"alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman"}
_SIGNS = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph, with its number if it has one; `depth` is that of its bullet from 0, None where it has none."""

    text: str
    depth: int | None


def lines_of(shape: BaseShape) -> list[TextLine]:
    """The paragraphs of a shape that have text."""
    styles = _list_styles(shape)
    counts: dict[int, int] = {}
    lines = []
    for paragraph in shape.element.iterfind(f"{_P}txBody/{A}p"):
        text = visible_line(paragraph_text(paragraph))
        if not text:
            continue
        properties = paragraph.find(f"{A}pPr")
        depth = _depth(properties)
        bullet = _bullet([properties, *(style.find(f"{A}lvl{depth + 1}pPr") for style in styles)])
        counts = {level: count for level, count in counts.items() if level <= depth}
        if bullet is None or bullet.tag == f"{A}buNone":
            counts.pop(depth, None)
            lines.append(TextLine(text, None))
        elif bullet.tag == f"{A}buAutoNum":
            counts[depth] = counts[depth] + 1 if depth in counts else _start(bullet)
            lines.append(TextLine(f"{_label(bullet, counts[depth])} {text}", depth))
        else:
            counts.pop(depth, None)
            lines.append(TextLine(text, depth))
    return lines


def _list_styles(shape: BaseShape) -> list[etree._Element]:
    """What says how the levels of a shape's text look, from the nearest to the farthest: shape, layout, master."""
    holders = [shape.element]
    styles = []
    if shape.is_placeholder:
        layout = cast(SlidePart, shape.part).slide_layout
        master = layout.slide_master
        bases = (layout.placeholders.get(shape.placeholder_format.idx), master.placeholders.get(PP_PLACEHOLDER.BODY))
        holders += [base.element for base in bases if base is not None]
        styles = master.element.findall(f"{_P}txStyles/{_P}bodyStyle")
    own = [holder.find(f"{_P}txBody/{A}lstStyle") for holder in holders]
    return [style for style in own if style is not None] + styles


def _bullet(properties: list[etree._Element | None]) -> etree._Element | None:
    """The first statement about a bullet, None where there is none."""
    found = (next(stated.iterchildren(*_BULLETS), None) for stated in properties if stated is not None)
    return next((bullet for bullet in found if bullet is not None), None)


def _depth(properties: etree._Element | None) -> int:
    level = "0" if properties is None else properties.get("lvl", "0")
    return int(level) if re.fullmatch("[0-8]", level) else 0


def _start(bullet: etree._Element) -> int:
    stated = bullet.get("startAt", "1")
    return int(stated) if re.fullmatch("[0-9]{1,5}", stated) else 1


def _label(bullet: etree._Element, number: int) -> str:
    """The number as PowerPoint shows it, such as "b)"; "2." for a format that is not known."""
    known = _NUMBERED.fullmatch(bullet.get("type", ""))
    return _SIGNS[known[2]].format(written(number, _FORMATS.get(known[1], "decimal"))) if known else f"{number}."
