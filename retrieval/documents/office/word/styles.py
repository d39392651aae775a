"""What the styles of a Word file say of their paragraphs and runs: headings, lists, captions, hidden text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_HEADING = re.compile(r"heading ?([1-9])", re.I)
_LIST = re.compile(r"list (?:bullet|number) ([2-5])", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it inherits.

    `heading` is the level of its headings from 1, 0 where it says they are none, None where it says nothing. `list_id`
    names its list, `list_level` the level there, and `list_style` the style that says so. `depth` is how deep its items
    look to be where that is deeper.
    """

    heading: int | None = None
    list_id: str | None = None
    list_style: str | None = None
    list_level: int = 0
    depth: int = 0
    is_caption: bool = False
    is_hidden: bool = False


class Styles:
    """The styles of a file, by their id."""

    def __init__(self, root: etree._Element | None) -> None:
        """`root` is that of styles.xml, None where the file has none."""
        self._elements: dict[str, etree._Element] = {}
        self._resolved: dict[str, Style] = {}
        self._default = ""
        for element in root.iterfind(f"{W}style") if root is not None else ():
            style_id = element.get(f"{W}styleId", "")
            self._elements[style_id] = element
            if element.get(f"{W}type") == "paragraph" and is_true(element.get(f"{W}default", "0")):
                self._default = style_id

    def of(self, style_id: str | None) -> Style:
        """The style, or the default of paragraphs for None; an unknown style says nothing."""
        chain: list[str] = []
        current = self._default if style_id is None else style_id
        while current not in self._resolved and current not in chain:
            chain.append(current)
            element = self._elements.get(current)
            current = value(element, "basedOn") or "" if element is not None else ""
        style = self._resolved.get(current, Style())
        for name in reversed(chain):
            style = self._resolved[name] = _inherited(style, name, self._elements.get(name))
        return style


def _inherited(base: Style, style_id: str, element: etree._Element | None) -> Style:
    """What a style says, and where it says nothing what its base says."""
    if element is None:
        named = _HEADING.fullmatch(style_id)  # the file lacks the style, but the id tells it
        return replace(base, heading=int(named[1])) if named else base
    name = value(element, "name") or style_id
    heading = heading_level(element.find(f"{W}pPr"))
    if heading is None:
        # Word writes the names of its own styles in English, whatever its language; only their ids are translated.
        named = _HEADING.fullmatch(name)
        heading = int(named[1]) if named else 1 if name.lower() == "title" else base.heading
    style = replace(
        base,
        heading=heading,
        is_caption=base.is_caption or name.lower() == "caption",
        is_hidden=hidden(element.find(f"{W}rPr"), base.is_hidden),
    )
    listed = element.find(f"{W}pPr/{W}numPr")
    if listed is None:
        return style
    deeper = _LIST.fullmatch(name)  # "List Bullet 2" is a list of its own, but looks nested
    return replace(
        style,
        list_id=value(listed, "numId") or style.list_id,
        list_level=depth_of(value(listed, "ilvl")) or 0,
        list_style=style_id,
        depth=int(deeper[1]) - 1 if deeper else 0,
    )


def value(parent: etree._Element, name: str) -> str | None:
    """What the child of this name says, such as "3" for <w:ilvl w:val="3"/>; None where there is none."""
    child = parent.find(W + name)
    return None if child is None else child.get(VAL)


def is_true(stated: str | None) -> bool:
    """Whether a property that is there without a value, or with this one, is switched on."""
    return stated not in ("0", "false", "off", "none")


def depth_of(stated: str | None) -> int | None:
    """A level of a list or outline, from 0 to 9; None where none, or no number, is stated."""
    return int(stated) if stated and re.fullmatch("[0-9]", stated) else None


def heading_level(properties: etree._Element | None) -> int | None:
    """The heading level that a paragraph's properties state, 0 for body text, None where they state none."""
    level = None if properties is None else depth_of(value(properties, "outlineLvl"))
    return None if level is None else (level + 1) % 10


def hidden(properties: etree._Element | None, otherwise: bool) -> bool:
    """Whether a run's properties hide its text, or `otherwise` where they don't say."""
    vanish = None if properties is None else properties.find(f"{W}vanish")
    return otherwise if vanish is None else is_true(vanish.get(VAL))
