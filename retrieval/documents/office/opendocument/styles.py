"""What the styles of an OpenDocument file say: titles, captions, hidden text, and how lists are numbered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

_URN = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE = f"{{{_URN}:office:1.0}}"
STYLE = f"{{{_URN}:style:1.0}}"
TEXT = f"{{{_URN}:text:1.0}}"
TABLE = f"{{{_URN}:table:1.0}}"
DRAW = f"{{{_URN}:drawing:1.0}}"
PRESENTATION = f"{{{_URN}:presentation:1.0}}"
SVG = f"{{{_URN}:svg-compatible:1.0}}"

MAX_LEVELS = 10
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none"}
_MAX_SIGN_CHARS = 50  # guess, untested; a number's signs are repeated for each item, so that long ones would add up


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is numbered, with the last `shown` levels; a bullet's number format is "none"."""

    number_format: str
    prefix: str
    suffix: str
    shown: int
    start: int


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a file by their names.

    Lists have their levels from 1. `outline` numbers the headings, except for those with an `unnumbered` style.
    """

    titles: frozenset[str]
    captions: frozenset[str]
    hidden: frozenset[str]
    unnumbered: frozenset[str]
    lists: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
    outline: dict[int, ListLevel] = field(default_factory=dict)


def read_styles(roots: list[etree._Element]) -> Styles:
    """The styles in the roots of styles.xml and content.xml."""
    parents: dict[str, str] = {}
    unseen: set[str] = set()
    unnumbered: set[str] = set()
    lists: dict[str, dict[int, ListLevel]] = {}
    outline: dict[int, ListLevel] = {}
    for root in roots:
        for element in root.iter(f"{STYLE}style"):
            name = element.get(f"{STYLE}name", "")
            parents[name] = element.get(f"{STYLE}parent-style-name", "")
            if any(stated.get(f"{TEXT}display") == "none" for stated in element.iterfind(f"{STYLE}text-properties")):
                unseen.add(name)
            if element.get(f"{STYLE}list-style-name") == "":
                unnumbered.add(name)
        for element in root.iter(f"{TEXT}list-style"):
            lists[element.get(f"{STYLE}name", "")] = _levels(element)
        for element in root.iter(f"{TEXT}outline-style"):
            outline = _levels(element)
    return Styles(
        titles=_based_on({"Title"}, parents),
        captions=_based_on({"Caption"}, parents),
        hidden=_based_on(unseen, parents),
        unnumbered=_based_on(unnumbered, parents),
        lists=lists,
        outline=outline,
    )


def _based_on(bases: set[str], parents: dict[str, str]) -> frozenset[str]:
    """The styles in `bases`, and all whose parents, or theirs in turn, are there."""
    known = {name: name in bases for name in ("", *bases)}
    for name in parents:
        chain: list[str] = []
        while name not in known:
            known[name] = False  # also ends a circle
            chain.append(name)
            name = parents.get(name, "")
        known |= dict.fromkeys(chain, known[name])
    return frozenset(name for name, is_based in known.items() if is_based)


def _levels(parent: etree._Element) -> dict[int, ListLevel]:
    levels = {}
    for element in parent:
        level = whole_number(element.get(f"{TEXT}level"), 0)
        if 1 <= level <= MAX_LEVELS:
            is_bullet = element.tag in (f"{TEXT}list-level-style-bullet", f"{TEXT}list-level-style-image")
            stated = element.get(f"{STYLE}num-format", "")
            levels[level] = ListLevel(
                number_format="none" if is_bullet else _FORMATS.get(stated, "decimal"),
                prefix="" if is_bullet else element.get(f"{STYLE}num-prefix", "")[:_MAX_SIGN_CHARS],
                suffix="" if is_bullet else element.get(f"{STYLE}num-suffix", "")[:_MAX_SIGN_CHARS],
                shown=min(whole_number(element.get(f"{TEXT}display-levels"), 1), level),
                start=whole_number(element.get(f"{TEXT}start-value"), 1),
            )
    return levels


def whole_number(stated: str | None, otherwise: int) -> int:
    """The number that an attribute states, `otherwise` where it states none."""
    return int(stated) if stated and re.fullmatch("[0-9]{1,9}", stated) else otherwise
