"""The numbers that Word computes for the paragraphs of its lists, such as "4.2" or "(iv)"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from retrieval.documents.office.list_numbers import written
from retrieval.documents.office.word.styles import VAL, Styles, W, depth_of, is_true, value

_LEVELS = 9
_MAX_LABEL_CHARS = 100  # guess, untested; a label is repeated for each paragraph, so that a long one would add up


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered; `text` is its pattern ("%1.%2"), and `restart` counts levels from 1."""

    start: int
    number_format: str
    text: str
    restart: int | None
    is_decimal: bool
    style: str | None


@dataclass(frozen=True, slots=True)
class _List:
    """A list: lists of the same `family` count on, except where one states its own start of a level."""

    family: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a file and how far each has counted: ask for labels in the order of the paragraphs."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        """`root` is that of numbering.xml, None where the file has none."""
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._lists = _lists(root, styles)

    def level_of_style(self, list_id: str, style: str | None) -> int | None:
        """The level of the list that is tied to this paragraph style, None where none is."""
        levels = self._lists[list_id].levels if list_id in self._lists else {}
        return next((depth for depth, level in levels.items() if style is not None and level.style == style), None)

    def next_label(self, list_id: str, depth: int) -> str | None:
        """What stands before the next paragraph of this list and depth: "" for a bullet, None where it is no list."""
        found = self._lists.get(list_id)
        if found is None or depth not in found.levels:
            return None if found is None else ""
        counts = self._counts.setdefault(found.family, [None] * _LEVELS)
        self._count(list_id, found, depth, counts)
        level = found.levels[depth]
        if level.number_format == "bullet":
            return ""

        def number(match: re.Match[str]) -> str:
            shown = found.levels.get(int(match[1]) - 1)
            if shown is None:
                return ""
            count = counts[int(match[1]) - 1]
            return written(shown.start if count is None else count, "" if level.is_decimal else shown.number_format)

        return re.sub("%([1-9])", number, level.text).strip()

    def _count(self, list_id: str, found: _List, depth: int, counts: list[int | None]) -> None:
        count, is_first = counts[depth], (list_id, depth) not in self._begun
        self._begun.add((list_id, depth))
        if count is None or (is_first and depth in found.starts):
            counts[depth] = found.starts.get(depth, found.levels[depth].start)
        else:
            counts[depth] = count + 1
        for deeper in range(depth + 1, _LEVELS):
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or depth < restart:
                counts[deeper] = None


def _lists(root: etree._Element, styles: Styles) -> dict[str, _List]:
    """The lists by their id."""
    families = {element.get(f"{W}abstractNumId", ""): element for element in root.iterfind(f"{W}abstractNum")}
    levels = {name: _levels(element) for name, element in families.items()}
    family_of = {
        element.get(f"{W}numId", ""): value(element, "abstractNumId") or "" for element in root.iterfind(f"{W}num")
    }
    lists = {}
    for element in root.iterfind(f"{W}num"):
        list_id = element.get(f"{W}numId", "")
        family = family_of[list_id]
        linked = value(families[family], "numStyleLink") if family in families else None
        if linked:  # the list is defined where the style's own list is
            family = family_of.get(styles.of(linked).list_id or "", family)
        own, starts = dict(levels.get(family, {})), {}
        for override in element.iterfind(f"{W}lvlOverride"):
            depth = depth_of(override.get(f"{W}ilvl"))
            own |= _levels(override)
            start = value(override, "startOverride")
            if depth is not None and start:
                starts[depth] = _integer(start, 1)
        lists[list_id] = _List(family, own, starts)
    return lists


def _levels(parent: etree._Element) -> dict[int, _Level]:
    levels = {}
    for element in parent.iterfind(f"{W}lvl"):
        depth, restart = depth_of(element.get(f"{W}ilvl")), value(element, "lvlRestart")
        is_decimal = element.find(f"{W}isLgl")
        if depth is not None and depth < _LEVELS:
            levels[depth] = _Level(
                start=_integer(value(element, "start"), 0),
                number_format=value(element, "numFmt") or "decimal",
                text=(value(element, "lvlText") or "")[:_MAX_LABEL_CHARS],
                restart=None if restart is None else _integer(restart, 0),
                is_decimal=is_decimal is not None and is_true(is_decimal.get(VAL)),
                style=value(element, "pStyle"),
            )
    return levels


def _integer(stated: str | None, otherwise: int) -> int:
    return int(stated) if stated and re.fullmatch("[0-9]{1,9}", stated) else otherwise
